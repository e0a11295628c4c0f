import { describe, expect, it } from 'vitest';
import {
  comesBefore,
  dueGroups,
  firstReleases,
  nextBoundary_ms,
  type Periods,
  released,
  type Scheduled,
} from './schedule.ts';

const periods: Periods = { fast: 1000, normal: 10_000, slow: 60_000 };
const scheduled = (more: Partial<Scheduled> = {}): Scheduled => ({
  periods_ms: periods,
  releases_ms: { fast: 1000, normal: 10_000, slow: 60_000 },
  standing: 0,
  lastPollAt_ms: 0,
  ...more,
});

describe('releases', () => {
  it('stand on the period’s grid, whatever the start', () => {
    expect(nextBoundary_ms(10_000, 10_000)).toBe(20_000);
    expect(firstReleases(periods, 59_999)).toEqual({ fast: 60_000, normal: 60_000, slow: 60_000 });
    expect(firstReleases({ ...periods, slow: undefined }, 0).slow).toBe(Number.POSITIVE_INFINITY);
  });

  it('fall together where a slow boundary is also a fast one: one poll reads all', () => {
    const releases = firstReleases(periods, 59_000);
    expect(dueGroups(releases, 60_000)).toEqual(['fast', 'normal', 'slow']);
    const after = released({ periods_ms: periods, releases_ms: releases }, ['fast', 'normal', 'slow'], {
      started_ms: 60_020,
      isRead: true,
    });
    expect(after).toEqual({ releases_ms: { fast: 61_000, normal: 70_000, slow: 120_000 }, missed: 0 });
    expect(dueGroups(after.releases_ms, 61_000)).toEqual(['fast']);
  });

  it('count the boundaries that went by, and never queue them up', () => {
    const late = released(scheduled(), ['fast'], { started_ms: 4500, isRead: true });
    expect(late.releases_ms.fast).toBe(5000);
    expect(late.missed).toBe(3);
    expect(released(scheduled(), ['fast'], { started_ms: 1500, isRead: false }).missed).toBe(1);
  });
});

describe('comesBefore', () => {
  const at = (more: Partial<Scheduled>, due: ('fast' | 'normal')[] = ['normal']) => ({
    scheduled: scheduled(more),
    due,
  });

  it('is the earliest deadline, not the earliest release', () => {
    const fast = at({ releases_ms: { fast: 10_500, normal: 20_000, slow: 60_000 } }, ['fast']);
    const normal = at({});
    expect(comesBefore(fast, normal)).toBe(true);
    expect(comesBefore(normal, fast)).toBe(false);
  });

  it('puts those that answer before the unknown and the silent, and then who waited longest', () => {
    expect(comesBefore(at({}), at({ standing: 1 }))).toBe(true);
    expect(comesBefore(at({ standing: 2 }), at({ standing: 1 }))).toBe(false);
    expect(comesBefore(at({ lastPollAt_ms: 5 }), at({ lastPollAt_ms: 9 }))).toBe(true);
  });

  it('puts what missed its deadline first, so that all take turns on a full line', () => {
    const overdue = at({ standing: 2, releases_ms: { fast: 0, normal: 0, slow: 0 } });
    expect(comesBefore(overdue, at({}))).toBe(true);
  });
});
