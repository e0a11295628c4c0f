import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type IngestionProcess, removeBuild, startIngestion } from './ingestion-process.ts';
import {
  compactForm,
  type Installation,
  type InstalledGateway,
  install,
  wireReading,
} from './installation.ts';
import { until } from './until.ts';

// Processes are started and killed many times; on a busy machine each start takes seconds.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

let installation: Installation;

beforeAll(async () => {
  installation = await install();
});
afterAll(async () => {
  removeBuild();
  await installation.close();
});

const origin_ms = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 10 * 86_400_000;

interface Load {
  /** Readings handed to the broker so far. */
  readonly sent: () => number;
  readonly stop: () => Promise<number>;
}

/** Publishes readings of M1 without pause, in both forms in turn, and resends what is asked for, as a gateway does. */
function startLoad(gateway: InstalledGateway, form: ReturnType<typeof compactForm>): Load {
  let sent = 0;
  let seq = 0;
  let isStopping = false;
  const atOf = (n: number): number => origin_ms + n * 1000;
  const next = (): Promise<void> => {
    const n = sent++;
    if (n % 2 === 0)
      return gateway.publish(
        'readings',
        JSON.stringify({
          meter: 'M1',
          at: new Date(atOf(n)).toISOString(),
          values: { active_energy_import_wh: n, active_power_w: n / 10 },
        }),
      );
    return gateway.publish('readings', form.batch([wireReading('M1', atOf(n), n, n / 10)], ++seq));
  };
  const run = async (): Promise<void> => {
    while (!isStopping) {
      await Promise.all(Array.from({ length: 40 }, next));
      await delay(5);
    }
  };
  const running = run();
  return {
    sent: () => sent,
    stop: async () => {
      isStopping = true;
      await running;
      return sent;
    },
  };
}

async function storedOf(gateway: InstalledGateway) {
  const [row] = await installation.rows<{ count: number; sum: string; wrong: number }>(
    `SELECT count(*)::int, coalesce(sum(active_energy_import_wh), 0) AS sum,
       count(*) FILTER (WHERE active_power_w IS DISTINCT FROM active_energy_import_wh / 10.0
         OR extract(epoch FROM at) <> $2::float8 / 1000 + active_energy_import_wh)::int AS wrong
     FROM store.reading WHERE meter_id = $1`,
    [gateway.meters.get('M1'), origin_ms],
  );
  return { count: row?.count ?? 0, sum: Number(row?.sum), wrong: row?.wrong ?? 0 };
}
async function expectAllStored(gateway: InstalledGateway, sent: number): Promise<void> {
  await until(async () => (await storedOf(gateway)).count >= sent, { timeout_s: 30, pause_ms: 100 });
  expect(await storedOf(gateway)).toEqual({ count: sent, sum: (sent * (sent - 1)) / 2, wrong: 0 });
  // Each was marked for the intervals, and nothing contradicts anything.
  expect(await installation.rows('SELECT 1 FROM store.reading_conflict')).toEqual([]);
  expect(await installation.rows('SELECT code, message FROM dead_letter')).toEqual([]);
  const [{ marked = 0 } = {}] = await installation.rows<{ marked: number }>(
    `SELECT count(DISTINCT r.at)::int AS marked FROM store.reading r JOIN store.dirty d
       ON d.meter_id = r.meter_id AND r.at BETWEEN d.from_at AND d.to_at WHERE r.meter_id = $1`,
    [gateway.meters.get('M1')],
  );
  expect(marked).toBe(sent);
}
async function announced(): Promise<{ gateway: InstalledGateway; form: ReturnType<typeof compactForm> }> {
  const gateway = await installation.gateway({ keys: ['M1'] });
  const form = compactForm(['M1']);
  await gateway.publish('schema', form.encoded);
  return { gateway, form };
}

test('kill -9 three times under load: what was sent is stored, once', async () => {
  let ingestion = await startIngestion(installation.environment);
  await ingestion.reads(2);
  const { gateway, form } = await announced();
  const load = startLoad(gateway, form);
  for (let kill = 0; kill < 3; kill++) {
    const before = (await storedOf(gateway)).count;
    await until(async () => (await storedOf(gateway)).count > before + 500);
    await ingestion.kill();
    const { count } = await storedOf(gateway);
    // It died with work in its hands; otherwise this proves nothing.
    expect(load.sent()).toBeGreaterThan(count);
    ingestion = await startIngestion(installation.environment);
  }
  await ingestion.reads(2);
  const sent = await load.stop();
  await expectAllStored(gateway, sent);
  const highest = await until(() => gateway.received('ack').at(-1)?.upTo === Math.floor(sent / 2));
  expect(highest).toBe(true);
  await ingestion.kill();
});

