import { type MeasurandName, measurandOf, readingQualityCode } from '@wattproof/energy';
import type { ReadingBatch, ReadingExceptions } from './reading-batch.ts';
import { rareColumn } from './reading-value.ts';

/** PostgreSQL's binary formats: COPY rows of readings and array parameters. */

const epoch2000_ms = 946_684_800_000;
const word = 2 ** 32;
const copyHeader = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const copyTrailer = Buffer.from([0xff, 0xff]);
/** Rows encoded into one buffer. */
const rowsPerChunk = 4096;

/** A 64-bit integer of at most 2^53 as two words: several times faster than BigInt. */
function setInt64(view: DataView, offset: number, value: number): void {
  const high = Math.floor(value / word);
  view.setInt32(offset, high);
  view.setUint32(offset + 4, value - high * word);
}
const getInt64 = (view: DataView, offset: number): number =>
  view.getInt32(offset) * word + view.getUint32(offset + 4);

const setInstant = (view: DataView, offset: number, at_ms: number): void =>
  setInt64(view, offset, Math.round((at_ms - epoch2000_ms) * 1000));
/** Instants are stored in microseconds and used in milliseconds. */
const getInstant = (view: DataView, offset: number): number => getInt64(view, offset) / 1000 + epoch2000_ms;

interface Column {
  readonly name: MeasurandName;
  readonly id: number;
  readonly isCounter: boolean;
  readonly values: Float64Array;
}

/** Columns that `readingRows` writes, in its order. */
export function readingColumns(batch: ReadingBatch): string[] {
  return [
    'at',
    'meter_id',
    'organisation_id',
    'quality',
    'skew_ms',
    'received_at',
    ...standardNames(batch),
    ...(rareNames(batch).length > 0 ? [rareColumn] : []),
    ...(batch.exceptions.size > 0 ? ['exceptions'] : []),
  ];
}

const standardNames = (batch: ReadingBatch): MeasurandName[] =>
  [...batch.values.keys()].filter((name) => !measurandOf(name).isRare);
const rareNames = (batch: ReadingBatch): MeasurandName[] =>
  [...batch.values.keys()].filter((name) => measurandOf(name).isRare);

const exceptionsJson = (exceptions: ReadingExceptions): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(exceptions).map(([name, quality]) => [name, readingQualityCode(quality)]),
    ),
  );

/** JSON by row, and the bytes that all of it takes in a chunk. */
interface Texts {
  readonly of: ReadonlyMap<number, Buffer>;
  readonly bytes: number;
}
const noTexts: Texts = { of: new Map(), bytes: 0 };

function textsOf(rows: Int32Array, jsonOf: (row: number) => string | undefined): Texts {
  const of = new Map<number, Buffer>();
  let bytes = 0;
  for (const row of rows) {
    const json = jsonOf(row);
    if (json === undefined) continue;
    const text = Buffer.from(json);
    of.set(row, text);
    bytes += text.length + 1;
  }
  return { of, bytes };
}

/** A row's rare values by number; undefined where it has none. */
function rareJson(columns: readonly Column[], batch: ReadingBatch, row: number): string | undefined {
  let json = '';
  for (const column of columns) {
    const value = column.values[row] as number;
    if (Number.isNaN(value)) continue;
    requireStorable(column, value, batch, row);
    json += `${json === '' ? '{' : ','}"${column.id}":${value}`;
  }
  return json === '' ? undefined : `${json}}`;
}

/**
 * The batch's rows in `order` as the bytes of COPY … (FORMAT binary), in chunks.
 * @throws RangeError where a counter is not an integer from 0 to 2^53 or a gauge is not finite.
 */
export function* readingRows(batch: ReadingBatch, order: Int32Array): Generator<Buffer> {
  const columnOf = (name: MeasurandName): Column => ({
    name,
    id: measurandOf(name).id,
    isCounter: measurandOf(name).kind === 'counter',
    values: batch.values.get(name) as Float64Array,
  });
  const columns = standardNames(batch).map(columnOf);
  const rare = rareNames(batch).map(columnOf);
  const hasExceptions = batch.exceptions.size > 0;
  const fields = 6 + columns.length + (rare.length > 0 ? 1 : 0) + (hasExceptions ? 1 : 0);
  const rowBytes = 64 + 12 * columns.length;
  yield copyHeader;
  for (let start = 0; start < order.length; start += rowsPerChunk) {
    const rows = order.subarray(start, start + rowsPerChunk);
    const rareTexts = rare.length > 0 ? textsOf(rows, (row) => rareJson(rare, batch, row)) : noTexts;
    const texts = hasExceptions
      ? textsOf(rows, (row) => {
          const exceptions = batch.exceptions.get(row);
          return exceptions && exceptionsJson(exceptions);
        })
      : noTexts;
    const chunk = Buffer.allocUnsafe(rows.length * rowBytes + rareTexts.bytes + texts.bytes);
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    let offset = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number;
      offset = writeKey(view, offset, fields, batch, row);
      for (let c = 0; c < columns.length; c++)
        offset = writeValue(view, offset, columns[c] as Column, batch, row);
      if (rare.length > 0) offset = writeJson(view, offset, chunk, rareTexts.of.get(row));
      if (hasExceptions) offset = writeJson(view, offset, chunk, texts.of.get(row));
    }
    yield chunk.subarray(0, offset);
  }
  yield copyTrailer;
}

