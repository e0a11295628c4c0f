import { intervalQualities, type MeasurandKind, type QualityCounts } from '@wattproof/energy';
import { asText } from './as-text.ts';
import type { Database } from './client.ts';
import type { Scope } from './scope.ts';
import type { SeriesMeterRow } from './series-meter.queries.ts';
import type { Tier } from './tier.ts';

/** Kept intervals of one meter and measurand as the database writes them; a column of values is the text of its array. */
export interface SeriesPoints {
  readonly meter: SeriesMeterRow;
  readonly measurandId: number;
  readonly count: number;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly longest_s: number;
  /** All durations together: as long as the span of the points where none is missing between them. */
  readonly length_s: number;
  /** Of days and months only: shorter intervals are all of the longest's length, or something is wrong between them. */
  readonly durations: string | null;
  readonly values: Readonly<Record<'delta' | 'mean' | 'min' | 'max', string | null>>;
  /** A digit for each point: the code of its worst class (`intervalQualities`). */
  readonly classes: string;
  readonly counts: QualityCounts;
}

export interface SeriesPointsWanted {
  readonly tier: Tier;
  /** Of all measurands. */
  readonly kind: MeasurandKind;
  readonly meterIds: readonly number[];
  readonly measurandIds: readonly number[];
  readonly from: Date;
  readonly to: Date;
  /** Most points of one series. */
  readonly limit: number;
}

/**
 * Kept intervals of meters in one statement that is its own transaction and sets its own scope: a fifth of what a
 * transaction with a query for the meters and one for each tier costs. A meter that the scope does not let see is not
 * among the answers; one without intervals is there with no points.
 */
export async function readSeriesPoints(
  database: Database,
  scope: Scope,
  { tier, kind, meterIds, measurandIds, from, to, limit }: SeriesPointsWanted,
): Promise<SeriesPoints[]> {
  const name = `series_${tier}_${kind}`;
  const { rows } = await database.charts.query<(string | null)[]>({
    name,
    text: `SELECT * FROM public.${name}($1, $2, $3, $4, $5, $6, $7)`,
    values: [scope.organisationId, scope.siteIds, meterIds, measurandIds, from, to, limit],
    rowMode: 'array',
    types: asText,
  });
  return rows.map(pointsOf);
}

function pointsOf(row: readonly (string | null)[]): SeriesPoints {
  const [
    id,
    siteId,
    name,
    kind,
    role,
    carrier,
    measurand,
    settings,
    period,
    timeZone,
    base,
    wanted,
    ...rest
  ] = row;
  const [count, first, last, longest, length, durations, delta, mean, min, max, classes, ...counts] = rest;
  return {
    meter: {
      id: Number(id),
      siteId: siteId ?? '',
      name: name ?? '',
      kind: kind as SeriesMeterRow['kind'],
      role: role as SeriesMeterRow['role'],
      carrier: carrier ?? '',
      measurand: measurand ?? null,
      settings: JSON.parse(settings ?? '{}') as SeriesMeterRow['settings'],
      readingPeriod_s: Number(period),
      timeZone: timeZone ?? '',
      base_s: Number(base),
    },
    measurandId: Number(wanted),
    count: Number(count),
    first_ms: Number(first),
    last_ms: Number(last),
    longest_s: Number(longest),
    length_s: Number(length),
    durations: durations ?? null,
    values: { delta: delta ?? null, mean: mean ?? null, min: min ?? null, max: max ?? null },
    classes: classes ?? '',
    counts: Object.fromEntries(
      intervalQualities.map((quality, i) => [`n_${quality}`, Number(counts[i] ?? 0)]),
    ) as unknown as QualityCounts,
  };
}
