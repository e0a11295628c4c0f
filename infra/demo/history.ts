import { Worker } from 'node:worker_threads';
import type { PlantOptions } from '@wattproof/simulator';
import type { HistoryMessage, HistoryOrder, HistoryPart } from './history-worker.ts';

export interface HistoryOptions {
  /** Connection of the role that stores readings. */
  readonly databaseUrl: string;
  readonly plant: PlantOptions;
  readonly to_ms: number;
  readonly parts: readonly HistoryPart[];
  readonly threads?: number;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Fills the readings of every meter up to an instant, each meter in one transaction: the first time the whole history,
 * later the stretch the demo was off. Returns how many rows were written.
 */
export async function fillHistory(options: HistoryOptions): Promise<number> {
  const { parts, threads = 2, onProgress, ...order } = options;
  let rows = 0;
  let done = 0;
  const onMessage = (message: HistoryMessage): void => {
    rows += message.rows;
    done += message.meters;
    onProgress?.(done, parts.length);
  };
  const shares = shareOut(parts, threads).filter((share) => share.length > 0);
  await Promise.all(shares.map((share) => runWorker({ ...order, parts: share }, onMessage)));
  return rows;
}

/** Whole sites, the largest first, each to the thread that has least: a site's physics is computed once. */
function shareOut(parts: readonly HistoryPart[], threads: number): HistoryPart[][] {
  const shares: HistoryPart[][] = Array.from({ length: threads }, () => []);
  const sites = [...Map.groupBy(parts, (p) => p.siteKey).values()].sort((a, b) => b.length - a.length);
  for (const site of sites) shares.sort((a, b) => a.length - b.length)[0]?.push(...site);
  return shares;
}

function runWorker(order: HistoryOrder, onMessage: (message: HistoryMessage) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./history-worker.ts', import.meta.url), { workerData: order });
    worker.on('message', onMessage);
    worker.once('error', reject);
    worker.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`history: a thread ended with ${code}`)),
    );
  });
}
