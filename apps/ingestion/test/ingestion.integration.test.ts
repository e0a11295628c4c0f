import { liveChannel } from '@wattproof/contracts/live';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type IngestionProcess, removeBuild, startIngestion } from './ingestion-process.ts';
import {
  addMeter,
  compactForm,
  type Installation,
  type InstalledGateway,
  install,
  wireReading,
} from './installation.ts';
import { until } from './until.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let installation: Installation;
let ingestion: IngestionProcess;
let gateway: InstalledGateway;

beforeAll(async () => {
  installation = await install();
  gateway = await installation.gateway();
  ingestion = await startIngestion(installation.environment);
  await ingestion.reads(2);
});
afterAll(async () => {
  await ingestion.kill();
  removeBuild();
  await installation.close();
});

const now = (): number => Math.floor(Date.now() / 1000) * 1000;
const readingsOf = (meterId: number | undefined, at_ms: number) =>
  installation.rows<{
    organisation_id: number;
    active_energy_import_wh: string | null;
    active_power_w: number | null;
    quality: number;
    skew_ms: number;
  }>('SELECT * FROM store.reading WHERE meter_id = $1 AND at = $2', [meterId, new Date(at_ms)]);
const lettersOf = (gatewayId: string) =>
  installation.rows<{
    code: string;
    message: string;
    location: string;
    meter_key: string | null;
    payload: Buffer;
    organisation_id: number | null;
  }>('SELECT * FROM dead_letter WHERE gateway_id = $1 ORDER BY id', [gatewayId]);

test('a reading in the public JSON form is stored, is the latest, is marked for intervals and rings', async () => {
  const redis = new Redis(installation.environment.WATTPROOF_REDIS_URL ?? '');
  const rung: unknown[] = [];
  redis.on('message', (_, text: string) => rung.push(JSON.parse(text)));
  await redis.subscribe(liveChannel(gateway.siteId));
  const at_ms = now();
  const meterId = gateway.meters.get('M1');
  await gateway.publish(
    'readings',
    JSON.stringify({
      meter: 'M1',
      at: new Date(at_ms).toISOString(),
      values: { active_energy_import_wh: 123456, active_power_w: 4200.5 },
    }),
  );
  const [row] = await until(async () => {
    const rows = await readingsOf(meterId, at_ms);
    return rows.length > 0 && rows;
  });
  expect(row).toMatchObject({
    organisation_id: installation.organisationId,
    active_energy_import_wh: '123456',
    active_power_w: 4200.5,
    quality: 0,
  });
  const [latest] = await installation.rows<{ values: unknown }>(
    'SELECT values FROM store.latest WHERE meter_id = $1',
    [meterId],
  );
  expect(latest?.values).toEqual({
    active_energy_import_wh: [123456, at_ms],
    active_power_w: [4200.5, at_ms],
  });
  const marks = await installation.rows('SELECT 1 FROM store.dirty WHERE meter_id = $1', [meterId]);
  expect(marks).toHaveLength(1);
  await until(() => rung.length > 0);
  expect(rung[0]).toEqual({ meterIds: [meterId] });
  redis.disconnect();
});

test('compact batches are stored and their watermark is acknowledged', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1', 'M2']);
  const at_ms = now();
  await edge.publish('schema', form.encoded);
  await edge.publish(
    'readings',
    form.batch([wireReading('M1', at_ms, 10, 99.5), wireReading('M2', at_ms, 20, -3)], 1),
  );
  await edge.publish('readings', form.batch([wireReading('M1', at_ms + 1000, 11, 100)], 2));
  await until(() => edge.received('ack').some((a) => a.upTo === 2));
  expect(edge.received('ack').at(-1)).toEqual({ boot: 'boot-1', lane: 'live', upTo: 2 });
  expect(await readingsOf(edge.meters.get('M2'), at_ms)).toMatchObject([
    { active_energy_import_wh: '20', active_power_w: -3, skew_ms: 3 },
  ]);
  expect(await readingsOf(edge.meters.get('M1'), at_ms + 1000)).toHaveLength(1);
});

