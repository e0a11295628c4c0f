import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Outbox, openOutbox } from '@wattproof/edge/outbox';
import { startUplink, type Uplink } from '@wattproof/edge/uplink';
import { createLogger } from '@wattproof/runtime';
import type pg from 'pg';
import { type BrokerAccount, controlBroker } from '../services/broker-control.ts';

/** A gateway of the product (outbox and uplink) that is fed with made-up readings. */
export interface FedGateway {
  readonly meterIds: readonly number[];
  /** Readings its outbox has taken. */
  readonly accepted: () => number;
  /** Sum of the counter of every accepted reading. */
  readonly sum_wh: () => number;
  /** Readings that ingestion has not yet acknowledged, as far as they are counted: 0 = everything is delivered. */
  readonly outstanding: () => number;
  readonly stopFeeding: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface PlantOptions {
  readonly admin: pg.Client;
  readonly mqttUrl: string;
  readonly mqttAdmin: BrokerAccount;
  readonly folder: string;
  readonly partition: number;
  readonly meters: number;
  readonly period_ms: number;
}

const energyId = 1;
const powerId = 20;

/** Rows, broker account, outbox and uplink of one gateway; feeding begins at once. */
export async function startFedGateway(options: PlantOptions): Promise<FedGateway> {
  const { admin, mqttUrl, mqttAdmin, partition, meters, period_ms } = options;
  const gatewayId = `faults-${randomBytes(4).toString('hex')}`;
  const keys = Array.from({ length: meters }, (_, i) => `M${i}`);
  const meterIds = await insertRows(admin, gatewayId, partition, keys);
  const password = randomBytes(24).toString('base64url');
  await enrol(mqttUrl, mqttAdmin, { gatewayId, partition, password });
  const outbox: Outbox = openOutbox(join(options.folder, gatewayId));
  const columns = [
    { measurandId: energyId, exponent: 0 },
    { measurandId: powerId, exponent: 0 },
  ];
  const { encoded } = outbox.useSchema({ meters: keys.map((key) => ({ key, columns })) });
  const uplink: Uplink = startUplink({
    gatewayId,
    partition,
    mqttUrl,
    username: gatewayId,
    password,
    outbox,
    logger: createLogger('faults', 'fatal'),
    clock: () => true,
    state: () => ({ online: true }),
    onConfiguration: () => undefined,
  });
  uplink.announceSchema(encoded);
  let accepted = 0;
  let sum_wh = 0;
  let isFeeding = true;
  const origin_ms = Date.now() - 3_600_000;
  const feed = async (): Promise<void> => {
    for (let n = 0; isFeeding; n++) {
      uplink.accept(
        keys.map((meterKey, i) => ({
          meterKey,
          at_ms: origin_ms + n * period_ms,
          skew_ms: 0,
          quality: 'good',
          values: { active_energy_import_wh: n * meters + i, active_power_w: n },
          exceptions: {},
        })),
      );
      for (let i = 0; i < meters; i++) sum_wh += n * meters + i;
      accepted += meters;
      await delay(period_ms);
    }
  };
  const feeding = feed();
  return {
    meterIds,
    accepted: () => accepted,
    sum_wh: () => sum_wh,
    outstanding: () =>
      outbox.unacknowledged('live') + outbox.unacknowledged('backfill') + outbox.waitingReadings(),
    stopFeeding: async () => {
      isFeeding = false;
      await feeding;
    },
    close: async () => {
      await uplink.stop();
      outbox.close();
    },
  };
}

async function insertRows(
  admin: pg.Client,
  gatewayId: string,
  partition: number,
  keys: readonly string[],
): Promise<number[]> {
  const { rows } = await admin.query<{ id: number }>(
    `WITH o AS (INSERT INTO organisation (name, slug) VALUES ($1, $1) RETURNING id),
     e AS (INSERT INTO legal_entity (organisation_id, name, country) SELECT id, $1, 'FR' FROM o RETURNING id, organisation_id),
     s AS (INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       SELECT organisation_id, id, $1, 'FR', 'Europe/Paris' FROM e RETURNING id, organisation_id),
     g AS (INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition)
       SELECT $1, organisation_id, id, $1, 'edge', $2 FROM s RETURNING id),
     m AS (INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier)
       SELECT s.organisation_id, s.id, k, 'physical', 'use', 'electricity' FROM s, unnest($3::text[]) k
       RETURNING id, name, organisation_id)
     INSERT INTO gateway_meter (organisation_id, gateway_id, meter_key, meter_id)
       SELECT m.organisation_id, g.id, m.name, m.id FROM m, g RETURNING meter_id AS id`,
    [gatewayId, partition, keys],
  );
  return rows.map((row) => row.id);
}

async function enrol(
  mqttUrl: string,
  mqttAdmin: BrokerAccount,
  gateway: { readonly gatewayId: string; readonly partition: number; readonly password: string },
): Promise<void> {
  const { gatewayId, partition, password } = gateway;
  const rolename = `gateway:${gatewayId}`;
  const base = `wattproof/v1/${partition}/${gatewayId}`;
  const rule = (acltype: string, topic: string) => ({ acltype, topic, priority: 0, allow: true });
  await controlBroker(mqttUrl, mqttAdmin, [
    {
      command: 'createRole',
      rolename,
      acls: [
        rule('publishClientSend', `${base}/up/#`),
        rule('publishClientReceive', `${base}/down/#`),
        rule('subscribePattern', `${base}/down/#`),
      ],
    },
    { command: 'createClient', username: gatewayId, password, roles: [{ rolename, priority: 0 }] },
  ]);
}
