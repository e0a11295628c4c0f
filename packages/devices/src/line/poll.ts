import { planReads, type ReadBlock, requestCost_words, requestCostOf_words } from '../plan.ts';
import type { AddressRange, DeviceProfile } from '../profile.ts';
import { pointsOf } from '../profile.ts';
import { type RateGroup, rateGroupOf, rateGroups } from '../rate-group.ts';
import { type CharacterFormat, characterTimeOf_ms } from './exchange-time.ts';

/** Period of each rate group of one device in seconds; undefined where it has no values of that group. */
export type GroupPeriods = Readonly<Record<RateGroup, number | undefined>>;

/** How often one meter of a device is to be read. */
export interface MeterPeriods {
  readonly input?: number | undefined;
  readonly period_s: number;
  /** Of active power, where that is another. */
  readonly fastPeriod_s?: number | undefined;
  /** Of counters, harmonics and temperatures, where that is another. */
  readonly slowPeriod_s?: number | undefined;
}

/** The shortest period that any of a device's meters asks for, by rate group. */
export function groupPeriods(profile: DeviceProfile, meters: readonly MeterPeriods[]): GroupPeriods {
  const period = (group: RateGroup): number | undefined => {
    const having = meters.filter((meter) =>
      pointsOf(profile, meter.input).some((p) => p.measurand !== undefined && rateGroupOf(p) === group),
    );
    return having.length === 0 ? undefined : Math.min(...having.map((meter) => periodOf(group, meter)));
  };
  return { fast: period('fast'), normal: period('normal'), slow: period('slow') };
}

const periodOf = (group: RateGroup, meter: MeterPeriods): number => {
  if (group === 'fast') return meter.fastPeriod_s ?? meter.period_s;
  return (group === 'slow' ? meter.slowPeriod_s : undefined) ?? meter.period_s;
};

/** What is known of a device beyond its profile when its requests are planned. */
export interface PollKnowledge {
  readonly cost_words: number;
  readonly refused?: readonly AddressRange[];
  readonly maxWords?: number;
}

/** The requests of one poll of some rate groups: what the scheduler asks, and what the forecast counts. */
export function pollBlocks(
  profile: DeviceProfile,
  inputs: ReadonlySet<number>,
  poll: PollKnowledge & { readonly groups: readonly RateGroup[]; readonly periods: GroupPeriods },
): ReadBlock[] {
  const { groups, periods, ...known } = poll;
  const isWhole = rateGroups.every((g) => periods[g] === undefined || groups.includes(g));
  // With all groups the attributes that no value needs come too: they lie between the values.
  return planReads(profile, inputs, { ...known, ...(isWhole ? {} : { groups: new Set(groups) }) });
}

/** A device's turn-around as far as it decides whether to ask once more or to read on in vain. */
const usualTurnaround_ms = 20;

/** What one more request costs on a line, in words; a gateway does not see the wire behind a converter. */
export const lineCost_words = (format: CharacterFormat | undefined): number =>
  format === undefined
    ? requestCost_words
    : requestCostOf_words(characterTimeOf_ms(format) * (format.mode === 'ascii' ? 2 : 1), usualTurnaround_ms);

/** Rate groups that fall together, and how often exactly these do. */
export interface Poll {
  readonly groups: readonly RateGroup[];
  readonly perSecond: number;
}

/**
 * Which rate groups are read together and how often, where each is released at the multiples of its period. A set S of
 * groups is due together every lcm(S); of exactly S are those left of which no more is due: Σ over T ⊇ S of
 * (−1)^|T∖S| ÷ lcm(T). Periods are taken to the millisecond.
 */
export function pollsOf(periods: GroupPeriods): Poll[] {
  const present = rateGroups.filter((group) => periods[group] !== undefined);
  const sets = subsetsOf(present).filter((set) => set.length > 0);
  const together = (set: readonly RateGroup[]): number =>
    1000 / set.map((group) => Math.round(1000 * (periods[group] ?? 1))).reduce(leastCommonMultiple);
  return sets
    .map((groups) => ({
      groups,
      perSecond: sets
        .filter((wider) => groups.every((group) => wider.includes(group)))
        .reduce((sum, wider) => sum + (-1) ** (wider.length - groups.length) * together(wider), 0),
    }))
    .filter(({ perSecond }) => perSecond > 1e-12);
}

const subsetsOf = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: 2 ** list.length }, (_, bits) => list.filter((_item, i) => (bits >> i) & 1));

function leastCommonMultiple(a: number, b: number): number {
  let [greater, rest] = [a, b];
  while (rest > 0) [greater, rest] = [rest, greater % rest];
  return (a / greater) * b;
}
