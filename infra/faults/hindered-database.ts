import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

/** What a process may take however much waits for it. */
const memoryLimit_mb = 300;

const peakMemory_mb = (pid: number): number =>
  Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);

async function owner(bench: FaultBench): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: bench.adminDatabaseUrl });
  client.on('error', () => undefined); // A query that was under way fails by itself.
  await client.connect();
  bench.defer(() => client.end());
  return client;
}

/** A database that lets ingestion in for a tenth of the time, and senders that do not wait. */
export const slowConsumer: Scenario = {
  id: 'R11',
  fault: 'ten times more than can be stored',
  isDestructive: false,
  run: async (bench) => {
    const messages = bench.isShort ? 20_000 : 300_000;
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const gateways = [await bench.enrol({ meters: 1 }), await bench.enrol({ meters: 1, partition: 1 })];
    const meterIds = gateways.flatMap((gateway) => gateway.meterIds);
    const blocker = await owner(bench);
    let isFlooding = true;
    const blocking = (async () => {
      while (isFlooding) {
        await blocker.query('BEGIN; LOCK TABLE store.reading IN EXCLUSIVE MODE');
        await delay(900);
        await blocker.query('COMMIT');
        await delay(100);
      }
    })();
    const from_ms = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 5 * 86_400_000;
    const senders = await Promise.all(gateways.map((gateway) => bench.sender(gateway)));
    await Promise.all(senders.map((sender) => flood(sender.publish, messages / 2, from_ms)));
    isFlooding = false;
    await blocking;
    const stored = async (): Promise<{ n: number; sum: number }> =>
      (
        await bench.rows<{ n: number; sum: number }>(
          'SELECT count(*)::int AS n, coalesce(sum(active_energy_import_wh), 0)::float8 AS sum FROM store.reading WHERE meter_id = ANY ($1)',
          [meterIds],
        )
      )[0] ?? { n: 0, sum: 0 };
    const memory_mb = peakMemory_mb(ingestion.child.pid ?? 0);
    await waitUntil(async () => (await stored()).n >= messages, 240, 'that everything is stored');
    const { n, sum } = await stored();
    const each = messages / 2;
    return {
      done: `${messages} messages at once, the table locked for 9/10 of the time; ingestion took ${memory_mb} MB at most`,
      sent: messages,
      stored: n,
      twice: Math.max(0, n - messages),
      wrong: [
        ...(sum === each * (each - 1) ? [] : ['the sums differ']),
        ...(memory_mb > memoryLimit_mb ? [`${memory_mb} MB are more than ${memoryLimit_mb}`] : []),
      ],
    };
  },
};

async function flood(
  publish: (kind: 'readings', payload: string) => Promise<void>,
  messages: number,
  from_ms: number,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  for (let n = 0; n < messages; n++) {
    const at = new Date(from_ms + n * 1000).toISOString();
    const sending = publish(
      'readings',
      `{"meter":"M0","at":"${at}","values":{"active_energy_import_wh":${n},"active_power_w":${n % 900},"voltage_l1_n_v":230.1,"current_l1_a":4.25,"frequency_hz":50.01}}`,
    ).finally(() => underWay.delete(sending));
    underWay.add(sending);
    if (underWay.size >= 500) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

/** Chunks dropped, columns added, tables locked, deadlocks provoked, all while readings come. */
export const changedSchema: Scenario = {
  id: 'R12',
  fault: 'drop_chunks, DDL, locks and deadlocks during ingestion',
  isDestructive: false,
  run: async (bench) => {
    const rounds = bench.isShort ? 5 : 40;
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await bench.feed({ gateways: 2, meters: 10, period_ms: 20 });
    const database = await owner(bench);
    const name = `faults_${Math.floor(bench.random() * 1e6)}`;
    let deadlocks = 0;
    for (let round = 0; round < rounds; round++) {
      await delay(50 + bench.random() * 150);
      // A chunk far from what comes, made and dropped.
      await database.query(
        "INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at) VALUES (now() - interval '300 days', 0, 0, 0, now())",
      );
      await database.query("SELECT drop_chunks('store.reading', older_than => now() - interval '200 days')");
      await database.query(`ALTER TABLE store.reading ADD COLUMN ${name} double precision`);
      await delay(20);
      await database.query(`ALTER TABLE store.reading DROP COLUMN ${name}`);
      if (await crossed(database)) deadlocks++;
    }
    const metrics = await (await fetch(`${ingestion.url}/metrics`)).text();
    const retries = Number(/database_retries_total (\d+)/.exec(metrics)?.[1] ?? 0);
    return bench.settle(
      fed,
      `${rounds} rounds; ${retries} transactions tried again, ${deadlocks} deadlocks lost by the other side`,
    );
  },
};

/** Takes locks in the order opposite to ingestion's, so that one of the two is ended. True where it was this one. */
async function crossed(database: pg.Client): Promise<boolean> {
  try {
    await database.query('BEGIN; LOCK TABLE store.latest IN ACCESS EXCLUSIVE MODE');
    await delay(150);
    await database.query('LOCK TABLE store.reading IN ACCESS EXCLUSIVE MODE');
    await database.query('COMMIT');
    return false;
  } catch (error) {
    if ((error as { code?: unknown }).code !== '40P01') throw error;
    await database.query('ROLLBACK');
    return true;
  }
}
