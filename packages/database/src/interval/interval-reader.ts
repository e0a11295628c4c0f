import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { instantText, type TimeRange } from './time-range.ts';

/** Base intervals of one meter and measurand in order; NaN is NULL. */
export interface IntervalSeries {
  readonly start_ms: Float64Array;
  readonly quality: Uint8Array;
  readonly delta: Float64Array;
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
}

export interface IntervalKey extends TimeRange {
  readonly meterId: number;
  readonly measurandId: number;
}

const epoch2000_ms = 946_684_800_000;
const word = 2 ** 32;
const header_bytes = 19;

/** The table, or for the API its barrier view of the organisation in scope. */
export type IntervalSource = 'store.interval' | 'public.interval';

/** Base intervals with their start in [from, to). */
export async function readIntervals(
  client: ClientBase,
  key: IntervalKey,
  source: IntervalSource = 'store.interval',
): Promise<IntervalSeries> {
  const { meterId, measurandId } = key;
  if (!Number.isSafeInteger(meterId) || !Number.isSafeInteger(measurandId))
    throw new RangeError('Meter and measurand are integers');
  const stream = client.query(
    copyTo(
      `COPY (SELECT start, quality, delta, mean, min, max FROM ${source}
       WHERE meter_id = ${meterId} AND measurand = ${measurandId}
         AND start >= '${instantText(key.from_ms)}' AND start < '${instantText(key.to_ms)}'
       ORDER BY start) TO STDOUT (FORMAT binary)`,
      { highWaterMark: 1 << 20 },
    ),
  );
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return parse(Buffer.concat(parts));
}

function parse(buffer: Buffer): IntervalSeries {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  // Shortest row: instant, quality and four NULLs.
  const most = Math.floor((buffer.length - header_bytes) / 36) + 1;
  const column = (): Float64Array => new Float64Array(most);
  const series = {
    start_ms: column(),
    quality: new Uint8Array(most),
    delta: column(),
    mean: column(),
    min: column(),
    max: column(),
  };
  const values = [series.mean, series.min, series.max];
  const int64 = (offset: number): number => view.getInt32(offset) * word + view.getUint32(offset + 4);
  let offset = header_bytes;
  let n = 0;
  while (view.getInt16(offset) >= 0) {
    series.start_ms[n] = int64(offset + 6) / 1000 + epoch2000_ms;
    series.quality[n] = view.getInt16(offset + 18);
    offset += 20;
    if (view.getInt32(offset) < 0) {
      series.delta[n] = Number.NaN;
      offset += 4;
    } else {
      series.delta[n] = int64(offset + 4);
      offset += 12;
    }
    for (const value of values) {
      if (view.getInt32(offset) < 0) {
        value[n] = Number.NaN;
        offset += 4;
      } else {
        value[n] = view.getFloat64(offset + 4);
        offset += 12;
      }
    }
    n++;
  }
  return {
    start_ms: series.start_ms.subarray(0, n),
    quality: series.quality.subarray(0, n),
    delta: series.delta.subarray(0, n),
    mean: series.mean.subarray(0, n),
    min: series.min.subarray(0, n),
    max: series.max.subarray(0, n),
  };
}
