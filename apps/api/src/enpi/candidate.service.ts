import { Injectable } from '@nestjs/common';
import type { Candidates, EnbCandidate, FindCandidates } from '@wattproof/contracts/api';
import { type DailyData, keptCounters, needsHours, periodOf, readDailyData } from '@wattproof/database';
import { listMeters, listVariables, listVirtualTerms, type Scope } from '@wattproof/database/queries';
import {
  addDays,
  dayOrdinal,
  definitionFindings,
  type EnpiPeriod,
  enbTerms,
  type Finding,
  finding,
  findMeasurand,
  type LocalDate,
  type MeasurandName,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { type AnsweredCandidate, type CandidateAnswer } from './candidate-run.ts';
import { CandidateThread } from './candidate-thread.ts';
import { choiceView, findingsView, hourlyView, statisticsView, termsView } from './enb-view.ts';

/** Longer than any baseline with its reporting periods. */
const longest_days = 3_700;
/** Points of a signature's line. */
const signaturePoints = 25;

interface Loaded {
  readonly timeZone: string;
  readonly data: DailyData;
  readonly variables: readonly {
    readonly key: string;
    readonly name: string;
    readonly unit: string;
    readonly quantity: string;
  }[];
  /** Why the meters cannot be added: nothing is computed then. */
  readonly refused: readonly Finding[];
}

@Injectable()
export class CandidateService {
  readonly #thread = new CandidateThread();

  constructor(private readonly resources: Resources) {}

  async find(scope: Scope, wish: FindCandidates): Promise<Candidates> {
    const begun = performance.now();
    requirePeriods(wish);
    const loaded = await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      load(client, scope, wish),
    );
    const { data, refused } = loaded;
    const from = data.dates[0] as LocalDate;
    const to = addDays(data.dates[data.dates.length - 1] as LocalDate, 1);
    const question = {
      whole: periodOf(data, from, to),
      baseline: periodOf(data, wish.baseline.from, wish.baseline.to),
      reporting: wish.reporting ? periodOf(data, wish.reporting.from, wish.reporting.to) : null,
      confidence: wish.confidence,
      wish: {
        granularity: wish.granularity,
        hourly: wish.hourly,
        ...(wish.forms ? { forms: wish.forms } : {}),
        ...(wish.baseLoadShare === undefined ? {} : { baseLoadShare: wish.baseLoadShare }),
      },
    };
    const answer: CandidateAnswer =
      refused.length > 0
        ? { candidates: [], findings: refused, fittedDates: [] }
        : await this.#thread.ask(question);
    return view(wish, loaded, answer, begun);
  }
}

/** @throws AppError invalid where a period is empty, backwards or too long. */
function requirePeriods({ baseline, reporting }: FindCandidates): void {
  for (const [name, period] of Object.entries({ baseline, ...(reporting ? { reporting } : {}) })) {
    const days = dayOrdinal(period.to) - dayOrdinal(period.from);
    if (days <= 0) throw new AppError('invalid', `${name}: from must lie before to`, { ...period });
    if (days > longest_days)
      throw new AppError('invalid', `${name}: the period is longer than ${longest_days} days`, { ...period });
  }
  const dates = [baseline.from, baseline.to, ...(reporting ? [reporting.from, reporting.to] : [])].sort();
  if (dayOrdinal(dates.at(-1) as string) - dayOrdinal(dates[0] as string) > longest_days)
    throw new AppError('invalid', `Baseline and reporting period span more than ${longest_days} days`);
}

async function load(client: PoolClient, scope: Scope, wish: FindCandidates): Promise<Loaded> {
  const site = await requireSite(client, scope, wish.siteId);
  const variables = await listVariables(client, scope, { siteId: wish.siteId, ids: wish.variableIds });
  const unknown = wish.variableIds.find((id) => !variables.some((variable) => variable.id === id));
  if (unknown) throw new AppError('notFound', `The site has no relevant variable ${unknown}`);
  const refused = await meterFindings(client, scope, wish);
  if (wish.hourly && wish.granularity === 'month')
    throw new AppError('invalid', 'hourly: a model of hours speaks of days, not of months');
  const dates = [wish.baseline, ...(wish.reporting ? [wish.reporting] : [])];
  const data = await readDailyData(client, {
    table: 'public.interval_day',
    timeZone: site.timeZone,
    base_s: site.baseInterval_s,
    meterIds: wish.meterIds,
    measurand: wish.measurand,
    variables,
    withHours: wish.hourly || (wish.forms ?? []).some(needsHours),
    from: dates.map(({ from }) => from).sort()[0] as LocalDate,
    to: dates
      .map(({ to }) => to)
      .sort()
      .at(-1) as LocalDate,
  });
  return { timeZone: site.timeZone, data, variables, refused };
}

