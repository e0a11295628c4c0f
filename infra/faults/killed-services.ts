import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { IngestionProcess } from '@wattproof/ingestion/process';
import { rootFolder } from '../paths.ts';
import { unusedPort } from '../unused-port.ts';
import { processAndChildren } from './listener.ts';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

const isWell = (ingestion: IngestionProcess, bench: FaultBench) => async (): Promise<boolean> => {
  const { code, body } = await ingestion.health();
  return code === 200 && body.partitions.filter((p) => p.isConnected).length === bench.partitions;
};

async function kill(bench: FaultBench, service: 'postgres' | 'mosquitto', ingestion: IngestionProcess) {
  process.kill(bench.control.processOf(service), 'SIGKILL');
  const works = isWell(ingestion, bench);
  await waitUntil(async () => !(await works()), 30, `that ingestion notices the death of ${service}`);
  await waitUntil(works, 120, `that ingestion works after the death of ${service}`);
}

/** Stops a service in its tracks: connections stay open and nothing answers. */
async function freeze(pid: number, pause_ms: number): Promise<void> {
  const frozen = processAndChildren(pid);
  for (const one of frozen) process.kill(one, 'SIGSTOP');
  await delay(pause_ms);
  for (const one of frozen.reverse()) process.kill(one, 'SIGCONT');
}

export const killedDatabase: Scenario = {
  id: 'R2',
  fault: 'kill -9 of PostgreSQL; PostgreSQL frozen',
  isDestructive: true,
  run: async (bench) => {
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await bench.feed({ gateways: 2, meters: 20, period_ms: 30 });
    for (let time = 0; time < 3; time++) {
      await delay(500 + bench.random() * 1_500);
      await kill(bench, 'postgres', ingestion);
    }
    await delay(1_000);
    await freeze(bench.control.processOf('postgres'), 10_000);
    await waitUntil(isWell(ingestion, bench), 120, 'that ingestion works after the database was frozen');
    return bench.settle(fed, 'killed 3 times in mid-batch, then frozen for 10 s under load');
  },
};

/** The broker forgets everything: sessions, what it held for ingestion, retained schemas and states. */
export const lostBroker: Scenario = {
  id: 'R4',
  fault: 'kill -9 of Mosquitto, its store deleted',
  isDestructive: true,
  run: async (bench) => {
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await bench.feed({ gateways: 2, meters: 20, period_ms: 30 });
    for (let time = 0; time < 3; time++) {
      await delay(500 + bench.random() * 1_500);
      rmSync(bench.control.brokerStore, { force: true });
      await kill(bench, 'mosquitto', ingestion);
    }
    return bench.settle(fed, 'killed 3 times under load, each time without anything it had saved');
  },
};

/** Redis holds no truth: readings are stored without it, and intervals go on by themselves when it is back. */
export const lostRedis: Scenario = {
  id: 'R5',
  fault: 'Redis killed, emptied, frozen',
  isDestructive: true,
  run: async (bench) => {
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    // What earlier faults left to compute is not what is timed here.
    await bench.rows('DELETE FROM store.dirty');
    // An interval of a quarter of an hour every 15 cycles.
    const fed = await bench.feed({ gateways: 2, meters: 10, period_ms: 50, step_ms: 60_000 });
    const stopWorkers = await startWorkers(bench);
    await delay(1_000);
    const killed = bench.control.processOf('redis');
    process.kill(killed, 'SIGKILL');
    await waitUntil(() => isStartedAnew(bench, killed), 60, 'that Redis is started again');
    await freeze(bench.control.processOf('redis'), 5_000);
    await flush(bench.redisUrl);
    await delay(1_000);
    for (const gateway of fed) await gateway.stopFeeding();
    const stopped_ms = performance.now();
    const meterIds = fed.flatMap((gateway) => gateway.meterIds);
    // The interval under way is nobody's to compute before it is over: up to the last whole one.
    const isRebuilt = async (): Promise<boolean> =>
      (
        await bench.rows<{ ok: boolean | null }>(
          `SELECT bool_and(coalesce(i.done >= r.due, false)) AS ok FROM
             (SELECT meter_id, to_timestamp(floor(extract(epoch FROM max(at)) / 900) * 900) AS due
              FROM store.reading WHERE meter_id = ANY ($1) GROUP BY 1) r
           LEFT JOIN (SELECT meter_id, max(start + duration_s * interval '1 s') AS done
              FROM store.interval WHERE meter_id = ANY ($1) GROUP BY 1) i USING (meter_id)`,
          [meterIds],
        )
      )[0]?.ok === true;
    await waitUntil(() => fed.every((g) => g.outstanding() === 0), 60, 'that everything is stored');
    await waitUntil(isRebuilt, 90, 'that every whole interval is rebuilt');
    const resumed_s = (performance.now() - stopped_ms) / 1000;
    await stopWorkers();
    const [found] = await bench.rows<{ meters: number }>(
      'SELECT count(DISTINCT meter_id)::int AS meters FROM store.interval WHERE meter_id = ANY ($1)',
      [meterIds],
    );
    // The marks are worked off, so that `settle` cannot look for them.
    await bench.rows(
      `INSERT INTO store.dirty (meter_id, from_at, to_at) SELECT meter_id, min(at), max(at) FROM store.reading
       WHERE meter_id = ANY ($1) GROUP BY 1`,
      [meterIds],
    );
    const outcome = await bench.settle(
      fed,
      `killed, frozen for 5 s, emptied; every whole interval was rebuilt ${resumed_s.toFixed(0)} s after the last fault`,
    );
    const wrong = [
      ...(resumed_s > 60 ? [`intervals took ${resumed_s.toFixed(0)} s`] : []),
      ...(found?.meters === 20 ? [] : [`${found?.meters} of 20 meters have intervals`]),
    ];
    return { ...outcome, wrong: [...wrong, ...outcome.wrong] };
  },
};

function isStartedAnew(bench: FaultBench, killed: number): boolean {
  try {
    return bench.control.processOf('redis') !== killed;
  } catch {
    // Nothing listens there yet.
    return false;
  }
}

/** Takes every queued job and every schedule away. */
async function flush(redisUrl: string): Promise<void> {
  const { hostname, port, password } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  socket.write(`AUTH ${decodeURIComponent(password)}\r\nFLUSHALL\r\n`);
  await waitUntil(() => answer.split('+OK').length === 3, 10, 'that Redis is emptied').finally(() =>
    socket.destroy(),
  );
}

async function startWorkers(bench: FaultBench): Promise<() => Promise<void>> {
  const port = await unusedPort();
  const child = spawn(process.execPath, [join(rootFolder, 'apps/workers/src/main.ts')], {
    cwd: join(rootFolder, 'apps/workers'),
    env: {
      PATH: process.env.PATH,
      WATTPROOF_DATABASE_URL: bench.workerDatabaseUrl,
      WATTPROOF_REDIS_URL: bench.redisUrl,
      WATTPROOF_SECRET_KEY: randomBytes(32).toString('base64'),
      // Nobody opens it.
      WATTPROOF_PORTAL_URL: 'http://127.0.0.1',
      WATTPROOF_PORT: String(port),
      WATTPROOF_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  bench.defer(stop);
  await waitUntil(
    () =>
      fetch(`http://127.0.0.1:${port}/health`).then(
        () => true,
        () => false, // Nothing listens there while it starts.
      ),
    60,
    'that the workers start',
  );
  return stop;
}
