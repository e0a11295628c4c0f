import type { ClientBase } from 'pg';

/** One delivery sequence of a gateway. */
export interface SequenceKey {
  readonly gatewayId: string;
  readonly boot: string;
  readonly lane: string;
}
export interface WatermarkRecord extends SequenceKey {
  /** Every batch up to here is stored or in the dead letters. */
  readonly upTo: number;
  /** Ranges of batches above that are committed too: [from, to, from, to, …], ascending. */
  readonly beyond: readonly number[];
}

/** The watermarks of these sequences that exist, locked until the transaction ends. */
export async function lockWatermarks(
  client: ClientBase,
  keys: readonly SequenceKey[],
): Promise<WatermarkRecord[]> {
  const found = await client.query<{
    gateway_id: string;
    boot: string;
    lane: string;
    up_to: string;
    beyond: string[];
  }>(
    `SELECT w.gateway_id, w.boot, w.lane, w.up_to, w.beyond FROM store.gateway_watermark w
     JOIN unnest($1::text[], $2::text[], $3::text[]) AS k (gateway_id, boot, lane) USING (gateway_id, boot, lane)
     ORDER BY gateway_id, boot, lane FOR UPDATE OF w`,
    [keys.map((k) => k.gatewayId), keys.map((k) => k.boot), keys.map((k) => k.lane)],
  );
  return found.rows.map((r) => ({
    gatewayId: r.gateway_id,
    boot: r.boot,
    lane: r.lane,
    upTo: Number(r.up_to),
    beyond: r.beyond.map(Number),
  }));
}

export async function saveWatermarks(client: ClientBase, marks: readonly WatermarkRecord[]): Promise<void> {
  if (marks.length === 0) return;
  // An array of arrays of unlike lengths is no SQL array: `beyond` travels as text.
  await client.query(
    `INSERT INTO store.gateway_watermark (gateway_id, boot, lane, up_to, beyond)
     SELECT g, b, l, u, y::bigint[] FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[]) AS t (g, b, l, u, y)
     ON CONFLICT (gateway_id, boot, lane) DO UPDATE SET up_to = excluded.up_to, beyond = excluded.beyond, updated_at = now()`,
    [
      marks.map((m) => m.gatewayId),
      marks.map((m) => m.boot),
      marks.map((m) => m.lane),
      marks.map((m) => m.upTo),
      marks.map((m) => `{${m.beyond.join(',')}}`),
    ],
  );
}
