import { type AckMessage, downTopic, type RequestMessage } from '@wattproof/contracts/mqtt';
import {
  emptyReadingBatch,
  everyOrganisation,
  lockWatermarks,
  missingRanges,
  noteGaps,
  openGaps,
  type ReadingBatch,
  recordGivenUp,
  saveWatermarks,
  skipFirstGap,
  withScope,
} from '@wattproof/database';
import type { Logger } from '@wattproof/runtime';
import type { Pool } from 'pg';
import { type StoredAssembly, storeAssembly } from '../commit/store.ts';
import { createGapWatch, type Gap, type GapRequest } from '../delivery/gap-watch.ts';
import type { GatewayDirectory } from '../gateway/gateway-directory.ts';
import type { Doorbell } from '../live/doorbell.ts';
import { type Assembly, createAssembly, type SettledSequence } from '../message/assembly.ts';
import { decodeDelivery } from '../message/decode.ts';
import type { SchemaWait } from '../message/schema-wait.ts';
import { upTopicOf } from '../message/topic.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { connectDeferred, type DeferredClientOptions, type Delivery } from '../mqtt/deferred-client.ts';

export interface PartitionSessionOptions {
  readonly partition: number;
  readonly broker: DeferredClientOptions;
  readonly pool: Pool;
  readonly directory: GatewayDirectory;
  readonly doorbell: Doorbell;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly flush_ms: number;
  readonly flushRows: number;
  readonly retention_ms: number;
  readonly schemaWait: SchemaWait;
  /** Throws where nothing may be stored at the moment. */
  readonly guard: () => void;
  /** The broker gave this session to another process. */
  readonly onTakenOver: () => void;
}
export interface PartitionStatus {
  readonly partition: number;
  readonly isConnected: boolean;
  readonly unacknowledged: number;
  readonly lastCommitAt: string | null;
  /** Since when the database has refused to commit; null while it works. */
  readonly failingSince: string | null;
  readonly failure: string | null;
  /** Since when the transaction under way has been going on. */
  readonly committingSince: string | null;
}
export interface PartitionSession {
  readonly status: () => PartitionStatus;
  /** Commits and acknowledges what was received, and leaves. What it cannot finish within `limit_ms` will be sent to the next process. */
  readonly close: (limit_ms: number) => Promise<void>;
}

/** Payload of one batch. */
const flushBytes = 8_000_000;
/** Messages of one batch. Fewer where the receive window would be full before: then everything would wait for the timer. */
const flushMessagesMax = 5_000;
/** A batch whose memory it fills less than this gives it back: the burst that it grew for is over. */
const keptShare = 1 / 4;
/**
 * While messages keep coming, a batch gathers so many times as long as the one before took to commit: what a transaction costs
 * beside its rows (newest values, marks, its own end) is shared by more of them, the busier the database is.
 */
const gatherShare = 4;
const longestGather_ms = 1_000;
/** A pause this long ends a burst. */
const pause_ms = 25;
const gapCheck_ms = 1_000;

/**
 * Reads one partition: collects messages into an assembly while the one before is being committed, and acknowledges
 * only what is committed, in order of arrival.
 */
