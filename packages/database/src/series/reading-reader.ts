import { type MeasurandName, measurandOf } from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { copyHeaderBytes, getInstant, getInt64 } from './binary-format.ts';

/** Readings of one meter in order of time. Absent values are NaN. */
export interface ReadingSeries {
  readonly count: number;
  readonly at_ms: Float64Array;
  /** Row code (`readingQualities`). */
  readonly quality: Uint8Array;
  /** In the order asked for, each as long as `count`. */
  readonly columns: readonly Float64Array[];
}

export interface ReadingRange {
  readonly meterId: number;
  readonly measurands: readonly MeasurandName[];
  /** Half-open: [from, to). */
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Readings of one meter over [from, to), ascending, as typed arrays. COPY … (FORMAT binary), parsed as it arrives. */
export async function readReadings(client: ClientBase, range: ReadingRange): Promise<ReadingSeries> {
  const meterId = requireInteger(range.meterId);
  const names = range.measurands.map((name) => measurandOf(name).name);
  const isCounter = names.map((name) => measurandOf(name).kind === 'counter');
  const sql = `COPY (SELECT ${['at', 'quality', ...names].join(', ')} FROM store.reading
    WHERE meter_id = ${meterId} AND at >= '${instant(range.from_ms)}' AND at < '${instant(range.to_ms)}'
    ORDER BY at) TO STDOUT (FORMAT binary)`;
  const sink = createSink(isCounter);
  const stream = client.query(copyTo(sql, { highWaterMark: 1 << 20 }));
  for await (const chunk of stream) sink.take(chunk as Buffer);
  return sink.series();
}

const instant = (at_ms: number): string => new Date(at_ms).toISOString();

function requireInteger(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`${value} is not an integer`);
}

interface Sink {
  take(chunk: Buffer): void;
  series(): ReadingSeries;
}

function createSink(isCounter: readonly boolean[]): Sink {
  let capacity = 1024;
  let count = 0;
  let at_ms = new Float64Array(capacity);
  let quality = new Uint8Array(capacity);
  let columns = isCounter.map(() => new Float64Array(capacity));
  // Longest row: every value present.
  const longest = 2 + 12 + 6 + 12 * isCounter.length;
  let rest: Buffer = Buffer.alloc(0);
  let headSkipped = false;

  const double = (old: Float64Array): Float64Array<ArrayBuffer> => {
    const grown = new Float64Array(capacity);
    grown.set(old);
    return grown;
  };
  const grow = (): void => {
    capacity *= 2;
    at_ms = double(at_ms);
    columns = columns.map(double);
    const old = quality;
    quality = new Uint8Array(capacity);
    quality.set(old);
  };

  /** Reads whole rows from `start`; returns where the first incomplete one begins. */
  const readRows = (buffer: Buffer, start: number): number => {
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    const end = buffer.length;
    let offset = start;
    while (end - offset >= 2) {
      if (view.getInt16(offset) < 0) return end;
      if (end - offset < longest && end - offset < rowLength(view, offset, end, isCounter.length))
        return offset;
      if (count === capacity) grow();
      at_ms[count] = getInstant(view, offset + 6);
      quality[count] = view.getInt16(offset + 18);
      offset += 20;
      for (let c = 0; c < isCounter.length; c++) {
        const column = columns[c] as Float64Array;
        if (view.getInt32(offset) < 0) {
          column[count] = Number.NaN;
          offset += 4;
        } else {
          column[count] = isCounter[c] ? getInt64(view, offset + 4) : view.getFloat64(offset + 4);
          offset += 12;
        }
      }
      count++;
    }
    return offset;
  };

  return {
    take(chunk) {
      let buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      if (!headSkipped) {
        if (buffer.length < copyHeaderBytes) {
          rest = buffer;
          return;
        }
        buffer = buffer.subarray(copyHeaderBytes);
        headSkipped = true;
      }
      rest = buffer.subarray(readRows(buffer, 0));
    },
    series: () => ({
      count,
      at_ms: at_ms.subarray(0, count),
      quality: quality.subarray(0, count),
      columns: columns.map((column) => column.subarray(0, count)),
    }),
  };
}

/** Bytes of the row at `offset`, or more than there are where it is incomplete. */
function rowLength(view: DataView, start: number, end: number, columns: number): number {
  let offset = start + 20;
  for (let c = 0; c < columns; c++) {
    if (end - offset < 4) return Number.POSITIVE_INFINITY;
    offset += view.getInt32(offset) < 0 ? 4 : 12;
  }
  return offset - start;
}
