import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  addReading,
  commitReadings,
  createReadingBatch,
  type LoginRole,
  loginRoles,
  migrate,
  type RolePasswords,
  rebuildIntervals,
} from '@wattproof/database';
import { enqueue, openJobs } from '@wattproof/jobs';
import pg from 'pg';
import { boundedMemory } from '../infra/applications.ts';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { onDatabase } from '../infra/database-url.ts';
import { flag, median, rounded } from './figures/measure.ts';
import { measurandNames } from './ingest/work.ts';

const rootFolder = join(import.meta.dirname, '..');
const databaseName = 'wattproof_bench_intervals';
const minutes = 2 * 1440;
const day_ms = 86_400_000;
/**
 * Three days ago, at midnight in Paris in winter: the workers that take the live readings then have little to say of the
 * time since, in which nothing came.
 */
const origin_ms = Math.floor(Date.now() / day_ms - 3) * day_ms - 3_600_000;
const end_ms = origin_ms + minutes * 60_000;
const counter = 'active_energy_import_wh';

/**
 * Two days of readings each minute made into intervals, hours, days and months by the workers' own function, beside a
 * GROUP BY of the same readings into a temporary table. `ratio`: the ten values are all kept as intervals, as the GROUP BY
 * does; `product_ratio`: what the product keeps of a sub-meter, its counter. Then one late reading for each meter, and
 * the way of one live reading through the running workers.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const rounds = flag(context.flags, '--runs', 3);
  const meters = flag(context.flags, '--meters', 1000);
  const admin = await prepareDatabase(context, meters);
  const pool = new pg.Pool({
    connectionString: onDatabase(context.databaseUrlOf('wattproof_worker'), databaseName),
    max: 4,
  });
  const bench = { context, admin, pool, meters };
  try {
    const measured: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      measured.push({
        groupBy_s: await timeGroupBy(admin),
        all_s: await timeRebuild(bench, 'all'),
        product_s: await timeRebuild(bench, 'product'),
        dirty_ms: await timeDirty(bench, round),
      });
      context.log(`round ${round}: ${JSON.stringify(measured.at(-1))}`);
    }
    const live_s = await timeLive(bench, rounds);
    const rows = meters * minutes;
    const of = (pick: (round: Round) => number): number => median(measured.map(pick));
    return {
      rows_per_s: Math.round(of((r) => rows / r.all_s)),
      group_by_rows_per_s: Math.round(of((r) => rows / r.groupBy_s)),
      ratio: rounded(of((r) => r.groupBy_s / r.all_s)),
      product_rows_per_s: Math.round(of((r) => rows / r.product_s)),
      product_ratio: rounded(of((r) => r.groupBy_s / r.product_s)),
      dirty_interval_ms: rounded(of((r) => r.dirty_ms)),
      live_to_interval_s: rounded(median(live_s)),
      rounds,
      rows,
    };
  } finally {
    await pool.end();
    await admin.end();
  }
}

interface Bench {
  readonly context: BenchContext;
  readonly admin: pg.Client;
  readonly pool: pg.Pool;
  readonly meters: number;
}

interface Round {
  readonly groupBy_s: number;
  readonly all_s: number;
  readonly product_s: number;
  readonly dirty_ms: number;
}

/** A database with the readings, kept between runs of the same size. */
async function prepareDatabase(context: BenchContext, meters: number): Promise<pg.Client> {
  const server = new pg.Client({ connectionString: context.adminDatabaseUrl });
  await server.connect();
  const known = await server.query('SELECT FROM pg_database WHERE datname = $1', [databaseName]);
  if (known.rowCount === 0) await server.query(`CREATE DATABASE ${databaseName}`);
  await server.end();
  const adminDatabaseUrl = onDatabase(context.adminDatabaseUrl, databaseName);
  const passwords = Object.fromEntries(
    loginRoles.map((role: LoginRole) => [
      role,
      decodeURIComponent(new URL(context.databaseUrlOf(role)).password),
    ]),
  ) as RolePasswords;
  await migrate({ adminDatabaseUrl, passwords });
  const admin = new pg.Client({ connectionString: adminDatabaseUrl });
  await admin.connect();
  // Live readings of a run before, whose meter has been silent since.
  await admin.query('DELETE FROM store.reading WHERE at >= $1', [new Date(end_ms)]);
  await admin.query('DELETE FROM store.latest');
  const { rows } = await admin.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM store.reading WHERE at >= $1',
    [new Date(origin_ms)],
  );
  if (rows[0]?.count === meters * minutes) return admin;
  context.log('making the readings');
  await admin.query(
    'TRUNCATE store.reading, store.interval, store.interval_hour, store.interval_day, store.interval_month, store.dirty',
  );
  await admin.query('TRUNCATE organisation CASCADE');
  await admin.query(
    `WITH o AS (INSERT INTO organisation (name, slug) VALUES ('Bench', 'bench') RETURNING id),
     e AS (INSERT INTO legal_entity (organisation_id, name, country) SELECT id, 'Bench', 'FR' FROM o RETURNING id, organisation_id)
     INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       SELECT organisation_id, id, 'Bench', 'FR', 'Europe/Paris' FROM e`,
  );
  await admin.query(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, rate_max_per_s)
     SELECT organisation_id, id, 'M' || m, 'physical', 'use', 'electricity', '${counter}', 100
     FROM site, generate_series(1, $1) m`,
    [meters],
  );
  await admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, ${measurandNames.join(', ')})
     SELECT $1::timestamptz + t * interval '1 minute', m.id, m.organisation_id, 0, $1,
       1000000 + t * 100 + (t * m.id) % 50, 400000 + t * 31, load, load * 0.3, load * 1.05, 0.9, 230 + t % 7, load / 400.0,
       50, (m.id + t) % 95 / 10.0
     FROM generate_series(0, $2::int - 1) t, meter m CROSS JOIN LATERAL (SELECT (2000 + (m.id * 37 + t * 13) % 9000)::float8 AS load) l`,
    [new Date(origin_ms), minutes],
  );
  await admin.query('VACUUM ANALYZE store.reading');
  return admin;
}

