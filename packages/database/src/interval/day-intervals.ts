import type { BaseIntervals } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { lowerBound } from '../lower-bound.ts';
import type { BlockKey, IntervalBlock } from './interval-block.ts';
import { type IntervalKey, type IntervalSeries, readIntervalsOf } from './interval-reader.ts';

type SeriesKey = Pick<BlockKey, 'meterId' | 'measurandId'>;

const nameOf = ({ meterId, measurandId }: SeriesKey): string => `${meterId} ${measurandId}`;

/** Blocks that stand in the table now, by their series. */
export type WrittenBlocks = ReadonlyMap<string, readonly IntervalBlock[]>;

export const blocksBySeries = (written: readonly IntervalBlock[]): WrittenBlocks =>
  Map.groupBy(written, nameOf);

/**
 * Base intervals of stretches of series, in their order, as they stand in the table. Of a series that one block was
 * written of, only what lies before and after that block is read: the rows of a block have no gaps.
 */
export async function intervalsOfDays(
  client: ClientBase,
  days: readonly IntervalKey[],
  written: WrittenBlocks,
): Promise<BaseIntervals[]> {
  const plans = days.map((key) => {
    const [block, another] = written.get(nameOf(key)) ?? [];
    const within = block && !another ? rowsWithin(block, key) : null;
    if (!within || within.to === within.from) return { within: null, read: [key] };
    const { start_ms } = within.of;
    const [first_ms, last_ms] = [start_ms[within.from] as number, start_ms[within.to - 1] as number];
    return {
      within,
      read: [
        { ...key, to_ms: first_ms },
        { ...key, from_ms: last_ms + 1 },
      ],
    };
  });
  const series = await readIntervalsOf(
    client,
    plans.flatMap((plan) => plan.read),
  );
  const next = series.values();
  return plans.map(({ within }) => {
    const before = next.next().value as IntervalSeries;
    return within ? joined([allOf(before), within, allOf(next.next().value as IntervalSeries)]) : before;
  });
}

/** Rows [from, to) of a series. */
interface Rows {
  readonly of: BaseIntervals;
  readonly from: number;
  readonly to: number;
}

const allOf = (series: BaseIntervals): Rows => ({ of: series, from: 0, to: series.start_ms.length });

const rowsWithin = (block: IntervalBlock, { from_ms, to_ms }: IntervalKey): Rows => ({
  of: block,
  from: lowerBound(block.start_ms, from_ms),
  to: lowerBound(block.start_ms, to_ms),
});

/** Rows one after the other; as they are where they are one whole series. */
function joined(parts: readonly Rows[]): BaseIntervals {
  const filled = parts.filter((rows) => rows.to > rows.from);
  const [only, another] = filled;
  if (only && !another && only.to - only.from === only.of.start_ms.length) return only.of;
  const count = filled.reduce((sum, rows) => sum + rows.to - rows.from, 0);
  const column = (of: (series: BaseIntervals) => ArrayLike<number | null> | undefined): Float64Array => {
    const values = new Float64Array(count).fill(Number.NaN);
    let place = 0;
    for (const rows of filled) {
      const from = of(rows.of);
      for (let i = rows.from; i < rows.to; i++) values[place++] = from?.[i] ?? Number.NaN;
    }
    return values;
  };
  return {
    start_ms: column((series) => series.start_ms),
    quality: column((series) => series.quality),
    delta: column((series) => series.delta),
    mean: column((series) => series.mean),
    min: column((series) => series.min),
    max: column((series) => series.max),
  };
}
