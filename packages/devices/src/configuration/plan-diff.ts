import type { ConfigurationPlan, LinePlan, MeterPlan } from './plan.ts';

/** One field that differs; values as they stand in the plan. */
export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What a change of a meter means for its series. */
export type SeriesEffect = 'begins' | 'ends' | 'scaled' | 'otherDevice' | 'none';

export interface LineChange {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly key: string;
  readonly name: string;
  readonly fields: readonly FieldChange[];
}
export interface MeterChange extends LineChange {
  readonly line: string;
  readonly effect: SeriesEffect;
}
export interface PlanDiff {
  readonly gateway: readonly FieldChange[];
  readonly lines: readonly LineChange[];
  readonly meters: readonly MeterChange[];
}

/** Settings that change what a count of the device is worth. */
const scaling = ['ct_ratio', 'vt_ratio', 'pulse_weight', 'input_type', 'placement'];

/**
 * What a plan changes against another: lines and meters by key, with every field that differs, and what it means for the
 * series of each meter.
 */
export function diffPlans(before: ConfigurationPlan | null, after: ConfigurationPlan): PlanDiff {
  const old = before ?? { ...after, lines: [] };
  const oldMeters = metersOf(old);
  const newMeters = metersOf(after);
  return {
    gateway: changes(periodsOf(old), periodsOf(after)),
    lines: changesByKey(
      new Map(old.lines.map((line) => [line.key, line])),
      new Map(after.lines.map((line) => [line.key, line])),
      ({ meters, ...line }: LinePlan) => line,
    ),
    meters: changesByKey(oldMeters, newMeters, (meter) => meter).map((change): MeterChange => {
      const [was, is] = [oldMeters.get(change.key), newMeters.get(change.key)];
      return { ...change, line: (is ?? was)?.line ?? '', effect: effectOf(was, is) };
    }),
  };
}

const periodsOf = ({ pollPeriod_s, fastPeriod_s, slowPeriod_s }: ConfigurationPlan): object => ({
  pollPeriod_s,
  fastPeriod_s: fastPeriod_s ?? null,
  slowPeriod_s: slowPeriod_s ?? null,
});

export const isEmptyDiff = ({ gateway, lines, meters }: PlanDiff): boolean =>
  gateway.length + lines.length + meters.length === 0;

type PlacedMeter = MeterPlan & { readonly line: string };

const metersOf = ({ lines }: ConfigurationPlan): Map<string, PlacedMeter> =>
  new Map(lines.flatMap((line) => line.meters.map((m) => [m.key, { ...m, line: line.key }] as const)));

function effectOf(was: PlacedMeter | undefined, is: PlacedMeter | undefined): SeriesEffect {
  if (!was) return 'begins';
  if (!is) return 'ends';
  if (scaling.some((key) => was.settings[key] !== is.settings[key])) return 'scaled';
  return was.line !== is.line || was.unit !== is.unit || was.profileId !== is.profileId
    ? 'otherDevice'
    : 'none';
}

interface Named {
  readonly key: string;
  readonly name: string;
}

function changesByKey<T extends Named>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  fields: (item: T) => object,
): LineChange[] {
  const found: LineChange[] = [];
  for (const [key, item] of after) {
    const was = before.get(key);
    const changed = was ? changes(fields(was), fields(item)) : [];
    if (!was) found.push({ kind: 'added', key, name: item.name, fields: [] });
    else if (changed.length > 0) found.push({ kind: 'changed', key, name: item.name, fields: changed });
  }
  for (const [key, { name }] of before)
    if (!after.has(key)) found.push({ kind: 'removed', key, name, fields: [] });
  return found;
}

/** Fields that differ, those of objects by their path; what is not there is null. */
function changes(before: object, after: object, path = ''): FieldChange[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key): FieldChange[] => {
    const [a, b] = [old[key] ?? null, now[key] ?? null];
    const field = path + key;
    if (isPlain(a) && isPlain(b)) return changes(a, b, `${field}.`);
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ field, before: a, after: b }];
  });
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
