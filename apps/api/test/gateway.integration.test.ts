import { downTopic, upTopic } from '@wattproof/contracts/mqtt';
import { enrolPayload } from '@wattproof/database';
import { waitFor } from '@wattproof/testkit';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
const clients: MqttClient[] = [];

beforeAll(async () => {
  api = await startApi();
  api.resources.downPath.start();
  await waitFor(() => api.resources.broker.isConnected, { timeout_s: 10 });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});
afterAll(() => api?.close());

const wish = () => ({
  siteId: api.first.siteId,
  name: 'Atelier Été',
  kind: 'custom',
  meters: [
    { key: 'main', name: 'Workshop', carrier: 'electricity', measurand: 'active_energy_import_wh' },
    { key: 'gas', name: 'Boiler', carrier: 'gas', energyUse: 'boilers', measurand: 'volume_l' },
  ],
});

async function connect(username: string, password: string): Promise<MqttClient> {
  const client = await mqtt.connectAsync(api.resources.env.WATTPROOF_MQTT_URL, {
    protocolVersion: 5,
    username,
    password,
    clientId: `test-${username}`,
    reconnectPeriod: 0,
  });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

/** Reason code of the acknowledgement: 0 or 16 taken, 135 not authorised. */
async function publish(client: MqttClient, topic: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  client.publish(topic, '{}', { qos: 1 }, (error, packet) => {
    const code =
      (packet as { reasonCode?: number } | undefined)?.reasonCode ??
      (error as { code?: number } | null)?.code;
    resolve(Number(code ?? 0));
  });
  return promise;
}

describe('enrolment', () => {
  it('really lets the gateway publish its own topics, and nothing else', async () => {
    const installer = await api.as(api.first, 'installer');
    const answer = await installer('POST /gateways', wish());
    expect(answer.status, answer.text).toBe(201);
    const { gateway, username, password, topic } = answer.json;
    expect(username).toMatch(/^atelier-ete-[0-9a-f]{12}$/);
    expect(gateway).toMatchObject({ id: username, kind: 'custom', siteId: api.first.siteId });
    expect(gateway.enrolledAt).not.toBeNull();
    expect(gateway.meters.map((m: { key: string }) => m.key).sort()).toEqual(['gas', 'main']);
    expect(topic).toBe(upTopic(gateway.partition, username, 'readings'));
    const client = await connect(username, password);
    expect([0, 16]).toContain(await publish(client, topic));
    expect(await publish(client, upTopic(gateway.partition, api.first.gatewayId, 'readings'))).toBe(135);
    expect(await publish(client, downTopic(gateway.partition, username, 'ack'))).toBe(135);
    const granted = await client.subscribeAsync(downTopic(gateway.partition, username, 'config'), { qos: 1 });
    expect(granted[0]?.qos).toBe(1);
    await expect(client.subscribeAsync('wattproof/#')).rejects.toThrow();
  });

  it('keeps the password nowhere: neither in an answer later, nor in the outbox', async () => {
    const installer = await api.as(api.first, 'installer');
    const { username, password } = (await installer('POST /gateways', wish())).json;
    expect((await installer('GET /gateways')).text).not.toContain(password);
    const { rows } = await api.admin.query(
      'SELECT payload, done_at, error FROM outbox WHERE gateway_id = $1',
      [username],
    );
    expect(rows).toEqual([
      { payload: { username, sealedPassword: null }, done_at: expect.any(Date), error: null },
    ]);
    const { rows: events } = await api.admin.query('SELECT * FROM audit_event WHERE object = $1', [username]);
    expect(events).toMatchObject([{ action: 'gateway.enrol', actor: 'The installer' }]);
    expect(JSON.stringify(events)).not.toContain(password);
  });

  it('refuses words that are not in the registry and keys used twice, and makes nothing then', async () => {
    const installer = await api.as(api.first, 'installer');
    const before = (await installer('GET /gateways')).json.gateways.length;
    const [main] = wish().meters;
    const answer = await installer('POST /gateways', {
      ...wish(),
      meters: [
        main,
        main,
        { ...main, key: 'x', carrier: 'plasma', energyUse: 'fun', measurand: 'active_power_w' },
      ],
    });
    expect(answer.status).toBe(422);
    expect(answer.json.errors.map((e: { path: string }) => e.path)).toEqual([
      'meters.1.key',
      'meters.2.carrier',
      'meters.2.energyUse',
      'meters.2.measurand',
    ]);
    expect((await installer('GET /gateways')).json.gateways).toHaveLength(before);
  });

  it('takes up what the table asks for, such as the gateways of a first start', async () => {
    const { first, admin, resources } = api;
    const payload = enrolPayload(resources.env.WATTPROOF_SECRET_KEY, first.gatewayId, 'seeded password');
    await admin.query(
      "INSERT INTO outbox (organisation_id, gateway_id, kind, payload) VALUES ($1, $2, 'enrol', $3)",
      [first.id, first.gatewayId, JSON.stringify(payload)],
    );
    await waitFor(
      async () =>
        (
          await admin.query('SELECT 1 FROM outbox WHERE gateway_id = $1 AND done_at IS NOT NULL', [
            first.gatewayId,
          ])
        ).rowCount === 1,
      { timeout_s: 10 },
    );
    const client = await connect(first.gatewayId, 'seeded password');
    expect(client.connected).toBe(true);
  });
});

describe('revocation', () => {
  it('ends the session and refuses the credentials from then on', async () => {
    const installer = await api.as(api.first, 'installer');
    const { username, password, gateway } = (await installer('POST /gateways', wish())).json;
    const client = await connect(username, password);
    const answer = await installer(`POST /gateways/${username}/revoke`);
    expect(answer.json.revokedAt, answer.text).not.toBeNull();
    await waitFor(() => !client.connected, { timeout_s: 10 });
    await expect(connect(username, password)).rejects.toMatchObject({ code: expect.any(Number) });
    expect((await installer(`POST /gateways/${username}/revoke`)).json).toMatchObject({ code: 'conflict' });
    expect(gateway.id).toBe(username);
  });

  it('keeps an enrolment that is still under way from letting the gateway in again', async () => {
    const { admin, first, resources } = api;
    const id = 'revoked-before-it-came';
    await admin.query(
      `INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition, revoked_at) VALUES ($1, $2, $3, 'x', 'custom', 0, now())`,
      [id, first.id, first.siteId],
    );
    const payload = enrolPayload(resources.env.WATTPROOF_SECRET_KEY, id, 'never valid');
    await admin.query(
      "INSERT INTO outbox (organisation_id, gateway_id, kind, payload) VALUES ($1, $2, 'enrol', $3)",
      [first.id, id, JSON.stringify(payload)],
    );
    const closed = async () =>
      (await admin.query('SELECT error, payload, done_at FROM outbox WHERE gateway_id = $1', [id])).rows[0];
    await waitFor(async () => (await closed()).done_at !== null, { timeout_s: 10 });
    expect(await closed()).toMatchObject({ error: 'the gateway was revoked', payload: {} });
    await expect(connect(id, 'never valid')).rejects.toThrow();
  });
});

describe('commands', () => {
  it('a command goes once, not retained, and not at all when it has expired', async () => {
    const { admin, first, as } = api;
    const installer = await as(first, 'installer');
    const { username, password, gateway } = (await installer('POST /gateways', wish())).json;
    const client = await connect(username, password);
    const received: { text: string; retain: boolean }[] = [];
    const topic = downTopic(gateway.partition, username, 'command');
    client.on('message', (_topic, payload, packet) =>
      received.push({ text: payload.toString(), retain: packet.retain }),
    );
    await client.subscribeAsync(topic, { qos: 1 });
    const command = (name: string, expires: string) =>
      admin.query(
        `INSERT INTO outbox (organisation_id, gateway_id, kind, payload, expires_at) VALUES ($1, $2, 'command', $3, now() + $4::interval)`,
        [first.id, username, JSON.stringify({ name }), expires],
      );
    await command('late', '-1 second');
    await command('timely', '30 seconds');
    await waitFor(() => received.length > 0, { timeout_s: 10 });
    const open = async () =>
      (await admin.query('SELECT 1 FROM outbox WHERE gateway_id = $1 AND done_at IS NULL', [username]))
        .rowCount;
    await waitFor(async () => (await open()) === 0, { timeout_s: 10 });
    expect(received).toEqual([{ text: '{"name":"timely"}', retain: false }]);
  });
});
