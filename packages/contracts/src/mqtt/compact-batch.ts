import {
  findMeasurandById,
  type MeasurandName,
  type ReadingQuality,
  readingQualities,
  readingQualityCode,
} from '@wattproof/energy';
import { decodePacked } from './packed-batch.ts';
import {
  type BatchPosition,
  type Lane,
  lanes,
  messageLimits,
  type Rejection,
  type WireReading,
} from './reading.ts';
import { noReadings, type ReadingColumns, readingsOfColumns } from './reading-columns.ts';
import { power10, scaledInteger } from './scaled.ts';
import { type BatchSchema, cbor, type SchemaColumn, type SchemaMeter } from './schema.ts';

/**
 * The compact batch: one CBOR array
 *
 *     [1, hash, boot, lane, seq, t0, blocks, clock]
 *
 * - `hash` names the schema, `boot`/`lane`/`seq` the delivery position, `t0` is epoch ms of the batch,
 *   `clock` is 1 where the gateway's clock is synchronised, 0 where it is not, null where unknown.
 * - A block holds the readings of one meter, oldest first: `[meterIndex, times, skews, columns, qualities]`.
 *   `times` are ms: the first after `t0`, each next after the one before. `skews` are ms per reading, or one number for all.
 *   `columns` follow the schema's order; a column is an array as long as `times` of scaled integers, the first
 *   absolute, each next the difference from the last one present; null = absent. A column may be null: all absent.
 *   `qualities` is 0 (all good) or `[row codes or one code, [[column, reading, code], …]]`.
 *
 * Numbers beyond 2^53 are refused by the encoder. Unknown trailing elements are ignored: later versions append.
 * Version 2, which gateways send, is in `packed-batch.ts`; every decoder here takes both.
 */
export interface CompactBatch {
  readonly schemaHash: string;
  readonly position: BatchPosition;
  readonly clockSynchronised: boolean | null;
  readonly readings: readonly WireReading[];
}

/**
 * Encodes readings of the schema's meters (each meter's oldest first).
 * @throws Error where a reading names a meter or measurand that the schema lacks, or a value is not finite.
 */
export function encodeCompactBatch(batch: CompactBatch, schema: BatchSchema): Buffer {
  const byMeter = new Map<string, WireReading[]>();
  for (const reading of batch.readings) {
    const list = byMeter.get(reading.meterKey);
    if (list) list.push(reading);
    else byMeter.set(reading.meterKey, [reading]);
  }
  const t0 = batch.readings[0]?.at_ms ?? 0;
  const blocks: unknown[] = [];
  for (const [key, readings] of byMeter) {
    const meterIndex = schema.meters.findIndex((m) => m.key === key);
    const meter = schema.meters[meterIndex];
    if (!meter) throw new Error(`the schema has no meter ${key}`);
    blocks.push(encodeBlock(meterIndex, meter, readings, t0));
  }
  const { boot, lane, seq } = batch.position;
  const clock = batch.clockSynchronised === null ? null : Number(batch.clockSynchronised);
  return cbor.encode([1, batch.schemaHash, boot, lanes.indexOf(lane), seq, t0, blocks, clock]);
}

function encodeBlock(
  meterIndex: number,
  meter: SchemaMeter,
  readings: readonly WireReading[],
  t0: number,
): unknown[] {
  let previousTime = t0;
  const times = readings.map((r) => {
    const step = r.at_ms - previousTime;
    previousTime = r.at_ms;
    return step;
  });
  const skews = readings.map((r) => Math.round(r.skew_ms));
  const columns = meter.columns.map(({ measurandId, exponent }) => {
    const name = findMeasurandById(measurandId)?.name as MeasurandName;
    let last = 0;
    let any = false;
    const column = readings.map((r) => {
      const value = r.values[name];
      if (value === undefined) return null;
      if (!Number.isFinite(value)) throw new Error(`meter ${meter.key}: ${name} is not finite`);
      any = true;
      const integer = scaledInteger(value, exponent);
      const step = integer - last;
      last = integer;
      if (!Number.isSafeInteger(step)) throw new Error(`meter ${meter.key}: ${name} is beyond 2^53`);
      return step;
    });
    return any ? column : null;
  });
  for (const r of readings) {
    for (const name of Object.keys(r.values)) {
      if (!meter.columns.some((c) => findMeasurandById(c.measurandId)?.name === name))
        throw new Error(`meter ${meter.key}: the schema has no column ${name}`);
    }
  }
  return [meterIndex, times, oneOrAll(skews), columns, encodeQualities(meter, readings)];
}

