import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { bubblewrapPath, sandboxArguments } from './sandbox.ts';
import type { ServiceContext, ServiceProcess } from './service-process.ts';
import { startSandboxed } from './service-process.ts';

const run = promisify(execFile);
const superuser = 'wattproof_admin';
const database = 'wattproof';

/** Modest: a laptop runs the demo beside other work. fsync stays on, acknowledged readings survive a power cut. */
const settings = (port: number): Readonly<Record<string, string>> => ({
  listen_addresses: '127.0.0.1',
  port: String(port),
  unix_socket_directories: '',
  max_connections: '200',
  shared_preload_libraries: 'timescaledb',
  'timescaledb.telemetry_level': 'off',
  // No policies run in the edition of the prefix; a scheduler in every database would block CREATE DATABASE … TEMPLATE.
  'timescaledb.max_background_workers': '0',
  shared_buffers: '512MB',
  max_locks_per_transaction: '512',
  max_wal_size: '4GB',
  // Whole pages after a checkpoint: pglz, which `on` means, took a tenth of what PostgreSQL spends on ingestion.
  wal_compression: 'lz4',
  effective_cache_size: '2GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  fsync: 'on',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m %p %u@%d ',
  log_min_duration_statement: '5s',
});

async function initialise(data: string, password: string, context: ServiceContext): Promise<void> {
  // A folder without the file initdb writes last is half-made.
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const config = join(context.paths.root, 'postgres-init');
  mkdirSync(config, { recursive: true, mode: 0o700 });
  writeFileSync(join(config, 'password'), password, { mode: 0o600 });
  const command = [
    'initdb',
    '-D',
    '/data',
    '-U',
    superuser,
    '--pwfile=/config/password',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--data-checksums',
  ];
  const binds = [
    { from: data, to: '/data', writable: true },
    { from: config, to: '/config', writable: false },
  ];
  await run(
    bubblewrapPath(context.paths.boot),
    sandboxArguments(command, {
      prefix: context.paths.prefix,
      binds,
      processNumbers: context.processNumbers,
    }),
  );
  rmSync(config, { recursive: true });
  writeFileSync(join(data, 'wattproof-initialised'), '');
}

/** One successful query, the protocol's own answer that the server serves. */
async function probe(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // Without a listener a connection the server ends would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
  } finally {
    await client.end();
  }
}

export async function startPostgres(
  context: ServiceContext,
  { port, password }: { readonly port: number; readonly password: string },
): Promise<{ readonly service: ServiceProcess; readonly adminDatabaseUrl: string }> {
  const data = context.paths.postgres;
  if (!existsSync(join(data, 'wattproof-initialised'))) await initialise(data, password, context);
  const url = (name: string): string => `postgres://${superuser}:${password}@127.0.0.1:${port}/${name}`;
  const options = Object.entries(settings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const service = await startSandboxed(context, {
    name: 'postgres',
    command: ['postgres', '-D', '/data', ...options],
    binds: [{ from: data, to: '/data', writable: true }],
    // SIGTERM would wait for every client; SIGINT ends their sessions and writes a clean checkpoint.
    stopSignal: 'SIGINT',
    probe: () => probe(url('postgres')),
  });
  await createDatabase(url('postgres'));
  return { service, adminDatabaseUrl: url(database) };
}
