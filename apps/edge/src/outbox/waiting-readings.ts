import { type BatchSchema, cbor, unpackReadings, type WireReading } from '@wattproof/contracts/mqtt';

interface Waiting {
  readonly oldest_ms: number;
  readonly payload: Uint8Array;
}

/** Readings wait packed, as they will travel. Those of version 0.1.0 wait as a CBOR list, whose first byte is above 7Fh. */
export const isPacked = (payload: Uint8Array): boolean => (payload[0] ?? 0) < 0x80;

/** @throws Error where the bytes are not waiting readings. */
export function readingsOf({ payload, oldest_ms }: Waiting, schema: BatchSchema): readonly WireReading[] {
  if (isPacked(payload)) return unpackReadings(payload, schema, oldest_ms);
  const readings: unknown = cbor.decode(payload);
  if (!Array.isArray(readings)) throw new Error('waiting readings are not a list');
  return readings as WireReading[];
}
