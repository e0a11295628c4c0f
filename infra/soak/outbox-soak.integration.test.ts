import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeBuild } from '@wattproof/ingestion/process';
import { type TestDatabase, testDatabase, testMqtt, testPrograms, testRedisUrl } from '@wattproof/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultServices, openFaultBench } from '../faults/bench.ts';
import { randomFrom } from '../faults/scenarios.ts';
import { rootFolder } from '../paths.ts';
import { soakOutbox } from './outbox-soak.ts';

let database: TestDatabase;
let folder: string;
let services: FaultServices;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'soak-outbox-'));
  const { mqttUrl, admin, ingestion } = testMqtt();
  const programs = testPrograms();
  services = {
    adminDatabaseUrl: database.adminDatabaseUrl,
    ingestionDatabaseUrl: database.urlOf('wattproof_ingestion'),
    workerDatabaseUrl: database.urlOf('wattproof_worker'),
    redisUrl: await testRedisUrl(),
    mqttUrl,
    mqttAdmin: admin,
    mqttIngestion: ingestion,
    firstPartition: 1000 + 2 * randomInt(45_000),
    folder,
    control: null,
    programs: { bubblewrap: programs.WATTPROOF_TEST_BUBBLEWRAP, prefix: programs.WATTPROOF_TEST_PREFIX },
  };
});
afterAll(async () => {
  removeBuild();
  rmSync(folder, { recursive: true, force: true });
  await database.drop();
});

/** Three lives; `npm run soak -- outbox` has fifty, and an hour of a line full of meters. */
it('a gateway that is killed, finds its disk full and its broker away loses nothing and stores nothing twice', async () => {
  const { bench, close } = openFaultBench(services, { isShort: true, random: randomFrom(7) });
  try {
    const outcome = await soakOutbox(bench, {
      kills: 3,
      meters: 4,
      kept_s: 600,
      program: [join(rootFolder, 'apps/edge/src/main.ts')],
      folder,
    });
    expect(outcome.wrong).toEqual([]);
    expect(outcome).toMatchObject({ lost: 0, twice: 0, stored: outcome.accepted, backfill_readings: 240 });
    expect(outcome.full_disks).toBeGreaterThan(0);
    expect(outcome.broker_cuts).toBeGreaterThan(0);
  } finally {
    await close();
  }
}, 300_000);
