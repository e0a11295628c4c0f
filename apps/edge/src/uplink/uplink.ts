import {
  ackMessage,
  type CommandMessage,
  commandMessage,
  downTopic,
  type GatewayConfiguration,
  gatewayConfiguration,
  type Lane,
  lanes,
  type RequestMessage,
  type ResultMessage,
  requestMessage,
  type StateMessage,
  upTopic,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import type { Logger } from '@wattproof/runtime';
import { z } from 'zod';
import type { Outbox, StoredBatch } from '../outbox/outbox.ts';
import { type BrokerSession, stayConnected } from './broker-session.ts';
import { afterAcknowledge, afterPublish, afterSilence, type LaneWindow, newWindow } from './lane-window.ts';

export interface UplinkOptions {
  readonly gatewayId: string;
  readonly partition: number;
  readonly mqttUrl: string;
  readonly username: string;
  readonly password: string;
  readonly outbox: Outbox;
  readonly logger: Logger;
  readonly clock: () => boolean | null;
  readonly state: () => StateMessage;
  readonly onConfiguration: (configuration: GatewayConfiguration) => void;
  readonly onCommand: (command: CommandMessage) => void;
}

export interface Uplink {
  /** Takes readings over: when it returns they are on the disk. */
  readonly accept: (readings: readonly WireReading[]) => void;
  /** The same for readings of the past: they go by the back-fill lane, behind what is live. */
  readonly acceptPast: (readings: readonly WireReading[]) => void;
  /** Publishes the schema that batches now refer to. */
  readonly announceSchema: (encoded: Uint8Array) => void;
  readonly publishState: () => void;
  /** Tells what became of a command; whoever asked has stopped waiting when the broker is away, so nothing is kept. */
  readonly publishResult: (result: ResultMessage) => void;
  readonly isConnected: () => boolean;
  /** When ingestion last acknowledged batches; undefined before it did. */
  readonly acknowledgedAt_ms: () => number | undefined;
  readonly stop: () => Promise<void>;
}

/** Batches of a lane that may be under way: published, and not yet committed by ingestion. */
const windowOf: Readonly<Record<Lane, number>> = { live: 20, backfill: 6 };
const tick_ms = 1000;
/** PUBACK reason of a topic that the gateway's account has no right to. */
const notAuthorised = 0x87;
/** Pause after a batch was refused. */
const refused_ms = 30_000;

/** Moves batches from the outbox to ingestion through the broker, live before back-fill. */
export function startUplink(options: UplinkOptions): Uplink {
  const { gatewayId, partition, outbox, logger } = options;
  const topics = {
    schema: upTopic(partition, gatewayId, 'schema'),
    readings: upTopic(partition, gatewayId, 'readings'),
    state: upTopic(partition, gatewayId, 'state'),
    result: upTopic(partition, gatewayId, 'result'),
    ack: downTopic(partition, gatewayId, 'ack'),
    request: downTopic(partition, gatewayId, 'request'),
    config: downTopic(partition, gatewayId, 'config'),
    command: downTopic(partition, gatewayId, 'command'),
  };
  let session: BrokerSession | undefined;
  let windows: Record<Lane, LaneWindow> = windowsFrom(Date.now());
  let unanswered = 0;
  let acknowledgedAt_ms: number | undefined;
  let pausedUntil_ms = 0;
  let schema: Uint8Array | undefined;

  const publish = (topic: string, payload: string | Uint8Array, retain: boolean): void => {
    const on = session;
    if (!on?.client.connected) return;
    unanswered++;
    on.client.publish(topic, Buffer.from(payload), { qos: 1, retain }, (error) => {
      if (on !== session) return;
      unanswered--;
      if (error) refused(topic, error);
      else pump();
    });
  };

  const refused = (topic: string, error: Error & { readonly code?: unknown }): void => {
    pausedUntil_ms = Date.now() + refused_ms;
    windows = windowsFrom(Date.now());
    const reason =
      error.code === notAuthorised
        ? 'the broker does not allow this gateway to publish there'
        : error.message;
    logger.error(
      { topic, reasonCode: error.code, reason, wait_ms: refused_ms },
      'the broker refused a message',
    );
  };

  /** Publishes what there is room for. A full disk lets no batch be numbered: the next tick tries again. */
  const pump = (): void => {
    try {
      publishNext();
    } catch (error) {
      logger.error({ reason: (error as Error).message }, 'no batch could be formed');
    }
  };

  const publishNext = (): void => {
    if (!session?.client.connected || Date.now() < pausedUntil_ms) return;
    for (const lane of lanes) {
      for (let batch = nextBatch(lane); batch; batch = nextBatch(lane)) send(batch);
    }
  };

  const nextBatch = (lane: Lane): StoredBatch | undefined => {
    if (!session || unanswered >= Math.min(session.receiveMaximum, windowOf.live)) return undefined;
    const window = windows[lane];
    const stored = outbox.unacknowledged(lane);
    const [next] = outbox.batchesAfter(lane, window.publishedUpTo, 1);
    if (next) return next.seq - oldestSeq(lane, next.seq) < windowOf[lane] ? next : undefined;
    return lane === 'backfill' && stored < windowOf.backfill
      ? outbox.formBackfill(options.clock(), windowOf.backfill - stored)[0]
      : undefined;
  };

  const oldestSeq = (lane: Lane, fallback: number): number =>
    outbox.batchesAfter(lane, 0, 1)[0]?.seq ?? fallback;

  const send = ({ lane, seq, payload }: StoredBatch): void => {
    windows = { ...windows, [lane]: afterPublish(windows[lane], seq, Date.now()) };
    publish(topics.readings, payload, false);
  };

  const onMessage = (topic: string, payload: Buffer): void => {
    // A broker may send what it retains before it confirms the subscription: a configuration counts from the first.
    if (!session && topic !== topics.config) return;
    const message = parseJson(payload);
    if (topic === topics.ack) handle(ackMessage, message, topic, onAck);
    else if (topic === topics.request) handle(requestMessage, message, topic, onRequest);
    else if (topic === topics.config) handle(gatewayConfiguration, message, topic, options.onConfiguration);
    else if (topic === topics.command) handle(commandMessage, message, topic, options.onCommand);
    else logger.warn({ topic }, 'a message came on a topic that is not known');
  };

  const handle = <S extends z.ZodType>(
    schemaOfMessage: S,
    message: unknown,
    topic: string,
    work: (message: z.infer<S>) => void,
  ): void => {
    const parsed = schemaOfMessage.safeParse(message);
    if (parsed.success) work(parsed.data);
    else logger.warn({ topic, reason: z.prettifyError(parsed.error) }, 'a message was not understood');
  };

  const onAck = (ack: z.infer<typeof ackMessage>): void => {
    let deleted = 0;
    try {
      deleted = outbox.acknowledge(ack);
    } catch (error) {
      // A full disk: the batches are sent again, and deleted with the mark that then comes.
      logger.error({ reason: (error as Error).message }, 'committed batches could not be deleted');
    }
    if (deleted === 0) return;
    acknowledgedAt_ms = Date.now();
    windows = { ...windows, [ack.lane]: afterAcknowledge(windows[ack.lane], ack.upTo, Date.now()) };
    logger.debug({ ...ack, deleted }, 'batches committed');
    pump();
  };

  const onRequest = (request: RequestMessage): void => {
    if (request.kind === 'schema') {
      const encoded = outbox.schemaBytes(request.hash);
      // Only the schema in use stays on the topic; an older one is for whoever asked.
      if (encoded)
        publish(topics.schema, encoded, schema !== undefined && Buffer.compare(schema, encoded) === 0);
      else logger.warn({ hash: request.hash }, 'a schema was asked for that this outbox never had');
      return;
    }
    if (request.boot !== outbox.boot) {
      logger.warn({ boot: request.boot }, 'batches of another outbox were asked for');
      return;
    }
    const wanted = outbox.batchesAfter(request.lane, request.from - 1, windowOf[request.lane]);
    for (const batch of wanted.filter((b) => b.seq <= request.to))
      publish(topics.readings, batch.payload, false);
  };

  const publishState = (): void => publish(topics.state, JSON.stringify(options.state()), true);

  const broker = stayConnected(
    {
      ...options,
      will: { topic: topics.state, payload: JSON.stringify({ online: false }) },
      downFilter: `wattproof/v1/${partition}/${gatewayId}/down/#`,
    },
    {
      onSession: (opened) => {
        session = opened;
        unanswered = 0;
        windows = windowsFrom(Date.now());
        if (schema) publish(topics.schema, schema, true);
        publishState();
        pump();
      },
      onLost: () => {
        session = undefined;
      },
      onMessage,
    },
    logger,
  );

  const timer = setInterval(() => {
    const now_ms = Date.now();
    windows = { live: afterSilence(windows.live, now_ms), backfill: afterSilence(windows.backfill, now_ms) };
    pump();
  }, tick_ms);

  return {
    accept: (readings) => {
      const room = session?.client.connected && outbox.unacknowledged('live') < windowOf.live;
      if (room) outbox.addLive(readings, options.clock());
      else outbox.addWaiting(readings);
      pump();
    },
    acceptPast: (readings) => {
      outbox.addWaiting(readings);
      pump();
    },
    announceSchema: (encoded) => {
      schema = encoded;
      publish(topics.schema, encoded, true);
    },
    publishState,
    publishResult: (result) => publish(topics.result, JSON.stringify(result), false),
    isConnected: () => session?.client.connected ?? false,
    acknowledgedAt_ms: () => acknowledgedAt_ms,
    stop: async () => {
      clearInterval(timer);
      // What is still under way stays in the outbox; its callbacks must find nothing to do.
      session = undefined;
      await broker.stop(JSON.stringify({ ...options.state(), online: false }));
    },
  };
}

const windowsFrom = (now_ms: number): Record<Lane, LaneWindow> => ({
  live: newWindow(now_ms),
  backfill: newWindow(now_ms),
});

function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    // Not JSON: the schema of the topic refuses it and says so in the log.
    return undefined;
  }
}