test('a gap holds the watermark, its batches are asked for, and the mark jumps when they come', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1']);
  const at_ms = now();
  const batch = (seq: number) => form.batch([wireReading('M1', at_ms + seq, seq, seq)], seq, 'backfill');
  await edge.publish('schema', form.encoded);
  for (const seq of [1, 2, 5, 6]) await edge.publish('readings', batch(seq));
  const request = await until(() => edge.received('request')[0]);
  expect(request).toEqual({ kind: 'batches', boot: 'boot-1', lane: 'backfill', from: 3, to: 4 });
  expect(Math.max(...edge.received('ack').map((a) => a.upTo as number))).toBe(2);
  for (const seq of [4, 3, 6]) await edge.publish('readings', batch(seq));
  await until(() => edge.received('ack').some((a) => a.upTo === 6));
  const [mark] = await installation.rows<{ up_to: string; beyond: string[] }>(
    'SELECT up_to, beyond FROM store.gateway_watermark WHERE gateway_id = $1',
    [edge.gatewayId],
  );
  expect(mark).toEqual({ up_to: '6', beyond: [] });
});

test('a batch of an unknown schema is not settled; the schema is asked for, and then the batch counts', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1']);
  const at_ms = now();
  const batch = form.batch([wireReading('M1', at_ms, 1, 1)], 1);
  await edge.publish('readings', batch);
  const request = await until(() => edge.received('request')[0]);
  expect(request).toEqual({ kind: 'schema', hash: form.hash });
  expect(await lettersOf(edge.gatewayId)).toEqual([]);
  expect(edge.received('ack')).toEqual([]);
  await edge.publish('schema', form.encoded);
  await edge.publish('readings', batch);
  await until(() => edge.received('ack').some((a) => a.upTo === 1));
  expect(await readingsOf(edge.meters.get('M1'), at_ms)).toHaveLength(1);
});

test('a schema that is stored serves a process that never saw it', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1']);
  await edge.publish('schema', form.encoded);
  await until(
    async () =>
      (await installation.rows('SELECT 1 FROM store.gateway_schema WHERE gateway_id = $1', [edge.gatewayId]))
        .length === 1,
  );
  await edge.client.publishAsync(`wattproof/v1/${edge.partition}/${edge.gatewayId}/up/schema`, '', {
    qos: 1,
    retain: true,
  });
  expect(await ingestion.stop()).toBe(0);
  ingestion = await startIngestion(installation.environment);
  await edge.publish('readings', form.batch([wireReading('M1', now(), 1, 1)], 1));
  await until(() => edge.received('ack').some((a) => a.upTo === 1));
  expect(edge.received('request')).toEqual([]);
});

test.each([
  ['broken JSON', '{"meter":"M1","values":', 'malformed', null],
  ['no JSON at all', 'hello', 'malformed', null],
  ['an empty message', '', 'malformed', null],
  ['an unknown meter', { meter: 'M9', values: { active_power_w: 1 } }, 'unknownMeter', 'M9'],
  ['NaN', '{"meter":"M1","values":{"active_power_w":NaN}}', 'valueNotFinite', null],
  ['infinity', '{"meter":"M1","values":{"active_power_w":1e999}}', 'valueNotFinite', null],
  [
    'a timestamp in 1970',
    { meter: 'M1', at: '1970-01-01T00:00:00Z', values: { active_power_w: 1 } },
    'timestampOutOfRange',
    'M1',
  ],
  [
    'a timestamp in the future',
    { meter: 'M1', at: new Date(Date.now() + 600_000).toISOString(), values: { active_power_w: 1 } },
    'timestampOutOfRange',
    'M1',
  ],
  ['an unknown measurand', { meter: 'M1', values: { active_power_kw: 1 } }, 'unknownMeasurand', null],
  ['half a watt hour', { meter: 'M1', values: { active_energy_import_wh: 1.5 } }, 'counterNotInteger', 'M1'],
  ['a negative counter', { meter: 'M1', values: { active_energy_import_wh: -1 } }, 'valueOutOfRange', 'M1'],
  ['an absurd value', { meter: 'M1', values: { active_power_w: 1e20 } }, 'valueOutOfRange', 'M1'],
  ['CBOR that is no batch', Buffer.from([0x81, 0x05]), 'malformed', null],
])('%s is in the dead letters with its reason, whole', async (_, payload, code, meterKey) => {
  const sender = await installation.gateway();
  const sent = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
  await sender.publish('readings', sent);
  const letters = await until(async () => {
    const found = await lettersOf(sender.gatewayId);
    return found.length > 0 && found;
  });
  expect(letters).toHaveLength(1);
  expect(letters[0]).toMatchObject({
    code,
    meter_key: meterKey,
    organisation_id: installation.organisationId,
  });
  expect(letters[0]?.payload).toEqual(Buffer.from(sent));
  expect(letters[0]?.message).not.toBe('');
  const stored = await installation.rows('SELECT 1 FROM store.reading WHERE meter_id = ANY ($1)', [
    [...sender.meters.values()],
  ]);
  expect(stored).toEqual([]);
});

