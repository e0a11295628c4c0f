import { randomBytes, randomInt } from 'node:crypto';
import { enrolTestGateway, type TestGateway, testMqtt } from '@wattproof/testkit';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  connectDeferred,
  type DeferredClient,
  type DeferredClientEvents,
  type Delivery,
} from '../src/mqtt/deferred-client.ts';
import { until } from './until.ts';

vi.setConfig({ testTimeout: 120_000 });

/**
 * What ingestion relies on in mqtt.js and the broker: the library keeps a connection whose messages are taken out before
 * it sees them. When these fail after an update of mqtt.js, the update loses readings.
 */
let gateway: TestGateway;
let publisher: MqttClient;
let topic: string;
let clientId: string;
const opened: DeferredClient[] = [];

beforeAll(async () => {
  gateway = await enrolTestGateway({ partition: 100_000 + randomInt(100_000) });
  const { mqttUrl, username, password, partition, gatewayId } = gateway;
  publisher = await connectAsync(mqttUrl, { protocolVersion: 5, username, password });
  topic = `wattproof/v1/${partition}/${gatewayId}/up/readings`;
});
afterAll(async () => {
  await publisher.endAsync();
  await gateway.remove();
});
beforeEach(() => {
  clientId = `deferred-${randomBytes(6).toString('hex')}`;
});
afterEach(async () => {
  for (const client of opened.splice(0)) await client.end();
});

interface Opened {
  readonly client: DeferredClient;
  readonly deliveries: Delivery[];
  readonly events: { lost: number; takenOver: number; sessionPresent: boolean[] };
}

async function open(receiveMaximum = 100, more: Partial<DeferredClientEvents> = {}): Promise<Opened> {
  const { mqttUrl, ingestion } = testMqtt();
  const deliveries: Delivery[] = [];
  const events = { lost: 0, takenOver: 0, sessionPresent: [] as boolean[] };
  const client = connectDeferred(
    { url: mqttUrl, ...ingestion, clientId, filter: topic, receiveMaximum, sessionExpiry_s: 60 },
    {
      onDelivery: (delivery) => void deliveries.push(delivery),
      onConnected: ({ sessionPresent }) => void events.sessionPresent.push(sessionPresent),
      onLost: () => void events.lost++,
      onTakenOver: () => void events.takenOver++,
      onError: (error) => expect.unreachable(error.message),
      ...more,
    },
  );
  opened.push(client);
  await until(() => client.isReady());
  return { client, deliveries, events };
}
const publish = async (count: number): Promise<void> => {
  for (let n = 1; n <= count; n++) await publisher.publishAsync(topic, String(n), { qos: 1 });
};
const textsOf = (deliveries: readonly Delivery[]): string[] => deliveries.map((d) => d.payload.toString());

test('nothing is acknowledged by itself: all of it comes again, then what was left', async () => {
  const first = await open();
  await publish(10);
  await until(() => first.deliveries.length === 10);
  await first.client.end();

  const second = await open();
  await until(() => second.deliveries.length === 10);
  expect(second.events.sessionPresent).toEqual([true]);
  expect(textsOf(second.deliveries)).toEqual(textsOf(first.deliveries));
  expect(second.deliveries.every((d) => d.isRedelivered)).toBe(true);
  second.client.acknowledge(second.deliveries.slice(0, 4));
  await second.client.end();

  const third = await open();
  await until(() => third.deliveries.length === 6);
  expect(textsOf(third.deliveries)).toEqual(['5', '6', '7', '8', '9', '10']);
  third.client.acknowledge(third.deliveries);
  await third.client.end();

  const fourth = await open();
  await publish(1);
  await until(() => fourth.deliveries.length > 0);
  expect(fourth.deliveries).toHaveLength(1);
  expect(fourth.deliveries[0]?.isRedelivered).toBe(false);
});

test('the broker sends no more than the window, and goes on as it is acknowledged', async () => {
  const { client, deliveries } = await open(5);
  await publish(20);
  await until(() => deliveries.length === 5);
  client.acknowledge(deliveries.slice(0, 2));
  await until(() => deliveries.length === 7);
  client.acknowledge(deliveries.slice(2, 7));
  await until(() => deliveries.length === 12);
  client.acknowledge(deliveries.slice(7, 12));
  await until(() => deliveries.length === 17);
  expect(textsOf(deliveries)).toEqual(Array.from({ length: 17 }, (_, i) => String(i + 1)));
});

test('a session that another process takes over says so; acknowledgements of the lost connection count for nothing', async () => {
  const first = await open();
  await publish(3);
  await until(() => first.deliveries.length === 3);
  const second = await open();
  await until(() => first.events.takenOver === 1 && first.events.lost === 1);
  // It connects again by itself, since nobody told it not to, and gets the messages anew under this connection.
  await until(() => first.client.isReady() && first.deliveries.length >= 6);
  await second.client.end();
  const old = first.deliveries.slice(0, 3);
  expect(new Set(old.map((d) => d.generation))).not.toContain(first.deliveries.at(-1)?.generation);
  first.client.acknowledge(old);
  await first.client.end();
  const third = await open();
  await until(() => third.deliveries.length === 3);
  third.client.acknowledge(third.deliveries);
});

test('while it pauses it reads nothing, and nothing is lost', async () => {
  let pausing: DeferredClient | undefined;
  const received: Delivery[] = [];
  const { client } = await open(100, {
    onDelivery: (delivery) => {
      received.push(delivery);
      if (received.length === 3) pausing?.pause();
    },
  });
  pausing = client;
  await publish(10);
  await until(() => received.length >= 3);
  // Messages published meanwhile are at the broker or in the socket.
  await publish(5);
  await publisher.publishAsync(topic, 'last', { qos: 1 });
  expect(textsOf(received)).not.toContain('last');
  pausing = undefined;
  client.resume();
  await until(() => received.length === 16);
  expect(textsOf(received).at(-1)).toBe('last');
  client.acknowledge(received);
});

test('publishing without a connection fails at once', async () => {
  const { client } = await open();
  await client.end();
  await expect(client.publish(topic.replace('/up/readings', '/down/ack'), '{}')).rejects.toThrow(
    /not connected/,
  );
});
