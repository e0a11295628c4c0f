import { type MeasurandName, measurandOf } from '@wattproof/energy';
import { measurandOfPoint } from './decode.ts';
import { type DeviceProfile, type MeterSettings, type Point, pointsOf } from './profile.ts';
import { registerWords } from './register.ts';
import { type Factor, factorOf, scaleExponent } from './scale.ts';

/** A measurand that a meter can deliver, and the power of ten of its resolution (0 for counters). */
export interface MeterColumn {
  readonly measurand: MeasurandName;
  readonly exponent: number;
}

/**
 * What a meter with these settings delivers, in the registry's order. Where the measurand of an input depends on a
 * register that the settings do not name, every measurand that it can take is listed.
 */
export function columnsOf(profile: DeviceProfile, settings: MeterSettings): MeterColumn[] {
  const exponents = new Map<MeasurandName, number>();
  for (const point of pointsOf(profile, settings.input)) {
    for (const measurand of measurandsOfPoint(point, settings)) {
      const exponent = measurandOf(measurand).kind === 'counter' ? 0 : scaleExponent(point);
      exponents.set(measurand, Math.min(exponent, exponents.get(measurand) ?? 0));
    }
  }
  return [...exponents]
    .map(([measurand, exponent]) => ({ measurand, exponent }))
    .sort((a, b) => measurandOf(a.measurand).id - measurandOf(b.measurand).id);
}

/** Every measurand that a point of a meter with these settings can be: several where a register decides. */
export function measurandsOfPoint(point: Point, settings: MeterSettings): readonly MeasurandName[] {
  const fixed = measurandOfPoint(point, (key) => settings[key]);
  if (fixed) return [fixed];
  if (typeof point.measurand !== 'object' || settings[point.measurand.from] !== undefined) return [];
  return [...new Set(Object.values(point.measurand.choices))];
}

/**
 * The value at which a meter's counter begins again at 0, in the counter's base unit; undefined where the meter has
 * no such counter or its scale is not known from the settings.
 */
export function counterModulus(
  profile: DeviceProfile,
  measurand: MeasurandName,
  settings: MeterSettings,
): number | undefined {
  const points = pointsOf(profile, settings.input);
  const initial = new Map(points.map((p) => [p.key, p.initial]));
  const lookup = (key: string): number | undefined => settings[key] ?? initial.get(key);
  const point = points.find((p) => measurandOfPoint(p, lookup) === measurand);
  if (!point || measurandOf(measurand).kind !== 'counter') return undefined;
  const factor = factorOf(point.scale, lookup);
  const counts = point.modulus_counts ?? 2 ** (16 * registerWords[point.type]);
  return factor && (counts * factor.multiply) / factor.divide;
}

/** What one count of a meter's register is worth, as a fraction; undefined where it does not deliver the measurand. */
export function countWorth(
  profile: DeviceProfile,
  measurand: MeasurandName,
  settings: MeterSettings,
): Factor | undefined {
  const points = pointsOf(profile, settings.input);
  const initial = new Map(points.map((p) => [p.key, p.initial]));
  const lookup = (key: string): number | undefined => settings[key] ?? initial.get(key);
  const point = points.find((p) => measurandOfPoint(p, lookup) === measurand);
  return point && factorOf(point.scale, lookup);
}
