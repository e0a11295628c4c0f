import type { MeasurandName } from '@wattproof/energy';
import type { ClientBase } from 'pg';

/** A dead letter that a person wants to be taken after all. */
export interface LetterToTake {
  readonly id: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly receivedAt_ms: number;
  readonly code: string;
  readonly meterKey: string | null;
  /** Added to instants that are out of range; 0 = none. */
  readonly correction_ms: number;
}

/** Takes the oldest letter that waits for ingestion; nobody else gets it until this transaction ends. */
export async function claimLetterToTake(client: ClientBase): Promise<LetterToTake | undefined> {
  const { rows } = await client.query<{
    id: string;
    topic: string;
    payload: Buffer;
    received_at: Date;
    code: string;
    meter_key: string | null;
    correction_s: string | null;
  }>(
    `SELECT id, topic, payload, received_at, code, meter_key, correction_s FROM dead_letter
     WHERE decision = 'take' AND resolved_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  const [row] = rows;
  return (
    row && {
      id: row.id,
      topic: row.topic,
      payload: row.payload,
      receivedAt_ms: row.received_at.getTime(),
      code: row.code,
      meterKey: row.meter_key,
      correction_ms: Number(row.correction_s ?? 0) * 1000,
    }
  );
}

/** A letter whose readings are stored is resolved; one that was refused again is open again, and says why. */
export async function finishLetter(
  client: ClientBase,
  id: string,
  { isTaken, outcome }: { readonly isTaken: boolean; readonly outcome: string },
): Promise<void> {
  await client.query(
    `UPDATE dead_letter SET outcome = $2, resolved_at = CASE WHEN $3 THEN now() END, decision = CASE WHEN $3 THEN decision END
     WHERE id = $1`,
    [id, outcome.replaceAll('\0', '␀'), isTaken],
  );
}

/** A stored value that a person wants to be replaced by the one that contradicts it. */
export interface ValueToReplace {
  readonly id: string;
  readonly meterId: number;
  readonly at: Date;
  readonly measurand: MeasurandName;
  readonly stored: number;
  readonly arrived: number;
}

/** The oldest of them; nobody else gets them until this transaction ends. */
export async function claimValuesToReplace(client: ClientBase, most: number): Promise<ValueToReplace[]> {
  const { rows } = await client.query<ValueToReplace>(
    `SELECT id, meter_id AS "meterId", at, measurand, stored, arrived FROM store.reading_conflict
     WHERE decision = 'replace' AND applied_at IS NULL ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most],
  );
  return rows;
}

export async function finishReplacement(client: ClientBase, id: string, outcome: string): Promise<void> {
  await client.query('UPDATE store.reading_conflict SET applied_at = now(), outcome = $2 WHERE id = $1', [
    id,
    outcome,
  ]);
}