export function openPartitionSession(options: PartitionSessionOptions): PartitionSession {
  const { partition, broker, pool, directory, doorbell, metrics, logger, flush_ms, flushRows, schemaWait } =
    options;
  const label = { partition: String(partition) };
  const stopping = new AbortController();
  const gapWatch = createGapWatch();
  const context = { directory, schemaWait, retention_ms: options.retention_ms };
  const flushMessages = Math.max(1, Math.min(flushMessagesMax, Math.floor(broker.receiveMaximum / 2)));
  let assembly = createAssembly();
  /** Of the batch before the one that is being committed: two take turns. */
  let idle: ReadingBatch | undefined;
  /** Being committed. */
  let storing: Promise<void> | undefined;
  let storingMessages = 0;
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  let isClosed = false;
  let lastCommitAt_ms: number | undefined;
  let failingSince_ms: number | undefined;
  let failure: string | null = null;
  let committingSince_ms: number | undefined;
  let gather_ms = 0;
  let arrivedAt_ms = 0;

  const receive = (delivery: Delivery): void => {
    if (isClosed) return;
    arrivedAt_ms = delivery.receivedAt_ms;
    if (delivery.isRedelivered) metrics.redelivered.inc();
    assembly.deliveries.push(delivery);
    assembly.bytes += delivery.payload.length;
    decodeDelivery(assembly, delivery, { ...context, isFinal: false });
    const isFull =
      assembly.readings.count >= flushRows ||
      assembly.deliveries.length >= flushMessages ||
      assembly.bytes >= flushBytes;
    if (isFull) isDue = true;
    // One batch is being committed and the next is full: what follows waits at the broker, not here.
    if (isFull && storing) client.pause();
    if (isDue) flush();
    else if (!storing) timer ??= setTimeout(due, flush_ms);
  };
  const due = (): void => {
    timer = undefined;
    const now_ms = Date.now();
    const since_ms = assembly.deliveries[0]?.receivedAt_ms ?? now_ms;
    if (now_ms - since_ms < Math.max(gather_ms, flush_ms) && now_ms - arrivedAt_ms < pause_ms) {
      timer = setTimeout(due, pause_ms);
      return;
    }
    isDue = true;
    flush();
  };
  const flush = (): void => {
    if (storing || assembly.deliveries.length === 0) return;
    clearTimeout(timer);
    timer = undefined;
    isDue = false;
    const taken = assembly;
    assembly = createAssembly(idle);
    storingMessages = taken.deliveries.length;
    storing = store(taken).finally(() => {
      idle = reusable(taken.readings);
      storing = undefined;
      storingMessages = 0;
      client.resume();
      if (isClosed) return;
      if (isDue) flush();
      // Of a burst, which may have ended meanwhile.
      else if (assembly.deliveries.length > 0) timer ??= setTimeout(due, pause_ms);
    });
  };
  const store = async (taken: Assembly): Promise<void> => {
    const started_ms = Date.now();
    committingSince_ms = started_ms;
    try {
      await storeAssembly(
        taken,
        {
          pool,
          logger,
          context,
          signal: stopping.signal,
          guard: options.guard,
          onRetry: (error) => {
            failingSince_ms ??= Date.now();
            failure = (error as Error).message;
            metrics.databaseRetries.inc();
          },
        },
        committed,
      );
      const took_ms = Date.now() - started_ms;
      metrics.commit_s.observe(took_ms / 1000);
      gather_ms = Math.min(gatherShare * took_ms, longestGather_ms);
    } catch (error) {
      // Stopped while the database was away: the broker keeps what is not acknowledged.
      if (!stopping.signal.aborted) throw error;
    } finally {
      committingSince_ms = undefined;
    }
  };

  const committed = (stored: StoredAssembly): void => {
    const now_ms = Date.now();
    lastCommitAt_ms = now_ms;
    failingSince_ms = undefined;
    failure = null;
    client.acknowledge(stored.assembly.deliveries);
    for (const { sequence, mark } of stored.result.sequences) {
      gapWatch.note(sequence, mark, now_ms);
      sendAck(sequence, mark.upTo);
    }
    for (const { gatewayId, hash } of stored.assembly.schemaRequests.values())
      sendRequest(gatewayId, { kind: 'schema', hash });
    doorbell.ring(stored.assembly.sites);
    count(metrics, stored, now_ms);
  };

  const send = (gatewayId: string, kind: 'ack' | 'request', message: AckMessage | RequestMessage): void => {
    if (!client.isReady()) return;
    client.publish(downTopic(partition, gatewayId, kind), JSON.stringify(message)).catch((error: unknown) => {
      // Lost with the connection: the gateway sends again what it hears nothing of.
      if (!isClosed) logger.warn({ err: error, gatewayId, kind }, 'a message down was not sent');
    });
  };
  const sendAck = ({ gatewayId, boot, lane }: SettledSequence, upTo: number): void =>
    send(gatewayId, 'ack', { boot, lane: lane as AckMessage['lane'], upTo });
  const sendRequest = (gatewayId: string, request: RequestMessage): void =>
    send(gatewayId, 'request', request);

  const checkGaps = async (): Promise<void> => {
    // Who cannot be asked cannot be given up either.
    if (!client.isReady()) return;
    const now_ms = Date.now();
    const { requests, givenUp } = gapWatch.decide(now_ms);
    for (const { gap, ranges } of requests) {
      const { gatewayId, boot, lane } = gap.sequence;
      for (const { from, to } of ranges)
        sendRequest(gatewayId, { kind: 'batches', boot, lane: lane as AckMessage['lane'], from, to });
    }
    if (requests.length > 0) await noteRequests(pool, requests, now_ms);
    for (const { sequence, asked } of givenUp) {
      metrics.gapsGivenUp.inc();
      const upTo = await giveUp(pool, sequence, asked);
      logger.error({ ...sequence, seqs: undefined, upTo }, 'batches never came and are given up');
      sendAck(sequence, upTo);
    }
  };
  const showGaps = gapGauges(metrics, label);
  const gapTimer = setInterval(() => {
    checkGaps().catch((error: unknown) => logger.warn({ err: error }, 'gaps could not be checked'));
    showGaps(gapWatch.open());
    metrics.unacknowledged.set(label, assembly.deliveries.length + storingMessages);
  }, gapCheck_ms);
  resumeGaps(pool, partition, gapWatch.resume).catch((error: unknown) =>
    logger.warn(
      { err: error, partition },
      'open gaps could not be read; they are found with the next batches',
    ),
  );

  const client = connectDeferred(broker, {
    onDelivery: receive,
    onConnected: ({ sessionPresent }) => {
      logger.info({ partition, sessionPresent }, 'connected to the broker');
    },
    onLost: () => {
      // Not acknowledged, so the broker sends them again; gateways whose batches never reach us are asked through the gaps.
      assembly = createAssembly();
      clearTimeout(timer);
      timer = undefined;
      isDue = false;
    },
    onTakenOver: () => {
      // A session that is being left may well meet its successor, which can be of this very process.
      if (!isClosed) options.onTakenOver();
    },
    onError: (error) => logger.warn({ err: error, partition }, 'broker connection'),
  });

  return {
    status: () => ({
      partition,
      isConnected: client.isReady(),
      unacknowledged: assembly.deliveries.length + storingMessages,
      lastCommitAt: instant(lastCommitAt_ms),
      failingSince: instant(failingSince_ms),
      failure,
      committingSince: instant(committingSince_ms),
    }),
    close: async (limit_ms) => {
      clearInterval(gapTimer);
      clearTimeout(timer);
      const abort = setTimeout(() => stopping.abort(), limit_ms);
      isClosed = true;
      await storing;
      flush();
      await storing;
      clearTimeout(abort);
      stopping.abort();
      await client.end();
      showGaps([]);
      metrics.gaps.remove(label);
      metrics.unacknowledged.remove(label);
    },
  };
}

