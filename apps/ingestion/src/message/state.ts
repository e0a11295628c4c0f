import { stateMessage } from '@wattproof/contracts/mqtt';
import { type Assembly, reject } from './assembly.ts';
import type { GatewayMessage } from './decode.ts';

/** `up/state`: the last one counts. */
export function decodeState(assembly: Assembly, message: GatewayMessage): void {
  const { delivery, gateway } = message;
  const { gatewayId } = gateway;
  if (delivery.payload.length === 0) return;
  let state: unknown;
  try {
    state = JSON.parse(delivery.payload.toString('utf8'));
  } catch (error) {
    reject(assembly, delivery, { gateway, gatewayId }, [
      { code: 'malformed', message: `not JSON: ${(error as Error).message}`, where: 'message' },
    ]);
    return;
  }
  const parsed = stateMessage.safeParse(state);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? 'message';
    reject(assembly, delivery, { gateway, gatewayId }, [
      { code: 'malformed', message: issue?.message ?? 'not a state', where },
    ]);
    return;
  }
  // A retained state is from before; when, it says itself, as far as it had a clock.
  const saidAt_ms = parsed.data.at === undefined ? delivery.receivedAt_ms : Date.parse(parsed.data.at);
  const at_ms = delivery.isRetained ? Math.min(saidAt_ms, delivery.receivedAt_ms) : delivery.receivedAt_ms;
  assembly.sightings.set(gatewayId, {
    gatewayId,
    state: { online: parsed.data.online, json: JSON.stringify(parsed.data), at_ms },
    messageAt_ms: at_ms,
  });
}

/** Notes that the gateway was heard of. */
export function sight(assembly: Assembly, { delivery, gateway }: GatewayMessage): void {
  const known = assembly.sightings.get(gateway.gatewayId);
  assembly.sightings.set(gateway.gatewayId, {
    gatewayId: gateway.gatewayId,
    state: known?.state ?? null,
    messageAt_ms: delivery.receivedAt_ms,
  });
}