async function timeGroupBy(admin: pg.Client): Promise<number> {
  const columns = measurandNames.flatMap((name) => [`min(${name})`, `max(${name})`, `avg(${name})`]);
  await admin.query('SET max_parallel_workers_per_gather = 0');
  await admin.query('CHECKPOINT');
  const begin = performance.now();
  await admin.query(
    `CREATE TEMPORARY TABLE grouped AS SELECT meter_id, time_bucket('15 min', at) AS start, ${columns
      .map((column, i) => `${column} AS c${i}`)
      .join(', ')} FROM store.reading WHERE at < '${new Date(end_ms).toISOString()}' GROUP BY 1, 2`,
  );
  const seconds = (performance.now() - begin) / 1000;
  await admin.query('DROP TABLE grouped');
  return seconds;
}

const rebuild = (pool: pg.Pool) =>
  rebuildIntervals(pool, {
    onError: (error) => {
      throw error;
    },
  });

async function timeRebuild({ admin, pool, meters }: Bench, kept: 'all' | 'product'): Promise<number> {
  await admin.query(
    'TRUNCATE store.interval, store.interval_hour, store.interval_day, store.interval_month, store.dirty',
  );
  const settings = kept === 'all' ? { intervalMeasurands: measurandNames } : {};
  await admin.query('UPDATE meter SET settings = $1', [settings]);
  await admin.query('INSERT INTO store.dirty (meter_id, from_at, to_at) SELECT id, $1, $2 FROM meter', [
    new Date(origin_ms),
    new Date(end_ms - 60_000),
  ]);
  await admin.query('CHECKPOINT');
  const begin = performance.now();
  const result = await rebuild(pool);
  const seconds = (performance.now() - begin) / 1000;
  // The last interval is open: its end was not read.
  const expected = meters * (minutes / 15 - 1) * (kept === 'all' ? measurandNames.length : 1);
  const { rows } = await admin.query<{ count: number }>('SELECT count(*)::int AS count FROM store.interval');
  if (rows[0]?.count !== expected || result.failedMeters.length > 0)
    throw new Error(`${rows[0]?.count} intervals of ${expected} were made`);
  return seconds;
}

