import { type MeasurandName, measurandOf, type ReadingQuality, rareSubject } from '@wattproof/energy';
import { type DeviceProfile, type MeterSettings, type Point, pointsOf } from './profile.ts';
import { decodeWords, unsignedContent, wordsOf } from './register.ts';
import { type Factor, factorOf, pointsOfScale } from './scale.ts';

/** What was read of one device: contents by address, and the ranges that failed with why. */
export interface RegisterRead {
  readonly words: ReadonlyMap<number, number>;
  readonly failures?: readonly {
    readonly address: number;
    readonly words: number;
    readonly quality: ReadingQuality;
  }[];
}

export interface DecodedMeter {
  readonly values: Partial<Record<MeasurandName, number>>;
  /** Measurands that are absent, or present but doubtful, and why. */
  readonly exceptions: Partial<Record<MeasurandName, ReadingQuality>>;
  /** Points that are no measurand: ratios, signs, dates. */
  readonly attributes: Readonly<Record<string, number>>;
}

interface RawPoint {
  readonly number?: number;
  readonly failure?: ReadingQuality;
}

/**
 * The values of one meter from its device's registers, in base units (W, Wh, V, A …).
 *
 * A value is `count × factor`; counters are rounded down to an integer of their base unit. What could not be read or
 * is marked "not available" is absent and listed in `exceptions`; it is never 0.
 * `settings` override the device's own registers of the same key, and `settings.input` picks the input.
 */
export function decode(
  profile: DeviceProfile,
  read: RegisterRead,
  settings: MeterSettings = {},
): DecodedMeter {
  const points = pointsOf(profile, settings.input);
  const raw = new Map<string, RawPoint>(points.map((p) => [p.key, rawPoint(p, read)]));
  const attributes: Record<string, number> = {};
  for (const point of points) {
    const number = raw.get(point.key)?.number;
    if (point.measurand === undefined && number !== undefined) {
      const factor = factorOf(point.scale, (key) => settings[key] ?? attributes[key]);
      if (factor) attributes[point.key] = (number * factor.multiply) / factor.divide;
    }
  }
  const lookup = (key: string): number | undefined => settings[key] ?? attributes[key];
  const values: Partial<Record<MeasurandName, number>> = {};
  const exceptions: Partial<Record<MeasurandName, ReadingQuality>> = {};
  for (const point of points) {
    const measurand = measurandOfPoint(point, lookup);
    if (!measurand) continue;
    const outcome = pointValue(point, measurand, raw, lookup, read);
    if (outcome.value !== undefined) values[measurand] = outcome.value;
    if (outcome.quality) exceptions[measurand] = outcome.quality;
  }
  if (settings.export_possible !== 1 && !values.active_energy_export_wh) markWiring(values, exceptions);
  return { values, exceptions, attributes };
}

/** The measurand of a point for one meter, or undefined where the point is an attribute or its input is not in use. */
export function measurandOfPoint(
  point: Point,
  lookup: (key: string) => number | undefined,
): MeasurandName | undefined {
  if (typeof point.measurand !== 'object') return point.measurand;
  const choice = lookup(point.measurand.from);
  return choice === undefined ? undefined : point.measurand.choices[choice];
}

function rawPoint(point: Point, read: RegisterRead): RawPoint {
  const count = wordsOf(point.type);
  const words: number[] = [];
  for (let i = 0; i < count; i++) {
    const word = read.words.get(point.address + i);
    if (word === undefined) return { failure: failureAt(point.address + i, read) };
    words.push(word);
  }
  const content = unsignedContent(words, point.wordOrder);
  if (point.notAvailable?.some((marker) => BigInt(marker) === content)) return { failure: 'notAvailable' };
  const number = decodeWords(words, point.type, point.wordOrder);
  return number === undefined ? { failure: 'notAvailable' } : { number };
}

const failureAt = (address: number, read: RegisterRead): ReadingQuality =>
  read.failures?.find((f) => address >= f.address && address < f.address + f.words)?.quality ??
  'notAvailable';

