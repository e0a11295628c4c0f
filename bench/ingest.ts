import { execFileSync, fork, spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type LoginRole, loginRoles, migrate, type RolePasswords } from '@wattproof/database';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { boundedMemory } from '../infra/applications.ts';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { onDatabase } from '../infra/database-url.ts';
import { flag, median, rounded } from './figures/measure.ts';
import { cpuOf, peakMemory_mb, postgresCpu } from './ingest/cpu.ts';
import type { GeneratorOrder } from './ingest/generator.ts';
import {
  atOf,
  gatewayIdOf,
  measurandNames,
  meterKeyOf,
  partitionCount,
  partitionOf,
  rowsOf,
  sumsOf,
  valuesOf,
  type Work,
} from './ingest/work.ts';

const rootFolder = join(import.meta.dirname, '..');
const databaseName = 'wattproof_bench_ingest';

/**
 * Readings through the broker and ingestion into the database, beside a plain COPY of the same rows.
 * (a) one compact message per gateway cycle of 50 meters, (b) one JSON message per meter.
 * Timed from the first packet written to the last row committed; each run is then checked by count and by sum.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const rounds = flag(context.flags, '--runs', 3);
  const work: Work = {
    gateways: 20,
    metersPerGateway: 50,
    minutes: flag(context.flags, '--minutes', 300),
    origin_ms: Math.floor(Date.now() / 86_400_000) * 86_400_000 - 3 * 86_400_000,
  };
  const admin = await prepareDatabase(context, work);
  try {
    return await measure(context, admin, work, rounds);
  } finally {
    await admin.end();
  }
}

async function measure(
  context: BenchContext,
  admin: pg.Client,
  work: Work,
  rounds: number,
): Promise<BenchResult> {
  const csv = await csvFile(context, work);
  context.log('building ingestion');
  execFileSync('npm', ['run', 'build', '-w', '@wattproof/ingestion'], {
    cwd: rootFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // One process for all rounds: a service runs for weeks, and what is measured is not its start.
  const ingestion = await startIngestion(context);
  try {
    return summary(await measureRounds({ context, admin, work, csv, ingestion }, rounds), work);
  } finally {
    await ingestion.stop();
  }
}

interface Bench {
  readonly context: BenchContext;
  readonly admin: pg.Client;
  readonly work: Work;
  readonly csv: string;
  readonly ingestion: RunningIngestion;
}

/**
 * Each run has hours of its own, and the table is not emptied between: it is a table that has been written to that is
 * measured, and the size of one with whole index pages.
 */
const windowOf = (bench: Bench, run: number): Bench => ({
  ...bench,
  work: { ...bench.work, origin_ms: atOf(bench.work, run * bench.work.minutes) },
});

async function measureRounds(bench: Bench, rounds: number): Promise<Round[]> {
  const { context, admin, csv, work } = bench;
  const values = rowsOf(work) * measurandNames.length;
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    const copyBefore_s = postgresCpu(context.ports.POSTGRES) ?? Number.NaN;
    const copy_s = await timeCopy(admin, csv, work);
    const copyCpu_s = (postgresCpu(context.ports.POSTGRES) ?? Number.NaN) - copyBefore_s;
    const batch = await timeIngestion(windowOf(bench, 2 * round - 2), 'batch', `${Date.now()}`);
    const single = await timeIngestion(windowOf(bench, 2 * round - 1), 'single', '');
    measured.push({ copy_s, copyCpu_s, batch, single });
    for (const [form, { service_s, postgres_s }] of Object.entries({ batch, single }))
      context.log(
        `round ${round}, ${form}: ingestion ${service_s.toFixed(2)} s, PostgreSQL ${postgres_s.toFixed(2)} s of processor`,
      );
    context.log(
      `round ${round}: copy ${perSecond(values, copy_s)}, batch ${perSecond(values, batch.seconds)}, single ${perSecond(values, single.seconds)} values/s`,
    );
  }
  return measured;
}