/** One reading of each meter arrives late, somewhere in the two days: time per interval that it makes dirty. */
async function timeDirty({ admin, pool, meters }: Bench, round: number): Promise<number> {
  await admin.query(
    `INSERT INTO store.dirty (meter_id, from_at, to_at)
     SELECT id, at, at FROM meter CROSS JOIN LATERAL (
       SELECT $1::timestamptz + ((id * 7919 + $2 * 104729) % $3) * interval '1 minute' AS at) t`,
    [new Date(origin_ms), round, minutes - 60],
  );
  const begin = performance.now();
  await rebuild(pool);
  return (performance.now() - begin) / meters;
}

/** From the commit of a reading that completes an interval to the row of that interval, with the workers running. */
async function timeLive({ context, admin }: Bench, rounds: number): Promise<number[]> {
  const { rows } = await admin.query<{ id: number; organisation_id: number }>(
    'SELECT id, organisation_id FROM meter ORDER BY id LIMIT 1',
  );
  const meter = rows[0];
  if (!meter) throw new Error('there is no meter');
  await admin.query('DELETE FROM store.interval WHERE start >= $1', [new Date(end_ms - 900_000)]);
  const stop = await startWorkers(context);
  const jobs = openJobs({ redisUrl: context.redisUrl, onError: (error) => context.log(error.message) });
  const measured: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const at_ms = end_ms + round * 900_000;
      const batch = createReadingBatch(16);
      addReading(batch, {
        organisationId: meter.organisation_id,
        meterId: meter.id,
        at_ms,
        receivedAt_ms: at_ms,
        skew_ms: 0,
        quality: 0,
        exceptions: {},
        values: { [counter]: 1_000_000 + (minutes + round * 15) * 100 + 60 },
      });
      await commitReadings(admin, batch);
      const begin = performance.now();
      await enqueue(jobs, 'rebuildIntervals', {});
      await untilInterval(admin, meter.id, at_ms - 900_000);
      measured.push((performance.now() - begin) / 1000);
    }
  } finally {
    await jobs.close();
    await stop();
  }
  return measured;
}

const longestWait_ms = 90_000;

async function untilInterval(admin: pg.Client, meterId: number, start_ms: number): Promise<void> {
  const deadline_ms = Date.now() + longestWait_ms;
  for (;;) {
    // The workers may have said before that nothing came: that row has no energy.
    const found = await admin.query(
      'SELECT FROM store.interval WHERE meter_id = $1 AND start = $2 AND delta IS NOT NULL',
      [meterId, new Date(start_ms)],
    );
    if (found.rowCount) return;
    if (Date.now() > deadline_ms) throw new Error('the interval of a live reading did not come');
    await delay(20);
  }
}

async function startWorkers(context: BenchContext): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['apps/workers/src/main.ts'], {
    cwd: rootFolder,
    env: {
      PATH: process.env.PATH,
      ...boundedMemory,
      WATTPROOF_DATABASE_URL: onDatabase(context.databaseUrlOf('wattproof_worker'), databaseName),
      WATTPROOF_REDIS_URL: context.redisUrl,
      WATTPROOF_SECRET_KEY: context.secretKey,
      WATTPROOF_PORTAL_URL: `http://localhost:${context.ports.PORTAL}`,
      WATTPROOF_PORT: String(context.ports.WORKERS),
      WATTPROOF_LOG_LEVEL: 'warn',
    },
    // It ends when the channel does, so that a benchmark that is killed leaves nothing behind.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const deadline_ms = Date.now() + 90_000;
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://127.0.0.1:${context.ports.WORKERS}/health`)).ok;
  // While it starts nothing listens yet.
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > deadline_ms) throw new Error('the workers did not start');
    await delay(50);
  }
  return async () => {
    child.kill('SIGTERM');
    await exited;
  };
}
