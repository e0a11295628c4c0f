import { type RateGroup, rateGroups } from '@wattproof/devices';

/** Period of each rate group of one device; undefined where it has no values of that group. */
export type Periods = Readonly<Record<RateGroup, number | undefined>>;
/** Wall-clock instant from which each group is due. */
export type Releases = Readonly<Record<RateGroup, number>>;

/** What the order of polls goes by. */
export interface Scheduled {
  readonly periods_ms: Periods;
  readonly releases_ms: Releases;
  /** 0 answers, 1 is not known yet, 2 is silent and only probed. */
  readonly standing: 0 | 1 | 2;
  readonly lastPollAt_ms: number;
}

/** Next wall-clock boundary of a period, after `now_ms`: gateways and lines read at the same instants. */
export const nextBoundary_ms = (now_ms: number, period_ms: number): number =>
  (Math.floor(now_ms / period_ms) + 1) * period_ms;

export const firstReleases = (periods: Periods, now_ms: number): Releases => {
  const release = (group: RateGroup): number => {
    const period = periods[group];
    return period === undefined ? Number.POSITIVE_INFINITY : nextBoundary_ms(now_ms, period);
  };
  return { fast: release('fast'), normal: release('normal'), slow: release('slow') };
};

export const dueGroups = (releases: Releases, now_ms: number): RateGroup[] =>
  rateGroups.filter((group) => releases[group] <= now_ms);

/** When the first of the due groups ought to be read: the end of its period. */
export const deadline_ms = ({ periods_ms, releases_ms }: Scheduled, due: readonly RateGroup[]): number =>
  Math.min(...due.map((group) => releases_ms[group] + (periods_ms[group] ?? 0)));

/** The releases after the due groups were read from `started_ms` on, or given up; boundaries that went by are missed. */
export function released(
  { periods_ms, releases_ms }: Pick<Scheduled, 'periods_ms' | 'releases_ms'>,
  due: readonly RateGroup[],
  { started_ms, isRead }: { readonly started_ms: number; readonly isRead: boolean },
): { readonly releases_ms: Releases; readonly missed: number } {
  const next = { ...releases_ms };
  let missed = 0;
  for (const group of due) {
    const period = periods_ms[group];
    if (period === undefined) continue;
    next[group] = nextBoundary_ms(started_ms, period);
    missed += Math.round((next[group] - releases_ms[group]) / period) - (isRead ? 1 : 0);
  }
  return { releases_ms: next, missed };
}

/**
 * Which of the devices that are due comes first: the one with the earliest deadline; of equal ones those that answer
 * before those that may not, so that a silent device costs slack and not another's reading; then the one that waited
 * longest. A device that missed its deadline has the earliest of all: on a line with too much to do, all take turns.
 */
export const comesBefore = (
  a: { readonly scheduled: Scheduled; readonly due: readonly RateGroup[] },
  b: { readonly scheduled: Scheduled; readonly due: readonly RateGroup[] },
): boolean => {
  const [first, second] = [deadline_ms(a.scheduled, a.due), deadline_ms(b.scheduled, b.due)];
  if (first !== second) return first < second;
  if (a.scheduled.standing !== b.scheduled.standing) return a.scheduled.standing < b.scheduled.standing;
  return a.scheduled.lastPollAt_ms < b.scheduled.lastPollAt_ms;
};
