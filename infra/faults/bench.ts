import { randomBytes } from 'node:crypto';
import { type IngestionProcess, startIngestion } from '@wattproof/ingestion/process';
import pg from 'pg';
import { boundedMemory } from '../applications.ts';
import { type BrokerAccount, controlBroker } from '../services/broker-control.ts';
import {
  type EnrolledGateway,
  enrolCommands,
  type FedGateway,
  openSender,
  startFedGateway,
} from './gateway.ts';
import type { FaultBench, Outcome, Programs, ServiceControl } from './scenario.ts';
import { waitUntil } from './scenario.ts';

export interface FaultServices {
  readonly adminDatabaseUrl: string;
  readonly ingestionDatabaseUrl: string;
  readonly workerDatabaseUrl: string;
  readonly redisUrl: string;
  readonly mqttUrl: string;
  readonly mqttAdmin: BrokerAccount;
  readonly mqttIngestion: BrokerAccount;
  /** The first of two partitions that nobody else reads. */
  readonly firstPartition: number;
  /** Where outboxes are kept. */
  readonly folder: string;
  readonly control: ServiceControl | null;
  readonly programs: Programs;
}

/** Time for everything to arrive after the last fault; gateways repeat after silence, with growing pauses. */
const arriveLimit_s = 240;
const partitions = 2;

/** A bench for one scenario, and its end. */
export function openFaultBench(
  services: FaultServices,
  { isShort, random }: { readonly isShort: boolean; readonly random: () => number },
): { readonly bench: FaultBench; readonly close: () => Promise<void> } {
  const ends: (() => Promise<void>)[] = [];
  const { mqttUrl, firstPartition, adminDatabaseUrl } = services;

  const rows: FaultBench['rows'] = async <Row>(sql: string, values: readonly unknown[] = []) => {
    const client = await connected(adminDatabaseUrl);
    try {
      return (await client.query(sql, [...values])).rows as Row[];
    } finally {
      await client.end();
    }
  };
  const ingestion: FaultBench['ingestion'] = async (environment = {}) => {
    const started: IngestionProcess = await startIngestion({
      ...boundedMemory,
      WATTPROOF_DATABASE_URL: services.ingestionDatabaseUrl,
      WATTPROOF_REDIS_URL: services.redisUrl,
      WATTPROOF_MQTT_URL: mqttUrl,
      WATTPROOF_MQTT_USERNAME: services.mqttIngestion.username,
      WATTPROOF_MQTT_PASSWORD: services.mqttIngestion.password,
      WATTPROOF_PARTITIONS: `${firstPartition}-${firstPartition + partitions - 1}`,
      WATTPROOF_SESSION_EXPIRY_S: '600',
      WATTPROOF_LOG_LEVEL: 'error',
      ...environment,
    });
    ends.push(async () => {
      if (started.child.exitCode === null && started.child.signalCode === null) await started.kill();
    });
    return started;
  };
  const enrol: FaultBench['enrol'] = async ({ meters = 2, partition = 0 } = {}) => {
    const gatewayId = `faults-${randomBytes(4).toString('hex')}`;
    const keys = Array.from({ length: meters }, (_, i) => `M${i}`);
    const place = firstPartition + partition;
    const meterIds = await rows<{ id: number }>(newGateway, [gatewayId, place, keys]);
    const gateway = {
      gatewayId,
      partition: place,
      password: randomBytes(24).toString('base64url'),
      keys,
      meterIds: meterIds.map((row) => row.id),
    };
    await controlBroker(mqttUrl, services.mqttAdmin, enrolCommands(gateway));
    return gateway;
  };
  return {
    bench: {
      isShort,
      random,
      partitions,
      mqttUrl,
      redisUrl: services.redisUrl,
      adminDatabaseUrl,
      workerDatabaseUrl: services.workerDatabaseUrl,
      get control() {
        if (!services.control) throw new Error('these services are shared with others');
        return services.control;
      },
      programs: services.programs,
      folder: services.folder,
      rows,
      ingestion,
      enrol,
      enrolAgain: async (gateways) => {
        for (const gateway of gateways)
          await controlBroker(mqttUrl, services.mqttAdmin, enrolCommands(gateway));
      },
      sender: async (gateway) => {
        const sender = await openSender(mqttUrl, gateway);
        ends.push(sender.close);
        return sender;
      },
      feed: async ({ gateways, meters, period_ms, step_ms = 1000 }) => {
        const fed: FedGateway[] = [];
        for (let i = 0; i < gateways; i++) {
          const gateway = await enrol({ meters, partition: i % 2 === 0 ? 0 : 1 });
          const { folder } = services;
          const one = startFedGateway(gateway, {
            mqttUrl,
            folder,
            period_ms,
            origin_ms: feedOrigin_ms(),
            step_ms,
          });
          ends.push(one.close);
          fed.push(one);
        }
        return fed;
      },
      settle: (fed, done) => settle(rows, fed, done),
      elsewhere: (others) => {
        const other = openFaultBench({ ...services, ...others }, { isShort, random });
        ends.push(other.close);
        return other.bench;
      },
      defer: (end) => void ends.push(end),
    },
    close: async () => {
      for (const end of ends.reverse()) await end();
    },
  };
}