/** What keeps the meters from being added: counted twice, other units or carriers, sums in a circle. */
export async function meterFindings(
  client: PoolClient,
  scope: Scope,
  { siteId, meterIds, measurand }: Pick<FindCandidates, 'siteId' | 'meterIds' | 'measurand'>,
): Promise<readonly Finding[]> {
  const rows = await listMeters(client, scope, { siteId });
  const missing = meterIds.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw new AppError('notFound', `The site has no meter ${missing}`);
  const kind = findMeasurand(measurand)?.kind;
  if (kind !== 'counter')
    return [
      finding('measurandNotCounted', 'An EnPI needs what is counted, not a momentary value', { measurand }),
    ];
  const kept = await keptCounters(
    client,
    rows.map(({ id }) => id),
  );
  return definitionFindings(
    {
      meterId: null,
      carrier: rows.find(({ id }) => id === meterIds[0])?.carrier ?? '',
      measurand: measurand as MeasurandName,
      terms: meterIds.map((meterId) => ({
        meterId,
        measurand: measurand as MeasurandName,
        sign: 1,
        from_ms: null,
        to_ms: null,
      })),
    },
    {
      meters: new Map(
        rows.map((row) => [
          row.id,
          {
            meterId: row.id,
            name: row.name,
            carrier: row.carrier,
            parentId: row.parentId,
            kept: kept.get(row.id) ?? [],
          },
        ]),
      ),
      definitions: reachable(meterIds, await listVirtualTerms(client, scope, siteId)),
    },
  );
}

type Definitions = Awaited<ReturnType<typeof listVirtualTerms>>;

/** Sums that the meters rest on: what is wrong with another sum of the site does not concern them. */
function reachable(meterIds: readonly number[], all: Definitions): Definitions {
  const found = new Map<number, NonNullable<ReturnType<Definitions['get']>>>();
  const waiting = [...meterIds];
  for (let meterId = waiting.pop(); meterId !== undefined; meterId = waiting.pop()) {
    const terms = all.get(meterId);
    if (!terms || found.has(meterId)) continue;
    found.set(meterId, terms);
    waiting.push(...terms.map((term) => term.meterId));
  }
  return found;
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

/** Rows that are shown: days, or months as sums of their days (unknown where a day is). */
interface ShownRow {
  readonly date: LocalDate;
  readonly from: number;
  readonly to: number;
}

function shownRows({ dates }: DailyData, granularity: FindCandidates['granularity']): readonly ShownRow[] {
  if (granularity === 'day') return dates.map((date, i) => ({ date, from: i, to: i + 1 }));
  const rows: ShownRow[] = [];
  for (let from = 0; from < dates.length; ) {
    const date = dates[from] as LocalDate;
    let to = from + 1;
    while (to < dates.length && dates[to]?.startsWith(date.slice(0, 7))) to++;
    rows.push({ date, from, to });
    from = to;
  }
  return rows;
}

function sumOver(values: ArrayLike<number>, { from, to }: ShownRow): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return sum;
}

function view(wish: FindCandidates, loaded: Loaded, answer: CandidateAnswer, begun: number): Candidates {
  const { data, variables } = loaded;
  const rows = shownRows(data, wish.granularity);
  const fitted = new Set(answer.fittedDates);
  const phaseOf = (date: LocalDate): Candidates['rows'][number]['phase'] => {
    if (date >= wish.baseline.from && date < wish.baseline.to) return 'baseline';
    return wish.reporting && date >= wish.reporting.from && date < wish.reporting.to
      ? 'reporting'
      : 'between';
  };
  const columns = variables.map(({ key, quantity }) => ({
    key: quantity === 'temperature' ? 'temperature' : key,
    isMean: quantity === 'temperature',
    values: (quantity === 'temperature' ? data.temperature_c : data.variables.get(key)) ?? new Float64Array(),
  }));
  const counts = [...data.energyDays].filter(([date]) => phaseOf(date) === 'baseline').map(([, day]) => day);
  const all = counts.reduce(
    (sum, c) => sum + c.n_measured + c.n_interpolated + c.n_estimated + c.n_manual + c.n_missing,
    0,
  );
  const units = new Map(variables.map(({ key, unit }) => [key, unit]));
  const means = meansOf(periodOf(data, wish.baseline.from, wish.baseline.to));
  return {
    timeZone: loaded.timeZone,
    unit: findMeasurand(wish.measurand)?.unit ?? '',
    granularity: wish.granularity,
    rows: rows.map((row) => ({
      date: row.date,
      days: row.to - row.from,
      phase: phaseOf(row.date),
      energy_wh: orNull(sumOver(data.energy_wh, row)),
      variables: Object.fromEntries(
        columns.map(({ key, isMean, values }) => [
          key,
          orNull(sumOver(values, row) / (isMean ? row.to - row.from : 1)),
        ]),
      ),
      isFitted: fitted.has(row.date) && phaseOf(row.date) === 'baseline',
    })),
    variables: variables.map(({ key, name, unit, quantity }) => {
      const values = quantity === 'temperature' ? data.temperature_c : data.variables.get(key);
      return { key, name, unit, known: values ? values.filter((v) => Number.isFinite(v)).length : 0 };
    }),
    measuredShare: all === 0 ? 0 : counts.reduce((sum, c) => sum + c.n_measured, 0) / all,
    findings: findingsView(answer.findings),
    candidates: answer.candidates.map((candidate, i) =>
      candidateView(candidate, { rank: i + 1, rows, units, means }),
    ),
    duration_ms: Math.round(performance.now() - begun),
  };
}

