import { mkdirSync, rmSync } from 'node:fs';
import type { BatchSchema, WireReading } from '@wattproof/contracts/mqtt';
import { columnsOf, findProfile } from '@wattproof/devices';
import { openOutbox } from '@wattproof/edge/outbox';
import { measurandOf } from '@wattproof/energy';
import { median } from '../figures/measure.ts';

const meters = 32;
const cycles = 625;
/** What the gateway's collector hands over at once at most. */
const batch_readings = 1000;
const batchesAtOnce = 6;

const profile = findProfile('ime-nemo-96hd');
if (!profile) throw new Error('no profile');
const columns = columnsOf(profile, {});
const schema: BatchSchema = {
  meters: Array.from({ length: meters }, (_, i) => ({
    key: `M${i}`,
    columns: columns.map(({ measurand, exponent }) => ({ measurandId: measurandOf(measurand).id, exponent })),
  })),
};

function readings(): WireReading[] {
  const start_ms = Date.now() - cycles * 10_000;
  return Array.from({ length: cycles * meters }, (_, n) => ({
    meterKey: `M${n % meters}`,
    at_ms: start_ms + Math.floor(n / meters) * 10_000,
    skew_ms: 20,
    quality: 'good',
    values: Object.fromEntries(
      columns.map(({ measurand }, c) => [
        measurand,
        measurandOf(measurand).kind === 'counter' ? 1000 * c + n : c + (n % 97) / 10,
      ]),
    ),
    exceptions: {},
  }));
}

/**
 * Readings a second through the outbox on this disk: stored as waiting, formed into back-fill batches, taken out and
 * deleted. Every commit but deletions is synced to the disk (WAL, synchronous=FULL).
 */
export function outboxRate(folder: string, rounds: number): number {
  const all = readings();
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const outbox = openOutbox(folder);
    outbox.useSchema(schema);
    const start_ms = performance.now();
    for (let at = 0; at < all.length; at += batch_readings)
      outbox.addWaiting(all.slice(at, at + batch_readings));
    // As many as may be under way at once; ingestion acknowledges them together.
    for (let upTo = 0; outbox.formBackfill(true, batchesAtOnce).length > 0; ) {
      upTo = outbox.batchesAfter('backfill', upTo, batchesAtOnce).at(-1)?.seq ?? upTo;
      outbox.acknowledge({ boot: outbox.boot, lane: 'backfill', upTo });
    }
    rates.push((1000 * all.length) / (performance.now() - start_ms));
    if (outbox.waitingReadings() > 0 || outbox.unacknowledged('backfill') > 0)
      throw new Error('the outbox is not empty');
    outbox.close();
  }
  return Math.round(median(rates));
}