function writeKey(view: DataView, start: number, fields: number, batch: ReadingBatch, row: number): number {
  let offset = start;
  view.setInt16(offset, fields);
  view.setInt32(offset + 2, 8);
  setInstant(view, offset + 6, batch.at_ms[row] as number);
  view.setInt32(offset + 14, 4);
  view.setInt32(offset + 18, batch.meterId[row] as number);
  view.setInt32(offset + 22, 4);
  view.setInt32(offset + 26, batch.organisationId[row] as number);
  view.setInt32(offset + 30, 2);
  view.setInt16(offset + 34, batch.quality[row] as number);
  view.setInt32(offset + 36, 4);
  view.setInt32(offset + 40, batch.skew_ms[row] as number);
  view.setInt32(offset + 44, 8);
  offset += 48;
  setInstant(view, offset, batch.receivedAt_ms[row] as number);
  return offset + 8;
}

function writeValue(
  view: DataView,
  offset: number,
  column: Column,
  batch: ReadingBatch,
  row: number,
): number {
  const value = column.values[row] as number;
  if (Number.isNaN(value)) {
    view.setInt32(offset, -1);
    return offset + 4;
  }
  view.setInt32(offset, 8);
  requireStorable(column, value, batch, row);
  if (column.isCounter) setInt64(view, offset + 4, value);
  else view.setFloat64(offset + 4, value);
  return offset + 12;
}

/** @throws RangeError */
function requireStorable({ name, isCounter }: Column, value: number, batch: ReadingBatch, row: number): void {
  const isStorable = isCounter ? value >= 0 && Number.isSafeInteger(value) : Number.isFinite(value);
  if (!isStorable) throw refused(name, value, batch, row);
}

const refused = (name: string, value: number, batch: ReadingBatch, row: number): RangeError =>
  new RangeError(`meter ${batch.meterId[row]}: ${name} cannot be ${value}`);

function writeJson(view: DataView, offset: number, chunk: Buffer, text: Buffer | undefined): number {
  if (!text) {
    view.setInt32(offset, -1);
    return offset + 4;
  }
  view.setInt32(offset, text.length + 1);
  // Version of jsonb's binary format.
  view.setInt8(offset + 4, 1);
  text.copy(chunk, offset + 5);
  return offset + 5 + text.length;
}

type ElementKind = 'int2' | 'int4' | 'timestamptz' | 'float8' | 'text' | 'jsonb';
const elementOid: Readonly<Record<ElementKind, number>> = {
  int2: 21,
  int4: 23,
  timestamptz: 1184,
  float8: 701,
  text: 25,
  jsonb: 3802,
};
const elementBytes = { int2: 2, int4: 4, timestamptz: 8, float8: 8 } as const;

/** A one-dimensional array parameter in binary form; instants in epoch ms. `pg` sends a Buffer as it is. */
export function arrayParameter(
  kind: 'int2' | 'int4' | 'timestamptz' | 'float8',
  list: ArrayLike<number>,
): Buffer {
  const size = elementBytes[kind];
  const buffer = Buffer.allocUnsafe(20 + list.length * (4 + size));
  const view = arrayHead(buffer, kind, list.length);
  let offset = 20;
  for (let i = 0; i < list.length; i++) {
    const value = list[i] as number;
    view.setInt32(offset, size);
    offset += 4;
    if (kind === 'int2') view.setInt16(offset, value);
    else if (kind === 'int4') view.setInt32(offset, value);
    else if (kind === 'float8') view.setFloat64(offset, value);
    else setInstant(view, offset, value);
    offset += size;
  }
  return buffer;
}

/** A one-dimensional array parameter of texts or of JSON texts, in binary form. */
export function textArrayParameter(kind: 'text' | 'jsonb', list: readonly string[]): Buffer {
  const mark = kind === 'jsonb' ? 1 : 0;
  let size = 20;
  for (const text of list) size += 4 + mark + Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(size);
  const view = arrayHead(buffer, kind, list.length);
  let offset = 20;
  for (const text of list) {
    const bytes = buffer.write(text, offset + 4 + mark);
    view.setInt32(offset, bytes + mark);
    if (mark) view.setInt8(offset + 4, 1);
    offset += 4 + mark + bytes;
  }
  return buffer;
}

function arrayHead(buffer: Buffer, kind: ElementKind, length: number): DataView {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  view.setInt32(0, 1);
  view.setInt32(4, 0);
  view.setInt32(8, elementOid[kind]);
  view.setInt32(12, length);
  view.setInt32(16, 1);
  return view;
}

export const copyHeaderBytes = copyHeader.length;
export { getInstant, getInt64 };