test('of many readings in one message those that are right are stored', async () => {
  const sender = await installation.gateway();
  const at = new Date(now()).toISOString();
  await sender.publish(
    'readings',
    JSON.stringify({
      readings: [
        { meter: 'M1', at, values: { active_power_w: 1 } },
        { meter: 'M8', at, values: { active_power_w: 2 } },
        { meter: 'M2', at, values: { active_power_w: 3 } },
        { meter: 'M2', values: { volume_l: 'many' } },
      ],
    }),
  );
  const letters = await until(async () => {
    const found = await lettersOf(sender.gatewayId);
    return found.length === 2 && found;
  });
  expect(letters.map((l) => [l.code, l.location])).toEqual([
    ['malformed', 'readings[3].values.volume_l'],
    ['unknownMeter', 'M8'],
  ]);
  expect(await readingsOf(sender.meters.get('M1'), Date.parse(at))).toHaveLength(1);
  expect(await readingsOf(sender.meters.get('M2'), Date.parse(at))).toHaveLength(1);
});

test('a meter that was added a moment ago is known', async () => {
  const { admin, organisationId } = installation;
  const { siteId, gatewayId } = gateway;
  const meterId = await addMeter(admin, { organisationId, siteId, gatewayId, key: 'NEW' });
  const at_ms = now();
  await gateway.publish(
    'readings',
    JSON.stringify({ meter: 'NEW', at: new Date(at_ms).toISOString(), values: { active_power_w: 7 } }),
  );
  await until(async () => (await readingsOf(meterId, at_ms)).length === 1);
});

test('a key means the meter of its time', async () => {
  const edge = await installation.gateway({ keys: ['M1'] });
  const { admin, organisationId } = installation;
  const change_ms = now() - 3_600_000;
  await admin.query('UPDATE gateway_meter SET valid_to = $2 WHERE gateway_id = $1', [
    edge.gatewayId,
    new Date(change_ms),
  ]);
  const second = await addMeter(admin, {
    organisationId,
    siteId: edge.siteId,
    gatewayId: edge.gatewayId,
    key: 'M2',
  });
  await admin.query(
    "UPDATE gateway_meter SET meter_key = 'M1', valid_from = $2 WHERE gateway_id = $1 AND meter_key = 'M2'",
    [edge.gatewayId, new Date(change_ms)],
  );
  for (const at_ms of [change_ms - 1, change_ms])
    await edge.publish(
      'readings',
      JSON.stringify({ meter: 'M1', at: new Date(at_ms).toISOString(), values: { active_power_w: 1 } }),
    );
  await until(async () => (await readingsOf(second, change_ms)).length === 1);
  expect(await readingsOf(edge.meters.get('M1'), change_ms - 1)).toHaveLength(1);
});

test('messages of a revoked gateway are foreign', async () => {
  const revoked = await installation.gateway();
  await installation.admin.query('UPDATE gateway SET revoked_at = now() WHERE id = $1', [revoked.gatewayId]);
  await revoked.publish('readings', JSON.stringify({ meter: 'M1', values: { active_power_w: 1 } }));
  const [letter] = await until(async () => {
    const found = await lettersOf(revoked.gatewayId);
    return found.length > 0 && found;
  });
  expect(letter).toMatchObject({ code: 'foreignGateway' });
});

