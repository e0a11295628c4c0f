import { createHash } from 'node:crypto';
import { findMeasurandById, measurands } from '@wattproof/energy';
import { Encoder, type Options } from 'cbor-x';
import { z } from 'zod';
import { messageLimits } from './reading.ts';

/**
 * The compact form's schema: which meters a gateway reads and which measurands each has, in order.
 * It is published once, retained, on `up/schema`; batches refer to it by hash.
 *
 * CBOR: `[1, [[meterKey, [[measurandId, exponent], …]], …]]`. A value is `integer × 10^exponent`.
 */
export interface BatchSchema {
  readonly meters: readonly SchemaMeter[];
}
export interface SchemaMeter {
  readonly key: string;
  readonly columns: readonly SchemaColumn[];
}
export interface SchemaColumn {
  readonly measurandId: number;
  /** Power of ten: −3 for millivolts sent of a voltage in volts. Counters always 0. */
  readonly exponent: number;
}

const schemaWire = z.tuple([
  z.literal(1),
  z
    .array(
      z.tuple([
        z.string().min(1).max(messageLimits.meterKeyLength),
        z.array(z.tuple([z.number().int(), z.number().int().min(-9).max(9)])).max(measurands.length),
      ]),
    )
    .max(2_000),
]);

/** 64-bit integers read as numbers: an option of cbor-x that its types leave out. */
const int64AsNumber: Options & { readonly int64AsNumber: true } = { int64AsNumber: true };

/** Plain CBOR (RFC 8949) without records, tags or shared structures, so that any decoder reads it. */
export const cbor = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  tagUint8Array: false,
  variableMapSize: true,
  ...int64AsNumber,
});

export function encodeSchema(schema: BatchSchema): Buffer {
  return cbor.encode([
    1,
    schema.meters.map((m) => [m.key, m.columns.map((c) => [c.measurandId, c.exponent])]),
  ]);
}

/** Hash by which batches name their schema: the first 8 bytes of SHA-256 over its CBOR bytes, as hex. */
export const schemaHash = (encoded: Uint8Array): string =>
  createHash('sha256').update(encoded).digest('hex').slice(0, 16);

/** @throws Error saying what is wrong, where the bytes are not a schema. */
export function decodeSchema(encoded: Uint8Array): BatchSchema {
  const [, meters] = schemaWire.parse(cbor.decode(encoded));
  return {
    meters: meters.map(([key, columns]) => ({
      key,
      columns: columns.map(([measurandId, exponent]) => {
        if (!findMeasurandById(measurandId))
          throw new Error(`meter ${key}: no measurand has the number ${measurandId}`);
        return { measurandId, exponent };
      }),
    })),
  };
}
