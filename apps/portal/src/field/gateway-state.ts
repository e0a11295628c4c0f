import type { Gateway } from '@wattproof/contracts/api';

export type GatewayState = 'online' | 'silent' | 'never' | 'revoked';

/**
 * Whether a gateway sends. One of ours says so itself and its last will says when it does not; a bring-your-own
 * gateway has no duty to, so the freshness of its meters speaks for it.
 */
export function gatewayState(gateway: Gateway): GatewayState {
  if (gateway.revokedAt !== null) return 'revoked';
  const isHeard = gateway.lastMessageAt !== null || gateway.meters.some((m) => m.lastReadingAt !== null);
  if (gateway.online) return 'online';
  if (!isHeard) return 'never';
  return gateway.kind === 'custom' && gateway.meters.some((m) => !m.stale) ? 'online' : 'silent';
}

/** When something was last heard of it: the newest of its messages, its state and its readings. */
export function lastHeardAt(gateway: Gateway): string | null {
  const heard = [gateway.lastMessageAt, ...gateway.meters.map((m) => m.lastReadingAt)].filter(
    (at) => at !== null,
  );
  return heard.reduce<string | null>(
    (latest, at) => (latest === null || Date.parse(at) > Date.parse(latest) ? at : latest),
    null,
  );
}

export const isLineDown = (line: Gateway['lines'][number]): boolean =>
  line.state !== null && line.state !== 'running';
