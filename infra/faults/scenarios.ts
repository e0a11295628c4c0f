import { badRow, poison } from './bad-messages.ts';
import { fullBrokerDisk } from './broker-disk.ts';
import { wrongClocks } from './clocks.ts';
import { databaseDown } from './database-down.ts';
import { fullDisk } from './disk-full.ts';
import { fullGatewayDisk } from './gateway-disk.ts';
import { changedSchema, slowConsumer } from './hindered-database.ts';
import { deployedAnew, killedIngestion, killedShare } from './killed-processes.ts';
import { killedDatabase, lostBroker, lostRedis } from './killed-services.ts';
import { repetition } from './repetition.ts';
import type { FaultBench, Outcome, Scenario } from './scenario.ts';

/** The fault matrix, in its order. */
export const scenarios: readonly Scenario[] = [
  killedIngestion,
  killedShare,
  killedDatabase,
  databaseDown,
  lostBroker,
  lostRedis,
  fullDisk,
  fullBrokerDisk,
  fullGatewayDisk,
  poison,
  badRow,
  wrongClocks,
  repetition,
  slowConsumer,
  changedSchema,
  deployedAnew,
];

/** Runs one and ends what it has started; one that breaks off is an outcome too. */
export async function outcomeOf(
  scenario: Scenario,
  open: () => { readonly bench: FaultBench; readonly close: () => Promise<void> },
): Promise<Outcome> {
  const { bench, close } = open();
  try {
    return await scenario.run(bench);
  } catch (error) {
    return { done: 'broke off', sent: 0, stored: 0, twice: 0, wrong: [(error as Error).message] };
  } finally {
    await close();
  }
}

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
