import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@wattproof/runtime';
import type { Pool } from 'pg';
import type { Assembly } from '../message/assembly.ts';
import { createAssembly, reject } from '../message/assembly.ts';
import { type DecodeContext, decodeDelivery } from '../message/decode.ts';
import type { Delivery } from '../mqtt/deferred-client.ts';
import { type CommitResult, commitAssembly } from './commit.ts';
import { failureOf } from './failure.ts';

export interface StoreOptions {
  readonly pool: Pool;
  readonly logger: Logger;
  readonly context: Omit<DecodeContext, 'isFinal'>;
  /** Ends the waiting for a database that is away. */
  readonly signal: AbortSignal;
  /** Throws where nothing may be stored at the moment: it is treated as a database that is away. */
  readonly guard: () => void;
  readonly onRetry: (error: unknown) => void;
}
/** A committed assembly. One that was taken apart around refused data commits in several. */
export interface StoredAssembly {
  readonly assembly: Assembly;
  readonly result: CommitResult;
}

const firstWait_ms = 100;
const longestWait_ms = 5_000;

/**
 * Stores an assembly: waits for the database as long as it takes, and puts what it refuses into the dead letters, so that
 * neither an outage nor one bad message loses or holds up the others.
 * @throws AbortError when `signal` ends the waiting; nothing of the part not yet reported to `onStored` counts as stored then.
 */
export async function storeAssembly(
  assembly: Assembly,
  options: StoreOptions,
  onStored: (stored: StoredAssembly) => void,
): Promise<void> {
  await untilAvailable(() => decideUndecided(assembly, options.context), options);
  try {
    onStored({
      assembly,
      result: await untilAvailable(() => commitAssembly(options.pool, assembly), options),
    });
  } catch (error) {
    if (failureOf(error) !== 'refused') throw error;
    await storeApart(assembly.deliveries, options, error, onStored);
  }
}

/** Halves the deliveries until the refused ones stand alone. */
async function storeApart(
  deliveries: readonly Delivery[],
  options: StoreOptions,
  refusal: unknown,
  onStored: (stored: StoredAssembly) => void,
): Promise<void> {
  const [first] = deliveries;
  if (!first) throw refusal;
  if (deliveries.length === 1) {
    options.logger.error({ topic: first.topic, err: refusal }, 'the database refuses a message');
    const letters = createAssembly();
    letters.deliveries.push(first);
    await settleRefused(letters, first, options, refusal);
    onStored({
      assembly: letters,
      result: await untilAvailable(() => commitAssembly(options.pool, letters), options),
    });
    return;
  }
  const middle = deliveries.length >> 1;
  for (const part of [deliveries.slice(0, middle), deliveries.slice(middle)]) {
    const assembly = await assemble(part, options);
    try {
      onStored({
        assembly,
        result: await untilAvailable(() => commitAssembly(options.pool, assembly), options),
      });
    } catch (error) {
      if (failureOf(error) !== 'refused') throw error;
      await storeApart(part, options, error, onStored);
    }
  }
}

async function assemble(deliveries: readonly Delivery[], options: StoreOptions): Promise<Assembly> {
  const assembly = createAssembly();
  for (const delivery of deliveries) {
    assembly.deliveries.push(delivery);
    decodeDelivery(assembly, delivery, { ...options.context, isFinal: false });
  }
  await untilAvailable(() => decideUndecided(assembly, options.context), options);
  return assembly;
}

/** A refused message as a dead letter; its place in the sequence counts as settled. */
async function settleRefused(
  letters: Assembly,
  delivery: Delivery,
  options: StoreOptions,
  refusal: unknown,
): Promise<void> {
  const decoded = await assemble([delivery], options);
  for (const [key, sequence] of decoded.sequences) letters.sequences.set(key, sequence);
  const gatewayId = delivery.topic.split('/')[3];
  const gateway = gatewayId === undefined ? undefined : options.context.directory.find(gatewayId);
  reject(letters, delivery, { gateway, gatewayId }, [
    { code: 'storageRefused', message: (refusal as Error).message, where: 'message' },
  ]);
}

/** Asks the database what the assembly's undecided deliveries need, and decodes them. */
export async function decideUndecided(
  assembly: Assembly,
  context: Omit<DecodeContext, 'isFinal'>,
): Promise<void> {
  if (assembly.undecided.length === 0) return;
  await context.directory.refresh(assembly.questions);
  const undecided = assembly.undecided.splice(0);
  assembly.questions.length = 0;
  for (const delivery of undecided) decodeDelivery(assembly, delivery, { ...context, isFinal: true });
}

/** Does `work` until the database is there for it. */
async function untilAvailable<Result>(
  work: () => Promise<Result>,
  { signal, logger, guard, onRetry }: StoreOptions,
): Promise<Result> {
  for (let wait_ms = firstWait_ms; ; wait_ms = Math.min(2 * wait_ms, longestWait_ms)) {
    signal.throwIfAborted();
    try {
      guard();
      return await work();
    } catch (error) {
      if (failureOf(error) === 'refused') throw error;
      logger.warn({ err: error, wait_ms }, 'the database is not available; nothing is acknowledged');
      onRetry(error);
      await delay(wait_ms, undefined, { signal });
    }
  }
}
