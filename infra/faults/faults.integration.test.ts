import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeBuild } from '@wattproof/ingestion/process';
import { type TestDatabase, testDatabase, testMqtt, testPrograms, testRedisUrl } from '@wattproof/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaultServices, openFaultBench } from './bench.ts';
import { outcomeOf, randomFrom, scenarios } from './scenarios.ts';

let database: TestDatabase;
let folder: string;
let services: FaultServices;

beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'faults-'));
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

/** The short form of the faults that need no services of their own; deaths of processes are in the tests of ingestion. */
const here = ['R3', 'R7', 'R9', 'R10', 'R11', 'R12'];

test.each(scenarios.filter((scenario) => here.includes(scenario.id)))(
  '$id: $fault',
  { timeout: 240_000 },
  async (scenario) => {
    const outcome = await outcomeOf(scenario, () =>
      openFaultBench(services, { isShort: true, random: randomFrom(42) }),
    );
    expect(outcome).toMatchObject({ sent: expect.any(Number), stored: outcome.sent, twice: 0, wrong: [] });
    expect(outcome.sent).toBeGreaterThan(0);
  },
);
