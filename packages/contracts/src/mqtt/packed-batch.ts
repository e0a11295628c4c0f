import { deflateRawSync, inflateRawSync } from 'node:zlib';
import {
  findMeasurandById,
  type MeasurandName,
  measurands,
  type ReadingQuality,
  readingQualities,
  readingQualityCode,
} from '@wattproof/energy';
import { type ByteReader, type ByteWriter, byteReader, byteWriter } from './byte-stream.ts';
import type { CompactBatch } from './compact-batch.ts';
import { lanes, messageLimits, type WireReading } from './reading.ts';
import { exponentsOf, noColumn, type ReadingColumns } from './reading-columns.ts';
import { scaledInteger, unscaled } from './scaled.ts';
import { type BatchSchema, cbor, type SchemaMeter } from './schema.ts';

/**
 * The packed batch: the compact batch's head with version 2, and all readings in one byte string
 *
 *     [2, hash, boot, lane, seq, t0, packed, clock]
 *
 * `packed` is 0 and the stream, or 1 and the stream compressed (deflate, RFC 1951). The stream is of integers (`byte-stream.ts`):
 *
 * - the number of rows; rows go by meter, then by time;
 * - for each row the step of its meter's index, then for each the step of its instant in ms (the first from `t0`), then for each
 *   the step of its skew: signed, from the row before;
 * - 0 where all rows are good, else 1 and a quality code a row;
 * - the number of exceptions, and for each the rows since the last, the measurand's number and the quality code;
 * - the number of columns, and for each the measurand's number, then of the rows whose meter has it: 0 where all have a
 *   value, else 1 and a bit each (lowest first), then the step of each value from the one before it in the column, in units
 *   of 10^exponent as the row's schema says.
 *
 * What follows the last column is ignored: later versions append.
 */
export const encodePackedBatch = (batch: CompactBatch, schema: BatchSchema): Buffer => {
  const t0_ms = batch.readings[0]?.at_ms ?? 0;
  return wrapPacked(packReadings(batch.readings, schema, t0_ms), { ...batch, t0_ms });
};

/** Readings as the byte string of a packed batch that begins at `t0_ms`: they can be kept so until their batch has a number. */
export function packReadings(readings: readonly WireReading[], schema: BatchSchema, t0_ms: number): Buffer {
  const stream = packedStream(readings, schema, t0_ms);
  const compressed = deflateRawSync(stream, { level: compressionLevel });
  const isShorter = compressed.length < stream.length;
  return Buffer.concat([Buffer.of(isShorter ? 1 : 0), isShorter ? compressed : stream]);
}

/** Beyond it nothing gets shorter: there are few repetitions to look for. */
const compressionLevel = 6;

/** A packed batch of readings that were packed before. */
export function wrapPacked(
  packed: Uint8Array,
  batch: Omit<CompactBatch, 'readings'> & { readonly t0_ms: number },
): Buffer {
  const { boot, lane, seq } = batch.position;
  const clock = batch.clockSynchronised === null ? null : Number(batch.clockSynchronised);
  return cbor.encode([
    2,
    batch.schemaHash,
    boot,
    lanes.indexOf(lane),
    seq,
    batch.t0_ms,
    Buffer.from(packed),
    clock,
  ]);
}

interface Row {
  readonly meterIndex: number;
  readonly meter: SchemaMeter;
  readonly reading: WireReading;
}

/** @throws Error where a reading names a meter or measurand that the schema lacks, or a value is not finite. */
function packedStream(readings: readonly WireReading[], schema: BatchSchema, t0_ms: number): Buffer {
  const rows = rowsOf(readings, schema);
  const writer = byteWriter();
  writer.unsigned(rows.length);
  let previous = 0;
  for (const { meterIndex } of rows) {
    writer.signed(meterIndex - previous);
    previous = meterIndex;
  }
  previous = t0_ms;
  for (const { reading } of rows) {
    writer.signed(reading.at_ms - previous);
    previous = reading.at_ms;
  }
  previous = 0;
  for (const { reading } of rows) {
    const skew = Math.round(reading.skew_ms);
    writer.signed(skew - previous);
    previous = skew;
  }
  const isAllGood = rows.every(({ reading }) => reading.quality === 'good');
  writer.byte(isAllGood ? 0 : 1);
  if (!isAllGood) for (const { reading } of rows) writer.byte(readingQualityCode(reading.quality));
  writeExceptions(writer, rows);
  writeColumns(writer, rows);
  return writer.bytes();
}

