import { setTimeout as delay } from 'node:timers/promises';
import type { IngestionProcess } from '@wattproof/ingestion/process';
import type { FaultBench, Scenario } from './scenario.ts';

/** Ingestion killed without warning, again and again, with work in its hands. */
export const killedIngestion: Scenario = {
  id: 'R1',
  fault: 'kill -9 of ingestion',
  isDestructive: false,
  run: async (bench) => {
    const kills = bench.isShort ? 4 : 50;
    let ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await bench.feed({ gateways: 2, meters: 10, period_ms: 15 });
    for (let kill = 0; kill < kills; kill++) {
      await delay(50 + bench.random() * 950);
      await ingestion.kill();
      ingestion = await bench.ingestion();
      await ingestion.reads(bench.partitions);
    }
    const messages = fed.reduce((sum, gateway) => sum + gateway.accepted() / 10, 0);
    return bench.settle(fed, `killed ${kills} times at random moments, ${messages} messages`);
  },
};

/** Three processes share the partitions; one after the other dies and is replaced. */
export const killedShare: Scenario = {
  id: 'R1b',
  fault: 'kill -9 of one of three processes',
  isDestructive: false,
  run: async (bench) => {
    const kills = bench.isShort ? 2 : 10;
    const processes = await Promise.all([bench.ingestion(), bench.ingestion(), bench.ingestion()]);
    await shared(processes, bench);
    const fed = await bench.feed({ gateways: 4, meters: 10, period_ms: 30 });
    for (let kill = 0; kill < kills; kill++) {
      await delay(200 + bench.random() * 800);
      const victim = await holder(processes);
      await processes[victim]?.kill();
      processes[victim] = await bench.ingestion();
      await shared(processes, bench);
    }
    return bench.settle(fed, `killed ${kills} times whoever held a partition; the others took over`);
  },
};

const held = async (process: IngestionProcess): Promise<number> =>
  (await process.health()).body.partitions.filter((p) => p.isConnected).length;

async function shared(processes: readonly IngestionProcess[], bench: FaultBench): Promise<void> {
  for (let look = 0; look < 1_200; look++) {
    const counts = await Promise.all(processes.map(held));
    if (counts.reduce((a, b) => a + b, 0) === bench.partitions) return;
    await delay(50);
  }
  throw new Error('the partitions were not all taken over within a minute');
}

async function holder(processes: readonly IngestionProcess[]): Promise<number> {
  const counts = await Promise.all(processes.map(held));
  return counts.findIndex((count) => count > 0);
}

/** SIGTERM as in a deployment: what was received is committed and acknowledged before it ends. */
export const deployedAnew: Scenario = {
  id: 'R13',
  fault: 'SIGTERM under load',
  isDestructive: false,
  run: async (bench) => {
    const times = bench.isShort ? 2 : 10;
    let ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const fed = await bench.feed({ gateways: 2, meters: 10, period_ms: 20 });
    const wrong: string[] = [];
    let longest_s = 0;
    let redelivered = 0;
    for (let time = 0; time < times; time++) {
      await delay(300 + bench.random() * 700);
      const started_ms = performance.now();
      const code = await ingestion.stop();
      longest_s = Math.max(longest_s, (performance.now() - started_ms) / 1000);
      if (code !== 0) wrong.push(`it ended with code ${code}`);
      ingestion = await bench.ingestion();
      await ingestion.reads(bench.partitions);
      await delay(200);
      redelivered += await redeliveredTo(ingestion);
    }
    if (longest_s > 10) wrong.push(`it took ${longest_s.toFixed(1)} s to end`);
    const outcome = await bench.settle(
      fed,
      `stopped ${times} times, the longest took ${longest_s.toFixed(1)} s; ${redelivered} messages were delivered again`,
    );
    return { ...outcome, wrong: [...wrong, ...outcome.wrong] };
  },
};

async function redeliveredTo(ingestion: IngestionProcess): Promise<number> {
  const text = await (await fetch(`${ingestion.url}/metrics`)).text();
  return Number(/redelivered_total (\d+)/.exec(text)?.[1] ?? 0);
}
