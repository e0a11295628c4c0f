import type { TierColumns } from '@wattproof/energy';

/** Rows of one meter and measurand in ascending order, on their way into a table. */
export interface BlockKey {
  readonly meterId: number;
  readonly organisationId: number;
  readonly measurandId: number;
}

export interface IntervalBlock extends BlockKey {
  readonly duration_s: number;
  readonly start_ms: ArrayLike<number>;
  readonly quality: ArrayLike<number>;
  /** NaN is NULL; absent is NULL throughout. */
  readonly delta?: ArrayLike<number>;
  readonly mean?: ArrayLike<number>;
  readonly min?: ArrayLike<number>;
  readonly max?: ArrayLike<number>;
}

export interface TierBlock extends BlockKey {
  readonly columns: TierColumns;
}

export const intervalColumns = [
  'start',
  'meter_id',
  'organisation_id',
  'measurand',
  'quality',
  'duration_s',
  'delta',
  'mean',
  'min',
  'max',
] as const;

export const tierColumns = [
  'start',
  'meter_id',
  'organisation_id',
  'measurand',
  'duration_s',
  'delta',
  'mean',
  'min',
  'max',
  'n_measured',
  'n_interpolated',
  'n_estimated',
  'n_manual',
  'n_missing',
] as const;

const epoch2000_ms = 946_684_800_000;
const word = 2 ** 32;
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);
const rowsPerChunk = 8192;
const intervalRow_bytes = 2 + 12 + 8 + 8 + 6 + 6 + 8 + 4 * 12;
const tierRow_bytes = 2 + 12 + 8 + 8 + 6 + 8 + 4 * 12 + 5 * 8;

/** Writes PostgreSQL's binary COPY fields one after the other. */
class FieldWriter {
  readonly buffer: Buffer;
  private readonly view: DataView;
  offset = 0;

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafe(size);
    this.view = new DataView(this.buffer.buffer, this.buffer.byteOffset, size);
  }
  row(fields: number): void {
    this.view.setInt16(this.offset, fields);
    this.offset += 2;
  }
  private int64(value: number): void {
    const high = Math.floor(value / word);
    this.view.setInt32(this.offset, 8);
    this.view.setInt32(this.offset + 4, high);
    this.view.setUint32(this.offset + 8, value - high * word);
    this.offset += 12;
  }
  instant(at_ms: number): void {
    this.int64((at_ms - epoch2000_ms) * 1000);
  }
  int32(value: number): void {
    this.view.setInt32(this.offset, 4);
    this.view.setInt32(this.offset + 4, value);
    this.offset += 8;
  }
  int16(value: number): void {
    this.view.setInt32(this.offset, 2);
    this.view.setInt16(this.offset + 4, value);
    this.offset += 6;
  }
  bigint(value: number): void {
    if (Number.isNaN(value)) this.null();
    else if (Number.isSafeInteger(value)) this.int64(value);
    else throw new RangeError(`${value} is not an integer`);
  }
  double(value: number): void {
    if (Number.isNaN(value)) {
      this.null();
      return;
    }
    this.view.setInt32(this.offset, 8);
    this.view.setFloat64(this.offset + 4, value);
    this.offset += 12;
  }
  null(): void {
    this.view.setInt32(this.offset, -1);
    this.offset += 4;
  }
}

const at = (column: ArrayLike<number> | undefined, i: number): number => column?.[i] ?? Number.NaN;

function* chunks(
  count: number,
  row_bytes: number,
  write: (fields: FieldWriter, i: number) => void,
): Generator<Buffer> {
  for (let from = 0; from < count; from += rowsPerChunk) {
    const to = Math.min(count, from + rowsPerChunk);
    const fields = new FieldWriter((to - from) * row_bytes);
    for (let i = from; i < to; i++) write(fields, i);
    yield fields.buffer.subarray(0, fields.offset);
  }
}

/** Base intervals as the bytes of COPY … (FORMAT binary), columns as in `intervalColumns`. */
export function* intervalBytes(blocks: readonly IntervalBlock[]): Generator<Buffer> {
  yield header;
  for (const block of blocks)
    yield* chunks(block.start_ms.length, intervalRow_bytes, (fields, i) => {
      fields.row(intervalColumns.length);
      fields.instant(at(block.start_ms, i));
      fields.int32(block.meterId);
      fields.int32(block.organisationId);
      fields.int16(block.measurandId);
      fields.int16(at(block.quality, i));
      fields.int32(block.duration_s);
      fields.bigint(at(block.delta, i));
      fields.double(at(block.mean, i));
      fields.double(at(block.min, i));
      fields.double(at(block.max, i));
    });
  yield trailer;
}

/** Tier rows as the bytes of COPY … (FORMAT binary), columns as in `tierColumns`. */
export function* tierBytes(blocks: readonly TierBlock[]): Generator<Buffer> {
  yield header;
  for (const block of blocks) {
    const { columns } = block;
    yield* chunks(columns.count, tierRow_bytes, (fields, i) => {
      fields.row(tierColumns.length);
      fields.instant(at(columns.start_ms, i));
      fields.int32(block.meterId);
      fields.int32(block.organisationId);
      fields.int16(block.measurandId);
      fields.int32(at(columns.duration_s, i));
      fields.bigint(at(columns.delta, i));
      fields.double(at(columns.mean, i));
      fields.double(at(columns.min, i));
      fields.double(at(columns.max, i));
      fields.int32(at(columns.n_measured, i));
      fields.int32(at(columns.n_interpolated, i));
      fields.int32(at(columns.n_estimated, i));
      fields.int32(at(columns.n_manual, i));
      fields.int32(at(columns.n_missing, i));
    });
  }
  yield trailer;
}
