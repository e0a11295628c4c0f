import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeBuild } from '@wattproof/ingestion/process';
import { testDatabase, testMqtt, testPrograms, testRedisUrl } from '@wattproof/testkit';
import type { FaultServices } from '../bench.ts';

/** Services of the tests with a database and a folder of their own, for the short forms of faults and soaks. */
export async function openTestFaultServices(): Promise<{
  readonly services: FaultServices;
  readonly close: () => Promise<void>;
}> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const { mqttUrl, admin, ingestion } = testMqtt();
  const programs = testPrograms();
  return {
    services: {
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
    },
    close: async () => {
      removeBuild();
      rmSync(folder, { recursive: true, force: true });
      await database.drop();
    },
  };
}