function reusable(batch: ReadingBatch): ReadingBatch | undefined {
  if (batch.count < keptShare * batch.meterId.length) return undefined;
  emptyReadingBatch(batch);
  return batch;
}

const instant = (at_ms: number | undefined): string | null =>
  at_ms === undefined ? null : new Date(at_ms).toISOString();

/** Goes on where the process before left off: a takeover is no new patience. */
async function resumeGaps(
  pool: Pool,
  partition: number,
  resume: ReturnType<typeof createGapWatch>['resume'],
): Promise<void> {
  const open = await withScope(pool, everyOrganisation, (client) => openGaps(client, partition), {
    readOnly: true,
  });
  const now_ms = Date.now();
  for (const { gatewayId, boot, lane, since_ms, asked, ...mark } of open)
    resume(
      { gatewayId, boot, lane, partition, seqs: [] },
      mark,
      { since_ms: since_ms ?? now_ms, asked },
      now_ms,
    );
}

function noteRequests(pool: Pool, requests: readonly GapRequest[], now_ms: number): Promise<void> {
  return withScope(pool, everyOrganisation, (client) =>
    noteGaps(
      client,
      requests.map(({ gap: { sequence, mark, since_ms, asked } }) => ({
        gatewayId: sequence.gatewayId,
        boot: sequence.boot,
        lane: sequence.lane,
        upTo: mark.upTo,
        since_ms,
        asked,
        askedAt_ms: now_ms,
      })),
    ),
  );
}

/** Goes on after the first gap of a sequence and records what was never sent. */
async function giveUp(pool: Pool, sequence: SettledSequence, asked: number): Promise<number> {
  return withScope(pool, everyOrganisation, async (client) => {
    const [before] = await lockWatermarks(client, [sequence]);
    const [gap] = before ? missingRanges(before) : [];
    if (!before || !gap) return before?.upTo ?? 0;
    await recordGivenUp(client, sequence, { ...gap, asked });
    const after = { ...before, ...skipFirstGap(before) };
    await saveWatermarks(client, [after]);
    return after.upTo;
  });
}

/** Shows the gaps of a partition, and by gateway how many batches are missing; what is closed is no longer shown. */
function gapGauges(metrics: Metrics, label: { readonly partition: string }) {
  let shown = new Set<string>();
  return (open: Iterable<Readonly<Gap>>): void => {
    const missing = new Map<string, number>();
    let sequences = 0;
    for (const { sequence, mark } of open) {
      sequences++;
      const batches = missingRanges(mark).reduce((sum, { from, to }) => sum + to - from + 1, 0);
      missing.set(sequence.gatewayId, (missing.get(sequence.gatewayId) ?? 0) + batches);
    }
    metrics.gaps.set(label, sequences);
    for (const gateway of shown) if (!missing.has(gateway)) metrics.missingBatches.remove({ gateway });
    for (const [gateway, batches] of missing) metrics.missingBatches.set({ gateway }, batches);
    shown = new Set(missing.keys());
  };
}

function count(metrics: Metrics, { assembly, result }: StoredAssembly, now_ms: number): void {
  const { deliveries, readings, deadLetters } = assembly;
  const kinds = new Map<string, number>();
  for (const { topic } of deliveries) {
    const kind = upTopicOf(topic)?.kind ?? 'other';
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  for (const [kind, number] of kinds) metrics.messages.inc({ kind }, number);
  for (const { code } of deadLetters) metrics.deadLetters.inc({ code });
  metrics.readings.inc({ outcome: 'inserted' }, result.written.inserted);
  metrics.readings.inc({ outcome: 'filled' }, result.written.filled);
  metrics.readings.inc({ outcome: 'unchanged' }, result.written.unchanged);
  metrics.conflicts.inc(result.written.conflicts);
  metrics.batchMessages.observe(deliveries.length);
  const [first] = deliveries;
  if (first) metrics.messageAge_s.observe((now_ms - first.receivedAt_ms) / 1000);
  if (readings.count === 0) return;
  metrics.batchReadings.observe(readings.count);
  let newest_ms = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < readings.count; row++)
    newest_ms = Math.max(newest_ms, readings.at_ms[row] as number);
  metrics.readingAge_s.observe((now_ms - newest_ms) / 1000);
}
