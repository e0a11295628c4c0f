import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { addReading, commitReadings, createReadingBatch, type NewReading } from '@wattproof/database';
import { enqueue, jobChannel, openJobs } from '@wattproof/jobs';
import { type TestDatabase, testDatabase, testRedisUrl, unusedPort, waitFor } from '@wattproof/testkit';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const redisUrl = testRedisUrl({ database: 9 });
const quarter_ms = 900_000;

let database: TestDatabase;
let admin: Client;
let child: ChildProcess;
let port: number;
let organisationId: number;
let siteId: string;
let meterId: number;
const output: string[] = [];

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  const redis = new Redis(redisUrl);
  await redis.flushdb();
  redis.disconnect();
  organisationId = await insert(
    "INSERT INTO organisation (name, slug) VALUES ('Belleroche', 'belleroche')",
    [],
  );
  const entity = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Belleroche SAS', 'FR')",
    [organisationId],
  );
  siteId = await insert(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, 'Laval', 'FR', 'Europe/Paris')`,
    [organisationId, entity],
  );
  meterId = await insert(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand)
     VALUES ($1, $2, 'main', 'physical', 'use', 'electricity', 'active_energy_import_wh')`,
    [organisationId, siteId],
  );
  port = await unusedPort();
  child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      WATTPROOF_DATABASE_URL: database.urlOf('wattproof_worker'),
      WATTPROOF_REDIS_URL: redisUrl,
      WATTPROOF_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
      WATTPROOF_PORTAL_URL: 'http://localhost:3000',
      WATTPROOF_PORT: String(port),
      WATTPROOF_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok, { timeout_s: 50 });
});
afterAll(async () => {
  if (child?.exitCode === null) child.kill('SIGKILL');
  await admin?.end();
  await database?.drop();
});

async function send(
  readings: readonly (readonly [at_ms: number, values: NewReading['values']])[],
): Promise<void> {
  const batch = createReadingBatch();
  for (const [at_ms, values] of readings)
    addReading(batch, {
      meterId,
      organisationId,
      at_ms,
      receivedAt_ms: at_ms,
      skew_ms: 0,
      quality: 0,
      values,
      exceptions: {},
    });
  await commitReadings(admin, batch);
}

describe('the workers’ process', () => {
  test('says that it is well, and measures itself', async () => {
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect(await health.json()).toEqual({ status: 'ok', database: true, redis: true });
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).toContain('wattproof_workers_queue_waiting{queue="intervals"}');
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
  });

  test('a committed reading and a ring become an interval', async () => {
    const start_ms = Math.floor(Date.now() / quarter_ms) * quarter_ms - 2 * quarter_ms;
    await send([
      [start_ms, { active_energy_import_wh: 1_000, active_power_w: 4_000 }],
      [start_ms + quarter_ms, { active_energy_import_wh: 2_000, active_power_w: 4_000 }],
    ]);
    const jobs = openJobs({
      redisUrl,
      onError: (error) => {
        throw error;
      },
    });
    expect(await enqueue(jobs, 'rebuildIntervals', {})).toBe(true);
    const delta = await waitFor(
      async () =>
        (
          await admin.query<{ delta: string }>('SELECT delta FROM store.interval WHERE meter_id = $1', [
            meterId,
          ])
        ).rows[0]?.delta,
      { timeout_s: 40 },
    );
    await jobs.close();
    expect(delta).toBe('1000');
  });

  test('without any ring the regular runs find readings, alarms and waiting reports', async () => {
    const ruleId = await insert(
      `INSERT INTO alarm_rule (organisation_id, site_id, meter_id, name, kind, measurand, comparison, threshold)
       VALUES ($1, $2, $3, 'too much', 'threshold', 'active_power_w', 'above', 9000)`,
      [organisationId, siteId, meterId],
    );
    const subscriber = new Redis(redisUrl);
    const heard: string[] = [];
    await subscriber.subscribe(jobChannel(organisationId));
    subscriber.on('message', (_channel, message) => heard.push(message));
    const runId = await insert<string>(
      `INSERT INTO job_run (organisation_id, kind, title, input, created_at)
       VALUES ($1, 'makeAuditReport', 'Report', $2, now() - interval '1 hour')`,
      [organisationId, JSON.stringify({ auditId: randomUUID(), locale: 'en' })],
    );
    await send([[Date.now(), { active_energy_import_wh: 3_000, active_power_w: 12_000 }]]);
    await waitFor(
      async () => (await admin.query('SELECT FROM alarm WHERE alarm_rule_id = $1', [ruleId])).rowCount === 1,
      { timeout_s: 40 },
    );
    const run = await waitFor(
      async () =>
        (await admin.query("SELECT error FROM job_run WHERE id = $1 AND state = 'failed'", [runId])).rows[0],
      { timeout_s: 45 },
    );
    expect(run.error).toBe('There is no such audit');
    await waitFor(() => heard.length > 0);
    expect(JSON.parse(heard[0] ?? '{}')).toEqual({ jobRunId: runId });
    subscriber.disconnect();
  }, 150_000);

  test('ends by itself, in order, when told to', async () => {
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code, output.join('')).toBe(0);
  });
});
