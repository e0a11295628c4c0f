import { connect, type IPublishPacket, type MqttClient } from 'mqtt';

/** A message that the broker holds for us until it is acknowledged. */
export interface Delivery {
  readonly topic: string;
  readonly payload: Buffer;
  /** Sent because we subscribed, not because it was published just now. */
  readonly isRetained: boolean;
  readonly isRedelivered: boolean;
  readonly messageId: number;
  /** Number of the connection it came over. */
  readonly generation: number;
  readonly receivedAt_ms: number;
}

export interface DeferredClientOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly filter: string;
  readonly receiveMaximum: number;
  readonly sessionExpiry_s: number;
}

export interface DeferredClientEvents {
  readonly onDelivery: (delivery: Delivery) => void;
  readonly onConnected: (state: { readonly sessionPresent: boolean }) => void;
  /** The connection is gone: what was delivered over it and not acknowledged will come again. */
  readonly onLost: () => void;
  /** Another process took this session over. */
  readonly onTakenOver: () => void;
  readonly onError: (error: Error) => void;
}

export interface DeferredClient {
  /** Connected and subscribed. */
  readonly isReady: () => boolean;
  /** Tells the broker, in order of arrival, that these are stored. Those of an earlier connection are left out. */
  readonly acknowledge: (deliveries: readonly Delivery[]) => void;
  /** Fails, never queues, while there is no connection. */
  readonly publish: (topic: string, payload: string) => Promise<void>;
  /** No more deliveries are read from the connection until `resume`. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly end: () => Promise<void>;
}

const sessionTakenOver = 0x8e;
const keepalive_s = 30;
const reconnect_ms = 1_000;
const endLimit_ms = 2_000;

/** PUBACK by hand needs a private function of mqtt.js: its version is pinned and `deferred-client.integration.test.ts` holds it to this. */
interface PacketSender {
  _sendPacket(packet: { cmd: 'puback'; messageId: number; reasonCode: number }): void;
}

/** Says "not yet" to mqtt.js, which then sends no PUBACK and goes on with the next packet. */
const notYet = new Error('acknowledged after commit');

/**
 * A persistent MQTT 5 session whose messages are acknowledged when we say so, not when they were received.
 * The broker sends at most `receiveMaximum` messages beyond the acknowledged ones.
 */
export function connectDeferred(
  options: DeferredClientOptions,
  events: DeferredClientEvents,
): DeferredClient {
  const client = connect(options.url, {
    protocolVersion: 5,
    clientId: options.clientId,
    username: options.username,
    password: options.password,
    clean: false,
    keepalive: keepalive_s,
    reconnectPeriod: reconnect_ms,
    resubscribe: false,
    queueQoSZero: false,
    properties: {
      sessionExpiryInterval: options.sessionExpiry_s,
      receiveMaximum: options.receiveMaximum,
    },
  });
  let generation = 0;
  let paused: (() => void) | undefined;
  let isPausing = false;
  let isSubscribed = false;

  client.handleMessage = (packet, callback) => {
    const isRepeatable = packet.qos > 0;
    events.onDelivery(deliveryOf(packet, generation));
    const next = (): void => callback(isRepeatable ? notYet : undefined);
    if (isPausing) paused = next;
    else next();
  };
  client.on('connect', (connack) => {
    events.onConnected({ sessionPresent: connack.sessionPresent });
    // Always: a subscription brings the retained schemas and states again.
    client.subscribe(options.filter, { qos: 1 }, (error, granted) => {
      const refused = granted?.find((g) => g.qos >= 0x80);
      if (error) events.onError(error);
      else if (refused) events.onError(new Error(`the broker refused the subscription to ${refused.topic}`));
      else isSubscribed = true;
    });
  });
  client.on('close', () => {
    generation++;
    isSubscribed = false;
    paused = undefined;
    events.onLost();
  });
  client.on('disconnect', (packet) => {
    if (packet.reasonCode === sessionTakenOver) events.onTakenOver();
  });
  client.on('error', events.onError);

  return {
    isReady: () => client.connected && isSubscribed,
    acknowledge: (deliveries) => {
      if (!client.connected) return;
      const sender = client as unknown as PacketSender;
      for (const { messageId, generation: of } of deliveries)
        if (of === generation && messageId > 0)
          sender._sendPacket({ cmd: 'puback', messageId, reasonCode: 0 });
    },
    publish: (topic, payload) => publishNow(client, topic, payload),
    pause: () => {
      isPausing = true;
    },
    resume: () => {
      isPausing = false;
      const next = paused;
      paused = undefined;
      next?.();
    },
    end: () => endWithin(client, endLimit_ms),
  };
}

function deliveryOf(packet: IPublishPacket, generation: number): Delivery {
  return {
    topic: packet.topic,
    payload: typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload,
    isRetained: packet.retain,
    isRedelivered: packet.dup,
    messageId: packet.qos > 0 ? (packet.messageId ?? 0) : 0,
    generation,
    receivedAt_ms: Date.now(),
  };
}

function publishNow(client: MqttClient, topic: string, payload: string): Promise<void> {
  if (!client.connected) return Promise.reject(new Error('not connected to the broker'));
  return new Promise((resolve, reject) => {
    client.publish(topic, payload, { qos: 1 }, (error) => (error ? reject(error) : resolve()));
  });
}

/** Ends the connection after what is on the way out, at the latest after `limit_ms`. The session stays at the broker. */
function endWithin(client: MqttClient, limit_ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => client.end(true, {}, () => resolve()), limit_ms);
    client.end(false, {}, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
