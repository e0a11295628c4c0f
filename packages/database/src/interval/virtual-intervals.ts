import {
  baseBoundaries,
  findMeasurand,
  intervalQualityCode,
  measurandOf,
  type TermColumn,
  type VirtualTerm,
  virtualIntervals,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import type { IntervalBlock } from './interval-block.ts';
import type { IntervalMeter } from './interval-meter.ts';
import { readIntervals } from './interval-reader.ts';
import { instantText, type TimeRange } from './time-range.ts';

const missingCode = intervalQualityCode('missing');
/** How far back the newest interval of a term is looked for. */
const reach_ms = 400 * 86_400_000;

/**
 * Base intervals of a virtual meter over [from, to): the signed sum of its terms' intervals. They are given from the
 * first interval that any term has up to the last one that every living term has; what comes later comes with the
 * mark of the term that is behind.
 */
export async function virtualBlock(
  client: ClientBase,
  meter: IntervalMeter,
  range: TimeRange,
): Promise<IntervalBlock | null> {
  const measurand = meter.measurand === null ? undefined : findMeasurand(meter.measurand);
  if (!measurand || meter.terms.length === 0) return null;
  const to_ms = Math.min(range.to_ms, await commonEnd(client, meter, range));
  if (to_ms <= range.from_ms) return null;
  const boundaries = baseBoundaries(range.from_ms, to_ms, meter.base_ms, meter.phase_ms);
  const starts = boundaries.slice(0, -1);
  const columns: TermColumn[] = [];
  let first = starts.length;
  for (const term of meter.terms) {
    const column = await termColumn(client, term, { starts, base_ms: meter.base_ms });
    first = Math.min(first, column.first);
    columns.push(column);
  }
  const sum = virtualIntervals(meter.terms, columns, starts);
  if (first >= starts.length) return null;
  return {
    meterId: meter.id,
    organisationId: meter.organisationId,
    measurandId: measurand.id,
    duration_s: meter.base_ms / 1000,
    start_ms: starts.slice(first),
    quality: sum.quality.subarray(first),
    delta: sum.value.subarray(first),
  };
}

async function termColumn(
  client: ClientBase,
  term: VirtualTerm,
  { starts, base_ms }: { readonly starts: readonly number[]; readonly base_ms: number },
): Promise<TermColumn & { readonly first: number }> {
  const from_ms = starts[0] ?? 0;
  const value = new Float64Array(starts.length).fill(Number.NaN);
  const quality = new Uint8Array(starts.length).fill(missingCode);
  const series = await readIntervals(client, {
    meterId: term.meterId,
    measurandId: measurandOf(term.measurand).id,
    from_ms,
    to_ms: (starts[starts.length - 1] ?? from_ms) + base_ms,
  });
  let first = starts.length;
  for (let i = 0; i < series.start_ms.length; i++) {
    const place = ((series.start_ms[i] as number) - from_ms) / base_ms;
    if (!Number.isInteger(place)) continue;
    if (place < first) first = place;
    value[place] = series.delta[i] as number;
    quality[place] = series.quality[i] as number;
  }
  return { value, quality, first };
}

/**
 * End of the newest interval that every term has which is valid then. A term without any interval holds the sum up
 * where intervals of it are to come (it has readings, or is a sum itself), and not where it never said anything.
 */
async function commonEnd(client: ClientBase, meter: IntervalMeter, range: TimeRange): Promise<number> {
  let end = Number.POSITIVE_INFINITY;
  for (const term of meter.terms) {
    const { rows } = await client.query<{ start: Date }>(
      `SELECT start FROM store.interval WHERE meter_id = ${term.meterId}
         AND measurand = ${measurandOf(term.measurand).id}
         AND start >= '${instantText(range.from_ms - reach_ms)}' ORDER BY start DESC LIMIT 1`,
    );
    const newest = rows[0]?.start.getTime();
    if (newest === undefined) {
      if (await isExpected(client, term.meterId)) return Number.NEGATIVE_INFINITY;
      continue;
    }
    const known_ms = newest + meter.base_ms;
    if (term.to_ms !== null && term.to_ms <= known_ms) continue;
    end = Math.min(end, known_ms);
  }
  return end;
}

async function isExpected(client: ClientBase, meterId: number): Promise<boolean> {
  const { rows } = await client.query<{ expected: boolean }>(
    `SELECT EXISTS (SELECT FROM store.latest WHERE meter_id = $1)
         OR EXISTS (SELECT FROM meter WHERE id = $1 AND kind = 'virtual') AS expected`,
    [meterId],
  );
  return rows[0]?.expected ?? false;
}
