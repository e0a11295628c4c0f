import type { Series } from '@wattproof/contracts/api';
import { type IntervalMeter, intervalMeasurands, loadIntervalMeters } from '@wattproof/database';
import {
  computeIntervalColumns,
  listSeriesMeters,
  type ReadingBudget,
  ReadingBudgetSpent,
  readIntervalColumns,
  readReadingColumns,
  type Scope,
  type SeriesMeterRow,
  seriesKey,
  type Tier,
} from '@wattproof/database/queries';
import {
  addQualityCounts,
  findMeasurand,
  type Measurand,
  type QualityCounts,
  qualityCounts,
  type TierColumns,
} from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { noCounts } from '../figure/quality.ts';
import type { Range } from '../http/range.ts';

/** Values of readings that one answer may be made of: a year of one measurand every ten seconds. */
export const readingBudget = (): ReadingBudget => ({ values: 4_000_000 });

/** In the order asked for. @throws AppError notFound naming the meters that the scope does not let see. */
export async function requireSeriesMeters(
  client: PoolClient,
  scope: Scope,
  ids: readonly number[],
): Promise<SeriesMeterRow[]> {
  const found = new Map((await listSeriesMeters(client, scope, ids)).map((m) => [m.id, m]));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) throw new AppError('notFound', `There is no meter ${missing.join(', ')}`);
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** @throws AppError invalid */
export function requireMeasurand(name: string): Measurand {
  const measurand = findMeasurand(name);
  if (!measurand) throw new AppError('invalid', `There is no measurand ${name}`);
  return measurand;
}

/** The counter that a meter's consumption is in, where no other measurand is named. @throws AppError invalid */
export function ownMeasurand(meter: SeriesMeterRow, named: string | undefined): Measurand {
  if (named !== undefined) return requireMeasurand(named);
  if (meter.measurand === null)
    throw new AppError('invalid', `${meter.name} counts nothing: name a measurand`, { meterId: meter.id });
  return requireMeasurand(meter.measurand);
}

/** Whether a meter's measurand is kept as intervals, or only in its readings. */
export const isKept = (meter: SeriesMeterRow, measurand: Measurand): boolean =>
  meter.kind === 'virtual' || intervalMeasurands(meter).some((m) => m.id === measurand.id);

export interface SeriesColumns {
  readonly meter: SeriesMeterRow;
  readonly measurand: Measurand;
  readonly source: Series['series'][number]['source'];
  readonly columns: TierColumns;
}

export interface ColumnsWanted {
  readonly meters: readonly SeriesMeterRow[];
  readonly measurands: readonly Measurand[];
  readonly tier: Tier;
  readonly range: Range;
  /** Most points of one series. */
  readonly limit: number;
}

/** Intervals of every meter and measurand: kept ones as they are, others computed from readings. */
export async function seriesColumns(
  client: PoolClient,
  scope: Scope,
  { meters, measurands, tier, range, limit }: ColumnsWanted,
): Promise<SeriesColumns[]> {
  const kept = await readIntervalColumns(client, scope, tier, {
    meterIds: meters.filter((m) => measurands.some((of) => isKept(m, of))).map((m) => m.id),
    measurandIds: measurands.filter((of) => meters.some((m) => isKept(m, of))).map((m) => m.id),
    ...range,
    limit: limit * meters.length * measurands.length,
  });
  const computed = await computedColumns(client, scope, { meters, measurands, tier, range });
  return meters.flatMap((meter) =>
    measurands.map((measurand): SeriesColumns => {
      const key = seriesKey(meter.id, measurand.id);
      const isStored = isKept(meter, measurand);
      return {
        meter,
        measurand,
        source: isStored ? 'intervals' : 'readings',
        columns: (isStored ? kept : computed).get(key) ?? noColumns,
      };
    }),
  );
}

async function computedColumns(
  client: PoolClient,
  scope: Scope,
  { meters, measurands, tier, range }: Omit<ColumnsWanted, 'limit'>,
): Promise<ReadonlyMap<string, TierColumns>> {
  const found = new Map<string, TierColumns>();
  const wanted = meters.flatMap((meter) => {
    const own = measurands.filter((m) => !isKept(meter, m));
    return own.length > 0 ? [{ meter, own }] : [];
  });
  if (wanted.length === 0) return found;
  const loaded = await loadIntervalMeters(
    client,
    wanted.map(({ meter }) => meter.id),
  );
  const budget = readingBudget();
  const span = { from_ms: range.from.getTime(), to_ms: range.to.getTime(), tier };
  for (const { meter, own } of wanted) {
    const columns = await withinBudget(
      computeIntervalColumns(
        client,
        scope,
        { meter: loaded.get(meter.id) as IntervalMeter, measurands: own, ...span },
        budget,
      ),
    );
    for (const [i, measurand] of own.entries())
      found.set(seriesKey(meter.id, measurand.id), columns[i] ?? noColumns);
  }
  return found;
}

/** Readings of one meter as they are. @throws AppError tooLarge */
export const rawReadings = (
  client: PoolClient,
  scope: Scope,
  wanted: { readonly meterId: number; readonly measurands: readonly Measurand[]; readonly range: Range },
  budget: ReadingBudget,
) =>
  withinBudget(
    readReadingColumns(
      client,
      scope,
      {
        meterId: wanted.meterId,
        measurands: wanted.measurands.map((m) => m.name),
        from_ms: wanted.range.from.getTime(),
        to_ms: wanted.range.to.getTime(),
      },
      budget,
    ),
  );

/** @throws AppError tooLarge where more readings would be needed than one answer may be made of. */
export async function withinBudget<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ReadingBudgetSpent)) throw error;
    throw new AppError(
      'tooLarge',
      'This would be computed from more than 4 million values of readings: ask for a shorter time, fewer meters or fewer measurands',
    );
  }
}

const none = new Float64Array();
const noNumbers = new Uint32Array();
export const noColumns: TierColumns = {
  count: 0,
  start_ms: none,
  duration_s: none,
  delta: none,
  mean: none,
  min: none,
  max: none,
  n_measured: noNumbers,
  n_interpolated: noNumbers,
  n_estimated: noNumbers,
  n_manual: noNumbers,
  n_missing: noNumbers,
};

/** NaN is not known. */
export const known = (values: ArrayLike<number>): (number | null)[] =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

export function countsOfColumns(columns: TierColumns): QualityCounts {
  let sum = noCounts;
  for (let i = 0; i < columns.count; i++) sum = addQualityCounts(sum, qualityCounts(columns, i));
  return sum;
}
