/** Half of the meters, in a thread: makes their data, waits for the word, computes their EnPIs. */
import { parentPort, workerData } from 'node:worker_threads';
import { enpiOf, meterDays } from './work.ts';

const { from, to } = workerData as { readonly from: number; readonly to: number };
const meters = Array.from({ length: to - from }, (_, i) => meterDays(from + i));
parentPort?.on('message', () => {
  let checksum = 0;
  for (const meter of meters) checksum += enpiOf(meter).r2;
  parentPort?.postMessage(checksum);
});
parentPort?.postMessage('ready');
