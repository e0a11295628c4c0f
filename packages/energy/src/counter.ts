/**
 * Counter to interval: the one function that turns indices read from a meter into energy, everywhere.
 *
 * 1. Readings are put in order, each instant once (`orderReadings`).
 * 2. They become points of one continuous index that never falls: a rollover adds the modulus, an event
 *    (replacement, reset, ratio change) joins the closing index of the old to the opening index of the new, and a
 *    step that nothing explains adds nothing and makes what it covers missing.
 * 3. The index at each boundary is interpolated linearly between its neighbouring points and rounded once to an
 *    integer. An interval is the difference of two boundary indices, so over any partition
 *    `sum of deltas = end index − start index + corrections`, exactly.
 *
 * A negative energy cannot come out. Nothing is invented where it is unknown: that interval is missing (NaN).
 */
import { note, type SeriesFindings, seriesFindings } from './finding.ts';
import { orderReadings } from './reading-column.ts';
import { intervalQualityCode } from './vocabulary.ts';

export interface CounterRules {
  /** Value at which the register returns to zero (10^8, or 2^32 × its scale); null where unknown. */
  readonly modulus: number | null;
  /** Highest plausible rate, with its margin (rated power × 1.2); null switches the test off. */
  readonly maxRate_per_s: number | null;
  /** Neighbouring readings further apart than this make an interval `estimated`. */
  readonly gapLimit_ms: number;
  /** Neighbouring readings up to this far apart count as `measured`. Default 20 min: 15 min and some jitter. */
  readonly measuredGap_ms?: number;
  /** Smallest step of the register, allowed on top of `maxRate_per_s`. Default 1. */
  readonly resolution?: number;
  /** Indices typed in by a person: intervals are `manual`. */
  readonly manual?: boolean;
}

/** Gap limit where a meter has none of its own: 2 h. */
export const defaultGapLimit_ms = 7_200_000;
export const defaultMeasuredGap_ms = 1_200_000;

/**
 * Something that happened to the register at an instant. A reading at that very instant belongs to the new state.
 * An unknown opening index leaves the stretch up to the next reading missing; an unknown closing index counts the
 * next reading from the opening index on, a lower bound, and makes the stretch `estimated`.
 */
export interface CounterEvent {
  readonly kind: 'replacement' | 'reset' | 'ratioChange';
  readonly at_ms: number;
  readonly closing: number | null;
  readonly opening: number | null;
  /** Modulus of the register up to here, where it differs from the one after; null: it never returned to zero. */
  readonly modulusBefore?: number | null;
}

export interface CounterInput {
  readonly at_ms: ArrayLike<number>;
  /** Integers in the base unit; null or NaN where the counter was not read. */
  readonly index: ArrayLike<number | null>;
  readonly rules: CounterRules;
  readonly events?: readonly CounterEvent[];
  /** Ascending; interval i is [boundaries_ms[i], boundaries_ms[i+1]). */
  readonly boundaries_ms: ArrayLike<number>;
  /** Intervals from here on are given even before the first reading (as missing). */
  readonly since_ms?: number;
  /** Intervals ending up to here are given even after the last reading (as missing). */
  readonly until_ms?: number;
}

export interface CounterIntervals {
  /** Given intervals are [from, to); outside them too little is known yet. */
  readonly from: number;
  readonly to: number;
  /** Integer per interval, NaN where missing. */
  readonly delta: Float64Array;
  /** Code of the quality class per interval (`intervalQualities`). */
  readonly quality: Uint8Array;
  /** Index the register would have shown at each boundary, rounded; NaN where unknown. */
  readonly boundaryIndex: Float64Array;
  readonly findings: SeriesFindings;
}

/**
 * How far one reading reaches: it can change intervals from its `counterReach`-th predecessor to its
 * `counterReach`-th successor, since a doubtful step is judged by the readings around it. Rebuild that range, and load
 * `counterReach` readings more on both sides. (Several wrong readings in a row on a meter without `maxRate_per_s` can
 * reach further; a later rebuild of the wider range settles them.)
 */
export const counterReach = 5;
/** A doubtful reading, the spike it may prove before it, and the stretch that leads to the spike. */
const lookAhead = counterReach - 2;

const plain = 0;
const estimated = 1;
const broken = 2;

const measuredCode = intervalQualityCode('measured');
const interpolatedCode = intervalQualityCode('interpolated');
const estimatedCode = intervalQualityCode('estimated');
const manualCode = intervalQualityCode('manual');
const missingCode = intervalQualityCode('missing');

