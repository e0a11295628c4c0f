import { auditEnpis, type DailyData, loadEnpis, needsHours, type StoredEnb } from '@wattproof/database';
import { addQualityCounts, type LocalDate, type QualityCounts, qualityShares } from '@wattproof/energy';
import type { QualityShares } from '@wattproof/report';
import type { ClientBase } from 'pg';
import { loadDailyData, performanceInput } from '../performance/compute-enpis.ts';
import type { PerformanceInput } from '../performance/performance.ts';

type Values = readonly (number | null)[];

/** An EnPI with all that its saving is computed from, as plain data; what is not known is null. */
export interface EnpiGround {
  /** Grounds of before receipts were printed have none. */
  readonly id?: string;
  readonly name: string;
  readonly siteName: string;
  readonly version: number;
  readonly model: StoredEnb;
  readonly input: Omit<PerformanceInput, 'data' | 'model'>;
  /** Of the energy of the reporting period; null where nothing is known of it. */
  readonly quality?: QualityShares | null;
  readonly data: {
    readonly dates: DailyData['dates'];
    readonly energy_wh: Values;
    readonly variables: Readonly<Record<string, Values>>;
    readonly temperature_c: Values | null;
    readonly hours:
      | readonly {
          readonly start_ms: number;
          readonly hourOfWeek: Values;
          readonly energy_wh: Values;
          readonly temperature_c: Values;
        }[]
      | null;
  };
}

/** EnPIs of an entity that have a result, each over the days of its result. */
export async function enpiGrounds(client: ClientBase, legalEntityId: string): Promise<readonly EnpiGround[]> {
  const grounds: EnpiGround[] = [];
  for (const { id, name, siteName, version, model, ...result } of await auditEnpis(client, legalEntityId)) {
    const [enpi] = await loadEnpis(client, id);
    if (!enpi) continue;
    const { definition } = model;
    const data = await loadDailyData(client, enpi, definition, {
      to: result.savings.to,
      withHours: needsHours(model.form),
    });
    const {
      data: _,
      model: __,
      ...input
    } = await performanceInput(client, enpi, { model }, { data, findings: [] });
    grounds.push({
      id,
      name,
      siteName,
      version,
      model,
      // What the result says about its baseline stands; what follows from its days is found again.
      input: {
        ...input,
        targets: [],
        reportingTo: result.savings.to,
        findings: result.findings.filter(isOfBaseline),
      },
      quality: qualityWithin(data, { from: input.reportingFrom, to: result.savings.to }),
      data: plainData(data),
    });
  }
  return grounds;
}

const noCounts: QualityCounts = {
  n_measured: 0,
  n_interpolated: 0,
  n_estimated: 0,
  n_manual: 0,
  n_missing: 0,
};

/** Shares of the base intervals of the days in [from, to). */
const qualityWithin = (
  { energyDays }: DailyData,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): QualityShares | null =>
  qualityShares(
    [...energyDays]
      .filter(([date]) => date >= from && date < to)
      .reduce((counts, [, day]) => addQualityCounts(counts, day), noCounts),
  );

const isOfBaseline = ({ code }: { readonly code: string }): boolean =>
  code === 'baselineNotApproved' || code === 'baselineDataChanged';

const valuesOf = (values: ArrayLike<number>): Values =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));
const columnOf = (values: Values): Float64Array => Float64Array.from(values, (value) => value ?? Number.NaN);

const plainData = (data: DailyData): EnpiGround['data'] => ({
  dates: data.dates,
  energy_wh: valuesOf(data.energy_wh),
  variables: Object.fromEntries([...data.variables].map(([key, values]) => [key, valuesOf(values)])),
  temperature_c: data.temperature_c && valuesOf(data.temperature_c),
  hours:
    data.hours?.map(({ start_ms, hourOfWeek, energy_wh, temperature_c }) => ({
      start_ms,
      hourOfWeek: valuesOf(hourOfWeek),
      energy_wh: valuesOf(energy_wh),
      temperature_c: valuesOf(temperature_c),
    })) ?? null,
});

/** The input of an EnPI from its plain form. Counts of quality are no part of a saving. */
export const enpiInput = ({ model, input, data }: EnpiGround): PerformanceInput => ({
  ...input,
  model,
  data: {
    dates: data.dates,
    energy_wh: columnOf(data.energy_wh),
    variables: new Map(Object.entries(data.variables).map(([key, values]) => [key, columnOf(values)])),
    temperature_c: data.temperature_c && columnOf(data.temperature_c),
    energyDays: new Map(),
    hours:
      data.hours?.map(({ start_ms, hourOfWeek, energy_wh, temperature_c }) => ({
        start_ms,
        hourOfWeek: columnOf(hourOfWeek),
        energy_wh: columnOf(energy_wh),
        temperature_c: columnOf(temperature_c),
      })) ?? null,
  },
});
