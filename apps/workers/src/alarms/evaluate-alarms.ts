import {
  type AlarmEvaluation,
  type AlarmRuleRecord,
  alarmReadings,
  enabledAlarmRules,
  everyOrganisation,
  lockAlarmEvaluation,
  type SupervisedMeter,
  storeAlarmEvaluation,
  supervisedMeters,
  withScope,
} from '@wattproof/database';
import {
  type AlarmState,
  acknowledge,
  evaluateAlarm,
  initialAlarmState,
  isActive,
  noDataAfter_s,
  type ThresholdRule,
} from '@wattproof/energy';
import type { ClientBase, Pool } from 'pg';
import { findSilence, gatewayNewest_ms, type Silence } from './silence.ts';

/** A new rule looks back this far: what happened before it enters the history and notifies nobody. */
const firstLookBack_ms = 86_400_000;
/** Readings older than this are not evaluated, however long the workers were away. */
const lookBackLimit_ms = 7 * 86_400_000;
/** After a pause this long the workers themselves may have missed what was sent: silence counts anew. */
const pause_ms = 300_000;

export interface AlarmSweep {
  readonly rules: number;
  readonly raised: number;
  readonly cleared: number;
  /** Sites in which an alarm was raised or cleared. */
  readonly siteIds: readonly string[];
}

/**
 * Runs every enabled rule over what came since it last ran, in one transaction. Each alarm is raised once and cleared
 * once. Readings that come late, older than what was evaluated, never raise one; those that are back-filled after a
 * pause enter the history, already acknowledged when they are over.
 */
export async function evaluateAlarms(pool: Pool, now_ms: number): Promise<AlarmSweep> {
  return withScope(pool, everyOrganisation, async (client) => {
    if (!(await lockAlarmEvaluation(client))) return { rules: 0, raised: 0, cleared: 0, siteIds: [] };
    const rules = await enabledAlarmRules(client);
    const meters = await supervisedMeters(client);
    const context: Context = { meters, silence: findSilence(meters, now_ms), now_ms };
    const siteIds = new Set<string>();
    let raised = 0;
    let cleared = 0;
    for (const rule of rules) {
      const evaluation =
        rule.kind === 'noData'
          ? evaluateNoData(rule, context)
          : await evaluateThreshold(client, rule, context);
      if (!evaluation) continue;
      await storeAlarmEvaluation(client, evaluation);
      for (const transition of evaluation.transitions) {
        siteIds.add(rule.siteId);
        if (transition.kind === 'raised') raised++;
        else cleared++;
      }
    }
    return { rules: rules.length, raised, cleared, siteIds: [...siteIds] };
  });
}

interface Context {
  readonly meters: readonly SupervisedMeter[];
  readonly silence: Silence;
  readonly now_ms: number;
}

/** The state before this run: what people acknowledged since is taken over. */
function stateBefore(rule: AlarmRuleRecord, start_ms: number): AlarmState {
  const state = rule.state ?? initialAlarmState(start_ms);
  return rule.isAcknowledged && state.stage === 'unacknowledged' ? acknowledge(state) : state;
}

async function evaluateThreshold(
  client: ClientBase,
  rule: AlarmRuleRecord,
  { meters, now_ms }: Context,
): Promise<AlarmEvaluation | null> {
  const { meterId, measurand, comparison, threshold } = rule;
  if (meterId === null || measurand === null || comparison === null || threshold === null) return null;
  const meter = meters.find((m) => m.meterId === meterId);
  const state = stateBefore(rule, rule.createdAt_ms);
  const after_ms = Math.max(
    state.newest_ms ?? rule.createdAt_ms - firstLookBack_ms,
    now_ms - lookBackLimit_ms,
  );
  if (rule.state && meter?.newest_ms !== undefined && (meter.newest_ms ?? 0) <= after_ms)
    return state === rule.state ? null : unchanged(rule, state);
  const readings = await alarmReadings(client, { meterId, measurand }, { after_ms, to_ms: now_ms + 60_000 });
  const thresholdRule: ThresholdRule = {
    kind: 'threshold',
    comparison,
    threshold,
    hysteresis: rule.hysteresis,
    delay_s: rule.delay_s,
    gapLimit_s: Math.max(noDataAfter_s(meter?.readingPeriod_s ?? 0), 1_200),
  };
  const outcome = evaluateAlarm({ rule: thresholdRule, state, readings, now_ms });
  return {
    rule,
    state: outcome.state,
    transitions: outcome.transitions,
    evaluatedTo_ms: outcome.state.newest_ms ?? now_ms,
  };
}

function evaluateNoData(rule: AlarmRuleRecord, { meters, silence, now_ms }: Context): AlarmEvaluation | null {
  const before = stateBefore(rule, now_ms);
  const own =
    rule.gatewayId === null
      ? meters.filter((m) => m.meterId === rule.meterId)
      : meters.filter((m) => m.gatewayId === rule.gatewayId);
  if (own.length === 0) return null;
  const wasAway = rule.evaluatedTo_ms === null || now_ms - rule.evaluatedTo_ms > pause_ms;
  const isExplained = rule.gatewayId === null && own.every((m) => silence.explained.has(m.meterId));
  // What a higher level explains is not judged here, and gets its full time again when that level is back.
  if (isExplained && isActive(before)) return unchanged(rule, before, now_ms);
  const start_ms = (wasAway || isExplained) && !isActive(before) ? now_ms : before.start_ms;
  const newest_ms =
    rule.gatewayId === null ? (own[0]?.newest_ms ?? null) : gatewayNewest_ms(meters, rule.gatewayId, now_ms);
  const outcome = evaluateAlarm({
    rule: {
      kind: 'noData',
      after_s: Math.max(noDataAfter_s(Math.min(...own.map((m) => m.readingPeriod_s))), rule.delay_s),
    },
    state: { ...before, start_ms, newest_ms: Math.max(newest_ms ?? start_ms, start_ms) },
    readings: [],
    now_ms,
  });
  return { rule, state: outcome.state, transitions: outcome.transitions, evaluatedTo_ms: now_ms };
}

const unchanged = (
  rule: AlarmRuleRecord,
  state: AlarmState,
  evaluatedTo_ms = rule.evaluatedTo_ms ?? state.start_ms,
): AlarmEvaluation => ({ rule, state, transitions: [], evaluatedTo_ms });
