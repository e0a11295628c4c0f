import { type MeasurandName, measurandOf } from '@wattproof/energy';
import { measurandOfPoint } from './decode.ts';
import { type DeviceProfile, type MeterSettings, type Point, pointsOf } from './profile.ts';
import { encodeWords, registerWords } from './register.ts';
import { factorOf } from './scale.ts';

/** One meter of a simulated device: its true values in base units, and its settings (`input` where it has several). */
export interface MeterState {
  readonly values: Readonly<Partial<Record<MeasurandName, number>>>;
  readonly settings: MeterSettings;
}

/**
 * The registers of a device whose meters have these values: the inverse of `decode`, up to the device's resolution.
 *
 * Counters are cut to whole counts and begin again at 0 after the profile's modulus; gauges are rounded to the nearest
 * count and limited to what the register holds. A measurand without value gets the "not available" marker where
 * the profile has one, else 0 (a real device has no other way). Where a register says what an input measures and the
 * settings do not, it follows from the values given.
 */
export function encode(profile: DeviceProfile, meters: readonly MeterState[]): Map<number, number> {
  const words = new Map<number, number>();
  for (const point of profile.points) put(words, point, 0);
  for (const meter of meters) encodeMeter(words, profile, meter);
  return words;
}

function encodeMeter(words: Map<number, number>, profile: DeviceProfile, meter: MeterState): void {
  const points = pointsOf(profile, meter.settings.input);
  const attributes = new Map<string, number>();
  for (const point of points)
    if (point.measurand === undefined)
      attributes.set(point.key, meter.settings[point.key] ?? point.initial ?? 0);
  for (const point of points) {
    if (typeof point.measurand !== 'object' || meter.settings[point.measurand.from] !== undefined) continue;
    const known = Object.entries(point.measurand.choices).find(
      ([, name]) => meter.values[name] !== undefined,
    );
    if (known) attributes.set(point.measurand.from, Number(known[0]));
  }
  const lookup = (key: string): number | undefined => attributes.get(key);
  for (const point of points) {
    const measurand = measurandOfPoint(point, lookup);
    if (!measurand) continue;
    const value = meter.values[measurand];
    const marker = point.notAvailable?.[0];
    if (value === undefined && marker !== undefined) putContent(words, point, marker);
    else if (value !== undefined) {
      const factor = factorOf(point.scale, lookup) ?? { multiply: 1, divide: 1 };
      put(words, point, countOf(point, measurand, (value * factor.divide) / factor.multiply));
      if (point.signFrom && value < 0) attributes.set(point.signFrom.point, point.signFrom.negative);
    }
  }
  for (const point of points) {
    const value = attributes.get(point.key);
    if (point.measurand !== undefined || value === undefined) continue;
    const factor = factorOf(point.scale, lookup) ?? { multiply: 1, divide: 1 };
    put(words, point, clamp(point, Math.round((value * factor.divide) / factor.multiply)));
  }
}

function countOf(point: Point, measurand: MeasurandName, exact: number): number {
  const magnitude = point.signFrom ? Math.abs(exact) : exact;
  if (measurandOf(measurand).kind === 'gauge')
    return clamp(point, point.type === 'f32' ? magnitude : Math.round(magnitude));
  const counts = Math.floor(magnitude + 1e-9);
  return counts % modulusOf(point);
}

const modulusOf = (point: Point): number =>
  point.modulus_counts ??
  (point.type === 'f32' ? Number.MAX_SAFE_INTEGER : 2 ** Math.min(53, 16 * registerWords[point.type]));

function clamp(point: Point, count: number): number {
  if (point.type === 'f32') return count;
  const bits = Math.min(53, 16 * registerWords[point.type]);
  const signed = point.type.startsWith('s');
  const max = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const min = signed ? -(2 ** (bits - 1)) : 0;
  return Math.min(max, Math.max(min, count));
}

function put(words: Map<number, number>, point: Point, count: number): void {
  encodeWords(count, point.type, point.wordOrder).forEach((word, i) => {
    words.set(point.address + i, word);
  });
}

function putContent(words: Map<number, number>, point: Point, content: number): void {
  const unsigned =
    point.type === 's16' ? 'u16' : point.type === 's32' || point.type === 'f32' ? 'u32' : point.type;
  encodeWords(content, unsigned, point.wordOrder).forEach((word, i) => {
    words.set(point.address + i, word);
  });
}