/** Instant of the first made-up reading. */
export const feedOrigin_ms = (): number => Math.floor(Date.now() / 86_400_000) * 86_400_000 - 3 * 86_400_000;

/** An organisation, a site, a gateway and its meters; the ids of the meters in the order of their keys. */
const newGateway = `WITH o AS (INSERT INTO organisation (name, slug) VALUES ($1, $1) RETURNING id),
  e AS (INSERT INTO legal_entity (organisation_id, name, country) SELECT id, $1, 'FR' FROM o RETURNING id, organisation_id),
  s AS (INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
    SELECT organisation_id, id, $1, 'FR', 'Europe/Paris' FROM e RETURNING id, organisation_id),
  g AS (INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition)
    SELECT $1, organisation_id, id, $1, 'edge', $2 FROM s RETURNING id),
  m AS (INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand)
    SELECT s.organisation_id, s.id, k, 'physical', 'use', 'electricity', 'active_energy_import_wh' FROM s, unnest($3::text[]) WITH ORDINALITY AS t (k, n)
    ORDER BY n RETURNING id, name, organisation_id),
  k AS (INSERT INTO gateway_meter (organisation_id, gateway_id, meter_key, meter_id)
    SELECT m.organisation_id, g.id, m.name, m.id FROM m, g)
SELECT id FROM m ORDER BY id`;

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // The server is killed on purpose; a query that was under way fails by itself.
  await client.connect();
  return client;
}

interface Stored {
  readonly stored: number;
  readonly different: number;
  readonly sum_wh: number;
  readonly marked: number;
  readonly newest: number;
  readonly latest: number;
}

async function settle(
  rows: FaultBench['rows'],
  fed: readonly Omit<FedGateway, 'feed'>[],
  done: string,
): Promise<Outcome> {
  for (const gateway of fed) await gateway.stopFeeding();
  const wrong: string[] = [];
  await waitUntil(
    () => fed.every((gateway) => gateway.outstanding() === 0),
    arriveLimit_s,
    'the acknowledgement of everything',
  ).catch((error: Error) => wrong.push(error.message));
  let sent = 0;
  let stored = 0;
  let twice = 0;
  for (const gateway of fed) {
    const found = await storedOf(rows, gateway);
    sent += gateway.accepted();
    stored += found.stored;
    twice += found.stored - found.different;
    if (found.sum_wh !== gateway.sum_wh()) wrong.push(`${gateway.gatewayId}: the sums differ`);
    if (found.marked !== found.stored) wrong.push(`${gateway.gatewayId}: readings without a dirty mark`);
    if (found.latest !== found.newest) wrong.push(`${gateway.gatewayId}: the newest value is not the newest`);
  }
  if (sent !== stored) wrong.push(`${sent - stored} readings are missing`);
  if (twice !== 0) wrong.push(`${twice} readings are there twice`);
  return { done, sent, stored, twice, wrong };
}

/** What is stored of a gateway's meters: the readings, whether each is marked, whether the newest values are the newest. */
async function storedOf(rows: FaultBench['rows'], { meterIds }: EnrolledGateway): Promise<Stored> {
  const [row] = await rows<Stored>(
    `WITH r AS (SELECT meter_id, at, active_energy_import_wh AS wh FROM store.reading WHERE meter_id = ANY ($1)),
       d AS (SELECT meter_id, range_agg(tstzrange(from_at, to_at, '[]')) AS marked FROM store.dirty WHERE meter_id = ANY ($1) GROUP BY 1)
     SELECT count(*)::int AS stored, count(DISTINCT (r.meter_id, r.at))::int AS different, coalesce(sum(wh), 0)::float8 AS sum_wh,
       count(*) FILTER (WHERE d.marked @> r.at)::int AS marked,
       (SELECT coalesce(sum(wh), 0)::float8 FROM (SELECT DISTINCT ON (meter_id) wh FROM r ORDER BY meter_id, at DESC) n) AS newest,
       (SELECT coalesce(sum((values -> 'active_energy_import_wh' ->> 0)::float8), 0) FROM store.latest WHERE meter_id = ANY ($1)) AS latest
     FROM r LEFT JOIN d USING (meter_id)`,
    [meterIds],
  );
  if (!row) throw new Error('a count gave no row');
  return row;
}
