/**
 * Alarms as a pure state machine: rule + previous state + readings since → new state + transitions.
 *
 * A threshold alarm is raised once, by the first reading that lies beyond the threshold when all readings of the
 * delay before it did; it clears once, by the first reading back inside the threshold by the hysteresis. A no-data
 * alarm is raised once the newest reading is too old, and clears with one that is fresh. States are those of
 * ISA-18.2 (normal, unacknowledged, acknowledged, returned to normal unacknowledged).
 */

export interface ThresholdRule {
  readonly kind: 'threshold';
  readonly comparison: 'above' | 'below';
  readonly threshold: number;
  /** The value must come back by this much to clear. */
  readonly hysteresis: number;
  /** The value must lie beyond the threshold this long before it is raised. */
  readonly delay_s: number;
  /** Readings further apart than this do not prove that the value stayed beyond: the delay starts again. */
  readonly gapLimit_s?: number;
}

export interface NoDataRule {
  readonly kind: 'noData';
  /** Silence of this length raises it; see `noDataAfter_s`. */
  readonly after_s: number;
}

export type AlarmRule = ThresholdRule | NoDataRule;

export const alarmStages = ['normal', 'unacknowledged', 'acknowledged', 'returnedUnacknowledged'] as const;
export type AlarmStage = (typeof alarmStages)[number];

/** Plain data, stored between evaluations. */
export interface AlarmState {
  readonly stage: AlarmStage;
  /** Newest reading taken into account; null before the first. */
  readonly newest_ms: number | null;
  /** Start of supervision: silence counts from here while no reading has come. */
  readonly start_ms: number;
  /** Since when the value lies beyond the threshold without having raised yet. */
  readonly pendingSince_ms: number | null;
  readonly raisedAt_ms: number | null;
  /** Farthest value since the condition began. */
  readonly extreme: number | null;
}

export interface AlarmReading {
  readonly at_ms: number;
  /** null or NaN: not read. */
  readonly value: number | null;
}

export interface AlarmTransition {
  readonly kind: 'raised' | 'cleared';
  readonly at_ms: number;
  /** Value that made the transition; null for no-data. */
  readonly value: number | null;
  /** Farthest value so far; null for no-data. */
  readonly extreme: number | null;
  /** False where it happened too long ago to wake anybody: it enters the history only. */
  readonly notify: boolean;
}

export interface AlarmInput {
  readonly rule: AlarmRule;
  readonly state: AlarmState;
  readonly readings: readonly AlarmReading[];
  readonly now_ms: number;
  /** Transitions older than this do not notify. Default 15 min. */
  readonly notifyWithin_s?: number;
}

export interface AlarmOutcome {
  readonly state: AlarmState;
  readonly transitions: readonly AlarmTransition[];
  /** Readings not newer than what was evaluated before: they never change the state. */
  readonly lateReadings: number;
  /** Readings from more than `clockTolerance_ms` ahead: a wrong clock must not hide silence. */
  readonly futureReadings: number;
}

export const clockTolerance_ms = 60_000;
const defaultNotifyWithin_s = 900;

/** Silence that counts as no data: three missed readings, but at least five minutes. */
export const noDataAfter_s = (period_s: number): number => Math.max(3 * period_s, 300);

/** The state before anything was evaluated. */
export const initialAlarmState = (start_ms: number): AlarmState => ({
  stage: 'normal',
  newest_ms: null,
  start_ms,
  pendingSince_ms: null,
  raisedAt_ms: null,
  extreme: null,
});

/** Whether the condition of the alarm holds in this state. */
export const isActive = (state: AlarmState): boolean =>
  state.stage === 'unacknowledged' || state.stage === 'acknowledged';

/** The state after a person has acknowledged: nothing changes where there is nothing to acknowledge. */
export function acknowledge(state: AlarmState): AlarmState {
  if (state.stage === 'unacknowledged') return { ...state, stage: 'acknowledged' };
  if (state.stage === 'returnedUnacknowledged') return { ...state, stage: 'normal' };
  return state;
}

const raised = (state: AlarmState, at_ms: number): AlarmState => ({
  ...state,
  stage: 'unacknowledged',
  raisedAt_ms: at_ms,
  pendingSince_ms: null,
});

