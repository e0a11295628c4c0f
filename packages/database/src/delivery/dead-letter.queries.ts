import type { ClientBase } from 'pg';

/** A message, or a part of one, that could not be stored as readings: kept whole, with the reason. */
export interface NewDeadLetter {
  /** Null where the gateway is not known. */
  readonly organisationId: number | null;
  readonly gatewayId: string | null;
  readonly topic: string;
  readonly receivedAt_ms: number;
  readonly code: string;
  readonly message: string;
  /** Where in the message. */
  readonly location: string;
  readonly meterKey: string | null;
  readonly payload: Buffer;
  /** Readings that were decoded but not stored; null where there are none. */
  readonly readings: HeldReadings | null;
}
export interface HeldReadings {
  readonly count: number;
  readonly firstAt_ms: number;
  readonly lastAt_ms: number;
}

export async function saveDeadLetters(client: ClientBase, letters: readonly NewDeadLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await client.query(
    `INSERT INTO dead_letter (organisation_id, gateway_id, topic, received_at, code, message, location, meter_key, payload,
       readings, first_at_ms, last_at_ms)
     SELECT * FROM unnest($1::int4[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::bytea[], $10::int4[], $11::int8[], $12::int8[])`,
    [
      letters.map((d) => d.organisationId),
      letters.map((d) => d.gatewayId),
      letters.map((d) => printable(d.topic)),
      letters.map((d) => new Date(d.receivedAt_ms)),
      letters.map((d) => d.code),
      letters.map((d) => printable(d.message)),
      letters.map((d) => printable(d.location)),
      letters.map((d) => (d.meterKey === null ? null : printable(d.meterKey))),
      letters.map((d) => d.payload),
      letters.map((d) => d.readings?.count ?? null),
      letters.map((d) => d.readings?.firstAt_ms ?? null),
      letters.map((d) => d.readings?.lastAt_ms ?? null),
    ],
  );
}

/** Text columns cannot hold the character 0, which a message may well contain. */
const printable = (text: string): string => text.replaceAll('\0', '␀');
