import {
  addEnb,
  chainAccuracies,
  type DailyData,
  type EnbRecord,
  type EnpiDefinition,
  type EnpiRecord,
  enbInForce,
  enpiIds,
  everyOrganisation,
  fitEnb,
  hashPeriod,
  loadEnpis,
  needsHours,
  periodOf,
  raiseRebaseline,
  readDailyData,
  readPrices,
  sameDefinition,
  storeEnbResult,
  storePerformance,
  wasChainReplaced,
  withScope,
} from '@wattproof/database';
import {
  addDays,
  chainStandardUncertainty_percent,
  type Finding,
  finding,
  type LocalDate,
  localDate,
  localMidnight_ms,
  type MeteringUncertainty,
} from '@wattproof/energy';
import type { ClientBase, Pool } from 'pg';
import { enbResultOf, type PerformanceInput, performanceOf } from './performance.ts';
import { proposalsOf } from './rebaseline.ts';

/** What became of one EnPI. */
export interface EnpiOutcome {
  readonly enpiId: string;
  readonly organisationId: number;
  /** Null: there is no baseline yet, and `findings` say why. */
  readonly enbVersion: number | null;
  readonly isNewVersion: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Computes performance of one EnPI, or of all. A baseline is fitted once and kept: a new version is proposed only where
 * the EnPI's definition was changed by a decision. What is approved stays in force until a person approves another one.
 * Late data of the baseline year is a finding and a proposal, never slipped into a published baseline.
 */
export async function computeEnpis(
  pool: Pool,
  options: { readonly enpiId?: string; readonly now_ms: number },
): Promise<EnpiOutcome[]> {
  const ids = options.enpiId
    ? [options.enpiId]
    : await withScope(pool, everyOrganisation, (client) => enpiIds(client));
  const outcomes = new Map<string, EnpiOutcome>();
  const waiting = ids.values();
  const lane = async (): Promise<void> => {
    for (const id of waiting) {
      const outcome = await computeOne(pool, id, options.now_ms);
      if (outcome) outcomes.set(id, outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, ids.length) }, lane));
  return ids.flatMap((id) => outcomes.get(id) ?? []);
}

/** EnPIs under way at a time: while one is calculated, the database reads and stores the others. */
const lanes = 3;

const computeOne = (pool: Pool, id: string, now_ms: number): Promise<EnpiOutcome | null> =>
  withScope(pool, everyOrganisation, async (client) => {
    // One at a time for each EnPI: two versions of one baseline must not be added side by side.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enpi/${id}`]);
    const [enpi] = await loadEnpis(client, id);
    return enpi ? computeEnpi(client, enpi, now_ms) : null;
  });

async function computeEnpi(client: ClientBase, enpi: EnpiRecord, now_ms: number): Promise<EnpiOutcome> {
  const today = localDate(enpi.timeZone, now_ms);
  const outcome = { enpiId: enpi.id, organisationId: enpi.organisationId };
  const data = await loadDailyData(client, enpi, enpi.definition, { to: today, withHours: false });
  const { enbs, added, refused } = await withVersionOfDefinition(client, enpi, data, now_ms);
  const inForce = enbInForce(enbs);
  if (!inForce) {
    const findings =
      refused.length > 0
        ? refused
        : [finding('baselineRefused', 'Every version of the baseline was refused; propose another one')];
    return { ...outcome, enbVersion: null, isNewVersion: false, findings };
  }
  const findings: Finding[] = [...refused];
  if (inForce.state !== 'approved')
    findings.push(
      finding('baselineNotApproved', 'The baseline is proposed; nobody has approved it yet', {
        version: inForce.version,
      }),
    );
  let changed: Finding | null = null;
  for (const enb of enbs.filter(({ state }) => state === 'proposed' || state === 'approved')) {
    const { definition } = enb.model;
    const isSame = sameDefinition(definition, enpi.definition);
    const withHours = needsHours(enb.model.form);
    const own =
      isSame && !withHours ? data : await loadDailyData(client, enpi, definition, { to: today, withHours });
    if (enb !== inForce) {
      const input = await performanceInput(client, enpi, enb, { data: own, findings: [] });
      await storeEnbResult(client, enb.id, enbResultOf(input));
      continue;
    }
    const baseline = periodOf(own, definition.baselineFrom, definition.baselineTo);
    if (enb.inputSha256 !== hashPeriod(baseline)) {
      changed = finding(
        'baselineDataChanged',
        'Readings of the baseline period came or changed after the baseline was published',
        { version: enb.version },
      );
      findings.push(changed);
    }
    const input = await performanceInput(client, enpi, enb, { data: own, findings });
    const result = performanceOf(input);
    await storePerformance(client, enpi, { ...result, enbId: enb.id, computedAt: new Date(now_ms) });
    await storeEnbResult(client, enb.id, enbResultOf(input));
    for (const proposal of proposalsOf(input, {
      enb,
      changed,
      isDefinitionOther: !isSame,
      changes: result.performance.changes,
    }))
      await raiseRebaseline(client, enpi, proposal);
    findings.splice(0, findings.length, ...result.findings);
  }
  return { ...outcome, enbVersion: inForce.version, isNewVersion: added, findings };
}