function rowsOf(readings: readonly WireReading[], schema: BatchSchema): Row[] {
  const places = new Map(schema.meters.map((meter, meterIndex) => [meter.key, { meter, meterIndex }]));
  return readings
    .map((reading) => {
      const place = places.get(reading.meterKey);
      if (!place) throw new Error(`the schema has no meter ${reading.meterKey}`);
      return { ...place, reading };
    })
    .sort((a, b) => a.meterIndex - b.meterIndex || a.reading.at_ms - b.reading.at_ms);
}

function writeExceptions(writer: ByteWriter, rows: readonly Row[]): void {
  const list: [number, number, number][] = [];
  rows.forEach(({ meter, reading }, row) => {
    for (const name in reading.exceptions) {
      const quality = reading.exceptions[name as MeasurandName];
      const column = meter.columns.find((c) => nameOf(c.measurandId) === name);
      if (quality && column) list.push([row, column.measurandId, readingQualityCode(quality)]);
    }
  });
  writer.unsigned(list.length);
  let previous = 0;
  for (const [row, measurandId, code] of list) {
    writer.unsigned(row - previous);
    writer.unsigned(measurandId);
    writer.byte(code);
    previous = row;
  }
}

/** The values of one measurand over the rows whose meter has it; NaN where a row has none. */
interface Column {
  readonly measurandId: number;
  readonly integers: number[];
  present: number;
}
interface Cell {
  readonly column: Column;
  readonly name: MeasurandName;
  readonly exponent: number;
}

function writeColumns(writer: ByteWriter, rows: readonly Row[]): void {
  const columns = new Map<number, Column>();
  const layouts = new Map<SchemaMeter, readonly Cell[]>();
  const layoutOf = (meter: SchemaMeter): readonly Cell[] =>
    meter.columns.map(({ measurandId, exponent }) => {
      const column = columns.get(measurandId) ?? { measurandId, integers: [], present: 0 };
      columns.set(measurandId, column);
      return { column, name: nameOf(measurandId), exponent };
    });
  for (const { meter, reading } of rows) {
    const layout = layouts.get(meter) ?? layoutOf(meter);
    layouts.set(meter, layout);
    addRow(layout, meter, reading.values);
  }
  const filled = [...columns.values()].filter((column) => column.present > 0);
  writer.unsigned(filled.length);
  for (const { measurandId, integers, present } of filled.sort((a, b) => a.measurandId - b.measurandId)) {
    writer.unsigned(measurandId);
    writePresence(writer, integers, present === integers.length);
    let last = 0;
    for (const integer of integers) {
      if (Number.isNaN(integer)) continue;
      const step = integer - last;
      if (!Number.isSafeInteger(step)) throw new Error(`${nameOf(measurandId)} is beyond 2^53`);
      writer.signed(step);
      last = integer;
    }
  }
}

function addRow(layout: readonly Cell[], meter: SchemaMeter, values: WireReading['values']): void {
  let found = 0;
  for (const { column, name, exponent } of layout) {
    const value = values[name];
    if (value === undefined) column.integers.push(Number.NaN);
    else {
      if (!Number.isFinite(value)) throw new Error(`meter ${meter.key}: ${name} is not finite`);
      column.integers.push(scaledInteger(value, exponent));
      column.present++;
      found++;
    }
  }
  const names = Object.keys(values);
  if (names.length !== found) {
    const missing = names.filter((name) => !layout.some((cell) => cell.name === name));
    throw new Error(`meter ${meter.key}: the schema has no column ${missing.join(', ')}`);
  }
}

function writePresence(writer: ByteWriter, integers: readonly number[], isAll: boolean): void {
  writer.byte(isAll ? 0 : 1);
  if (isAll) return;
  for (let at = 0; at < integers.length; at += 8) {
    let bits = 0;
    for (let i = 0; i < 8 && at + i < integers.length; i++)
      if (!Number.isNaN(integers[at + i])) bits |= 1 << i;
    writer.byte(bits);
  }
}

/** A message of a megabyte may not unfold into more than this. */
const longestStream_bytes = 16_000_000;

/**
 * The readings of a packed batch.
 * @throws Error saying what is wrong.
 */
export function decodePacked(packed: Uint8Array, t0_ms: number, schema: BatchSchema): ReadingColumns {
  const stream = packed[0] === 1 ? inflated(packed.subarray(1)) : packed.subarray(1);
  if (packed[0] !== 0 && packed[0] !== 1) throw new Error('the batch is neither plain nor compressed');
  const reader = byteReader(stream);
  const count = reader.unsigned();
  if (count > messageLimits.readings) throw new Error(`more than ${messageLimits.readings} readings`);
  const [meterIndex, at_ms, skew_ms] = arrays(3, count) as [Float64Array, Float64Array, Float64Array];
  reader.sums(meterIndex, count, 0);
  const meters = Array.from(meterIndex, (index) => {
    const meter = schema.meters[index];
    if (!meter) throw new Error(`the schema has no meter number ${index}`);
    return meter;
  });
  reader.sums(at_ms, count, t0_ms);
  reader.sums(skew_ms, count, 0);
  const quality = new Uint8Array(count);
  if (reader.byte() !== 0) for (let row = 0; row < count; row++) quality[row] = checked(reader.byte());
  const exceptions = readExceptions(reader, meters);
  const values = readColumns(reader, meterIndex, schema);
  return { meters, at_ms, skew_ms, quality, values, exceptions };
}