const cleared = (state: AlarmState): AlarmState => ({
  ...state,
  stage: state.stage === 'unacknowledged' ? 'returnedUnacknowledged' : 'normal',
  raisedAt_ms: null,
  pendingSince_ms: null,
  extreme: null,
});

type Note = (
  kind: AlarmTransition['kind'],
  at_ms: number,
  value: number | null,
  extreme: number | null,
) => void;

function step(
  rule: ThresholdRule,
  before: AlarmState,
  reading: { at_ms: number; value: number },
  note: Note,
): AlarmState {
  const { at_ms, value } = reading;
  const sign = rule.comparison === 'above' ? 1 : -1;
  const beyond = sign * (value - rule.threshold) > 0;
  const back = sign * (value - rule.threshold) <= -rule.hysteresis;
  const state = { ...before, newest_ms: at_ms };
  const farthest = state.extreme === null || sign * (value - state.extreme) > 0 ? value : state.extreme;
  if (isActive(state)) {
    if (!back) return { ...state, extreme: farthest };
    note('cleared', at_ms, value, state.extreme);
    return cleared(state);
  }
  if (!beyond) return { ...state, pendingSince_ms: null, extreme: null };
  const silent_ms = before.newest_ms === null ? 0 : at_ms - before.newest_ms;
  const isBroken = rule.gapLimit_s !== undefined && silent_ms > rule.gapLimit_s * 1000;
  const isNew = state.pendingSince_ms === null || isBroken;
  const since_ms = isNew ? at_ms : (state.pendingSince_ms as number);
  const extreme = isNew ? value : farthest;
  if (at_ms - since_ms < rule.delay_s * 1000) return { ...state, pendingSince_ms: since_ms, extreme };
  note('raised', at_ms, value, extreme);
  return { ...raised(state, at_ms), extreme };
}

function watchSilence(rule: NoDataRule, state: AlarmState, now_ms: number, note: Note): AlarmState {
  const deadline_ms = (state.newest_ms ?? state.start_ms) + rule.after_s * 1000;
  const isSilent = now_ms >= deadline_ms;
  if (isSilent && !isActive(state)) {
    note('raised', deadline_ms, null, null);
    return raised(state, deadline_ms);
  }
  if (!isSilent && isActive(state)) {
    // Back-filled readings may be older than the moment of raising: it cannot clear before it was raised.
    note(
      'cleared',
      Math.max(state.newest_ms ?? state.start_ms, state.raisedAt_ms ?? state.start_ms),
      null,
      null,
    );
    return cleared(state);
  }
  return state;
}

/**
 * Evaluates the readings that came since the state was made. Readings may come in any order within a call; those
 * that are not newer than the last evaluated one are counted and ignored. Splitting readings over several calls
 * gives the same transitions as one call.
 */
export function evaluateAlarm(input: AlarmInput): AlarmOutcome {
  const { rule, now_ms } = input;
  const notifyFrom_ms = now_ms - (input.notifyWithin_s ?? defaultNotifyWithin_s) * 1000;
  const transitions: AlarmTransition[] = [];
  const note: Note = (kind, at_ms, value, extreme) => {
    transitions.push({ kind, at_ms, value, extreme, notify: at_ms >= notifyFrom_ms });
  };
  let state = input.state;
  let lateReadings = 0;
  let futureReadings = 0;
  const ordered = [...input.readings].sort((a, b) => a.at_ms - b.at_ms || (a.value ?? 0) - (b.value ?? 0));
  for (const { at_ms, value } of ordered) {
    if (at_ms > now_ms + clockTolerance_ms) futureReadings++;
    else if (state.newest_ms !== null && at_ms <= state.newest_ms) lateReadings++;
    else if (rule.kind === 'noData') state = { ...state, newest_ms: at_ms };
    else if (value !== null && !Number.isNaN(value)) state = step(rule, state, { at_ms, value }, note);
  }
  if (rule.kind === 'noData') {
    state = watchSilence(rule, state, now_ms, note);
    // For silence the time of noticing matters, not the age of the newest reading.
    return {
      state,
      transitions: transitions.map((transition) => ({ ...transition, notify: true })),
      lateReadings,
      futureReadings,
    };
  }
  return { state, transitions, lateReadings, futureReadings };
}
