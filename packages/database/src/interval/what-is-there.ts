import type { IntervalMeter } from './interval-meter.ts';
import type { TimeRange } from './time-range.ts';

/** A day beyond what is gone: the first intervals after it would be interpolated from what is no more. */
const goneMargin_ms = 86_400_000;

/** The part of a range that can be computed: what was made of readings that are gone stays as it is. */
export function whatIsThere({ goneBefore_ms }: IntervalMeter, range: TimeRange): TimeRange[] {
  if (goneBefore_ms === null) return [range];
  const bound_ms = goneBefore_ms + goneMargin_ms;
  return range.to_ms < bound_ms ? [] : [{ ...range, from_ms: Math.max(range.from_ms, bound_ms) }];
}