/** Points of the continuous index; `flag[i]` describes the stretch from point i to point i + 1. */
interface Points {
  readonly at_ms: Float64Array;
  readonly total: Float64Array;
  readonly index: Float64Array;
  readonly flag: Uint8Array;
  count: number;
}

interface Register {
  readonly points: Points;
  /** Of the present state: an event may bring another modulus. */
  rules: CounterRules;
  readonly findings: SeriesFindings;
  /** Last index of the present state; NaN where unknown. */
  last: number;
  /** Flag of the stretch after the last point, as far as events decide it. */
  pending: number;
  /** Number of points that readings after them can no longer take back. */
  settled: number;
}

function push(register: Register, at_ms: number, index: number, step: number, flag: number): void {
  const { points } = register;
  const n = points.count++;
  points.at_ms[n] = at_ms;
  points.index[n] = index;
  points.total[n] = n === 0 ? 0 : (points.total[n - 1] as number) + step;
  if (n > 0) points.flag[n - 1] = flag;
  register.last = index;
  register.pending = plain;
}

const lastAt = (points: Points): number => points.at_ms[points.count - 1] as number;

const highestIndex = (rules: CounterRules): number =>
  rules.modulus === null ? Number.MAX_SAFE_INTEGER : rules.modulus - 1;

const cap = (rules: CounterRules, duration_ms: number): number =>
  rules.maxRate_per_s === null
    ? Number.POSITIVE_INFINITY
    : (rules.maxRate_per_s * duration_ms) / 1000 + (rules.resolution ?? 1);

/** Step over a rollover, or NaN where a rollover does not explain it: it was near the end, and it fits the rate. */
function rolloverStep(rules: CounterRules, from: number, to: number, duration_ms: number): number {
  if (rules.modulus === null || to >= from || from < 0.9 * rules.modulus) return Number.NaN;
  const step = to - from + rules.modulus;
  return step <= cap(rules, duration_ms) ? step : Number.NaN;
}

function applyEvent(register: Register, event: CounterEvent): void {
  const { points, rules, findings } = register;
  const data = { ...event };
  if (event.closing === null || event.opening === null)
    note(findings, 'eventIndexMissing', event.at_ms, {
      message: 'An event of the meter lacks its closing or opening index',
      data,
    });
  if (event.closing !== null) {
    if (points.count === 0) push(register, event.at_ms, event.closing, 0, plain);
    else if (Number.isNaN(register.last)) push(register, event.at_ms, event.closing, 0, broken);
    else {
      const duration_ms = event.at_ms - lastAt(points);
      const direct = event.closing - register.last;
      const step =
        direct >= 0 && direct <= cap(rules, duration_ms)
          ? direct
          : rolloverStep(rules, register.last, event.closing, duration_ms);
      if (Number.isNaN(step))
        note(findings, 'eventIndexInconsistent', event.at_ms, {
          message: 'The closing index of an event does not follow from the last reading',
          data: { ...data, last: register.last },
        });
      push(
        register,
        event.at_ms,
        event.closing,
        Number.isNaN(step) ? 0 : step,
        Number.isNaN(step) ? broken : register.pending,
      );
    }
  }
  if (event.opening !== null && (event.closing !== null || points.count === 0)) {
    push(register, event.at_ms, event.opening, 0, plain);
  } else {
    register.last = event.opening ?? Number.NaN;
    register.pending = Math.max(register.pending, event.opening === null ? broken : estimated);
  }
  register.settled = points.count;
}

/**
 * The reading before the doubtful one, taken back as a lone spike upwards: the doubtful one goes on plausibly from
 * the reading before it. Returns whether it was.
 */
function takeBackSpike(register: Register, at_ms: number, value: number): boolean {
  const { points, rules } = register;
  const spike = points.count - 1;
  const base = spike - 1;
  if (base < 0 || spike < register.settled || points.flag[base] !== plain) return false;
  const from = points.index[base] as number;
  if (value < from || value - from > cap(rules, at_ms - (points.at_ms[base] as number))) return false;
  note(register.findings, 'implausibleReading', points.at_ms[spike] as number, {
    message: 'A single reading above its neighbours was left out',
    data: { index: points.index[spike], before: from, after: value },
  });
  points.count = spike;
  register.last = from;
  return true;
}

/**
 * Judges reading `i`, whose step from the last point is backward or too steep. Returns the position of the next
 * reading to look at, or -1 where later readings are needed to tell.
 */
