import { randomBytes, randomInt } from 'node:crypto';
import {
  type BatchSchema,
  downTopic,
  encodeCompactBatch,
  encodeSchema,
  type Lane,
  schemaHash,
  upTopic,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import {
  enrolTestGateway,
  type TestDatabase,
  testDatabase,
  testMqtt,
  testRedisUrl,
} from '@wattproof/testkit';
import { connectAsync, type MqttClient } from 'mqtt';
import pg from 'pg';

/** A gateway with its rows, its broker account and a connection under it. */
export interface InstalledGateway {
  readonly gatewayId: string;
  readonly siteId: string;
  readonly partition: number;
  readonly username: string;
  readonly password: string;
  /** Meter ids by key. */
  readonly meters: ReadonlyMap<string, number>;
  readonly client: MqttClient;
  readonly publish: (kind: 'schema' | 'readings' | 'state', payload: string | Buffer) => Promise<void>;
  /** What came on `down/{kind}`, parsed. */
  readonly received: (kind: 'ack' | 'request') => readonly Record<string, unknown>[];
}
export interface Installation {
  readonly database: TestDatabase;
  readonly admin: pg.Pool;
  readonly organisationId: number;
  /** Partitions of this installation alone on the shared broker. */
  readonly partitions: readonly [number, number];
  readonly environment: Readonly<Record<string, string>>;
  readonly gateway: (options?: {
    readonly partition?: number;
    readonly keys?: readonly string[];
  }) => Promise<InstalledGateway>;
  readonly rows: <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  readonly close: () => Promise<void>;
}

/** One organisation with a site on a database of its own, and a pair of partitions that nobody else uses. */
export async function install(): Promise<Installation> {
  const database = await testDatabase();
  const admin = new pg.Pool({ connectionString: database.adminDatabaseUrl, max: 4 });
  // Dropping the database ends its sessions; a pool that is going anyway need not hear of it.
  admin.on('error', () => undefined);
  const first = 1000 + 2 * randomInt(45_000);
  const broker = testMqtt();
  const organisationId = await one<number>(
    admin,
    "INSERT INTO organisation (name, slug) VALUES ('Dairies', 'dairies') RETURNING id",
  );
  const entityId = await one<string>(
    admin,
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Dairies SA', 'FR') RETURNING id",
    [organisationId],
  );
  const gateways: InstalledGateway[] = [];
  const removals: (() => Promise<void>)[] = [];

  const gateway: Installation['gateway'] = async ({ partition = first, keys = ['M1', 'M2'] } = {}) => {
    const siteId = await one<string>(
      admin,
      "INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone) VALUES ($1, $2, 'Site', 'FR', 'Europe/Paris') RETURNING id",
      [organisationId, entityId],
    );
    const gatewayId = `gw-${randomBytes(5).toString('hex')}`;
    await admin.query(
      "INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition) VALUES ($1, $2, $3, $1, 'edge', $4)",
      [gatewayId, organisationId, siteId, partition],
    );
    const meters = new Map<string, number>();
    for (const key of keys)
      meters.set(key, await addMeter(admin, { organisationId, siteId, gatewayId, key }));
    const account = await enrolTestGateway({ gatewayId, partition });
    removals.push(account.remove);
    const installed = await connectGateway({ ...account, siteId, meters });
    gateways.push(installed);
    return installed;
  };

  return {
    database,
    admin,
    organisationId,
    partitions: [first, first + 1],
    environment: {
      WATTPROOF_DATABASE_URL: database.urlOf('wattproof_ingestion'),
      WATTPROOF_REDIS_URL: await testRedisUrl(),
      WATTPROOF_MQTT_URL: broker.mqttUrl,
      WATTPROOF_MQTT_USERNAME: broker.ingestion.username,
      WATTPROOF_MQTT_PASSWORD: broker.ingestion.password,
      WATTPROOF_PARTITIONS: `${first}-${first + 1}`,
      // Sessions of a test must not outlive it for long at the broker.
      WATTPROOF_SESSION_EXPIRY_S: '120',
    },
    gateway,
    rows: async (sql, values = []) => (await admin.query(sql, [...values])).rows,
    close: async () => {
      for (const { client } of gateways) await client.endAsync(true);
      for (const remove of removals) await remove();
      await admin.end();
      await database.drop();
    },
  };
}

async function one<Value>(pool: pg.Pool, sql: string, values: readonly unknown[] = []): Promise<Value> {
  const { rows } = await pool.query(sql, [...values]);
  return rows[0].id as Value;
}

export async function addMeter(
  pool: pg.Pool,
  where: {
    readonly organisationId: number;
    readonly siteId: string;
    readonly gatewayId: string;
    readonly key: string;
  },
): Promise<number> {
  const { organisationId, siteId, gatewayId, key } = where;
  const id = await one<number>(
    pool,
    "INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier) VALUES ($1, $2, $3, 'physical', 'use', 'electricity') RETURNING id",
    [organisationId, siteId, key],
  );
  await pool.query(
    'INSERT INTO gateway_meter (organisation_id, gateway_id, meter_key, meter_id) VALUES ($1, $2, $3, $4)',
    [organisationId, gatewayId, key, id],
  );
  return id;
}

async function connectGateway(account: {
  readonly gatewayId: string;
  readonly siteId: string;
  readonly partition: number;
  readonly mqttUrl: string;
  readonly username: string;
  readonly password: string;
  readonly meters: ReadonlyMap<string, number>;
}): Promise<InstalledGateway> {
  const { gatewayId, partition, mqttUrl, username, password } = account;
  const client = await connectAsync(mqttUrl, {
    protocolVersion: 5,
    clientId: gatewayId,
    username,
    password,
    reconnectPeriod: 200,
  });
  const received: { readonly topic: string; readonly message: Record<string, unknown> }[] = [];
  client.on('message', (topic, payload) => {
    received.push({ topic, message: JSON.parse(payload.toString()) as Record<string, unknown> });
  });
  await client.subscribeAsync(`wattproof/v1/${partition}/${gatewayId}/down/#`, { qos: 1 });
  return {
    ...account,
    client,
    publish: async (kind, payload) => {
      await client.publishAsync(upTopic(partition, gatewayId, kind), payload, {
        qos: 1,
        retain: kind !== 'readings',
      });
    },
    received: (kind) =>
      received.filter((r) => r.topic === downTopic(partition, gatewayId, kind)).map((r) => r.message),
  };
}

/** The compact form of two measurands for these meters. */
export function compactForm(keys: readonly string[]) {
  const schema: BatchSchema = {
    meters: keys.map((key) => ({
      key,
      columns: [
        { measurandId: 1, exponent: 0 },
        { measurandId: 20, exponent: -1 },
      ],
    })),
  };
  const encoded = encodeSchema(schema);
  const hash = schemaHash(encoded);
  return {
    encoded,
    hash,
    batch: (readings: readonly WireReading[], seq: number, lane: Lane = 'live', boot = 'boot-1'): Buffer =>
      encodeCompactBatch(
        { schemaHash: hash, position: { boot, lane, seq }, clockSynchronised: true, readings },
        schema,
      ),
  };
}

export const wireReading = (
  meterKey: string,
  at_ms: number,
  energy_wh: number,
  power_w: number,
): WireReading => ({
  meterKey,
  at_ms,
  skew_ms: 3,
  quality: 'good',
  values: { active_energy_import_wh: energy_wh, active_power_w: power_w },
  exceptions: {},
});
