import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type LoginRole, loginRoles, migrate, type RolePasswords } from '@wattproof/database';
import pg from 'pg';
import { sandboxArguments } from '../services/sandbox.ts';
import { unusedPort } from '../unused-port.ts';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

/** A PostgreSQL whose whole disk is a small one in memory. Each time it dies for want of space, a reserve is freed and it starts again. */
interface SmallDatabase {
  readonly adminDatabaseUrl: string;
  /** How often the server has died. */
  readonly deaths: () => number;
}

const disk_bytes = 440_000_000;
const reserves = 5;
const reserve_bytes = 20_000_000;

/** The prefix has no core utilities; perl is there. */
const keeper = `
my ($port, $reserves, $reserve) = @ARGV;
system('initdb', '-D', '/data/pg', '-U', 'wattproof_admin', '--auth=trust', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-sync') == 0 or exit 1;
for my $n (1 .. $reserves) {
  open(my $file, '>', "/data/reserve-$n") or exit 1;
  print $file "\\0" x 1000000 for 1 .. $reserve / 1000000;
  close $file;
}
for my $n (1 .. $reserves + 1) {
  system('postgres', '-D', '/data/pg', '-c', "port=$port", '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=',
    '-c', 'shared_preload_libraries=timescaledb', '-c', 'timescaledb.telemetry_level=off', '-c', 'timescaledb.max_background_workers=0',
    '-c', 'shared_buffers=32MB', '-c', 'max_wal_size=64MB', '-c', 'max_connections=40', '-c', 'timezone=UTC');
  print "died\\n";
  unlink "/data/reserve-$n";
}`;

async function startSmallDatabase(bench: FaultBench): Promise<SmallDatabase> {
  const { bubblewrap, prefix } = bench.programs;
  const port = await unusedPort();
  const command = [
    '/usr/bin/perl',
    '-e',
    `$| = 1; ${keeper}`,
    String(port),
    String(reserves),
    String(reserve_bytes),
  ];
  const sandbox = sandboxArguments([], { prefix, processNumbers: 'init' });
  const mounts = sandbox.slice(0, sandbox.lastIndexOf('--'));
  const child = spawn(
    bubblewrap,
    [...mounts, '--size', String(disk_bytes), '--tmpfs', '/data', '--', ...command],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  bench.defer(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const adminDatabaseUrl = `postgres://wattproof_admin@127.0.0.1:${port}/postgres`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null || attempt > 600)
      throw new Error(`the small database did not start: ${said}`);
    const client = new pg.Client({ connectionString: adminDatabaseUrl });
    client.on('error', () => undefined); // It is not there yet.
    try {
      await client.connect();
      await client.end();
      break;
    } catch {
      // Not there yet: the loop ends after a minute.
      await delay(100);
    }
  }
  return { adminDatabaseUrl, deaths: () => said.split('died').length - 1 };
}

/** The disk of the database runs full under load. Nothing is acknowledged meanwhile, and everything is stored when there is room. */
export const fullDisk: Scenario = {
  id: 'R6',
  fault: 'disk of the database full',
  isDestructive: true,
  run: async (bench) => {
    const small = await startSmallDatabase(bench);
    const urlOf = (database: string, role = 'wattproof_admin'): string => {
      const url = new URL(small.adminDatabaseUrl);
      url.pathname = `/${database}`;
      url.username = role;
      return url.href;
    };
    await query(urlOf('postgres'), 'CREATE DATABASE wattproof');
    const passwords = Object.fromEntries(
      loginRoles.map((role: LoginRole) => [role, randomBytes(12).toString('hex')]),
    ) as RolePasswords;
    await migrate({ adminDatabaseUrl: urlOf('wattproof'), passwords });
    const inner = bench.elsewhere({
      adminDatabaseUrl: urlOf('wattproof'),
      ingestionDatabaseUrl: urlOf('wattproof', 'wattproof_ingestion'),
    });
    const ingestion = await inner.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await inner.feed({ gateways: 2, meters: 20, period_ms: 30 });
    await waitUntil(() => fed.every((g) => g.accepted() > 400), 30, 'some load');
    await query(
      urlOf('wattproof'),
      'CREATE TABLE filler (content text); ALTER TABLE filler ALTER content SET STORAGE EXTERNAL',
    );
    const full_ms = performance.now();
    // A server that died of it has the room of a reserve again: filled until ingestion has noticed.
    await waitUntil(
      async () => {
        await fill(urlOf('wattproof'));
        return (await ingestion.health()).code === 503;
      },
      60,
      'that ingestion notices',
    );
    const said = (await ingestion.health()).body.problems.map((p) => p.message).join('; ');
    await delay(3_000);
    const held = fed.reduce((sum, gateway) => sum + gateway.outstanding(), 0);
    await waitUntil(
      () =>
        query(urlOf('wattproof'), 'DROP TABLE filler').then(
          () => true,
          () => false,
        ),
      60,
      'room',
    );
    const full_s = (performance.now() - full_ms) / 1000;
    await waitUntil(async () => (await ingestion.health()).code === 200, 120, 'that ingestion stores again');
    const outcome = await inner.settle(
      fed,
      `full for ${full_s.toFixed(0)} s, the server died ${small.deaths()} times; ingestion said: ${said.slice(0, 140)}`,
    );
    return { ...outcome, wrong: [...(held > 0 ? [] : ['the gateways held nothing back']), ...outcome.wrong] };
  },
};

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // The server may die of the want of space; the query says so.
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Fills the disk to the last page, in ever smaller steps, or until the server dies of it. */
async function fill(connectionString: string): Promise<void> {
  for (const rows of [2_000, 200, 20, 1]) {
    try {
      for (let step = 0; step < 1_000; step++)
        await query(
          connectionString,
          `INSERT INTO filler SELECT string_agg(md5(random()::text), '') FROM generate_series(1, ${rows}) r, generate_series(1, 250) GROUP BY r`,
        );
    } catch (error) {
      const { code } = error as { code?: unknown };
      // Full: on with smaller steps.
      if (code !== '53100') return;
    }
  }
}
