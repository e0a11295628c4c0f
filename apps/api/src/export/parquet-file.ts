import {
  type BasicType,
  ByteWriter,
  type ColumnSource,
  ParquetWriter,
  schemaFromColumnData,
} from 'hyparquet-writer';
import type { FileResponse } from './file-response.ts';

export interface ParquetColumn {
  readonly name: string;
  readonly type: Extract<BasicType, 'INT32' | 'INT64' | 'DOUBLE' | 'STRING' | 'TIMESTAMP'>;
  readonly unit: string | null;
}

/** Rows of a file by column, each as long as the others; a column is one value where all rows share it. */
export type ParquetRows = readonly (string | number | ArrayLike<number> | readonly (string | null)[])[];

/** A Parquet file that is written group by group, as fast as it is read. */
export interface ParquetFile {
  readonly add: (count: number, rows: ParquetRows) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Rows of a group: large enough to pack well, small enough to be held. */
const groupRows = 50_000;

type Cell = string | number | bigint | Date | null;

/** Numbers that are NaN are null; counters are 64-bit integers; instants are milliseconds in UTC. */
export function startParquet(file: FileResponse, columns: readonly ParquetColumn[]): ParquetFile {
  const bytes = new ByteWriter(1 << 20);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columns.map(({ name, type }) => ({ name, type, data: [] })) }),
    createdBy: 'Wattproof',
    kvMetadata: [
      { key: 'units', value: JSON.stringify(Object.fromEntries(columns.map((c) => [c.name, c.unit]))) },
    ],
  });
  let waiting: Cell[][] = columns.map(() => []);
  const send = async (): Promise<void> => {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    if (piece.length > 0) await file.write(piece);
  };
  const flush = async (): Promise<void> => {
    if ((waiting[0]?.length ?? 0) === 0) return;
    const columnData: ColumnSource[] = columns.map(({ name, type }, c) => ({
      name,
      type,
      data: waiting[c] ?? [],
    }));
    waiting = columns.map(() => []);
    // One group for each write: the library would cut off a small rest.
    await writer.write({ columnData, rowGroupSize: Number.MAX_SAFE_INTEGER });
    await send();
  };
  return {
    add: async (count, rows) => {
      for (const [c, { type }] of columns.entries())
        append(waiting[c] as Cell[], type, { count, of: rows[c] });
      if ((waiting[0]?.length ?? 0) >= groupRows) await flush();
    },
    end: async () => {
      await flush();
      await writer.finish();
      await send();
    },
  };
}

function append(
  cells: Cell[],
  type: ParquetColumn['type'],
  { count, of }: { readonly count: number; readonly of: ParquetRows[number] | undefined },
): void {
  for (let i = 0; i < count; i++) {
    const value = typeof of === 'object' ? of[i] : of;
    cells.push(value === undefined || value === null ? null : cellOf(value, type));
  }
}

function cellOf(value: string | number, type: ParquetColumn['type']): Cell {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return null;
  if (type === 'INT64') return BigInt(value);
  return type === 'TIMESTAMP' ? new Date(value) : value;
}
