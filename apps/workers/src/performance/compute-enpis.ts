import { createHash } from 'node:crypto';
import {
  addEnb,
  type EnpiRecord,
  everyOrganisation,
  loadEnpis,
  outdoorTemperature,
  productionMass,
  readDays,
  readPrices,
  storePerformance,
  termAccuracies,
  wasChainReplaced,
  withScope,
} from '@wattproof/database';
import {
  addDays,
  chainStandardUncertainty_percent,
  type EnpiPeriod,
  type Finding,
  fitBaseline,
  type LocalDate,
  localDate,
  localMidnight_ms,
  type MeasurandName,
  type MeteringUncertainty,
  measurandOf,
} from '@wattproof/energy';
import type { ClientBase, Pool } from 'pg';
import { type DailyData, dailyData, periodOf } from './daily-data.ts';
import { performanceOf } from './performance.ts';
import { sameDefinition, storedCandidates, storedEnb } from './stored-enb.ts';

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
 * Computes performance of one EnPI, or of all. A baseline is fitted once and kept: a new version is added only where
 * the EnPI's definition was changed by a decision (meters or baseline period). Late data of the baseline year is
 * reported as a finding, never slipped into a published baseline.
 */
export async function computeEnpis(
  pool: Pool,
  options: { readonly enpiId?: string; readonly now_ms: number },
): Promise<EnpiOutcome[]> {
  const enpis = await withScope(pool, everyOrganisation, (client) => loadEnpis(client, options.enpiId));
  const outcomes: EnpiOutcome[] = [];
  for (const { id } of enpis)
    outcomes.push(
      await withScope(pool, everyOrganisation, async (client) => {
        // One at a time for each EnPI: two versions of one baseline must not be added side by side.
        await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`enpi/${id}`]);
        const [enpi] = await loadEnpis(client, id);
        return enpi
          ? computeEnpi(client, enpi, options.now_ms)
          : { enpiId: id, organisationId: 0, enbVersion: null, isNewVersion: false, findings: [] };
      }),
    );
  return outcomes;
}

async function computeEnpi(client: ClientBase, enpi: EnpiRecord, now_ms: number): Promise<EnpiOutcome> {
  const data = await loadDailyData(client, enpi, localDate(enpi.timeZone, now_ms));
  const { definition } = enpi;
  const baseline = periodOf(data, definition.baselineFrom, definition.baselineTo);
  const inputSha256 = hashPeriod(baseline);
  const outcome = { enpiId: enpi.id, organisationId: enpi.organisationId };
  const findings: Finding[] = [];
  let { enb } = enpi;
  const isDecided = enb !== null && sameDefinition(enb.model.definition, definition);
  if (!enb || !isDecided) {
    const fitted = fitBaseline(baseline);
    if (!fitted.ok)
      return { ...outcome, enbVersion: null, isNewVersion: false, findings: fitted.disqualifications };
    const model = storedEnb(fitted.model, definition);
    const added = await addEnb(client, enpi, {
      model,
      candidates: storedCandidates(fitted, baseline),
      findings: fitted.warnings,
      inputSha256,
      computedAt: new Date(now_ms),
    });
    enb = { ...added, model, inputSha256 };
  } else if (enb.inputSha256 !== inputSha256)
    findings.push({
      code: 'baselineDataChanged',
      message: 'Readings of the baseline period came or changed after the baseline was published',
      data: { version: enb.version },
    });
  const reportingTo = endOfData(data, enpi.reportingFrom);
  const result = performanceOf({
    model: enb.model,
    data,
    timeZone: enpi.timeZone,
    currency: enpi.currency,
    prices: await readPrices(client, enpi.siteId, enpi.carrier),
    baselineTo: definition.baselineTo,
    reportingFrom: enpi.reportingFrom,
    reportingTo,
    confidence: enpi.confidence,
    metering: await meteringOf(client, enpi, reportingTo),
    findings,
  });
  await storePerformance(client, enpi, { ...result, enbId: enb.id, computedAt: new Date(now_ms) });
  return { ...outcome, enbVersion: enb.version, isNewVersion: !isDecided, findings: result.findings };
}

async function loadDailyData(client: ClientBase, enpi: EnpiRecord, today: LocalDate): Promise<DailyData> {
  const { definition, timeZone } = enpi;
  const range = {
    from_ms: localMidnight_ms(timeZone, definition.baselineFrom),
    to_ms: localMidnight_ms(timeZone, today),
  };
  const days = (meterId: number, measurandId: number) => readDays(client, { meterId, measurandId }, range);
  const { productionMeterId, temperatureMeterId } = definition;
  return dailyData({
    timeZone,
    base_s: enpi.base_s,
    from: definition.baselineFrom,
    to: today,
    energy: await days(definition.meterId, measurandOf(definition.measurand as MeasurandName).id),
    production: productionMeterId === null ? null : await days(productionMeterId, productionMass.id),
    temperature: temperatureMeterId === null ? null : await days(temperatureMeterId, outdoorTemperature.id),
  });
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

/** Fingerprint of everything the fit depends on. */
function hashPeriod(period: EnpiPeriod): string {
  const list = (values: ArrayLike<number> | undefined): (number | null)[] | null =>
    values ? Array.from(values, (value) => (Number.isNaN(value) ? null : value)) : null;
  return createHash('sha256')
    .update(
      JSON.stringify([
        period.dates,
        list(period.energy_wh),
        list(period.given.production_g),
        list(period.temperature_c),
      ]),
    )
    .digest('hex');
}

/** Of a sum, the worst of its chains: meters of one kind may err the same way, and are not averaged away. */
async function meteringOf(
  client: ClientBase,
  enpi: EnpiRecord,
  reportingTo: LocalDate,
): Promise<MeteringUncertainty | null> {
  const chains =
    enpi.accuracy.length > 0 ? [enpi.accuracy] : await termAccuracies(client, enpi.definition.meterId);
  const known = chains.filter((chain) => chain.length > 0).map(chainStandardUncertainty_percent);
  if (known.length === 0) return null;
  const replaced = await wasChainReplaced(client, enpi.definition.meterId, {
    from_ms: localMidnight_ms(enpi.timeZone, enpi.definition.baselineFrom),
    to_ms: localMidnight_ms(enpi.timeZone, reportingTo),
  });
  return { standardUncertainty_percent: Math.max(...known), chain: replaced ? 'replaced' : 'unchanged' };
}
