import type { ReadingColumns, Rejection, WireReading } from '@wattproof/contracts/mqtt';
import { findMeasurand, measurandOf } from '@wattproof/energy';

/** How far a gateway's clock may be ahead. */
const ahead_ms = 5 * 60_000;
/** Magnitude that no gauge of an installation reaches. */
const gaugeMax = 1e15;
const skewMax_ms = 2 ** 31;

export interface ReadingLimits {
  readonly receivedAt_ms: number;
  readonly retention_ms: number;
}

const isInRange = (at_ms: number, { receivedAt_ms, retention_ms }: ReadingLimits): boolean =>
  at_ms >= receivedAt_ms - retention_ms && at_ms <= receivedAt_ms + ahead_ms;

/** The readings whose instant is impossible, moved; the others were stored when they came. */
export const correctedReadings = (
  readings: readonly WireReading[],
  limits: ReadingLimits,
  correction_ms: number,
): WireReading[] =>
  readings
    .filter(({ at_ms }) => !isInRange(at_ms, limits))
    .map((reading) => ({ ...reading, at_ms: reading.at_ms + correction_ms }));

/** Why a reading cannot be stored, or undefined where it can. */
export function checkReading(reading: WireReading, limits: ReadingLimits): Rejection | undefined {
  const { at_ms, meterKey, skew_ms } = reading;
  const { receivedAt_ms, retention_ms } = limits;
  if (!isInRange(at_ms, limits))
    return {
      code: 'timestampOutOfRange',
      message: `${instant(at_ms)} is not between ${instant(receivedAt_ms - retention_ms)} and ${instant(receivedAt_ms + ahead_ms)}`,
      where: meterKey,
    };
  if (!(Math.abs(skew_ms) < skewMax_ms))
    return { code: 'malformed', message: `a skew of ${skew_ms} ms`, where: meterKey };
  for (const name in reading.values) {
    const rejection = checkValue(name, reading.values[name as keyof typeof reading.values]);
    if (rejection) return { ...rejection, where: `${meterKey}.${name}` };
  }
  return undefined;
}

function checkValue(name: string, value: number | undefined): Omit<Rejection, 'where'> | undefined {
  if (value === undefined) return undefined;
  if (!Number.isFinite(value)) return { code: 'valueNotFinite', message: `${value} is not a value` };
  if (findMeasurand(name)?.kind === 'counter') {
    if (!Number.isInteger(value))
      return { code: 'counterNotInteger', message: `a counter counts whole units, not ${value}` };
    if (value < 0 || !Number.isSafeInteger(value))
      return { code: 'valueOutOfRange', message: `${value} is not from 0 to 2^53 − 1` };
    return undefined;
  }
  return Math.abs(value) <= gaugeMax
    ? undefined
    : { code: 'valueOutOfRange', message: `${value} is beyond ±10^15` };
}

/** Whether every one of these readings can be stored; where not, `checkReading` says which cannot and why. */
export function areStorable({ at_ms, skew_ms, values }: ReadingColumns, limits: ReadingLimits): boolean {
  const oldest_ms = limits.receivedAt_ms - limits.retention_ms;
  const newest_ms = limits.receivedAt_ms + ahead_ms;
  for (const at of at_ms) if (!(at >= oldest_ms && at <= newest_ms)) return false;
  for (const skew of skew_ms) if (!(Math.abs(skew) < skewMax_ms)) return false;
  for (const [name, column] of values)
    if (!(measurandOf(name).kind === 'counter' ? areCounts(column) : areGauges(column))) return false;
  return true;
}

function areCounts(column: Float64Array): boolean {
  for (const value of column)
    if (!(value >= 0 && Number.isSafeInteger(value)) && !Number.isNaN(value)) return false;
  return true;
}
function areGauges(column: Float64Array): boolean {
  // What is absent is NaN, which no comparison holds for.
  for (const value of column) if (Math.abs(value) > gaugeMax) return false;
  return true;
}

const instant = (at_ms: number): string =>
  Math.abs(at_ms) <= 8.64e15 ? new Date(at_ms).toISOString() : `${at_ms} ms`;
