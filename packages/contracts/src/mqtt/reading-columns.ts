import type { MeasurandName } from '@wattproof/energy';
import { findMeasurandById, readingQualities } from '@wattproof/energy';
import type { WireReading } from './reading.ts';
import type { BatchSchema, SchemaMeter } from './schema.ts';

/** The readings of a batch as columns, one row a reading, absolute and in base units: nothing is allocated for a value. */
export interface ReadingColumns {
  readonly meters: readonly SchemaMeter[];
  readonly at_ms: Float64Array;
  readonly skew_ms: Float64Array;
  /** Row codes (`readingQualityCode`). */
  readonly quality: Uint8Array;
  /** NaN where a reading has none. */
  readonly values: ReadonlyMap<MeasurandName, Float64Array>;
  /** By row, where there are any. */
  readonly exceptions: ReadonlyMap<number, WireReading['exceptions']>;
}

export const noReadings: ReadingColumns = {
  meters: [],
  at_ms: new Float64Array(),
  skew_ms: new Float64Array(),
  quality: new Uint8Array(),
  values: new Map(),
  exceptions: new Map(),
};

/** The rows as readings, one by one. */
export function readingsOfColumns(columns: ReadingColumns): WireReading[] {
  const { meters, at_ms, skew_ms, quality, exceptions } = columns;
  return meters.map((meter, row) => {
    const values: Partial<Record<MeasurandName, number>> = {};
    for (const [name, column] of columns.values) {
      const value = column[row] as number;
      if (!Number.isNaN(value)) values[name] = value;
    }
    return {
      meterKey: meter.key,
      at_ms: at_ms[row] as number,
      skew_ms: skew_ms[row] as number,
      quality: readingQualities[quality[row] as number] ?? 'good',
      values,
      exceptions: exceptions.get(row) ?? {},
    };
  });
}

/** Stands for "this meter has no such column": exponents go from −9 to 9. */
export const noColumn = 127;

/** By meter index of a schema, the exponent of a measurand; looked up once for every schema, which thousands of batches share. */
export function exponentsOf(schema: BatchSchema, measurandId: number): Int8Array {
  let known = exponentsOfSchema.get(schema);
  if (!known) {
    known = new Map();
    exponentsOfSchema.set(schema, known);
  }
  let exponents = known.get(measurandId);
  if (!exponents) {
    exponents = Int8Array.from(
      schema.meters,
      ({ columns }) => columns.find((one) => one.measurandId === measurandId)?.exponent ?? noColumn,
    );
    // A message may name any number; only those of the registry are worth keeping.
    if (findMeasurandById(measurandId)) known.set(measurandId, exponents);
  }
  return exponents;
}
const exponentsOfSchema = new WeakMap<BatchSchema, Map<number, Int8Array>>();