function summary(measured: readonly Round[], work: Work): BenchResult {
  const values = rowsOf(work) * measurandNames.length;
  const of = (pick: (round: Round) => number): number => median(measured.map(pick));
  return {
    batch_values_per_s: of((r) => Math.round(values / r.batch.seconds)),
    single_values_per_s: of((r) => Math.round(values / r.single.seconds)),
    copy_values_per_s: of((r) => Math.round(values / r.copy_s)),
    batch_ratio: rounded(of((r) => r.copy_s / r.batch.seconds)),
    single_ratio: rounded(of((r) => r.copy_s / r.single.seconds)),
    lost: measured.reduce((sum, r) => sum + r.batch.lost + r.single.lost, 0),
    duplicated: measured.reduce((sum, r) => sum + r.batch.duplicated + r.single.duplicated, 0),
    batch_cpu_s_per_million: rounded(of((r) => cpuPerMillion(r.batch, values))),
    single_cpu_s_per_million: rounded(of((r) => cpuPerMillion(r.single, values))),
    copy_cpu_s_per_million: rounded(of((r) => (r.copyCpu_s / values) * 1e6)),
    rss_mb: Math.max(...measured.map((r) => Math.max(r.batch.memory_mb, r.single.memory_mb))),
    bytes_per_value_stored: rounded(measured.at(-1)?.single.bytes_per_value ?? Number.NaN),
    rounds: measured.length,
    values,
  };
}

interface Measured {
  readonly seconds: number;
  readonly service_s: number;
  /** NaN where PostgreSQL runs elsewhere. */
  readonly postgres_s: number;
  readonly memory_mb: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Of everything that is stored by then. */
  readonly bytes_per_value: number;
}
const cpuPerMillion = ({ service_s, postgres_s }: Measured, values: number): number =>
  ((service_s + postgres_s) / values) * 1e6;

interface Round {
  readonly copy_s: number;
  /** Of PostgreSQL alone: what processor seconds are worth on this machine at this time. */
  readonly copyCpu_s: number;
  readonly batch: Measured;
  readonly single: Measured;
}

const perSecond = (values: number, seconds: number): string => `${(values / seconds / 1e6).toFixed(2)} M`;