/** Mean and range of each column of the baseline, for signatures. */
interface Means {
  readonly given: ReadonlyMap<string, { readonly mean: number; readonly min: number; readonly max: number }>;
  readonly temperature: { readonly mean: number; readonly min: number; readonly max: number } | null;
}

function meansOf({ given, temperature_c }: EnpiPeriod): Means {
  const of = (values: ArrayLike<number>) => {
    const known = Array.from(values).filter(Number.isFinite);
    const min = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const max = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    return { mean: known.reduce((a, b) => a + b, 0) / known.length, min, max };
  };
  return {
    given: new Map(Object.entries(given).map(([key, values]) => [key, of(values)])),
    temperature: temperature_c ? of(temperature_c) : null,
  };
}

interface CandidateContext {
  readonly rank: number;
  readonly rows: readonly ShownRow[];
  readonly units: ReadonlyMap<string, string>;
  readonly means: Means;
}

function candidateView(
  candidate: AnsweredCandidate,
  { rank, rows, units, means }: CandidateContext,
): EnbCandidate {
  const { id, choice, model, statistics, savings } = candidate;
  return {
    id,
    rank,
    choice: choiceView(choice),
    terms: termsView(model, (key) => units.get(key)),
    hourly: hourlyView(model),
    statistics: statisticsView(statistics),
    deltaBic: candidate.deltaBic,
    verdicts: candidate.verdicts.map(({ protocol, passed, findings }) => ({
      protocol,
      passed,
      findings: findingsView(findings),
    })),
    refused: findingsView(candidate.refused),
    warnings: findingsView([...candidate.warnings, ...(savings?.findings ?? [])]),
    savingsHalfWidth_percent: savings?.halfWidth_percent ?? null,
    savings_percent: savings?.percent ?? null,
    fitted_wh: rows.map((row) => orNull(sumOver(candidate.expected_wh, row))),
    signature: signatureOf(candidate, units, means),
  };
}

/** Energy a day by temperature where the model knows it, else by its first variable; other variables at their mean. */
function signatureOf(
  { model }: AnsweredCandidate,
  units: ReadonlyMap<string, string>,
  means: Means,
): EnbCandidate['signature'] {
  const terms = enbTerms(model);
  // What an hour uses is no line of the day's temperature.
  if (terms.some(({ definition }) => definition?.kind === 'timeOfWeek')) return null;
  const byTemperature = terms.some(({ definition }) => definition !== null && definition.kind !== 'given');
  const first = terms.find(({ definition }) => definition?.kind === 'given')?.name;
  const range = byTemperature ? means.temperature : first === undefined ? null : means.given.get(first);
  if (!range || !(range.max > range.min)) return null;
  const energyAt = (x: number): number =>
    terms.reduce((sum, { definition, value }) => {
      if (definition === null) return sum + value;
      switch (definition.kind) {
        case 'heating':
          return sum + value * Math.max(definition.base_c - x, 0);
        case 'cooling':
          return sum + value * Math.max(x - definition.base_c, 0);
        case 'given':
          return (
            sum +
            value *
              (byTemperature || definition.name !== first ? (means.given.get(definition.name)?.mean ?? 0) : x)
          );
        default:
          return sum + value * x;
      }
    }, 0);
  const steps = Array.from(
    { length: signaturePoints },
    (_, i) => range.min + ((range.max - range.min) * i) / (signaturePoints - 1),
  );
  // The bends themselves are points of the line.
  const bends = byTemperature
    ? terms.flatMap(({ base_c }) =>
        base_c !== null && base_c > range.min && base_c < range.max ? [base_c] : [],
      )
    : [];
  return {
    variable: byTemperature ? 'temperature' : (first as string),
    unit: byTemperature ? '°C' : (units.get(first as string) ?? ''),
    points: [...new Set([...steps, ...bends])].sort((a, b) => a - b).map((x) => [x, energyAt(x)]),
  };
}
