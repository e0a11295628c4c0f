import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFaultBench } from '../faults/bench.ts';
import { randomFrom } from '../faults/scenarios.ts';
import { openTestFaultServices } from '../faults/test/services.ts';
import { rootFolder } from '../paths.ts';
import { soakOutbox } from './outbox-soak.ts';

let opened: Awaited<ReturnType<typeof openTestFaultServices>>;

beforeAll(async () => {
  opened = await openTestFaultServices();
});
afterAll(() => opened.close());

/** Three lives; `npm run soak -- outbox` has fifty, and an hour of a line full of meters. */
it('a gateway that is killed, finds its disk full and its broker away loses nothing and stores nothing twice', async () => {
  const { bench, close } = openFaultBench(opened.services, { isShort: true, random: randomFrom(7) });
  try {
    const outcome = await soakOutbox(bench, {
      kills: 3,
      meters: 4,
      kept_s: 600,
      program: [join(rootFolder, 'apps/edge/src/main.ts')],
      folder: opened.services.folder,
    });
    expect(outcome.wrong).toEqual([]);
    expect(outcome).toMatchObject({ lost: 0, twice: 0, stored: outcome.accepted, backfill_readings: 240 });
    expect(outcome.full_disks).toBeGreaterThan(0);
    expect(outcome.broker_cuts).toBeGreaterThan(0);
  } finally {
    await close();
  }
}, 300_000);