/** A fresh database with the gateways and meters of the work. */
async function prepareDatabase(context: BenchContext, work: Work): Promise<pg.Client> {
  const server = new pg.Client({ connectionString: context.adminDatabaseUrl });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${databaseName} WITH (FORCE)`);
  await server.query(`CREATE DATABASE ${databaseName}`);
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
  await admin.query(
    `INSERT INTO organisation (name, slug) VALUES ('Bench', 'bench');
     INSERT INTO legal_entity (organisation_id, name, country) VALUES (1, 'Bench', 'FR');
     INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       SELECT 1, id, 'Bench', 'FR', 'Europe/Paris' FROM legal_entity`,
  );
  for (let gateway = 0; gateway < work.gateways; gateway++)
    await admin.query(
      `WITH g AS (INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition)
         SELECT $1, 1, id, $1, 'edge', $2 FROM site RETURNING id, site_id),
       m AS (INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier)
         SELECT 1, g.site_id, k, 'physical', 'use', 'electricity' FROM g, unnest($3::text[]) k RETURNING id, name)
       INSERT INTO gateway_meter (organisation_id, gateway_id, meter_key, meter_id) SELECT 1, $1, name, id FROM m`,
      [
        gatewayIdOf(gateway),
        partitionOf(gateway),
        Array.from({ length: work.metersPerGateway }, (_, m) => meterKeyOf(m)),
      ],
    );
  await admin.query('CREATE TABLE store.copied (LIKE store.reading INCLUDING ALL)');
  // Its upkeep would be counted as ingestion's.
  await admin.query(
    `SELECT create_hypertable('store.copied', by_range('at', INTERVAL '14 days'), create_default_indexes => false);
     ALTER TABLE store.copied SET (autovacuum_enabled = false)`,
  );
  return admin;
}

const copyColumns = [
  'at',
  'meter_id',
  'organisation_id',
  'quality',
  'skew_ms',
  'received_at',
  ...measurandNames,
].join(', ');

/** The rows as CSV, in the order in which they arrive, kept for the next runs of the day. */
async function csvFile(context: BenchContext, work: Work): Promise<string> {
  const file = join(context.scratchFolder, `rows-${work.minutes}-${work.origin_ms}.csv`);
  if (existsSync(file)) return file;
  await pipeline(function* () {
    for (let minute = 0; minute < work.minutes; minute++) {
      const at = new Date(atOf(work, minute)).toISOString();
      let text = '';
      for (let meter = 0; meter < work.gateways * work.metersPerGateway; meter++)
        text += `${at},${meter + 1},1,0,0,${at},${valuesOf(meter, minute).join(',')}\n`;
      yield text;
    }
  }, createWriteStream(file));
  return file;
}

async function timeCopy(admin: pg.Client, csv: string, work: Work): Promise<number> {
  await admin.query('TRUNCATE store.copied');
  await admin.query('CHECKPOINT');
  const start_ms = performance.now();
  const stream = admin.query(copyFrom(`COPY store.copied (${copyColumns}) FROM STDIN (FORMAT csv)`));
  await pipeline(createReadStream(csv, { highWaterMark: 1 << 20 }), stream);
  const seconds = (performance.now() - start_ms) / 1000;
  const { rows } = await admin.query<{ count: number }>('SELECT count(*)::int AS count FROM store.copied');
  if (rows[0]?.count !== rowsOf(work)) throw new Error('the plain COPY did not store every row');
  return seconds;
}

async function timeIngestion(
  { context, admin, work, ingestion }: Bench,
  form: GeneratorOrder['form'],
  boot: string,
): Promise<Measured> {
  // No workers run here: marks are not the work that is measured.
  await admin.query('TRUNCATE store.dirty');
  await admin.query('CHECKPOINT');
  const generator = await startGenerator(context, work, form, boot);
  const insertedBefore = await ingestion.inserted();
  const postgresBefore_s = postgresCpu(context.ports.POSTGRES);
  const serviceBefore_s = cpuOf(ingestion.pid);
  const start_ms = Date.now();
  generator.go();
  await waitForRows(ingestion, insertedBefore + rowsOf(work));
  const seconds = (Math.max(...(await ingestion.commits_ms())) - start_ms) / 1000;
  const service_s = cpuOf(ingestion.pid) - serviceBefore_s;
  const postgres_s = (postgresCpu(context.ports.POSTGRES) ?? Number.NaN) - (postgresBefore_s ?? Number.NaN);
  await generator.done;
  const { lost, duplicated, bytes_per_value } = await check(admin, work);
  return {
    seconds,
    service_s,
    postgres_s,
    memory_mb: peakMemory_mb(ingestion.pid),
    lost,
    duplicated,
    bytes_per_value,
  };
}

interface RunningIngestion {
  readonly pid: number;
  /** Instants of the last commit of each partition. */
  readonly commits_ms: () => Promise<readonly number[]>;
  /** Rows inserted since its start. */
  readonly inserted: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** Longest time without any progress. */
const stalled_ms = 60_000;

async function startIngestion(context: BenchContext): Promise<RunningIngestion> {
  const { ports, mqttIngestion } = context;
  // `--profile` leaves a processor profile in the folder of scratch data.
  const profile = context.flags.includes('--profile')
    ? ['--cpu-prof', `--cpu-prof-dir=${context.scratchFolder}`]
    : [];
  const child = spawn(process.execPath, [...profile, 'apps/ingestion/dist/main.js'], {
    cwd: rootFolder,
    env: {
      PATH: process.env.PATH,
      ...boundedMemory,
      WATTPROOF_DATABASE_URL: onDatabase(context.databaseUrlOf('wattproof_ingestion'), databaseName),
      WATTPROOF_REDIS_URL: context.redisUrl,
      WATTPROOF_MQTT_URL: context.mqttUrl,
      WATTPROOF_MQTT_USERNAME: mqttIngestion.username,
      WATTPROOF_MQTT_PASSWORD: mqttIngestion.password,
      WATTPROOF_PARTITIONS: String(partitionCount),
      WATTPROOF_PORT: String(ports.INGESTION),
      WATTPROOF_LOG_LEVEL: 'warn',
    },
    // It ends when the channel does, so that a benchmark that is killed leaves nothing behind.
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${ports.INGESTION}`;
  const partitions = async () => {
    const response = await fetch(`${url}/health`);
    const body = (await response.json()) as {
      partitions: readonly { isConnected: boolean; lastCommitAt: string | null }[];
    };
    return body.partitions;
  };
  const isReady = async (): Promise<boolean> =>
    (await partitions()).filter((p) => p.isConnected).length === partitionCount;
  const deadline_ms = Date.now() + 30_000;
  // While it starts nothing listens yet.
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > deadline_ms)
      throw new Error('ingestion did not become ready');
    await delay(50);
  }
  return {
    pid: child.pid ?? 0,
    commits_ms: async () =>
      (await partitions()).map(({ lastCommitAt }) => Date.parse(lastCommitAt ?? '1970-01-01')),
    inserted: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/readings_total\{outcome="inserted"\} (\d+)/.exec(text)?.[1] ?? 0);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function waitForRows(ingestion: RunningIngestion, rows: number): Promise<void> {
  let last = -1;
  let progress_ms = Date.now();
  for (;;) {
    const inserted = await ingestion.inserted();
    if (inserted >= rows) return;
    if (inserted !== last) {
      last = inserted;
      progress_ms = Date.now();
    } else if (Date.now() - progress_ms > stalled_ms)
      throw new Error(`${inserted} of ${rows} rows came, and then no more`);
    // Asking costs what is measured: rarely, since the end is known from the commits.
    await delay(500);
  }
}

