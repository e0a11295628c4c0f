import { findMeasurand, type MeasurandName, type ReadingQuality, readingQualities } from '@wattproof/energy';
import { z } from 'zod';
import type { DecodedReadings } from './compact-batch.ts';
import { messageLimits, type Rejection, type WireReading } from './reading.ts';

/**
 * The public JSON form, for any gateway:
 *
 *     {"meter":"M1","at":"2026-11-22T10:00:00Z","values":{"active_energy_import_wh":123456,"active_power_w":4200}}
 *
 * or `{"readings":[…]}` of such. `at` is ISO 8601 with an offset or `Z`; left out, it is the time of arrival.
 * `quality` is optional (default `good`).
 */
export const jsonReading = z.strictObject({
  meter: z.string().min(1).max(messageLimits.meterKeyLength),
  at: z.iso.datetime({ offset: true }).optional(),
  values: z.record(z.string(), z.number()),
  quality: z.enum(readingQualities).optional(),
});
export const jsonReadings = z.union([
  jsonReading,
  z.strictObject({ readings: z.array(z.unknown()).max(messageLimits.readings) }),
]);
export type JsonReading = z.infer<typeof jsonReading>;

/** Decodes a JSON message. Each reading stands or falls by itself; a rejected one says what, where and why. */
export function decodeJsonReadings(text: string, received_ms: number): DecodedReadings {
  const readings: WireReading[] = [];
  const rejections: Rejection[] = [];
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    rejections.push(notJson(text, error as Error));
    return { readings, rejections };
  }
  const many = typeof message === 'object' && message !== null && 'readings' in message;
  const list = many ? (message as { readings: unknown }).readings : [message];
  if (!Array.isArray(list)) {
    rejections.push({ code: 'malformed', message: '"readings" is not an array', where: 'readings' });
    return { readings, rejections };
  }
  if (list.length > messageLimits.readings) {
    rejections.push({
      code: 'tooLarge',
      message: `more than ${messageLimits.readings} readings`,
      where: 'readings',
    });
    return { readings, rejections };
  }
  list.forEach((entry, index) => {
    const where = many ? `readings[${index}]` : 'message';
    const outcome = decodeOne(entry, where, received_ms);
    if ('code' in outcome) rejections.push(outcome);
    else readings.push(outcome);
  });
  return { readings, rejections };
}

function notJson(text: string, error: Error): Rejection {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  const found = /-?\b(NaN|Infinity)\b/.exec(bare);
  if (found)
    return {
      code: 'valueNotFinite',
      message: `${found[0]} is not a value; leave out what could not be read`,
      where: `character ${text.indexOf(found[0])}`,
    };
  return { code: 'malformed', message: `not JSON: ${error.message}`, where: 'message' };
}

function decodeOne(entry: unknown, where: string, received_ms: number): WireReading | Rejection {
  return decodePlain(entry) ?? decodeStrictly(entry, where, received_ms);
}

const plainNames: ReadonlySet<string> = new Set(Object.keys(jsonReading.shape));
const plainQualities: ReadonlySet<unknown> = new Set([undefined, ...readingQualities]);

/** A reading without any peculiarity, several times faster than the schema decodes it; undefined for any other. */
function decodePlain(entry: unknown): WireReading | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  for (const name in entry) if (!plainNames.has(name)) return undefined;
  const { meter, at, values, quality } = entry as Record<string, unknown>;
  if (typeof meter !== 'string' || meter.length === 0 || meter.length > messageLimits.meterKeyLength)
    return undefined;
  if (typeof at !== 'string' || !plainQualities.has(quality)) return undefined;
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined;
  const at_ms = plainInstant(at);
  if (Number.isNaN(at_ms)) return undefined;
  for (const name in values) {
    const value = (values as Record<string, unknown>)[name];
    if (typeof value !== 'number' || !Number.isFinite(value) || !findMeasurand(name)) return undefined;
  }
  return {
    meterKey: meter,
    at_ms,
    skew_ms: 0,
    quality: (quality as ReadingQuality | undefined) ?? 'good',
    values: values as WireReading['values'],
    exceptions: {},
  };
}

/** Two decimal digits at an index as a number; NaN where they are none. */
function twoDigits(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 48;
  const ones = text.charCodeAt(index + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Epoch ms of an instant like 2026-11-22T10:00:00Z, with or without milliseconds; NaN for any other form. */
function plainInstant(text: string): number {
  const { length } = text;
  if ((length !== 20 && length !== 24) || text[length - 1] !== 'Z' || text[10] !== 'T') return Number.NaN;
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  // Days that a month may not have, and years that Date.UTC takes for others, are for the schema to judge.
  const isPlain =
    year >= 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!isPlain) return Number.NaN;
  if (length === 20) return Date.UTC(year, month - 1, day, hour, minute, second);
  const thousandths = twoDigits(text, 20) * 10 + (text.charCodeAt(22) - 48);
  const isFraction = text[19] === '.' && text.charCodeAt(22) >= 48 && text.charCodeAt(22) <= 57;
  return isFraction ? Date.UTC(year, month - 1, day, hour, minute, second, thousandths) : Number.NaN;
}

function decodeStrictly(entry: unknown, where: string, received_ms: number): WireReading | Rejection {
  const parsed = jsonReading.safeParse(entry);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path.join('.') ?? '';
    // JSON has no infinity, but 1e999 reads as one.
    if (issue?.path[0] === 'values' && issue.code === 'invalid_type' && isInfinite(entry, issue.path[1]))
      return {
        code: 'valueNotFinite',
        message: 'the value is too large to be one',
        where: `${where}.${path}`,
      };
    return {
      code: 'malformed',
      message: issue?.message ?? 'not a reading',
      where: path ? `${where}.${path}` : where,
    };
  }
  const { meter, at, values, quality } = parsed.data;
  const known: Partial<Record<MeasurandName, number>> = {};
  for (const [name, value] of Object.entries(values)) {
    const measurand = findMeasurand(name);
    if (!measurand)
      return {
        code: 'unknownMeasurand',
        message: `no measurand is named ${name}`,
        where: `${where}.values.${name}`,
      };
    known[measurand.name] = value;
  }
  return {
    meterKey: meter,
    at_ms: at === undefined ? received_ms : Date.parse(at),
    skew_ms: 0,
    quality: quality ?? 'good',
    values: known,
    exceptions: {},
  };
}

function isInfinite(entry: unknown, name: PropertyKey | undefined): boolean {
  const { values } = entry as { readonly values: Readonly<Record<PropertyKey, unknown>> };
  return typeof name === 'string' && Math.abs(Number(values[name])) === Number.POSITIVE_INFINITY;
}
