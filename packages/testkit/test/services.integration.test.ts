import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mqtt from 'mqtt';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import {
  enrolTestGateway,
  testDatabase,
  testEnvironment,
  testMqtt,
  testRedisUrl,
  toolCommand,
  waitFor,
} from '../src/index.ts';

async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('the database of a test', () => {
  test('is migrated, its own, and gone after drop', async () => {
    const one = await testDatabase();
    const other = await testDatabase();
    const applied = await query(one.adminDatabaseUrl, 'SELECT 1 FROM _prisma_migrations');
    expect(applied.rowCount).toBeGreaterThan(0);
    await query(one.adminDatabaseUrl, 'CREATE TABLE only_here (id int)');
    await expect(query(other.adminDatabaseUrl, 'SELECT * FROM only_here')).rejects.toThrow(/does not exist/);
    await one.drop();
    await other.drop();
    await expect(query(one.adminDatabaseUrl, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  test('lets the roles of the processes in with their own passwords only', async () => {
    const database = await testDatabase();
    const who = await query(database.urlOf('wattproof_api'), 'SELECT current_user AS name');
    expect(who.rows).toEqual([{ name: 'wattproof_api' }]);
    const wrong = new URL(database.urlOf('wattproof_api'));
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    await database.drop();
  });
});

test('Redis keeps everything on disk and refuses to evict', async () => {
  const redis = new Redis(testRedisUrl({ database: 15 }));
  expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
  await redis.quit();
});

describe('the broker', () => {
  const connect = (account: { username: string; password: string }): Promise<mqtt.MqttClient> =>
    mqtt.connectAsync(testMqtt().mqttUrl, { protocolVersion: 5, reconnectPeriod: 0, ...account });

  test('refuses who has no account', async () => {
    await expect(connect({ username: 'nobody', password: 'x' })).rejects.toMatchObject({ code: 135 });
    await expect(
      mqtt.connectAsync(testMqtt().mqttUrl, { protocolVersion: 5, reconnectPeriod: 0 }),
    ).rejects.toMatchObject({
      code: 135,
    });
  });

  test('carries a gateway’s messages to ingestion', async () => {
    const gateway = await enrolTestGateway({ partition: 3 });
    const ingestion = await connect(testMqtt().ingestion);
    const received: string[] = [];
    ingestion.on('message', (topic, payload) => received.push(`${topic} ${payload.toString()}`));
    await ingestion.subscribeAsync('wattproof/v1/3/+/up/#', { qos: 1 });
    const client = await connect(gateway);
    await client.publishAsync(`wattproof/v1/3/${gateway.gatewayId}/up/readings`, 'hello', { qos: 1 });
    await waitFor(() => received.length > 0);
    expect(received).toEqual([`wattproof/v1/3/${gateway.gatewayId}/up/readings hello`]);
    await client.endAsync();
    await ingestion.endAsync();
    await gateway.remove();
    await expect(connect(gateway)).rejects.toMatchObject({ code: 135 });
  });

  test('refuses a gateway in another’s topics with a reason code', async () => {
    const gateway = await enrolTestGateway();
    const other = await enrolTestGateway();
    const client = await connect(gateway);
    const topic = `wattproof/v1/0/${other.gatewayId}/up/readings`;
    await expect(client.publishAsync(topic, 'forged', { qos: 1 })).rejects.toMatchObject({ code: 135 });
    for (const filter of [`wattproof/v1/0/${other.gatewayId}/down/#`, 'wattproof/v1/0/+/down/#', '#']) {
      await expect(client.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    }
    await client.endAsync();
    await gateway.remove();
    await other.remove();
  });

  test('writes down who connects, and not every message', async () => {
    const gateway = await enrolTestGateway();
    const client = await connect(gateway);
    await client.publishAsync(`wattproof/v1/0/${gateway.gatewayId}/up/readings`, 'hello', { qos: 1 });
    await client.endAsync();
    await gateway.remove();
    const name = client.options.clientId ?? '';
    const log = join(testEnvironment().WATTPROOF_TEST_LOGS, 'mosquitto.log');
    const lines = (): string[] =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes(name) || line.includes(gateway.gatewayId));
    await waitFor(() => lines().some((line) => line.includes('disconnected')));
    expect(lines().some((line) => line.includes('New client connected'))).toBe(true);
    expect(lines().filter((line) => line.includes('PUBLISH'))).toEqual([]);
  });
});

describe('independent programs', () => {
  test('start in their sandbox', async () => {
    const version = (name: Parameters<typeof toolCommand>[0], args: string[]): Promise<string> => {
      const { command, args: all } = toolCommand(name, args);
      // Some of them end with 1 after telling their version.
      return new Promise((resolve) =>
        execFile(command, all, (_error, stdout, stderr) => resolve(stdout + stderr)),
      );
    };
    expect(await version('qpdf', ['--version'])).toMatch(/qpdf version/);
    expect(await version('pdftotext', ['-v'])).toMatch(/pdftotext version/);
    expect(await version('mosquitto_pub', ['--version'])).toMatch(/mosquitto_pub version/);
    expect(
      await version('python3', ['-c', 'import pymodbus, serial_asyncio; print(pymodbus.__version__)']),
    ).toMatch(/^3\./);
    expect(await version('mbpoll', ['-V'])).toMatch(/^\d+\.\d+/);
    expect(await version('socat', ['-V'])).toMatch(/socat version/);
  });
});