test('two processes share the partitions; when one dies the other takes over', async () => {
  const first = await startIngestion(installation.environment);
  await first.reads(2);
  const second = await startIngestion(installation.environment);
  await Promise.all([first.reads(1), second.reads(1)]);
  const partitionOf = async (p: IngestionProcess) => (await p.health()).body.partitions[0]?.partition;
  const partitions = [await partitionOf(first), await partitionOf(second)].sort();
  expect(partitions).toEqual([...installation.partitions]);
  const { gateway, form } = await announced();
  const load = startLoad(gateway, form);
  await until(async () => (await storedOf(gateway)).count > 200);
  const owner = (await partitionOf(first)) === gateway.partition ? first : second;
  const heir = owner === first ? second : first;
  await owner.kill();
  await heir.reads(2);
  const third = await startIngestion(installation.environment);
  await Promise.all([heir.reads(1), third.reads(1)]);
  const sent = await load.stop();
  await expectAllStored(gateway, sent);
  expect(await heir.stop()).toBe(0);
  await third.reads(2);
  expect(await third.stop()).toBe(0);
});

test('a database that goes away stops the acknowledgements, not the service; afterwards nothing is missing', async () => {
  const ingestion = await startIngestion(installation.environment);
  await ingestion.reads(2);
  const { gateway, form } = await announced();
  const load = startLoad(gateway, form);
  await until(async () => (await storedOf(gateway)).count > 200);
  await withSuperuser(async (client) => {
    const { name } = installation.database;
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    try {
      await client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = 'wattproof_ingestion'",
        [name],
      );
      await until(async () => (await ingestion.health()).code === 503);
      await delay(1_000);
    } finally {
      await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    }
  });
  await ingestion.reads(2);
  await until(async () => (await ingestion.health()).code === 200);
  const sent = await load.stop();
  await expectAllStored(gateway, sent);
  expect(await ingestion.stop()).toBe(0);
});

test('without Redis everything is stored; only the bells are silent', async () => {
  const ingestion = await startIngestion({
    ...installation.environment,
    WATTPROOF_REDIS_URL: 'redis://127.0.0.1:9',
  });
  await ingestion.reads(2);
  const { gateway, form } = await announced();
  const load = startLoad(gateway, form);
  await until(() => load.sent() > 500);
  await expectAllStored(gateway, await load.stop());
  expect((await ingestion.health()).body.redis).toBe(false);
  expect((await ingestion.health()).code).toBe(200);
  expect(await ingestion.stop()).toBe(0);
});

test('a message that the database refuses goes to the dead letters and holds up nobody', async () => {
  const { admin } = installation;
  const { gateway, form } = await announced();
  await admin.query(
    `ALTER TABLE store.reading ADD CONSTRAINT not_thirteen CHECK (active_energy_import_wh IS DISTINCT FROM 13 OR meter_id <> ${gateway.meters.get('M1')})`,
  );
  const ingestion = await startIngestion(installation.environment);
  await ingestion.reads(2);
  for (let seq = 1; seq <= 40; seq++)
    void gateway.publish(
      'readings',
      form.batch([wireReading('M1', origin_ms + seq * 1000, seq, seq / 10)], seq),
    );
  await until(() => gateway.received('ack').some((a) => a.upTo === 40));
  expect((await storedOf(gateway)).count).toBe(39);
  const letters = await installation.rows<{ code: string; message: string }>(
    'SELECT code, message FROM dead_letter WHERE gateway_id = $1',
    [gateway.gatewayId],
  );
  expect(letters).toMatchObject([{ code: 'storageRefused' }]);
  expect(letters[0]?.message).toMatch(/not_thirteen/);
  await admin.query('ALTER TABLE store.reading DROP CONSTRAINT not_thirteen; DELETE FROM dead_letter');
  expect(await ingestion.stop()).toBe(0);
});

async function withSuperuser(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const url = new URL(installation.database.adminDatabaseUrl);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
