import type { Logger } from '@wattproof/runtime';
import mqtt, { type IConnackPacket, type MqttClient } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import { backOff_ms } from '../back-off.ts';
import { within } from '../within.ts';

// 65,536 prepared numbers of two bytes would take 7 MB, more than all that a gateway sends in a day is worth.
mqttPacket.writeToStream.cacheNumbers = false;

export interface BrokerAccess {
  readonly mqttUrl: string;
  readonly gatewayId: string;
  readonly username: string;
  readonly password: string;
  readonly will: { readonly topic: string; readonly payload: string };
  readonly downFilter: string;
}

/** One connection to the broker, from CONNACK to its end. */
export interface BrokerSession {
  readonly client: MqttClient;
  /** Most QoS 1 messages that the broker takes before it has answered one. */
  readonly receiveMaximum: number;
}

export interface BrokerHandlers {
  readonly onSession: (session: BrokerSession) => void;
  readonly onLost: () => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
}

const reconnection = { first_ms: 1000, longest_ms: 60_000 };
const afterRefusal = { first_ms: 15_000, longest_ms: 300_000 };
/** How long the broker keeps our session and its will after a connection ends: short drops do not show as "offline". */
const sessionExpiry_s = 60;
const willDelay_s = 15;
const farewell_ms = 2000;
/** Reasons of CONNACK and DISCONNECT that will not go away by trying faster. */
const refusals = new Map([
  [0x84, 'the broker does not speak MQTT 5'],
  [0x85, 'the client identifier was refused'],
  [0x86, 'the user name or password was refused'],
  [0x87, 'this gateway is not authorised'],
  [0x8a, 'this gateway is banned'],
  [0x8e, 'another program is connected with the identity of this gateway'],
]);

/**
 * Stays connected: a new client for every attempt, jittered pauses between them. Nothing is queued in the client: what is
 * to be sent lives in the outbox only.
 */
export function stayConnected(
  access: BrokerAccess,
  handlers: BrokerHandlers,
  logger: Logger,
): { readonly stop: (farewell: string) => Promise<void> } {
  let stopped = false;
  let attempt = 0;
  let timer: NodeJS.Timeout | undefined;
  let current: MqttClient | undefined;

  const open = (): void => {
    const client = connect(access);
    current = client;
    let ended = false;
    let refusal: string | undefined;
    const end = (reason: string): void => {
      if (ended) return;
      ended = true;
      handlers.onLost();
      client.end(true);
      if (stopped) return;
      const wait_ms = Math.round(backOff_ms(attempt++, refusal ? afterRefusal : reconnection));
      if (refusal) logger.error({ reason: refusal, wait_ms }, 'the broker refuses this gateway');
      else logger.warn({ reason, wait_ms }, 'no connection to the broker');
      timer = setTimeout(open, wait_ms);
    };
    client.on('connect', (connack: IConnackPacket) => {
      client.subscribe(access.downFilter, { qos: 1 }, (error) => {
        if (ended) return;
        if (error) return end(`the subscription was refused: ${error.message}`);
        attempt = 0;
        logger.info({ sessionPresent: connack.sessionPresent }, 'connected to the broker');
        handlers.onSession({ client, receiveMaximum: connack.properties?.receiveMaximum ?? 65_535 });
      });
    });
    client.on('message', (topic, payload) => handlers.onMessage(topic, payload));
    client.on('error', (error: Error & { readonly code?: unknown }) => {
      if (typeof error.code === 'number') refusal = refusals.get(error.code);
      end(error.message);
    });
    client.on('disconnect', (packet) => {
      refusal = refusals.get(packet.reasonCode ?? 0);
      end(`the broker disconnected us (reason ${packet.reasonCode ?? 0})`);
    });
    client.on('close', () => end('the connection was closed'));
  };

  open();
  return {
    stop: async (farewell) => {
      stopped = true;
      clearTimeout(timer);
      const client = current;
      if (!client) return;
      if (client.connected) {
        await within(farewell_ms, takeLeave(client, access.will.topic, farewell)).catch((error: Error) =>
          logger.warn({ reason: error.message }, 'the farewell was not delivered'),
        );
      }
      client.end(true);
    },
  };
}

async function takeLeave(client: MqttClient, topic: string, farewell: string): Promise<void> {
  await client.publishAsync(topic, farewell, { qos: 1, retain: true });
  await client.endAsync();
}

const connect = ({ mqttUrl, gatewayId, username, password, will }: BrokerAccess): MqttClient =>
  mqtt.connect(mqttUrl, {
    protocolVersion: 5,
    clientId: gatewayId,
    username,
    password,
    clean: false,
    reconnectPeriod: 0,
    connectTimeout: 15_000,
    keepalive: 30,
    queueQoSZero: false,
    properties: { sessionExpiryInterval: sessionExpiry_s, receiveMaximum: 20 },
    will: {
      topic: will.topic,
      payload: Buffer.from(will.payload),
      qos: 1,
      retain: true,
      properties: { willDelayInterval: willDelay_s },
    },
  });