/** The versions of an EnPI; where none of them is of the definition as it stands, the next one is fitted and proposed. */
async function withVersionOfDefinition(
  client: ClientBase,
  enpi: EnpiRecord,
  data: DailyData,
  now_ms: number,
): Promise<{ enbs: readonly EnbRecord[]; added: boolean; refused: readonly Finding[] }> {
  const { definition, enbs } = enpi;
  if (enbs.some(({ model }) => sameDefinition(model.definition, definition)))
    return { enbs, added: false, refused: [] };
  const baseline = periodOf(data, definition.baselineFrom, definition.baselineTo);
  const fitted = fitEnb(baseline, definition, null);
  if (!fitted.ok) return { enbs, added: false, refused: fitted.disqualifications };
  const inputSha256 = hashPeriod(baseline);
  const reason = enbs.length === 0 ? 'First baseline of the EnPI' : 'The definition of the EnPI was changed';
  const stored = await addEnb(client, enpi, {
    ...fitted.enb,
    inputSha256,
    computedAt: new Date(now_ms),
    choice: null,
    reason,
    proposedBy: null,
  });
  const enb: EnbRecord = { ...stored, state: 'proposed', model: fitted.enb.model, choice: null, inputSha256 };
  return { enbs: [enb, ...enbs], added: true, refused: [] };
}

/** Days of what an EnPI is defined by, from the beginning of its baseline to before `to`. */
export async function loadDailyData(
  client: ClientBase,
  enpi: EnpiRecord,
  definition: EnpiDefinition,
  { to, withHours }: { readonly to: LocalDate; readonly withHours: boolean },
): Promise<DailyData> {
  return readDailyData(client, {
    table: 'store.interval_day',
    timeZone: enpi.timeZone,
    base_s: enpi.base_s,
    meterIds: definition.meterIds,
    measurand: definition.measurand,
    variables: definition.variables,
    from: definition.baselineFrom,
    to,
    withHours,
  });
}

/** What the performance of an EnPI against a version of its baseline is computed from. */
export async function performanceInput(
  client: ClientBase,
  enpi: EnpiRecord,
  { model }: Pick<EnbRecord, 'model'>,
  { data, findings }: { readonly data: DailyData; readonly findings: readonly Finding[] },
): Promise<PerformanceInput> {
  const reportingTo = endOfData(data, enpi.reportingFrom);
  const { definition } = model;
  return {
    model,
    data,
    timeZone: enpi.timeZone,
    currency: enpi.currency,
    prices: await readPrices(client, enpi.siteId, enpi.carrier),
    baselineFrom: definition.baselineFrom,
    baselineTo: definition.baselineTo,
    reportingFrom: enpi.reportingFrom,
    reportingTo,
    confidence: enpi.confidence,
    metering: await meteringOf(client, enpi, definition, reportingTo),
    adjustments: enpi.adjustments,
    targets: enpi.targets,
    findings,
  };
}

/** The day after the last day of which the energy is known, at least the start of reporting. */
function endOfData(data: DailyData, reportingFrom: LocalDate): LocalDate {
  for (let i = data.dates.length - 1; i >= 0; i--) {
    if (Number.isNaN(data.energy_wh[i] as number)) continue;
    const next = addDays(data.dates[i] as LocalDate, 1);
    return next > reportingFrom ? next : reportingFrom;
  }
  return reportingFrom;
}

/** Of a sum, the worst of its chains: meters of one kind may err the same way, and are not averaged away. */
async function meteringOf(
  client: ClientBase,
  { timeZone }: EnpiRecord,
  definition: EnpiDefinition,
  reportingTo: LocalDate,
): Promise<MeteringUncertainty | null> {
  const chains = await chainAccuracies(client, definition.meterIds);
  if (chains.length === 0) return null;
  const replaced = await wasChainReplaced(client, definition.meterIds, {
    from_ms: localMidnight_ms(timeZone, definition.baselineFrom),
    to_ms: localMidnight_ms(timeZone, reportingTo),
  });
  return {
    standardUncertainty_percent: Math.max(...chains.map(chainStandardUncertainty_percent)),
    chain: replaced ? 'replaced' : 'unchanged',
  };
}
