import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { MqttClient } from 'mqtt';
import { pubacksOf, tapPublishes } from './publish-tap.ts';

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
  /** Nothing more is read from the connection until `resume`; what was read already still comes. */
  readonly pause: () => void;
  readonly resume: () => void;
  readonly end: () => Promise<void>;
}

const sessionTakenOver = 0x8e;
const keepalive_s = 30;
/** Between two signs of life while nothing is read, and so no answer to them either. */
const pausedPing_ms = 10_000;
const reconnect_ms = 1_000;
const endLimit_ms = 2_000;

const ports = { 'mqtt:': 1883, 'mqtts:': 8883 } as const;

function openSocket(url: URL): Socket {
  const port = Number(url.port) || ports[url.protocol as keyof typeof ports];
  if (!port) throw new Error(`${url.protocol} is no protocol of a broker here: mqtt: or mqtts:`);
  // An address of IPv6 stands in brackets.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket =
    url.protocol === 'mqtts:'
      ? connectSecure({ host, port, servername: host })
      : connectPlain({ host, port });
  return socket.setNoDelay(true);
}

/**
 * A persistent MQTT 5 session whose messages are acknowledged when we say so, not when they were received.
 * The library keeps the connection; the messages are taken out of it before it sees them, and so never acknowledged by it.
 * The broker sends at most `receiveMaximum` messages beyond the acknowledged ones.
 */
export function connectDeferred(
  options: DeferredClientOptions,
  events: DeferredClientEvents,
): DeferredClient {
  let generation = 0;
  let socket: Socket | undefined;
  let pausing: NodeJS.Timeout | undefined;
  let isSubscribed = false;
  const url = new URL(options.url);

  const pause = (): void => {
    socket?.pause();
    // The answers to pings wait behind the messages; without this the library would take the connection for dead.
    pausing ??= setInterval(() => {
      if (!client.connected) return;
      client.sendPing();
      client.reschedulePing(true);
    }, pausedPing_ms);
  };
  const resume = (): void => {
    if (pausing === undefined) return;
    clearInterval(pausing);
    pausing = undefined;
    socket?.resume();
  };
  const openStream = () => {
    const opened = openSocket(url);
    socket = opened;
    resume();
    const of = generation;
    return tapPublishes(opened, (publish) =>
      events.onDelivery({ ...publish, generation: of, receivedAt_ms: Date.now() }),
    );
  };
  const client = new MqttClient(openStream, {
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
    events.onLost();
  });
  client.on('disconnect', (packet) => {
    if (packet.reasonCode === sessionTakenOver) events.onTakenOver();
  });
  client.on('error', events.onError);

  return {
    isReady: () => client.connected && isSubscribed,
    acknowledge: (deliveries) => {
      const messageIds: number[] = [];
      for (const { messageId, generation: of } of deliveries)
        if (of === generation && messageId > 0) messageIds.push(messageId);
      if (messageIds.length > 0) socket?.write(pubacksOf(messageIds));
    },
    publish: (topic, payload) => publishNow(client, topic, payload),
    pause,
    resume,
    end: () => {
      resume();
      return endWithin(client, endLimit_ms);
    },
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