function judge(
  register: Register,
  readings: { readonly at_ms: Float64Array; readonly value: Float64Array },
  i: number,
  end: { readonly position: number; readonly isOpen: boolean },
): number {
  const { points, rules, findings } = register;
  const { at_ms, value } = readings;
  const at = at_ms[i] as number;
  const index = value[i] as number;
  const from = register.last;
  const from_ms = lastAt(points);
  // Readings that soon go on plausibly from the last point prove the ones between them wrong.
  const limit = Math.min(end.position, i + 1 + lookAhead);
  for (let j = i + 1; j < limit; j++) {
    const step = (value[j] as number) - from;
    if (step < 0 || step > cap(rules, (at_ms[j] as number) - from_ms)) continue;
    for (let k = i; k < j; k++)
      note(findings, 'implausibleReading', at_ms[k] as number, {
        message: 'A reading that its neighbours contradict was left out',
        data: { index: value[k], before: from, after: value[j] },
      });
    return j;
  }
  const undecided = end.isOpen && limit < i + 1 + lookAhead;
  if (index < from) {
    const base = points.count - 2;
    const couldBeSpike = base >= 0 && index >= (points.index[base] as number);
    if (!(couldBeSpike && undecided) && takeBackSpike(register, at, index)) return i;
    const step = couldBeSpike ? Number.NaN : rolloverStep(rules, from, index, at - from_ms);
    if (!Number.isNaN(step)) {
      note(findings, 'counterRollover', at, {
        message: 'The register passed its highest value and went on from zero',
        data: { before: from, after: index, step },
      });
      push(register, at, index, step, register.pending);
      register.settled = points.count;
      return i + 1;
    }
  }
  if (undecided) return -1;
  note(findings, index < from ? 'backwardStep' : 'implausibleStep', at, {
    message:
      index < from
        ? 'The index fell and neither a rollover nor an event explains it'
        : 'The index rose faster than the meter can count and stayed there',
    data: { before: from, after: index, from_ms },
  });
  push(register, at, index, 0, broken);
  register.settled = points.count;
  return i + 1;
}

/** Rules before each event in turn, and after the last one. */
function rulesByState(rules: CounterRules, events: readonly CounterEvent[]): readonly CounterRules[] {
  const states = [rules];
  for (const event of events.toReversed()) {
    const after = states[0] ?? rules;
    states.unshift(event.modulusBefore === undefined ? after : { ...after, modulus: event.modulusBefore });
  }
  return states;
}

/** The continuous index from ordered readings and events; stops where later readings are needed to judge. */
function followRegister(input: CounterInput, findings: SeriesFindings): Points {
  const readings = orderReadings(input.at_ms, input.index);
  const { rules } = input;
  let { at_ms, value } = readings;
  for (const at of readings.conflicts_ms)
    note(findings, 'conflictingReadings', at, {
      message: 'Two readings of one instant differ; the lower counts',
    });
  const events = [...(input.events ?? [])].sort((a, b) => a.at_ms - b.at_ms);
  const states = rulesByState(rules, events);
  let count = 0;
  let state = 0;
  let highest = highestIndex(states[0] ?? rules);
  for (let i = 0; i < readings.count; i++) {
    while (state < events.length && (events[state] as CounterEvent).at_ms <= (at_ms[i] as number))
      highest = highestIndex(states[++state] ?? rules);
    const v = value[i] as number;
    if (v >= 0 && v <= highest && Number.isInteger(v)) {
      if (count < i) {
        at_ms[count] = at_ms[i] as number;
        value[count] = v;
      }
      count++;
      continue;
    }
    // From here on readings move up, in columns of our own.
    if (count === i) [at_ms, value] = [at_ms.slice(), value.slice()];
    note(findings, 'invalidIndex', at_ms[i] as number, {
      message: 'An index that this register cannot show was left out',
      data: { index: v },
    });
  }
  const size = count + 2 * events.length;
  const points: Points = {
    at_ms: new Float64Array(size),
    total: new Float64Array(size),
    index: new Float64Array(size),
    flag: new Uint8Array(size),
    count: 0,
  };
  const register: Register = {
    points,
    rules: states[0] ?? rules,
    findings,
    last: Number.NaN,
    pending: plain,
    settled: 0,
  };
  const rate_per_ms = rules.maxRate_per_s === null ? 0 : rules.maxRate_per_s / 1000;
  const free = rules.maxRate_per_s === null ? Number.POSITIVE_INFINITY : (rules.resolution ?? 1);
  let i = 0;
  for (let e = 0; e <= events.length; e++) {
    const event = events[e];
    let end = count;
    if (event) {
      end = i;
      while (end < count && (at_ms[end] as number) < event.at_ms) end++;
    }
    while (i < end) {
      const at = at_ms[i] as number;
      const index = value[i] as number;
      if (points.count === 0) {
        push(register, at, index, 0, plain);
        i++;
        continue;
      }
      const step = index - register.last;
      if (step >= 0 && step <= rate_per_ms * (at - lastAt(points)) + free) {
        push(register, at, index, step, register.pending);
        i++;
      } else if (Number.isNaN(step)) {
        push(register, at, index, 0, register.pending);
        register.settled = points.count;
        i++;
      } else {
        i = judge(register, readings, i, { position: end, isOpen: event === undefined });
        if (i < 0) return points;
      }
    }
    if (event) {
      applyEvent(register, event);
      register.rules = states[e + 1] ?? rules;
    }
  }
  return points;
}

