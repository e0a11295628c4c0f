import type { MeasurandName, ReadingQuality } from '@wattproof/energy';

/**
 * Readings as columns, in any order: what the writer takes. Arrays may be longer than `count`; the rest is ignored.
 * A value that is absent is NaN. Counters are integers up to 2^53.
 */
export interface ReadingBatch {
  count: number;
  meterId: Int32Array;
  organisationId: Int32Array;
  at_ms: Float64Array;
  receivedAt_ms: Float64Array;
  skew_ms: Int32Array;
  /** Row code (`readingQualityCode`). */
  quality: Uint8Array;
  /** Only the measurands that occur. */
  readonly values: Map<MeasurandName, Float64Array>;
  /** What differs by measurand from the row's quality, by row. */
  readonly exceptions: Map<number, ReadingExceptions>;
  /** Columns of an earlier use, as long as the others, for measurands that will occur. */
  readonly spare: Float64Array[];
}
export type ReadingExceptions = Readonly<Partial<Record<MeasurandName, ReadingQuality>>>;

/** One reading, as it is added to a batch. */
export interface NewReading {
  readonly meterId: number;
  readonly organisationId: number;
  readonly at_ms: number;
  readonly receivedAt_ms: number;
  readonly skew_ms: number;
  readonly quality: number;
  readonly values: Readonly<Partial<Record<MeasurandName, number>>>;
  readonly exceptions: ReadingExceptions;
}

/** An empty batch; it grows as readings are added. */
export function createReadingBatch(capacity = 1024): ReadingBatch {
  return {
    count: 0,
    meterId: new Int32Array(capacity),
    organisationId: new Int32Array(capacity),
    at_ms: new Float64Array(capacity),
    receivedAt_ms: new Float64Array(capacity),
    skew_ms: new Int32Array(capacity),
    quality: new Uint8Array(capacity),
    values: new Map(),
    exceptions: new Map(),
    spare: [],
  };
}

/** Takes everything out of a batch that is done with. Its memory serves the next one. */
export function emptyReadingBatch(batch: ReadingBatch): void {
  batch.count = 0;
  batch.spare.push(...batch.values.values());
  batch.values.clear();
  batch.exceptions.clear();
}

const absent = (capacity: number): Float64Array => new Float64Array(capacity).fill(Number.NaN);

function grow(batch: ReadingBatch): void {
  const capacity = batch.meterId.length * 2;
  const int32 = (old: Int32Array): Int32Array => {
    const grown = new Int32Array(capacity);
    grown.set(old);
    return grown;
  };
  const double = (grown: Float64Array, old: Float64Array): Float64Array => {
    grown.set(old);
    return grown;
  };
  batch.meterId = int32(batch.meterId);
  batch.organisationId = int32(batch.organisationId);
  batch.skew_ms = int32(batch.skew_ms);
  batch.at_ms = double(new Float64Array(capacity), batch.at_ms);
  batch.receivedAt_ms = double(new Float64Array(capacity), batch.receivedAt_ms);
  const quality = new Uint8Array(capacity);
  quality.set(batch.quality);
  batch.quality = quality;
  for (const [name, column] of batch.values) batch.values.set(name, double(absent(capacity), column));
  batch.spare.length = 0;
}

/** Adds one reading. O(values). */
export function addReading(batch: ReadingBatch, reading: NewReading): void {
  if (batch.count === batch.meterId.length) grow(batch);
  const row = batch.count++;
  batch.meterId[row] = reading.meterId;
  batch.organisationId[row] = reading.organisationId;
  batch.at_ms[row] = reading.at_ms;
  batch.receivedAt_ms[row] = reading.receivedAt_ms;
  batch.skew_ms[row] = reading.skew_ms;
  batch.quality[row] = reading.quality;
  for (const name in reading.values) {
    const value = reading.values[name as MeasurandName];
    if (value === undefined) continue;
    columnOf(batch, name as MeasurandName)[row] = value;
  }
  for (const _ in reading.exceptions) {
    batch.exceptions.set(row, reading.exceptions);
    break;
  }
}

/** Readings of one organisation in columns, as they are added to a batch. */
export interface NewReadings {
  readonly organisationId: number;
  readonly receivedAt_ms: number;
  readonly meterId: readonly number[];
  readonly at_ms: Float64Array;
  readonly skew_ms: Float64Array;
  /** Row codes. */
  readonly quality: Uint8Array;
  /** NaN where a reading has none. */
  readonly values: ReadonlyMap<MeasurandName, Float64Array>;
  /** By place among these. */
  readonly exceptions: ReadonlyMap<number, ReadingExceptions>;
}

/** Adds many readings: columns are copied, so that a value costs next to nothing. */
export function addReadings(batch: ReadingBatch, readings: NewReadings): void {
  const first = batch.count;
  const count = readings.at_ms.length;
  while (first + count > batch.meterId.length) grow(batch);
  batch.meterId.set(readings.meterId, first);
  batch.organisationId.fill(readings.organisationId, first, first + count);
  batch.at_ms.set(readings.at_ms, first);
  batch.receivedAt_ms.fill(readings.receivedAt_ms, first, first + count);
  batch.skew_ms.set(readings.skew_ms, first);
  batch.quality.set(readings.quality, first);
  batch.count = first + count;
  for (const [name, values] of readings.values) columnOf(batch, name).set(values, first);
  for (const [i, exceptions] of readings.exceptions) batch.exceptions.set(first + i, exceptions);
}

function columnOf(batch: ReadingBatch, name: MeasurandName): Float64Array {
  let column = batch.values.get(name);
  if (!column) {
    column = batch.spare.pop()?.fill(Number.NaN) ?? absent(batch.meterId.length);
    batch.values.set(name, column);
  }
  return column;
}
