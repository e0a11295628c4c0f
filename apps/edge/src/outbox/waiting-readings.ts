import { cbor, type WireReading } from '@wattproof/contracts/mqtt';

/** Readings as they wait for a place in the back-fill lane: CBOR of the readings themselves. */
export const encodeReadings = (readings: readonly WireReading[]): Uint8Array => cbor.encode(readings);

/** @throws Error where the bytes are not what `encodeReadings` wrote. */
export function decodeReadings(encoded: Uint8Array): readonly WireReading[] {
  const readings: unknown = cbor.decode(encoded);
  if (!Array.isArray(readings)) throw new Error('waiting readings are not a list');
  return readings as WireReading[];
}