test('what a gateway says of itself is kept; its will takes it offline and no more', async () => {
  const state = { online: true, version: '1.0.0', boot: 'boot-1', clockSynchronised: true };
  await gateway.publish('state', JSON.stringify(state));
  const read = async () =>
    (
      await installation.rows<{ online: boolean; state: unknown; state_at: Date; last_message_at: Date }>(
        'SELECT online, state, state_at, last_message_at FROM gateway WHERE id = $1',
        [gateway.gatewayId],
      )
    )[0];
  await until(async () => (await read())?.online);
  expect((await read())?.state).toEqual(state);
  expect(Date.now() - ((await read())?.state_at.getTime() ?? 0)).toBeLessThan(10_000);
  await gateway.publish('state', JSON.stringify({ online: false }));
  await until(async () => (await read())?.online === false);
  expect((await read())?.state).toEqual({ ...state, online: false });
});

test('the broker refuses wrong credentials and foreign topics, and says so to the sender', async () => {
  const { connectAsync } = await import('mqtt');
  const url = installation.environment.WATTPROOF_MQTT_URL ?? '';
  const base = { protocolVersion: 5, reconnectPeriod: 0 } as const;
  await expect(
    connectAsync(url, { ...base, username: gateway.gatewayId, password: 'wrong' }),
  ).rejects.toMatchObject({ code: 0x87 });
  const other = await installation.gateway();
  const topic = `wattproof/v1/${other.partition}/${other.gatewayId}/up/readings`;
  await expect(gateway.client.publishAsync(topic, '{}', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
  expect(await lettersOf(other.gatewayId)).toEqual([]);
});

test('the same key with another value stays as it was, and the contradiction is on record', async () => {
  const edge = await installation.gateway();
  const at_ms = now();
  const at = new Date(at_ms).toISOString();
  const send = (active_power_w: number) =>
    edge.publish('readings', JSON.stringify({ meter: 'M1', at, values: { active_power_w } }));
  await send(5);
  await until(async () => (await readingsOf(edge.meters.get('M1'), at_ms)).length === 1);
  await send(5);
  await send(6);
  const conflicts = await until(async () => {
    const found = await installation.rows('SELECT * FROM store.reading_conflict WHERE meter_id = $1', [
      edge.meters.get('M1'),
    ]);
    return found.length > 0 && found;
  });
  expect(conflicts).toMatchObject([{ measurand: 'active_power_w', stored: 5, arrived: 6 }]);
  expect(await readingsOf(edge.meters.get('M1'), at_ms)).toMatchObject([{ active_power_w: 5 }]);
});

test('health and metrics say how it is', async () => {
  const sender = await installation.gateway();
  await sender.publish('readings', JSON.stringify({ meter: 'M1', values: { active_power_w: 1 } }));
  await sender.publish('readings', '{"meter":"M1","values":{"active_power_w":NaN}}');
  await until(async () => (await lettersOf(sender.gatewayId)).length === 1);
  const { code, body } = await ingestion.health();
  expect(code).toBe(200);
  expect(body).toMatchObject({ status: 'ok', database: true, redis: true });
  expect(body.partitions.map((p) => p.partition).sort()).toEqual([...installation.partitions]);
  const text = await (await fetch(`${ingestion.url}/metrics`)).text();
  expect(text).toMatch(/wattproof_ingestion_messages_total\{kind="readings"\} [1-9]/);
  expect(text).toMatch(/wattproof_ingestion_dead_letters_total\{code="valueNotFinite"\} [1-9]/);
  expect(text).toMatch(/wattproof_ingestion_reading_age_seconds_count [1-9]/);
});

test('SIGTERM: what was received is committed, and the process ends in time with code 0', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1']);
  await edge.publish('schema', form.encoded);
  const at_ms = now() - 600_000;
  const count = 200;
  for (let seq = 1; seq <= count; seq++)
    void edge.publish('readings', form.batch([wireReading('M1', at_ms + seq * 1000, seq, seq)], seq));
  await until(() => edge.received('ack').length > 0);
  const started_ms = Date.now();
  expect(await ingestion.stop()).toBe(0);
  expect(Date.now() - started_ms).toBeLessThan(10_000);
  ingestion = await startIngestion(installation.environment);
  await until(() => edge.received('ack').some((a) => a.upTo === count));
  const stored = await installation.rows('SELECT at FROM store.reading WHERE meter_id = $1', [
    edge.meters.get('M1'),
  ]);
  expect(stored).toHaveLength(count);
});
