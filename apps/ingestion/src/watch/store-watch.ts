import { backlog, everyOrganisation, withScope } from '@wattproof/database';
import type { Logger } from '@wattproof/runtime';
import type { Pool } from 'pg';
import type { Metrics } from '../metrics/metrics.ts';

export interface StoreWatch {
  /** Age of the oldest mark at the last look; undefined before the first. */
  readonly oldestMark_s: () => number | undefined;
  readonly close: () => void;
}

const look_ms = 10_000;

/** Looks at what waits behind ingestion (marks) and before it (outboxes of gateways). */
export function watchStore(pool: Pool, metrics: Metrics, logger: Logger): StoreWatch {
  let oldestMark_s: number | undefined;
  const look = async (): Promise<void> => {
    const found = await withScope(pool, everyOrganisation, backlog, { readOnly: true });
    oldestMark_s = found.oldestMark_s;
    metrics.oldestDirtyMark_s.set(found.oldestMark_s);
    metrics.gatewayOutboxBatches.set(found.outboxBatches);
  };
  const run = (): void => {
    look().catch((error: unknown) => logger.debug({ err: error }, 'the backlog could not be read'));
  };
  run();
  const timer = setInterval(run, look_ms);
  return { oldestMark_s: () => oldestMark_s, close: () => clearInterval(timer) };
}
