import type { ClientBase } from 'pg';

/** What a gateway said of itself, or that it was heard of. */
export interface GatewaySighting {
  readonly gatewayId: string;
  /** Null: it sent something else than its state. */
  readonly state: { readonly online: boolean; readonly json: string; readonly at_ms: number } | null;
  readonly messageAt_ms: number;
}

/**
 * Notes the last state and the last message of gateways. A will says only that the gateway is offline: what it said of
 * itself before is kept beside it.
 */
export async function saveGatewaySightings(
  client: ClientBase,
  sightings: readonly GatewaySighting[],
): Promise<void> {
  if (sightings.length === 0) return;
  const ordered = [...sightings].sort((a, b) => (a.gatewayId < b.gatewayId ? -1 : 1));
  await client.query({
    name: 'save_gateway_sightings',
    text: `UPDATE gateway g SET
       online = coalesce(s.online, g.online),
       state = CASE WHEN s.state IS NULL THEN g.state
                    WHEN s.state = '{"online": false}' THEN coalesce(g.state, '{}') || s.state ELSE s.state END,
       state_at = coalesce(s.state_at, g.state_at),
       last_message_at = greatest(g.last_message_at, s.message_at)
     FROM unnest($1::text[], $2::boolean[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[])
       AS s (id, online, state, state_at, message_at)
     WHERE g.id = s.id`,
    values: [
      ordered.map((s) => s.gatewayId),
      ordered.map((s) => s.state?.online ?? null),
      ordered.map((s) => s.state?.json ?? null),
      ordered.map((s) => (s.state ? new Date(s.state.at_ms) : null)),
      ordered.map((s) => new Date(s.messageAt_ms)),
    ],
  });
}