const oneOrAll = (list: readonly number[]): number | readonly number[] =>
  list.every((n) => n === list[0]) ? (list[0] ?? 0) : list;

function encodeQualities(meter: SchemaMeter, readings: readonly WireReading[]): unknown {
  const rows = readings.map((r) => readingQualityCode(r.quality));
  const sparse: [number, number, number][] = [];
  readings.forEach((r, index) => {
    for (const [name, quality] of Object.entries(r.exceptions)) {
      const column = meter.columns.findIndex((c) => findMeasurandById(c.measurandId)?.name === name);
      if (column >= 0 && quality) sparse.push([column, index, readingQualityCode(quality)]);
    }
  });
  return sparse.length === 0 && rows.every((code) => code === 0) ? 0 : [oneOrAll(rows), sparse];
}

/** Whether the bytes are of the compact form: a CBOR array, which no JSON text begins like. */
export const isCompact = (encoded: Uint8Array): boolean => ((encoded[0] ?? 0) & 0xe0) === 0x80;

/** The head of a batch: enough to find its schema and its place in the delivery, before its blocks are read. */
export interface CompactHead {
  readonly schemaHash: string;
  readonly position: BatchPosition;
  readonly clockSynchronised: boolean | null;
  readonly t0_ms: number;
  readonly blocks: readonly unknown[];
  /** All readings in one byte string, where the batch is packed (version 2); there are no blocks then. */
  readonly packed?: Uint8Array;
}

/** @throws Error saying what is wrong, where the bytes are not a compact batch. */
export function decodeCompactHead(encoded: Uint8Array): CompactHead {
  const parts: unknown = cbor.decode(encoded);
  if (!Array.isArray(parts) || (parts[0] !== 1 && parts[0] !== 2))
    throw new Error('not a compact batch of version 1 or 2');
  const [version, hash, boot, lane, seq, t0, content, clock] = parts as unknown[];
  const laneName: Lane | undefined = typeof lane === 'number' ? lanes[lane] : undefined;
  if (typeof hash !== 'string' || !/^[0-9a-f]{16}$/.test(hash))
    throw new Error('the schema hash is not 16 hex digits');
  if (typeof boot !== 'string' || boot.length === 0 || boot.length > 64)
    throw new Error('boot is not a short text');
  if (!laneName) throw new Error('the lane is neither 0 nor 1');
  if (!Number.isSafeInteger(seq) || (seq as number) < 1)
    throw new Error('the sequence is not a positive integer');
  if (!Number.isSafeInteger(t0)) throw new Error('t0 is not an integer of milliseconds');
  if (version === 1 && !Array.isArray(content)) throw new Error('blocks is not an array');
  if (version === 2 && !(content instanceof Uint8Array)) throw new Error('packed is not a byte string');
  return {
    schemaHash: hash,
    position: { boot, lane: laneName, seq: seq as number },
    clockSynchronised: clock === 1 ? true : clock === 0 ? false : null,
    t0_ms: t0 as number,
    blocks: version === 1 ? (content as unknown[]) : [],
    ...(version === 2 ? { packed: content as Uint8Array } : {}),
  };
}

export interface DecodedReadings {
  readonly readings: readonly WireReading[];
  readonly rejections: readonly Rejection[];
}

export interface DecodedColumns {
  readonly columns: ReadingColumns;
  readonly rejections: readonly Rejection[];
}

