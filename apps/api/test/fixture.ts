import { randomBytes, randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { hashPassword, newApiKeySecret } from '@wattproof/database';
import { measurandOf, type Role, roles } from '@wattproof/energy';
import { createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase, testMqtt, testRedisUrl } from '@wattproof/testkit';
import { Client } from 'pg';
import { createApp } from '../src/app.ts';
import { envSchema } from '../src/env.ts';
import { openResources, type Resources } from '../src/resources.ts';

export const password = 'a long test password';

/** One organisation with one of everything that an id of it could be asked for. */
export interface TestOrganisation {
  readonly id: number;
  readonly slug: string;
  readonly legalEntityId: string;
  readonly siteId: string;
  /** A second site that the operator's membership does not cover. */
  readonly otherSiteId: string;
  readonly mainMeterId: number;
  readonly useMeterId: number;
  readonly totalMeterId: number;
  readonly otherMeterId: number;
  readonly gatewayId: string;
  readonly alarmRuleId: string;
  readonly alarmId: string;
  readonly deadLetterId: string;
  readonly jobRunId: string;
  readonly deliveryPointId: string;
  readonly auditId: string;
  readonly documentId: string;
  readonly photoId: string;
  readonly bundleId: string;
  readonly importId: string;
  readonly billId: string;
  readonly enpiId: string;
  readonly variableId: string;
  readonly stationId: string;
  readonly adjustmentId: string;
  readonly adjustmentFileId: string;
  readonly meterEventId: string;
  readonly apiKeys: Readonly<Record<'read' | 'write', string>>;
  readonly emailOf: (role: Role) => string;
}

export interface TestApi {
  readonly url: string;
  readonly database: TestDatabase;
  readonly admin: Client;
  readonly resources: Resources;
  readonly first: TestOrganisation;
  readonly second: TestOrganisation;
  /** Signs in once per account and calls with its cookie. */
  readonly as: (organisation: TestOrganisation, role: Role) => Promise<Caller>;
  readonly withKey: (key: string) => Caller;
  readonly anonymous: Caller;
  readonly close: () => Promise<void>;
}
export type Caller = (route: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are checked against the contract where their shape matters
  readonly json: any;
}

/** First instant of the fixture's data; a Monday in winter time. */
export const dataStart = new Date('2026-03-02T00:00:00Z');
export const intervalCount = 96;

export async function startApi(): Promise<TestApi> {
  const database = await testDatabase();
  const admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  const first = await makeOrganisation(admin, 'first');
  const second = await makeOrganisation(admin, 'second');
  const broker = testMqtt();
  const env = envSchema.parse({
    WATTPROOF_DATABASE_URL: database.urlOf('wattproof_api'),
    WATTPROOF_AUTH_DATABASE_URL: database.urlOf('wattproof_auth'),
    WATTPROOF_REDIS_URL: testRedisUrl({ database: 5 }),
    WATTPROOF_MQTT_URL: broker.mqttUrl,
    WATTPROOF_MQTT_USERNAME: broker.admin.username,
    WATTPROOF_MQTT_PASSWORD: broker.admin.password,
    WATTPROOF_SECRET_KEY: randomBytes(32).toString('base64'),
    WATTPROOF_PORTAL_URL: 'http://localhost:3000',
    WATTPROOF_API_URL: 'http://localhost:3001',
  });
  const resources = openResources(env, createLogger('api-test', 'fatal'), {
    // Test files share Redis and the address they sign in from, but not what they count.
    prefix: database.name,
  });
  const app: NestExpressApplication = await createApp(resources);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const sessions = new Map<string, Promise<Caller>>();
  return {
    url,
    database,
    admin,
    resources,
    first,
    second,
    anonymous: callerWith(url, {}),
    withKey: (key) => callerWith(url, { authorization: `Bearer ${key}` }),
    as: (organisation, role) => {
      const email = organisation.emailOf(role);
      const known = sessions.get(email) ?? signIn(url, email);
      sessions.set(email, known);
      return known;
    },
    close: async () => {
      resources.streams.closeAll();
      await app.close();
      await resources.close();
      await admin.end();
      await database.drop();
    },
  };
}

async function signIn(url: string, email: string): Promise<Caller> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
    body: JSON.stringify({ email, password }),
  });
  if (answer.status !== 200)
    throw new Error(`${email} cannot sign in: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return callerWith(url, { cookie });
}

/** Calls `GET /sites` and the like under /api/v1; a path that begins with `//` is taken from the root. */
function callerWith(url: string, identity: Record<string, string>): Caller {
  return async (route, body, headers = {}) => {
    const [method = 'GET', path = ''] = route.split(' ');
    const isText = typeof body === 'string';
    const bytes = isText || body instanceof Uint8Array ? (body as RequestInit['body']) : undefined;
    const answer = await fetch(path.startsWith('//') ? `${url}${path.slice(1)}` : `${url}/api/v1${path}`, {
      method,
      headers: {
        ...identity,
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytes ?? JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
}

async function makeOrganisation(admin: Client, slug: string): Promise<TestOrganisation> {
  const insert = async <Id = string>(sql: string, values: unknown[]): Promise<Id> => {
    const { rows } = await admin.query<{ id: Id }>(`${sql} RETURNING id`, values);
    return rows[0]?.id as Id;
  };
  const id = await insert<number>('INSERT INTO organisation (name, slug, trade) VALUES ($1, $1, $2)', [
    slug,
    'food',
  ]);
  const legalEntityId = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country, registration_number) VALUES ($1, $2, 'FR', '123456789')",
    [id, `${slug} SAS`],
  );
  const site = (name: string) =>
    insert(
      `INSERT INTO site (organisation_id, legal_entity_id, name, activity, country, time_zone, subscribed_power_w)
       VALUES ($1, $2, $3, 'ready meals', 'FR', 'Europe/Paris', 500000)`,
      [id, legalEntityId, name],
    );
  const siteId = await site(`${slug} Laval`);
  const otherSiteId = await site(`${slug} Rennes`);
  const zoneId = await insert("INSERT INTO zone (organisation_id, site_id, name) VALUES ($1, $2, 'Hall')", [
    id,
    siteId,
  ]);
  const panelId = await insert(
    "INSERT INTO panel (organisation_id, site_id, zone_id, name) VALUES ($1, $2, $3, 'TGBT')",
    [id, siteId, zoneId],
  );
  const circuitId = await insert(
    `INSERT INTO circuit (organisation_id, site_id, panel_id, name, rated_current_a, energy_use)
     VALUES ($1, $2, $3, 'Cold rooms', 250, 'refrigeration')`,
    [id, siteId, panelId],
  );
  const gatewayId = `gateway-${slug}-${randomBytes(4).toString('hex')}`;
  await admin.query(
    `INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition, configuration_version, online, state_at, state)
     VALUES ($1, $2, $3, 'Gateway', 'edge', 0, 1, true, now(), $4)`,
    [
      gatewayId,
      id,
      siteId,
      JSON.stringify({
        online: true,
        clockSynchronised: true,
        outbox: { batches: 2, bytes: 100, oldestAt: null },
        lines: [
          {
            key: 'l1',
            state: 'running',
            lastExchangeAt: null,
            requests: 9,
            timeouts: 1,
            exceptions: 0,
            busyShare: 0.2,
            meters: [],
          },
        ],
      }),
    ],
  );
  await insert(
    `INSERT INTO gateway_configuration (organisation_id, gateway_id, version, state, plan, created_by)
     VALUES ($1, $2, 1, 'confirmed', '{"pollPeriod_s": 10, "lines": []}', $3)`,
    [id, gatewayId, `installer of ${slug}`],
  );
  const lineId = await insert(
    `INSERT INTO line (organisation_id, site_id, gateway_id, key, name, transport) VALUES ($1, $2, $3, 'l1', 'Line 1', 'tcp')`,
    [id, siteId, gatewayId],
  );
  const meter = (fields: Record<string, unknown>) => {
    const all: Record<string, unknown> = {
      organisation_id: id,
      kind: 'physical',
      carrier: 'electricity',
      measurand: 'active_energy_import_wh',
      ...fields,
    };
    const names = Object.keys(all);
    return insert<number>(
      `INSERT INTO meter (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
      Object.values(all),
    );
  };
  const mainMeterId = await meter({ site_id: siteId, name: 'Main', role: 'main', line_id: lineId });
  const useMeterId = await meter({
    site_id: siteId,
    name: 'Cold rooms',
    role: 'use',
    energy_use: 'refrigeration',
    parent_id: mainMeterId,
    circuit_id: circuitId,
    zone_id: zoneId,
    line_id: lineId,
  });
  const totalMeterId = await meter({ site_id: siteId, name: 'Electricity', role: 'total', kind: 'virtual' });
  const otherMeterId = await meter({ site_id: otherSiteId, name: 'Other main', role: 'main' });
  await insert(
    `INSERT INTO virtual_term (organisation_id, meter_id, source_meter_id, source_measurand, sign)
     VALUES ($1, $2, $3, 'active_energy_import_wh', 1)`,
    [id, totalMeterId, mainMeterId],
  );
  await insert(
    `INSERT INTO gateway_meter (organisation_id, gateway_id, meter_key, meter_id) VALUES ($1, $2, 'main', $3)`,
    [id, gatewayId, mainMeterId],
  );
  const meterEventId = randomUUID();
  await insert(
    `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index, declaration_id)
     VALUES ($1, $2, 'replacement', '2026-02-01', 'active_energy_import_wh', 1000, 0, $3)`,
    [id, mainMeterId, meterEventId],
  );
  await insert(
    `INSERT INTO tariff (organisation_id, site_id, carrier, valid_from, price_per_unit, unit, currency)
     VALUES ($1, $2, 'electricity', '2025-01-01', 0.10, 'kWh', 'EUR')`,
    [id, siteId],
  );
  await makeSeries(admin, id, { mainMeterId, useMeterId, totalMeterId });
  const alarmRuleId = await insert(
    `INSERT INTO alarm_rule (organisation_id, site_id, meter_id, name, kind, measurand, comparison, threshold)
     VALUES ($1, $2, $3, 'High load', 'threshold', 'active_power_w', 'above', 100000)`,
    [id, siteId, mainMeterId],
  );
  const alarmId = await insert(
    `INSERT INTO alarm (organisation_id, site_id, alarm_rule_id, raised_at, value, extreme)
     VALUES ($1, $2, $3, now() - interval '1 hour', 101000, 150000)`,
    [id, siteId, alarmRuleId],
  );
  const deadLetterId = await insert(
    `INSERT INTO dead_letter (organisation_id, gateway_id, topic, code, message, payload)
     VALUES ($1, $2, 'wattproof/v1/0/x/up/readings', 'malformed', 'no JSON', '{broken')`,
    [id, gatewayId],
  );
  const jobRunId = await insert(
    `INSERT INTO job_run (organisation_id, kind, title) VALUES ($1, 'makeAuditReport', 'Audit report')`,
    [id],
  );
  const deliveryPointId = await insert(
    `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from)
     VALUES ($1, $2, $3, 'electricity', $4, 'Laval HTA', '2020-01-01')`,
    [id, legalEntityId, siteId, `PRM-${slug}`],
  );
  const auditId = await insert(
    `INSERT INTO audit (organisation_id, legal_entity_id, name, period_from, period_to, auditor_name)
     VALUES ($1, $2, 'Audit 2026', '2026-01-01', '2026-04-01', 'A. Auditor')`,
    [id, legalEntityId],
  );
  await insert(
    `INSERT INTO audit_scope (organisation_id, audit_id, delivery_point_id, included) VALUES ($1, $2, $3, true)`,
    [id, auditId, deliveryPointId],
  );
  const importId = await insert(
    `INSERT INTO bill_import (organisation_id, file_name, sha256, content, imported_by, n_rows, n_stored, n_rejected)
     VALUES ($1, 'bills.csv', 'abc', $2, 'x', 3, 3, 0)`,
    [id, Buffer.from(`bills of ${slug}`)],
  );
  let billId = '';
  for (const month of ['2026-01', '2026-02', '2026-03'])
    billId = await insert(
      `INSERT INTO bill (organisation_id, delivery_point_id, number, period_from, period_to, quantity, unit, energy_kwh,
         calorific_basis, amount_ex_vat, currency)
       VALUES ($1, $2, $3, $4::date, ($4::date + interval '1 month')::date, 1000, 'kWh', 1000, 'none', 100, 'EUR')`,
      [id, deliveryPointId, `B-${month}`, `${month}-01`],
    );
  const documentId = await insert(
    `INSERT INTO document (organisation_id, audit_id, kind, name, locale, media_type, content, sha256, snapshot, created_by)
     VALUES ($1, $2, 'auditReport', 'report.pdf', 'en', 'application/pdf', $3, 'abc', '{}', 'x')`,
    [id, auditId, Buffer.from(`%PDF-1.7 secret of ${slug}`)],
  );
  const photoId = await insert(
    `INSERT INTO audit_photo (organisation_id, audit_id, section, caption, media_type, width, height, content, sha256,
       upload_sha256, created_by)
     VALUES ($1, $2, 'summary', 'Hall', 'image/jpeg', 1, 1, $3, 'ab', 'cd', 'x')`,
    [id, auditId, Buffer.from(`photo of ${slug}`)],
  );
  const bundle = Buffer.from(`PK evidence of ${slug}`);
  const bundleId = await insert(
    `INSERT INTO evidence_bundle (organisation_id, audit_id, name, bytes, sha256, fingerprint, anchor, meter_days, created_by)
     VALUES ($1, $2, 'bundle.zip', $3, 'ab', 'cd', '1-ef', 1, 'x')`,
    [id, auditId, bundle.length],
  );
  await admin.query(
    'INSERT INTO evidence_bundle_piece (bundle_id, position, organisation_id, content) VALUES ($1, 0, $2, $3)',
    [bundleId, id, bundle],
  );
  const enpiId = await insert(
    `INSERT INTO enpi (organisation_id, site_id, name, meter_id, measurand, baseline_from, baseline_to, reporting_from)
     VALUES ($1, $2, 'Electricity', $3, 'active_energy_import_wh', '2025-01-01', '2026-01-01', '2026-01-01')`,
    [id, siteId, totalMeterId],
  );
  const variableId = await insert(
    `INSERT INTO relevant_variable (organisation_id, site_id, key, name, unit, source, quantity, combine)
     VALUES ($1, $2, 'tonnes', 'Production', 't', 'series', 'amount', 'sum')`,
    [id, siteId],
  );
  const adjustmentId = await insert(
    `INSERT INTO adjustment (organisation_id, site_id, event, from_date, method, evidence, proposed_by)
     VALUES ($1, $2, 'Cold store closed', '2026-02-01', 'Sub-meter', 'Work order', 'x')`,
    [id, siteId],
  );
  await admin.query(
    `INSERT INTO adjustment_effect (adjustment_id, enpi_id, organisation_id, energy_wh_per_day, half_width_wh_per_day)
     VALUES ($1, $2, $3, -1000, 100)`,
    [adjustmentId, enpiId, id],
  );
  const adjustmentFileId = await insert(
    `INSERT INTO adjustment_file (organisation_id, adjustment_id, name, media_type, sha256, content, added_by)
     VALUES ($1, $2, 'order.pdf', 'application/pdf', $3, $4, 'x')`,
    [id, adjustmentId, 'a'.repeat(64), Buffer.from(`%PDF-1.7 order of ${slug}`)],
  );
  const stationId = await insert(
    `INSERT INTO weather_station (organisation_id, name, code, provider, latitude, longitude, created_by)
     VALUES ($1, $2, '07130', 'Open data', 48.07, -1.73, 'x')`,
    [id, `${slug} Rennes-Saint-Jacques`],
  );
  const emailOf = (role: Role): string => `${role.toLowerCase()}@${slug}.example`;
  await makePeople(admin, id, emailOf, siteId);
  const apiKeys = { read: await makeKey(admin, id, 'read'), write: await makeKey(admin, id, 'write') };
  return {
    id,
    slug,
    legalEntityId,
    siteId,
    otherSiteId,
    mainMeterId,
    useMeterId,
    totalMeterId,
    otherMeterId,
    gatewayId,
    alarmRuleId,
    alarmId,
    deadLetterId,
    jobRunId,
    deliveryPointId,
    auditId,
    documentId,
    photoId,
    bundleId,
    importId,
    billId,
    enpiId,
    variableId,
    stationId,
    adjustmentId,
    adjustmentFileId,
    meterEventId,
    apiKeys,
    emailOf,
  };
}

/** A day of base intervals, its hours, its day, and readings each minute of its first hour. */
async function makeSeries(
  admin: Client,
  organisationId: number,
  meters: { mainMeterId: number; useMeterId: number; totalMeterId: number },
): Promise<void> {
  const energyId = measurandOf('active_energy_import_wh').id;
  const share: readonly [number, number][] = [
    [meters.mainMeterId, 10_000],
    [meters.useMeterId, 4_000],
    [meters.totalMeterId, 10_000],
  ];
  for (const [meterId, delta] of share) {
    await admin.query(
      `INSERT INTO store.interval (start, meter_id, organisation_id, measurand, quality, duration_s, delta)
       SELECT $1::timestamptz + i * interval '15 minutes', $2, $3, $4, 0, 900, $5 FROM generate_series(0, $6::int - 1) i`,
      [dataStart, meterId, organisationId, energyId, delta, intervalCount],
    );
    for (const [tier, unit, count] of [
      ['hour', 'hour', 24],
      ['day', 'day', 1],
      ['month', 'month', 1],
    ] as const) {
      const perRow = intervalCount / count;
      await admin.query(
        `INSERT INTO store.interval_${tier} (start, meter_id, organisation_id, measurand, duration_s, delta,
           n_measured, n_interpolated, n_estimated, n_manual, n_missing)
         SELECT date_trunc('${unit}', $1::timestamptz, 'Europe/Paris') + i * interval '1 ${unit}', $2, $3, $4, $5, $6::bigint, $7, 0, 0, 0, 0
         FROM generate_series(0, $8::int - 1) i`,
        [dataStart, meterId, organisationId, energyId, perRow * 900, delta * perRow, perRow, count],
      );
    }
  }
  await admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_power_w, active_energy_import_wh)
     SELECT $1::timestamptz + i * interval '1 minute', $2, $3, 0, now(), 40000 + i, 1000 + i FROM generate_series(0, 59) i`,
    [dataStart, meters.mainMeterId, organisationId],
  );
  await admin.query(
    `INSERT INTO store.latest (meter_id, organisation_id, at, received_at, quality, values)
     SELECT m, $1, now(), now(), 0, jsonb_build_object('active_power_w', jsonb_build_array(p, (extract(epoch FROM now()) * 1000)::bigint))
     FROM unnest($2::int[], $3::float8[]) AS v (m, p)`,
    [organisationId, [meters.mainMeterId, meters.useMeterId], [40_000, 16_000]],
  );
}

/** Hashing is slow on purpose: once is enough for people who all have one password. */
const sharedHash = hashPassword(password);

async function makePeople(
  admin: Client,
  organisationId: number,
  emailOf: (role: Role) => string,
  siteId: string,
): Promise<void> {
  const hash = await sharedHash;
  for (const role of roles) {
    const userId = randomUUID();
    await admin.query(
      `WITH person AS (INSERT INTO auth."user" (id, name, email, "emailVerified") VALUES ($1, $2, $3, true) RETURNING id)
       INSERT INTO auth.account (id, "accountId", "providerId", "userId", password, "updatedAt")
       SELECT $4, id, 'credential', id, $5, now() FROM person`,
      [userId, `The ${role}`, emailOf(role), randomUUID(), hash],
    );
    await admin.query(
      `INSERT INTO membership (organisation_id, user_id, role, display_name, email, site_ids) VALUES ($1, $2, $3, $4, $5, $6)`,
      [organisationId, userId, role, `The ${role}`, emailOf(role), role === 'operator' ? [siteId] : null],
    );
  }
}

async function makeKey(admin: Client, organisationId: number, scope: 'read' | 'write'): Promise<string> {
  const { key, prefix, secretSha256 } = newApiKeySecret();
  await admin.query(
    'INSERT INTO api_key (organisation_id, name, prefix, secret_sha256, scopes) VALUES ($1, $2, $3, $4, $5)',
    [organisationId, `${scope} key`, prefix, secretSha256, [scope]],
  );
  return key;
}