/** Arrays of one piece of memory: to allocate each by itself takes longer than to fill it. */
function arrays(number: number, length: number): Float64Array[] {
  const all = new Float64Array(number * length);
  return Array.from({ length: number }, (_, i) => all.subarray(i * length, (i + 1) * length));
}

function inflated(bytes: Uint8Array): Uint8Array {
  try {
    const chunkSize = Math.min(Math.max(bytes.length * 8, 1024), 65_536);
    return inflateRawSync(bytes, { maxOutputLength: longestStream_bytes, chunkSize });
  } catch (error) {
    throw new Error(`the batch cannot be decompressed: ${(error as Error).message}`);
  }
}

function readExceptions(reader: ByteReader, meters: readonly SchemaMeter[]): ReadingColumns['exceptions'] {
  const byRow = new Map<number, Partial<Record<MeasurandName, ReadingQuality>>>();
  const count = reader.unsigned();
  let row = 0;
  for (let i = 0; i < count; i++) {
    row += reader.unsigned();
    const measurandId = reader.unsigned();
    const quality = readingQualities[checked(reader.byte())] as ReadingQuality;
    if (!meters[row]?.columns.some((c) => c.measurandId === measurandId))
      throw new Error('a quality exception points outside its batch');
    byRow.set(row, { ...byRow.get(row), [nameOf(measurandId)]: quality });
  }
  return byRow;
}

/** Values by measurand and row; NaN where a row has none. */
function readColumns(
  reader: ByteReader,
  meterIndex: Float64Array,
  schema: BatchSchema,
): ReadingColumns['values'] {
  const columns = new Map<MeasurandName, Float64Array>();
  const count = reader.unsigned();
  if (count > measurands.length) throw new Error(`more than ${measurands.length} measurands`);
  for (const column of arrays(count, meterIndex.length)) {
    const measurandId = reader.unsigned();
    const exponents = exponentsOf(schema, measurandId);
    let having = 0;
    for (const index of meterIndex) if (exponents[index] !== noColumn) having++;
    const name = findMeasurandById(measurandId)?.name;
    if (having === 0 || !name || columns.has(name))
      throw new Error(`measurand ${measurandId} is of no meter, or there twice`);
    readColumn(reader, column, having, (row) => exponents[meterIndex[row] as number] as number);
    columns.set(name, column);
  }
  return columns;
}

/** Integers of one column at a time; no message has more rows. */
const integers = new Float64Array(messageLimits.readings);

function readColumn(
  reader: ByteReader,
  column: Float64Array,
  having: number,
  exponentOf: (row: number) => number,
): void {
  const present = readPresence(reader, having);
  const count = present ? countOf(present, having) : having;
  reader.sums(integers, count, 0);
  for (let i = 0; i < count; i++)
    if (!Number.isSafeInteger(integers[i])) throw new Error('the batch holds a value beyond 2^53');
  let place = 0;
  let next = 0;
  for (let row = 0; row < column.length; row++) {
    const exponent = exponentOf(row);
    const isThere = exponent !== noColumn && (present === undefined || isSet(present, place));
    if (exponent !== noColumn) place++;
    column[row] = isThere ? unscaled(integers[next++] as number, exponent) : Number.NaN;
  }
}

/** A bit for each row that may have a value; undefined where all have one. */
function readPresence(reader: ByteReader, count: number): Uint8Array | undefined {
  if (reader.byte() === 0) return undefined;
  return Uint8Array.from({ length: Math.ceil(count / 8) }, () => reader.byte());
}
function countOf(bits: Uint8Array, count: number): number {
  let set = 0;
  for (let place = 0; place < count; place++) if (isSet(bits, place)) set++;
  return set;
}
const isSet = (bits: Uint8Array, place: number): boolean =>
  (((bits[place >> 3] as number) >> (place & 7)) & 1) === 1;

function checked(code: number): number {
  if (!readingQualities[code]) throw new Error(`no quality has the code ${code}`);
  return code;
}

const nameOf = (measurandId: number): MeasurandName => {
  const measurand = findMeasurandById(measurandId);
  if (!measurand) throw new Error(`no measurand has the number ${measurandId}`);
  return measurand.name;
};
