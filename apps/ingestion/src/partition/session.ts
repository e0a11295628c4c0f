import { type AckMessage, downTopic, type RequestMessage } from '@wattproof/contracts/mqtt';
import { everyOrganisation, lockWatermarks, saveWatermarks, withScope } from '@wattproof/database';
import type { Logger } from '@wattproof/runtime';
import type { Pool } from 'pg';
import { type StoredAssembly, storeAssembly } from '../commit/store.ts';
import { createGapWatch } from '../delivery/gap-watch.ts';
import { skipFirstGap } from '../delivery/watermark.ts';
import type { GatewayDirectory } from '../gateway/gateway-directory.ts';
import type { Doorbell } from '../live/doorbell.ts';
import { type Assembly, createAssembly, type SettledSequence } from '../message/assembly.ts';
import { decodeDelivery } from '../message/decode.ts';
import { createSchemaWait } from '../message/schema-wait.ts';
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
}
export interface PartitionSession {
  readonly status: () => PartitionStatus;
  /** Commits and acknowledges what was received, and leaves. What it cannot finish within `limit_ms` will be sent to the next process. */
  readonly close: (limit_ms: number) => Promise<void>;
}

/** Payload received and not yet committed, beyond which reading from the connection pauses. */
const bytesMax = 64_000_000;
const flushBytes = 8_000_000;
const gapCheck_ms = 1_000;

/**
 * Reads one partition: collects messages into an assembly while the one before is being committed, and acknowledges
 * only what is committed, in order of arrival.
 */
export function openPartitionSession(options: PartitionSessionOptions): PartitionSession {
  const { partition, broker, pool, directory, doorbell, metrics, logger, flush_ms, flushRows } = options;
  const label = { partition: String(partition) };
  const stopping = new AbortController();
  const schemaWait = createSchemaWait();
  const gapWatch = createGapWatch();
  const context = { directory, schemaWait, retention_ms: options.retention_ms };
  const flushMessages = Math.max(1, Math.floor(broker.receiveMaximum / 2));
  let assembly = createAssembly();
  /** Being committed. */
  let storing: Promise<void> | undefined;
  let storingMessages = 0;
  let storingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  let isClosed = false;
  let lastCommitAt_ms: number | undefined;
  let failingSince_ms: number | undefined;

  const receive = (delivery: Delivery): void => {
    if (isClosed) return;
    if (delivery.isRedelivered) metrics.redelivered.inc();
    assembly.deliveries.push(delivery);
    assembly.bytes += delivery.payload.length;
    decodeDelivery(assembly, delivery, { ...context, isFinal: false });
    if (assembly.bytes + storingBytes > bytesMax) client.pause();
    if (
      assembly.readings.count >= flushRows ||
      assembly.deliveries.length >= flushMessages ||
      assembly.bytes >= flushBytes
    )
      isDue = true;
    if (isDue) flush();
    else if (!storing) timer ??= setTimeout(due, flush_ms);
  };
  const due = (): void => {
    timer = undefined;
    isDue = true;
    flush();
  };
  const flush = (): void => {
    if (storing || assembly.deliveries.length === 0) return;
    clearTimeout(timer);
    timer = undefined;
    isDue = false;
    const taken = assembly;
    assembly = createAssembly();
    storingMessages = taken.deliveries.length;
    storingBytes = taken.bytes;
    storing = store(taken).finally(() => {
      storing = undefined;
      storingMessages = 0;
      storingBytes = 0;
      client.resume();
      if (isClosed) return;
      if (isDue) flush();
      else if (assembly.deliveries.length > 0) timer ??= setTimeout(due, flush_ms);
    });
  };
  const store = async (taken: Assembly): Promise<void> => {
    const started_ms = Date.now();
    try {
      await storeAssembly(
        taken,
        {
          pool,
          logger,
          context,
          signal: stopping.signal,
          onRetry: () => {
            failingSince_ms ??= Date.now();
            metrics.databaseRetries.inc();
          },
        },
        committed,
      );
      metrics.commit_s.observe((Date.now() - started_ms) / 1000);
    } catch (error) {
      // Stopped while the database was away: the broker keeps what is not acknowledged.
      if (!stopping.signal.aborted) throw error;
    }
  };

  const committed = (stored: StoredAssembly): void => {
    const now_ms = Date.now();
    lastCommitAt_ms = now_ms;
    failingSince_ms = undefined;
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
    const { requests, givenUp } = gapWatch.decide(Date.now());
    for (const { sequence, ranges } of requests)
      for (const { from, to } of ranges)
        sendRequest(sequence.gatewayId, {
          kind: 'batches',
          boot: sequence.boot,
          lane: sequence.lane as AckMessage['lane'],
          from,
          to,
        });
    for (const sequence of givenUp) {
      metrics.gapsGivenUp.inc();
      const upTo = await skipGap(pool, sequence);
      logger.error({ ...sequence, seqs: undefined, upTo }, 'batches never came and are given up');
      sendAck(sequence, upTo);
    }
  };
  const gapTimer = setInterval(() => {
    checkGaps().catch((error: unknown) => logger.warn({ err: error }, 'gaps could not be checked'));
    metrics.gaps.set(label, gapWatch.count());
    metrics.unacknowledged.set(label, assembly.deliveries.length + storingMessages);
  }, gapCheck_ms);

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
      metrics.gaps.remove(label);
      metrics.unacknowledged.remove(label);
    },
  };
}

const instant = (at_ms: number | undefined): string | null =>
  at_ms === undefined ? null : new Date(at_ms).toISOString();

async function skipGap(pool: Pool, sequence: SettledSequence): Promise<number> {
  return withScope(pool, everyOrganisation, async (client) => {
    const [before] = await lockWatermarks(client, [sequence]);
    if (!before) return 0;
    const after = { ...before, ...skipFirstGap(before) };
    await saveWatermarks(client, [after]);
    return after.upTo;
  });
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