function pointValue(
  point: Point,
  measurand: MeasurandName,
  raw: ReadonlyMap<string, RawPoint>,
  lookup: (key: string) => number | undefined,
  read: RegisterRead,
): { readonly value?: number; readonly quality?: ReadingQuality } {
  const { number, failure } = raw.get(point.key) ?? {};
  if (number === undefined) return { quality: failure ?? 'notAvailable' };
  const factor = factorOf(point.scale, lookup);
  if (!factor) return { quality: dependencyFailure(point, raw, read) };
  let value = meterIndex({ point, measurand }, number, factor, lookup);
  if (point.signFrom) {
    const sign = lookup(point.signFrom.point);
    if (sign === undefined) return { quality: raw.get(point.signFrom.point)?.failure ?? 'notAvailable' };
    if (sign === point.signFrom.negative && value !== 0) value = -value;
  }
  if (measurandOf(measurand).kind === 'counter') value = Math.floor(value + 1e-6);
  if (point.range && (value < point.range.min || value > point.range.max))
    return { value, quality: 'outOfRange' };
  return { value };
}

/**
 * What a register's count is worth. Of a pulse input: start index + (count − start count) × factor, so that the reading is
 * what the meter behind the pulses shows; a register that has passed its end since then goes on counting.
 */
function meterIndex(
  { point, measurand }: { readonly point: Point; readonly measurand: MeasurandName },
  count: number,
  factor: Factor,
  lookup: (key: string) => number | undefined,
): number {
  const start = startSettings(measurand);
  const startIndex = point.countsPulses ? lookup(start.index) : undefined;
  const pulses = startIndex === undefined ? count : pulsesSince(point, count, lookup(start.count) ?? 0);
  return (startIndex ?? 0) + (pulses * factor.multiply) / factor.divide;
}

/** The settings that make counted pulses the index of the meter behind them; each tariff has its own. */
export function startSettings(measurand: MeasurandName): { readonly index: string; readonly count: string } {
  const subject = rareSubject(measurand);
  const tariff = subject?.of === 'tariff' ? `_tariff_${subject.number}` : '';
  return { index: `start_index${tariff}`, count: `start_count${tariff}` };
}

function pulsesSince(point: Point, count: number, startCount: number): number {
  const modulus = point.modulus_counts ?? 2 ** (16 * wordsOf(point.type));
  return count >= startCount ? count - startCount : count + modulus - startCount;
}

function dependencyFailure(
  point: Point,
  raw: ReadonlyMap<string, RawPoint>,
  read: RegisterRead,
): ReadingQuality {
  const { scale } = point;
  const keys = scale ? pointsOfScale(scale) : [];
  for (const key of keys) {
    const failure = raw.get(key)?.failure;
    if (failure) return failure;
  }
  return read.failures?.[0]?.quality ?? 'notAvailable';
}

const phases = ['active_power_l1_w', 'active_power_l2_w', 'active_power_l3_w'] as const;

/**
 * Phases whose power runs against the others: the usual sign of a reversed current transformer (the guide's
 * −0.19 kW example). One or two phases are marked where they are negative and the rest positive, each by at least 5 %
 * of the largest. The value stays: it is doubtful, not unknown. A meter that has exported energy, or whose setting
 * `export_possible` is 1, is never accused: a single-phase generator looks exactly the same.
 */
function markWiring(
  values: Partial<Record<MeasurandName, number>>,
  exceptions: Partial<Record<MeasurandName, ReadingQuality>>,
): void {
  const powers = phases.map((name) => values[name]);
  if (powers.some((p) => p === undefined)) return;
  const known = powers as number[];
  const threshold = 0.05 * Math.max(...known.map(Math.abs));
  if (threshold === 0) return;
  const negative = phases.filter((_, i) => (known[i] ?? 0) <= -threshold);
  const positive = phases.filter((_, i) => (known[i] ?? 0) >= threshold);
  if (negative.length === 1 && positive.length === 2)
    exceptions[negative[0] as MeasurandName] ??= 'wiringSuspect';
  if (negative.length === 2 && positive.length === 1)
    for (const name of negative) exceptions[name] ??= 'wiringSuspect';
}
