import { Injectable } from '@nestjs/common';
import type { MeterStatistics, QualityShares, statisticsQuery } from '@wattproof/contracts/api';
import { intervalMeasurands, loadIntervalMeters } from '@wattproof/database';
import {
  type LatestRow,
  type MeasurandStatistics,
  ReadingBudgetSpent,
  readLatest,
  readStatistics,
  type Scope,
  type SeriesMeterRow,
} from '@wattproof/database/queries';
import { findMeasurand, intervalQualities, type Measurand } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import { sharesOf } from '../figure/quality.ts';
import { type Range, requireRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { countsOfColumns, isKept, requireSeriesMeters, seriesColumns } from '../series/series-columns.ts';
import { isStale, latestValues, qualityName } from './meter-view.ts';

const longestRange_days = 93;
/** Values of readings: all measurands of a meter every ten seconds over a month. */
const budgetValues = 12_000_000;

type OneMeasurand = MeterStatistics['measurands'][number];

@Injectable()
export class StatisticsService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, meterId: number, query: z.infer<typeof statisticsQuery>): Promise<MeterStatistics> {
    const range = requireRange(query, longestRange_days);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const [meter] = await requireSeriesMeters(client, scope, [meterId]);
      if (!meter) throw new Error('a meter that was found is not there');
      const [latest] = await readLatest(client, scope, [meterId]);
      const now_ms = Date.now();
      const measurands = measurandsOf(meter, latest);
      const counters = measurands.filter((m) => m.kind === 'counter' && isKept(meter, m));
      const others = measurands.filter((m) => !counters.includes(m));
      const kept = await keptCounters(client, scope, { meter, counters, range, now_ms });
      const read = await fromReadings(client, scope, { meter, measurands: others, range });
      const rows = measurands.map(
        (measurand): OneMeasurand => ({
          measurand: measurand.name,
          unit: measurand.unit,
          kind: measurand.kind,
          last: lastOf(meter, measurand, latest, now_ms),
          ...(kept.get(measurand) ?? readingsRow(read.measurands, { measurand, range, now_ms })),
        }),
      );
      return {
        meterId,
        name: meter.name,
        timeZone: meter.timeZone,
        from: range.from.toISOString(),
        to: range.to.toISOString(),
        now: new Date(now_ms).toISOString(),
        readings: read.readings,
        measurands: rows,
      };
    });
  }
}

/**
 * What the meter has ever said, and what is kept of it, in the order of the registry. Not harmonics and contacts: they are
 * a hundred and more to each reading, and are asked for as series.
 */
function measurandsOf(meter: SeriesMeterRow, latest: LatestRow | undefined): Measurand[] {
  const names = new Set<string>(intervalMeasurands(meter).map((m) => m.name));
  for (const name of latest ? Object.keys(latestValues(latest)) : []) names.add(name);
  return [...names]
    .flatMap((name) => findMeasurand(name) ?? [])
    .filter((m) => !m.isRare || m.kind === 'counter')
    .sort((a, b) => a.id - b.id);
}

function lastOf(
  meter: SeriesMeterRow,
  measurand: Measurand,
  latest: LatestRow | undefined,
  now_ms: number,
): OneMeasurand['last'] {
  const found = latest && latestValues(latest)[measurand.name];
  if (!latest || !found) return null;
  const [value, at_ms] = found;
  return {
    value,
    at: new Date(at_ms).toISOString(),
    age_s: (now_ms - at_ms) / 1_000,
    stale: isStale(at_ms, meter.readingPeriod_s, now_ms),
    quality: qualityName(latest.quality),
  };
}

type Figures = Omit<OneMeasurand, 'measurand' | 'unit' | 'kind' | 'last'>;

/** Kept counters are summed from their intervals, so that this figure is the one of every other page. */
async function keptCounters(
  client: PoolClient,
  scope: Scope,
  wanted: {
    readonly meter: SeriesMeterRow;
    readonly counters: readonly Measurand[];
    readonly range: Range;
    readonly now_ms: number;
  },
): Promise<ReadonlyMap<Measurand, Figures>> {
  const { meter, counters, range } = wanted;
  if (counters.length === 0) return new Map();
  const series = await seriesColumns(client, scope, {
    meters: [meter],
    measurands: counters,
    tier: 'base',
    range,
    limit: Math.ceil((longestRange_days * 86_400) / meter.base_s),
  });
  return new Map(
    series.map(({ measurand, columns }) => {
      const known = columns.delta.filter((delta) => !Number.isNaN(delta));
      return [
        measurand,
        {
          min: null,
          max: null,
          mean: null,
          delta: known.length > 0 ? known.reduce((a, b) => a + b, 0) : null,
          source: 'intervals',
          shares: sharesOf(countsOfColumns(columns)),
        } satisfies Figures,
      ];
    }),
  );
}

async function fromReadings(
  client: PoolClient,
  scope: Scope,
  wanted: {
    readonly meter: SeriesMeterRow;
    readonly measurands: readonly Measurand[];
    readonly range: Range;
  },
): Promise<Awaited<ReturnType<typeof readStatistics>>> {
  const meter = (await loadIntervalMeters(client, [wanted.meter.id])).get(wanted.meter.id);
  if (!meter || meter.kind === 'virtual') return { readings: 0, measurands: [] };
  const { from, to } = wanted.range;
  const budget = { values: budgetValues };
  try {
    return await readStatistics(
      client,
      scope,
      { meter, measurands: wanted.measurands, from_ms: from.getTime(), to_ms: to.getTime() },
      budget,
    );
  } catch (error) {
    if (!(error instanceof ReadingBudgetSpent)) throw error;
    throw new AppError(
      'tooLarge',
      `The stretch holds more than ${budgetValues / 1e6} million values: ask for a shorter one`,
    );
  }
}

function readingsRow(
  statistics: readonly MeasurandStatistics[],
  {
    measurand,
    range,
    now_ms,
  }: { readonly measurand: Measurand; readonly range: Range; readonly now_ms: number },
): Figures {
  const found = statistics.find((s) => s.measurand.id === measurand.id);
  const instant = (extreme: MeasurandStatistics['min'] | undefined): Figures['min'] =>
    extreme ? { value: extreme.value, at: new Date(extreme.at_ms).toISOString() } : null;
  const expected_s = Math.max(0, Math.min(range.to.getTime(), now_ms) - range.from.getTime()) / 1_000;
  return {
    min: instant(found?.min),
    max: instant(found?.max),
    mean: found?.mean ?? null,
    delta: found?.delta ?? null,
    source: 'readings',
    shares: sharesOfTime(found?.known_s ?? {}, expected_s),
  };
}

function sharesOfTime(known_s: MeasurandStatistics['known_s'], expected_s: number): QualityShares {
  const known = Object.values(known_s).reduce((a, b) => a + b, 0);
  const whole = Math.max(expected_s, known);
  const share = (part: number): number => (whole > 0 ? part / whole : 0);
  const of = Object.fromEntries(intervalQualities.map((name) => [name, share(known_s[name] ?? 0)]));
  return { ...of, missing: whole > 0 ? share(whole - known) : 1 } as QualityShares;
}