/** A batch's readings. A block that is wrong is rejected by itself; the others are kept. Reads `head.blocks` up: once only. */
export function decodeCompactColumns(head: CompactHead, schema: BatchSchema): DecodedColumns {
  if (head.packed) return decodePackedColumns(head.packed, head.t0_ms, schema);
  const blocks: CompactBlock[] = [];
  const rejections: Rejection[] = [];
  let readings = 0;
  head.blocks.forEach((encoded, number) => {
    try {
      const block = decodeBlock(encoded, head.t0_ms, schema);
      readings += block.at_ms.length;
      blocks.push(block);
    } catch (error) {
      rejections.push({ code: 'malformed', message: (error as Error).message, where: `block ${number}` });
    }
  });
  if (readings > messageLimits.readings)
    return {
      columns: noReadings,
      rejections: [
        { code: 'tooLarge', message: `more than ${messageLimits.readings} readings`, where: 'batch' },
      ],
    };
  return { columns: columnsOf(blocks, readings), rejections };
}

/** A packed batch is whole or it is nothing: its readings share their columns. */
function decodePackedColumns(packed: Uint8Array, t0_ms: number, schema: BatchSchema): DecodedColumns {
  try {
    return { columns: decodePacked(packed, t0_ms, schema), rejections: [] };
  } catch (error) {
    return {
      columns: noReadings,
      rejections: [{ code: 'malformed', message: (error as Error).message, where: 'batch' }],
    };
  }
}

/** The readings of a batch, one by one. Reads `head.blocks` up: once only. */
export function decodeCompactBlocks(head: CompactHead, schema: BatchSchema): DecodedReadings {
  const { columns, rejections } = decodeCompactColumns(head, schema);
  return { readings: readingsOfColumns(columns), rejections };
}

/**
 * Readings that `packReadings` packed.
 * @throws Error saying what is wrong with the bytes.
 */
export const unpackReadings = (packed: Uint8Array, schema: BatchSchema, t0_ms: number): WireReading[] =>
  readingsOfColumns(decodePacked(packed, t0_ms, schema));

/** The readings of one meter, as version 1 sends them. */
interface CompactBlock {
  readonly meter: SchemaMeter;
  readonly at_ms: readonly number[];
  /** Per reading, or one for all. */
  readonly skew_ms: readonly number[] | number;
  readonly quality: readonly number[] | number;
  /** In the order of the schema's columns; null = absent. */
  readonly columns: readonly (readonly (number | null)[] | null)[];
  readonly exceptions: ReadingColumns['exceptions'];
}

/** Blocks one below the other. */
function columnsOf(blocks: readonly CompactBlock[], count: number): ReadingColumns {
  const meters: SchemaMeter[] = [];
  const at_ms = new Float64Array(count);
  const skew_ms = new Float64Array(count);
  const quality = new Uint8Array(count);
  const values = new Map<MeasurandName, Float64Array>();
  const exceptions = new Map<number, WireReading['exceptions']>();
  for (const block of blocks) {
    const first = meters.length;
    block.at_ms.forEach((at, i) => {
      meters.push(block.meter);
      at_ms[first + i] = at;
      skew_ms[first + i] = ofReading(block.skew_ms, i);
      quality[first + i] = ofReading(block.quality, i);
    });
    block.columns.forEach((column, c) => {
      const name = nameOf(block.meter.columns[c]);
      if (!column || !name) return;
      const target = values.get(name) ?? new Float64Array(count).fill(Number.NaN);
      values.set(name, target);
      column.forEach((value, i) => {
        if (value !== null) target[first + i] = value;
      });
    });
    for (const [i, ofRow] of block.exceptions) exceptions.set(first + i, ofRow);
  }
  return { meters, at_ms, skew_ms, quality, values, exceptions };
}

const ofReading = (list: readonly number[] | number, i: number): number =>
  typeof list === 'number' ? list : (list[i] ?? 0);

const nameOf = (column: SchemaMeter['columns'][number] | undefined): MeasurandName | undefined =>
  column && findMeasurandById(column.measurandId)?.name;

