import type { IngestionProcess } from '@wattproof/ingestion/process';
import pg from 'pg';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

const meters = 50;
/** A meter every 10 s. */
const cyclesPerHour = 360;

/** Hours without a database, injected as what gateways read in them, and how fast they are made up for. */
export const databaseDown: Scenario = {
  id: 'R3',
  fault: 'database away for an hour',
  isDestructive: false,
  run: async (bench) => {
    const gateways = bench.isShort ? 2 : 20;
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await bench.feed({ gateways, meters, period_ms: null, step_ms: 10_000 });
    for (const gateway of fed) gateway.feed();
    await waitUntil(() => fed.every((g) => g.outstanding() === 0), 60, 'that the first cycle is stored');
    await withoutDatabase(bench, ingestion, async () => {
      for (let cycle = 0; cycle < cyclesPerHour; cycle++) {
        for (const gateway of fed) gateway.feed();
        // The broker connections of the gateways live in this process too.
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const back_ms = performance.now();
    await waitUntil(() => fed.every((g) => g.outstanding() === 0), 240, 'that the hour is made up for');
    const speed = 3_600_000 / (performance.now() - back_ms);
    const outcome = await bench.settle(
      fed,
      `an hour of ${gateways * meters} meters, every 10 s, made up for at ${speed.toFixed(0)} × real time`,
    );
    return { ...outcome, wrong: [...(speed < 5 ? ['slower than 5 × real time'] : []), ...outcome.wrong] };
  },
};

/** Lets nobody in and ends the sessions that are there, while `work` goes on. */
async function withoutDatabase(
  bench: FaultBench,
  ingestion: IngestionProcess,
  work: () => Promise<void>,
): Promise<void> {
  const url = new URL(bench.adminDatabaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} ALLOW_CONNECTIONS false`);
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = 'wattproof_ingestion'",
      [name],
    );
    await waitUntil(async () => (await ingestion.health()).code === 503, 30, 'that ingestion notices');
    await work();
  } finally {
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} ALLOW_CONNECTIONS true`);
    await client.end();
  }
}
