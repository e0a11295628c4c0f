import type { GatewayConfiguration } from '@wattproof/contracts/mqtt';
import {
  type AddressRange,
  type DeviceProfile,
  findProfile,
  groupPeriods,
  type MeterPeriods,
  measurandsOfPoint,
  type ProfileFinder,
  planIdentity,
  pointsOf,
  pollBlocks,
  type RateGroup,
  type ReadBlock,
  rateGroupOf,
} from '@wattproof/devices';
import type { MeasurandName } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import { type Breaker, closedBreaker, isOpen } from './breaker.ts';
import type { CounterMemory } from './counter-memory.ts';
import type { Freshness } from './freshness.ts';
import type { Answered, Unanswered } from './late-reply.ts';
import { type MemoryState, unknownMemory } from './memory-reading.ts';
import { type Refusal, refusedNow } from './refusal.ts';
import { type RoundTrip, unknownRoundTrip } from './round-trip.ts';
import { firstReleases, type Periods, type Releases, type Scheduled } from './schedule.ts';

export type ConfiguredMeter = GatewayConfiguration['lines'][number]['meters'][number];

/** Periods that hold where a meter has none of its own. */
export interface StandardPeriods {
  readonly pollPeriod_s: number;
  readonly fastPeriod_s?: number | undefined;
  readonly slowPeriod_s?: number | undefined;
}

/** One device of a line with the meters it carries, and what has been learnt of it. */
export interface Device {
  readonly unit: number;
  readonly profile: DeviceProfile;
  readonly meters: readonly ConfiguredMeter[];
  readonly inputs: ReadonlySet<number>;
  readonly periods_ms: Periods;
  releases_ms: Releases;
  lastPollAt_ms: number;
  missed: number;
  /** Ranges it has refused, and when each is tried again. */
  refusals: readonly Refusal[];
  /** Most words it takes in one request, where that is fewer than its profile says. */
  maxWords: { readonly words: number; readonly until_ms: number } | undefined;
  breaker: Breaker;
  roundTrip: RoundTrip;
  unanswered: readonly Unanswered[];
  answered: readonly Answered[];
  timeouts: number;
  lastReadAt_ms: number | undefined;
  /** By meter key. */
  readonly freshness: Map<string, Freshness>;
  /** By meter key and measurand. */
  readonly counters: Map<string, CounterMemory>;
  /** Requests that were planned before: a plan costs far more than a look. */
  readonly plans: Map<string, readonly ReadBlock[]>;
  /** What is known of the memory that its profile has. */
  memory: MemoryState;
}

/** Devices of a line in the order of their first meter: meters of one unit are the inputs of one device. */
export function devicesOf(
  meters: readonly ConfiguredMeter[],
  standard: StandardPeriods,
  lookup: ProfileFinder = findProfile,
): Device[] {
  const byUnit = Map.groupBy(meters, (meter) => meter.unit);
  return [...byUnit].map(([unit, list]) => {
    const profile = lookup(list[0]?.profileId ?? '');
    if (!profile) throw new AppError('invalid', `unit ${unit}: no profile is named ${list[0]?.profileId}`);
    const inputs = new Set(list.flatMap((m) => (m.settings.input === undefined ? [] : [m.settings.input])));
    const periods_ms = periodsOf(profile, list, standard);
    return {
      unit,
      profile,
      meters: list,
      inputs,
      periods_ms,
      releases_ms: firstReleases(periods_ms, Date.now()),
      lastPollAt_ms: 0,
      missed: 0,
      refusals: [],
      maxWords: undefined,
      breaker: closedBreaker,
      roundTrip: unknownRoundTrip,
      unanswered: [],
      answered: [],
      timeouts: 0,
      lastReadAt_ms: undefined,
      freshness: new Map(),
      counters: new Map(),
      plans: new Map(),
      memory: unknownMemory,
    };
  });
}

/** The longest time that regularly passes between two readings of a device. */
export const longestPeriod_ms = ({ fast, normal, slow }: Periods): number =>
  Math.max(fast ?? 0, normal ?? 0, slow ?? 0);

const periodsOf = (
  profile: DeviceProfile,
  meters: readonly ConfiguredMeter[],
  standard: StandardPeriods,
): Periods => {
  const { fast, normal, slow } = groupPeriods(
    profile,
    meters.map((meter) => meterPeriods(meter, standard)),
  );
  const inMilliseconds = (period_s: number | undefined): number | undefined => period_s && 1000 * period_s;
  return { fast: inMilliseconds(fast), normal: inMilliseconds(normal), slow: inMilliseconds(slow) };
};

/** A meter's own period holds for all of its groups that have none of their own. */
const meterPeriods = (meter: ConfiguredMeter, standard: StandardPeriods): MeterPeriods => ({
  input: meter.settings.input,
  period_s: meter.pollPeriod_s ?? standard.pollPeriod_s,
  fastPeriod_s: meter.fastPeriod_s ?? meter.pollPeriod_s ?? standard.fastPeriod_s,
  slowPeriod_s: meter.slowPeriod_s ?? meter.pollPeriod_s ?? standard.slowPeriod_s,
});

export const scheduledOf = (device: Device): Scheduled => ({
  periods_ms: device.periods_ms,
  releases_ms: device.releases_ms,
  standing: isOpen(device.breaker) ? 2 : device.roundTrip.smoothed_ms === undefined ? 1 : 0,
  lastPollAt_ms: device.lastPollAt_ms,
});

/** Sets of rate groups, each with what was refused lately: seven at most in quiet times. */
const plansMost = 32;

/** The requests that read some rate groups of a device, without what it is known to refuse. */
export function blocksOf(
  device: Device,
  groups: readonly RateGroup[],
  { cost_words, now_ms }: { readonly cost_words: number; readonly now_ms: number },
): readonly ReadBlock[] {
  const { profile, inputs, periods_ms: periods, plans } = device;
  const refused = refusedNow(device.refusals, now_ms).map(({ address, words }) => ({ address, words }));
  const maxWords =
    device.maxWords && device.maxWords.until_ms > now_ms ? device.maxWords.words : profile.limits.maxWords;
  const key = JSON.stringify([groups, cost_words, refused, maxWords]);
  const known = plans.get(key);
  if (known) return known;
  if (plans.size >= plansMost) plans.clear();
  const blocks = pollBlocks(profile, inputs, { groups, periods, cost_words, refused, maxWords });
  plans.set(key, blocks);
  return blocks;
}

/** Measurands of a meter that belong to some rate groups: a poll of these says nothing of the others. */
export function measurandsOf(
  device: Device,
  meter: ConfiguredMeter,
  groups: readonly RateGroup[],
): ReadonlySet<MeasurandName> {
  return new Set(
    pointsOf(device.profile, meter.settings.input)
      .filter((point) => groups.includes(rateGroupOf(point)))
      .flatMap((point) => measurandsOfPoint(point, meter.settings)),
  );
}

/** Requests that show whether a silent device is back, shortest first. */
export const probesOf = (device: Device, blocks: readonly ReadBlock[]): ReadBlock[] => {
  const identity = planIdentity(device.profile);
  const refused: readonly AddressRange[] = device.refusals;
  const isRefused = (block: ReadBlock): boolean => refused.some((r) => r.address === block.address);
  return [...(identity && !isRefused(identity) ? [identity] : []), ...blocks].sort(
    (a, b) => a.words - b.words,
  );
};
