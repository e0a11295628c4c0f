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
  }>({
    name: 'lock_watermarks',
    text: `SELECT w.gateway_id, w.boot, w.lane, w.up_to, w.beyond FROM store.gateway_watermark w
     JOIN unnest($1::text[], $2::text[], $3::text[]) AS k (gateway_id, boot, lane) USING (gateway_id, boot, lane)
     ORDER BY gateway_id, boot, lane FOR UPDATE OF w`,
    values: [keys.map((k) => k.gatewayId), keys.map((k) => k.boot), keys.map((k) => k.lane)],
  });
  return found.rows.map((r) => ({
    gatewayId: r.gateway_id,
    boot: r.boot,
    lane: r.lane,
    upTo: Number(r.up_to),
    beyond: r.beyond.map(Number),
  }));
}

/** Where a mark moves on, its gap is another one: what was noted of it ends. */
export async function saveWatermarks(client: ClientBase, marks: readonly WatermarkRecord[]): Promise<void> {
  if (marks.length === 0) return;
  // An array of arrays of unlike lengths is no SQL array: `beyond` travels as text.
  await client.query({
    name: 'save_watermarks',
    text: `INSERT INTO store.gateway_watermark AS w (gateway_id, boot, lane, up_to, beyond)
     SELECT g, b, l, u, y::bigint[] FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[]) AS t (g, b, l, u, y)
     ON CONFLICT (gateway_id, boot, lane) DO UPDATE SET up_to = excluded.up_to, beyond = excluded.beyond, updated_at = now(),
       gap_since = CASE WHEN w.up_to = excluded.up_to THEN w.gap_since END,
       gap_asked = CASE WHEN w.up_to = excluded.up_to THEN w.gap_asked ELSE 0 END,
       gap_asked_at = CASE WHEN w.up_to = excluded.up_to THEN w.gap_asked_at END`,
    values: [
      marks.map((m) => m.gatewayId),
      marks.map((m) => m.boot),
      marks.map((m) => m.lane),
      marks.map((m) => m.upTo),
      marks.map((m) => `{${m.beyond.join(',')}}`),
    ],
  });
}

/** A sequence that misses batches, as it was left by whoever read it last. */
export interface OpenGapRecord extends WatermarkRecord {
  readonly since_ms: number | null;
  readonly asked: number;
}

/** Sequences of a partition's gateways in which batches are missing. */
export async function openGaps(client: ClientBase, partition: number): Promise<OpenGapRecord[]> {
  const { rows } = await client.query<{
    gateway_id: string;
    boot: string;
    lane: string;
    up_to: string;
    beyond: string[];
    since: Date | null;
    asked: number;
  }>(
    `SELECT w.gateway_id, w.boot, w.lane, w.up_to, w.beyond, w.gap_since AS since, w.gap_asked AS asked
     FROM store.gateway_watermark w JOIN gateway g ON g.id = w.gateway_id
     WHERE g.partition = $1 AND g.revoked_at IS NULL AND w.beyond <> '{}'`,
    [partition],
  );
  return rows.map((r) => ({
    gatewayId: r.gateway_id,
    boot: r.boot,
    lane: r.lane,
    upTo: Number(r.up_to),
    beyond: r.beyond.map(Number),
    since_ms: r.since?.getTime() ?? null,
    asked: r.asked,
  }));
}

export interface GapNote extends SequenceKey {
  /** The mark the gap begins after: where it has moved on meanwhile, nothing is noted. */
  readonly upTo: number;
  readonly since_ms: number;
  readonly asked: number;
  readonly askedAt_ms: number;
}

/** Notes since when gaps are open and how often their gateways were asked. */
export async function noteGaps(client: ClientBase, gaps: readonly GapNote[]): Promise<void> {
  if (gaps.length === 0) return;
  await client.query(
    `UPDATE store.gateway_watermark w SET gap_since = n.since, gap_asked = n.asked, gap_asked_at = n.asked_at
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::int4[], $7::timestamptz[])
       AS n (gateway_id, boot, lane, up_to, since, asked, asked_at)
     WHERE w.gateway_id = n.gateway_id AND w.boot = n.boot AND w.lane = n.lane AND w.up_to = n.up_to`,
    [
      gaps.map((g) => g.gatewayId),
      gaps.map((g) => g.boot),
      gaps.map((g) => g.lane),
      gaps.map((g) => g.upTo),
      gaps.map((g) => new Date(g.since_ms)),
      gaps.map((g) => g.asked),
      gaps.map((g) => new Date(g.askedAt_ms)),
    ],
  );
}

/** Records batches as never sent: they are missing for good, as far as anybody knows. */
export async function recordGivenUp(
  client: ClientBase,
  { gatewayId, boot, lane }: SequenceKey,
  { from, to, asked }: { readonly from: number; readonly to: number; readonly asked: number },
): Promise<void> {
  await client.query(
    `INSERT INTO store.gateway_given_up (gateway_id, boot, lane, from_seq, to_seq, asked)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [gatewayId, boot, lane, from, to, asked],
  );
}
