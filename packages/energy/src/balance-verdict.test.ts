import { describe, expect, it } from 'vitest';
import { balance } from './balance.ts';
import { diagnoseBalance } from './balance-verdict.ts';

const intervals = 14 * 96;

/** Reproducible noise in [-1, 1). */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** A load that works by day, with a course of its own. */
function load(seed: number, level_wh: number): number[] {
  const next = noise(seed);
  let wander = 0;
  return Array.from({ length: intervals }, (_, i) => {
    const hour = (i % 96) / 4;
    const shift = hour >= 5 + (seed % 3) && hour < 19 + (seed % 4) ? 1 : 0.25;
    wander = 0.8 * wander + 0.2 * next();
    return Math.round(level_wh * shift * (1 + 0.3 * wander));
  });
}

const plus = (...courses: readonly number[][]): number[] =>
  Array.from({ length: intervals }, (_, i) => courses.reduce((sum, c) => sum + (c[i] as number), 0));
const sum = (course: readonly number[]): number => course.reduce((a, b) => a + b, 0);

const [a, b, c] = [load(1, 5000), load(2, 3000), load(3, 2000)];

function diagnose(main: number[], subs: readonly number[][]) {
  const meter = (meterId: number, course: readonly number[]) => ({
    meterId,
    energy_wh: sum(course),
    standardUncertainty_percent: 0.7,
  });
  const closed = balance(
    meter(1, main),
    subs.map((course, i) => meter(i + 2, course)),
  );
  return diagnoseBalance(closed, {
    main: { meterId: 1, energy_wh: main },
    subs: subs.map((energy_wh, i) => ({ meterId: i + 2, energy_wh })),
  });
}
const moved = (course: readonly number[], late: number): number[] =>
  course.map((_, i) => course[i - late] ?? (course[i] as number));
const times = (course: readonly number[], factor: number): number[] =>
  course.map((v) => Math.round(v * factor));

describe('verdict of a balance', () => {
  it('accuses nobody where gains differ within their class', () => {
    expect(diagnose(plus(a, b, c), [times(a, 1.004), times(b, 0.995), times(c, 1.003)]).verdict).toBe(
      'withinTolerance',
    );
  });

  it('calls a load without a meter so, also one that looks like a sub-meter', () => {
    expect(diagnose(plus(a, b, c), [a, b]).verdict).toBe('unmeteredLoad');
    // Runs with a, at its size: one machine more of the same kind, not a reversed meter.
    expect(diagnose(plus(a, b, times(a, 1)), [a, b]).verdict).toBe('unmeteredLoad');
  });

  it('finds the meter that shows a third', () => {
    expect(diagnose(plus(a, b, c), [a, times(b, 1 / 3), c])).toMatchObject({
      verdict: 'suspectedReversal',
      reason: { data: { meterId: 3 } },
    });
    expect(diagnose(times(plus(a, b, c), 1 / 3), [a, b, c])).toMatchObject({
      verdict: 'suspectedReversal',
      reason: { data: { meterId: 1 } },
    });
  });

  it('finds a clock that is late or early, although the sums agree', () => {
    expect(diagnose(plus(a, b, c), [a, moved(b, 2), c])).toMatchObject({
      verdict: 'clockDrift',
      reason: { data: { meterId: 3, lagIntervals: 2 } },
    });
    expect(diagnose(moved(plus(a, b, c), -1), [a, b, c])).toMatchObject({
      verdict: 'clockDrift',
      reason: { data: { meterId: 1, lagIntervals: -1 } },
    });
  });

  it('tells losses from loads', () => {
    const main = plus(a, b, c);
    const level = sum(main) / intervals;
    const losing = main.map((v) => Math.round(v * (1 + 0.03 * (v / level))));
    expect(diagnose(losing, [a, b, c]).verdict).toBe('loss');
    expect(diagnose(plus(main, Array(intervals).fill(400)), [a, b, c]).verdict).toBe('unmeteredLoad');
  });

  it('says that sub-meters see too much, or that one says nothing', () => {
    expect(diagnose(plus(a, b), [a, b, c]).verdict).toBe('excess');
    const unknown = balance({ meterId: 1, energy_wh: 5, standardUncertainty_percent: 1 }, [
      { meterId: 2, energy_wh: null, standardUncertainty_percent: 1 },
    ]);
    expect(diagnoseBalance(unknown, null)).toMatchObject({
      verdict: 'unknown',
      reason: { code: 'meterMissing', data: { meterIds: [2] } },
    });
  });

  it('judges by the sums alone where courses are short or full of holes', () => {
    const few = (course: readonly number[]) => course.map((v, i) => (i % 50 === 0 ? v : Number.NaN));
    const closed = balance({ meterId: 1, energy_wh: 100, standardUncertainty_percent: 1 }, [
      { meterId: 2, energy_wh: 60, standardUncertainty_percent: 1 },
    ]);
    const courses = {
      main: { meterId: 1, energy_wh: few(a) },
      subs: [{ meterId: 2, energy_wh: few(moved(a, 2)) }],
    };
    expect(diagnoseBalance(closed, courses).verdict).toBe('unmeteredLoad');
    expect(diagnoseBalance(closed, null).verdict).toBe('unmeteredLoad');
  });
});