/** Quality class of an interval from the gaps its boundaries stand in and from what its stretches suffered. */
function classOf(rules: CounterRules, gap_ms: number, flag: number): number {
  if (rules.manual) return manualCode;
  if (flag === estimated || gap_ms > rules.gapLimit_ms) return estimatedCode;
  return gap_ms <= (rules.measuredGap_ms ?? defaultMeasuredGap_ms) ? measuredCode : interpolatedCode;
}

/**
 * Energy per interval from readings of one counter. O(readings + boundaries) on ordered input.
 *
 * `delta[i] = B(i+1) − B(i)`, with `B(b) = I0 + round((I1 − I0) · (b − t0) / (t1 − t0))` between the neighbouring
 * points (t0, I0), (t1, I1); integers in the base unit of the counter. Missing: a boundary before the first or
 * after the last reading, or a stretch in which the index moved in a way that nothing explains.
 */
export function counterIntervals(input: CounterInput): CounterIntervals {
  const findings = seriesFindings();
  const points = followRegister(input, findings);
  const { boundaries_ms, rules } = input;
  const intervals = Math.max(0, boundaries_ms.length - 1);
  const delta = new Float64Array(intervals).fill(Number.NaN);
  const quality = new Uint8Array(intervals).fill(missingCode);
  const boundaryIndex = new Float64Array(boundaries_ms.length).fill(Number.NaN);
  const { at_ms, total, index, flag, count } = points;
  const first_ms = count > 0 ? (at_ms[0] as number) : Number.POSITIVE_INFINITY;
  const last_ms = count > 0 ? lastAt(points) : Number.NEGATIVE_INFINITY;
  const given_from = input.since_ms ?? first_ms;
  const given_to = Math.max(last_ms, input.until_ms ?? last_ms);
  let from = intervals;
  let to = 0;
  let p = 0;
  let startTotal = Number.NaN;
  let startGap = 0;
  for (let b = 0; b < boundaries_ms.length; b++) {
    const at = boundaries_ms[b] as number;
    let worst = plain;
    while (p + 1 < count && (at_ms[p + 1] as number) <= at) {
      if ((flag[p] as number) > worst) worst = flag[p] as number;
      p++;
    }
    let endTotal = Number.NaN;
    let endGap = 0;
    if (at >= first_ms && at <= last_ms) {
      const t0 = at_ms[p] as number;
      endTotal = total[p] as number;
      if (at === t0) boundaryIndex[b] = index[p] as number;
      else {
        const stretch = flag[p] as number;
        if (stretch > worst) worst = stretch;
        endGap = (at_ms[p + 1] as number) - t0;
        const part = Math.round(((total[p + 1] as number) - endTotal) * ((at - t0) / endGap));
        endTotal = stretch === broken ? Number.NaN : endTotal + part;
        if (stretch === plain) {
          const shown = (index[p] as number) + part;
          // What the stretch counted beyond its indices is the modulus of a rollover in it.
          const rolledOver =
            (total[p + 1] as number) -
            (total[p] as number) -
            ((index[p + 1] as number) - (index[p] as number));
          boundaryIndex[b] = rolledOver > 0 && shown >= rolledOver ? shown - rolledOver : shown;
        }
      }
    }
    const i = b - 1;
    if (i >= 0) {
      const start = boundaries_ms[i] as number;
      if (start >= given_from && at <= given_to) {
        if (i < from) from = i;
        to = b;
        const energy = endTotal - startTotal;
        if (worst !== broken && !Number.isNaN(energy)) {
          delta[i] = energy;
          quality[i] = classOf(rules, Math.max(startGap, endGap), worst);
        }
      }
    }
    // A stretch that began before this boundary goes on into the next interval through `flag[p]`.
    startTotal = endTotal;
    startGap = endGap;
  }
  return { from: Math.min(from, to), to, delta, quality, boundaryIndex, findings };
}