async function startGenerator(
  context: BenchContext,
  work: Work,
  form: GeneratorOrder['form'],
  boot: string,
): Promise<{ readonly go: () => void; readonly done: Promise<void> }> {
  const child = fork(join(import.meta.dirname, 'ingest/generator.ts'), { stdio: 'inherit' });
  const done = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`the generator ended with code ${code}`)),
    );
  });
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()));
  const order: GeneratorOrder = { mqttUrl: context.mqttUrl, ...context.mqttAdmin, work, form, boot };
  child.send(order);
  await Promise.race([ready, done]);
  return { go: () => void child.send('go'), done };
}

/** Counts and sums what is stored. */
async function check(
  admin: pg.Client,
  work: Work,
): Promise<{ readonly lost: number; readonly duplicated: number; readonly bytes_per_value: number }> {
  const sums = measurandNames.map((name) => `sum(${name})::float8 AS ${name}`).join(', ');
  const { rows } = await admin.query<Record<string, number>>(
    `SELECT count(*)::int AS stored, count(DISTINCT (meter_id, at))::int AS different, ${sums},
       hypertable_size('store.reading')::float8 / (SELECT count(*) FROM store.reading) AS row_bytes
     FROM store.reading WHERE at >= $1 AND at < $2`,
    [new Date(work.origin_ms), new Date(atOf(work, work.minutes))],
  );
  const [row = {}] = rows;
  const expected = sumsOf(work);
  measurandNames.forEach((name, i) => {
    const difference = Math.abs((row[name] ?? 0) - (expected[i] ?? 0));
    if (difference > 1e-9 * Math.abs(expected[i] ?? 0))
      throw new Error(`${name} does not add up: ${row[name]}`);
  });
  const { stored = 0, different = 0, row_bytes = Number.NaN } = row;
  return {
    lost: rowsOf(work) - different,
    duplicated: stored - different,
    bytes_per_value: row_bytes / measurandNames.length,
  };
}