/** Turns the steps of the decoded arrays into values in place: nothing is allocated for a value. */
function decodeBlock(block: unknown, t0_ms: number, schema: BatchSchema): CompactBlock {
  if (!Array.isArray(block) || block.length < 5) throw new Error('a block has fewer than 5 parts');
  const [meterIndex, times, skews, columns, qualities] = block as unknown[];
  const meter = typeof meterIndex === 'number' ? schema.meters[meterIndex] : undefined;
  if (!meter) throw new Error(`the schema has no meter number ${String(meterIndex)}`);
  const at_ms = integers(times, 'times');
  const count = at_ms.length;
  let at = t0_ms;
  for (let row = 0; row < count; row++) {
    at += at_ms[row] as number;
    at_ms[row] = at;
  }
  if (!Array.isArray(columns) || columns.length > meter.columns.length)
    throw new Error(`meter ${meter.key}: more columns than its schema`);
  for (let c = 0; c < columns.length; c++)
    if (columns[c] !== null) decodeColumn(columns[c], count, meter, meter.columns[c] as SchemaColumn);
  const rowCodes: unknown = Array.isArray(qualities) ? qualities[0] : qualities;
  const sparse: unknown = Array.isArray(qualities) ? qualities[1] : [];
  return {
    meter,
    at_ms,
    skew_ms: perReading(skews, count, `meter ${meter.key}: skews`),
    quality: checkedQualities(perReading(rowCodes, count, `meter ${meter.key}: qualities`)),
    columns: columns as (number[] | null)[],
    exceptions: decodeExceptions(sparse, count, meter),
  };
}

function decodeColumn(column: unknown, count: number, meter: SchemaMeter, schemaColumn: SchemaColumn): void {
  if (!Array.isArray(column) || column.length !== count)
    throw new Error(`meter ${meter.key}: column ${nameOf(schemaColumn)} is not as long as its times`);
  const { exponent } = schemaColumn;
  const factor = power10(exponent);
  let last = 0;
  for (let row = 0; row < count; row++) {
    const step: unknown = column[row];
    if (step === null) continue;
    if (typeof step !== 'number' || !Number.isSafeInteger(step))
      throw new Error(`meter ${meter.key}: ${nameOf(schemaColumn)} holds a value that is not an integer`);
    last += step;
    column[row] = exponent < 0 ? last / factor : last * factor;
  }
}

function perReading(list: unknown, count: number, what: string): readonly number[] | number {
  if (typeof list === 'number') return list;
  const numbers = integers(list, what);
  if (numbers.length !== count) throw new Error(`${what} are not as many as times`);
  return numbers;
}

function checkedQualities(codes: readonly number[] | number): readonly number[] | number {
  for (const code of typeof codes === 'number' ? [codes] : codes) qualityOf(code);
  return codes;
}

const noExceptions: ReadonlyMap<number, WireReading['exceptions']> = new Map();

function decodeExceptions(
  sparse: unknown,
  count: number,
  meter: SchemaMeter,
): ReadonlyMap<number, WireReading['exceptions']> {
  if (!Array.isArray(sparse)) throw new Error(`meter ${meter.key}: quality exceptions are not an array`);
  if (sparse.length === 0) return noExceptions;
  const exceptions = new Map<number, Partial<Record<MeasurandName, ReadingQuality>>>();
  for (const entry of sparse) {
    if (!Array.isArray(entry)) throw new Error(`meter ${meter.key}: a quality exception is not a triple`);
    const [c, row, code] = entry as unknown[];
    const name = typeof c === 'number' ? nameOf(meter.columns[c]) : undefined;
    if (!name || typeof row !== 'number' || !Number.isInteger(row) || row < 0 || row >= count)
      throw new Error(`meter ${meter.key}: a quality exception points outside its block`);
    const target = exceptions.get(row) ?? {};
    target[name] = qualityOf(code);
    exceptions.set(row, target);
  }
  return exceptions;
}

function integers(list: unknown, name: string): number[] {
  if (!Array.isArray(list)) throw new Error(`${name} is not an array`);
  return list.map((n) => {
    if (!Number.isSafeInteger(n)) throw new Error(`${name} holds a value that is not an integer`);
    return n as number;
  });
}

function qualityOf(code: unknown): ReadingQuality {
  const quality = typeof code === 'number' ? readingQualities[code] : undefined;
  if (!quality) throw new Error(`no quality has the code ${String(code)}`);
  return quality;
}
