/** Schemas that were asked for and have not come. */
export interface SchemaWait {
  /**
   * Whether a batch may still wait for its schema. It waits at its gateway: it is not settled, so that the gateway keeps it
   * and sends it again.
   */
  readonly isPatient: (gatewayId: string, hash: string, now_ms: number) => boolean;
  /** Whether to ask now: at once, then every `repeat_ms`. */
  readonly shouldAsk: (gatewayId: string, hash: string, now_ms: number) => boolean;
  readonly arrived: (gatewayId: string, hash: string) => void;
}

/** After this a batch without its schema goes to the dead letters, whole, so that it does not hold up the others. */
const patience_ms = 120_000;
const repeat_ms = 5_000;
const waitsMax = 10_000;

export function createSchemaWait(): SchemaWait {
  const waits = new Map<string, { readonly since_ms: number; asked_ms: number }>();
  const waitOf = (gatewayId: string, hash: string, now_ms: number) => {
    const key = `${gatewayId} ${hash}`;
    let wait = waits.get(key);
    if (!wait) {
      wait = { since_ms: now_ms, asked_ms: Number.NEGATIVE_INFINITY };
      if (waits.size >= waitsMax) waits.clear();
      waits.set(key, wait);
    }
    return wait;
  };
  return {
    isPatient: (gatewayId, hash, now_ms) => now_ms - waitOf(gatewayId, hash, now_ms).since_ms < patience_ms,
    shouldAsk: (gatewayId, hash, now_ms) => {
      const wait = waitOf(gatewayId, hash, now_ms);
      if (now_ms - wait.asked_ms < repeat_ms) return false;
      wait.asked_ms = now_ms;
      return true;
    },
    arrived: (gatewayId, hash) => void waits.delete(`${gatewayId} ${hash}`),
  };
}
