import { addReading, commitReadings, createReadingBatch } from '@wattproof/database';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AlarmSweep, evaluateAlarms } from './evaluate-alarms.ts';

const second_ms = 1_000;
const minute_ms = 60_000;
const hour_ms = 3_600_000;
/** Every test has its own stretch of time and its own organisation. */
const origin_ms = Date.UTC(2026, 5, 1, 8);

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let organisations = 0;
let organisationId: number;
let siteId: string;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 2 });
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;

beforeEach(async () => {
  await admin.query('UPDATE alarm_rule SET enabled = false');
  const slug = `organisation-${organisations++}`;
  organisationId = await insert('INSERT INTO organisation (name, slug) VALUES ($1, $1)', [slug]);
  const entity = await insert(
    'INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, $2, $3)',
    [organisationId, slug, 'FR'],
  );
  siteId = await insert(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, 'Laval', 'FR', 'Europe/Paris')`,
    [organisationId, entity],
  );
});

async function createGateway(id: string): Promise<void> {
  await admin.query(
    `INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition) VALUES ($1, $2, $3, $1, 'edge', 0)`,
    [id, organisationId, siteId],
  );
}
const createLine = (gatewayId: string, key: string): Promise<string> =>
  insert(
    `INSERT INTO line (organisation_id, site_id, gateway_id, key, name, transport) VALUES ($1, $2, $3, $4, $4, 'tcp')`,
    [organisationId, siteId, gatewayId, key],
  );
async function createMeter(gatewayId: string, lineId: string | null = null): Promise<number> {
  const id = await insert<number>(
    `INSERT INTO meter (organisation_id, site_id, line_id, name, kind, role, carrier, reading_period_s)
     VALUES ($1, $2, $3, 'meter', 'physical', 'use', 'electricity', 10)`,
    [organisationId, siteId, lineId],
  );
  await admin.query(
    'INSERT INTO gateway_meter (organisation_id, gateway_id, meter_key, meter_id) VALUES ($1, $2, $3, $4)',
    [organisationId, gatewayId, `key-${id}`, id],
  );
  return id;
}
const thresholdRule = (
  meterId: number,
  rule: { hysteresis?: number; delay_s?: number } = {},
): Promise<string> =>
  insert(
    `INSERT INTO alarm_rule (organisation_id, site_id, meter_id, name, kind, measurand, comparison, threshold,
       hysteresis, delay_s, created_at)
     VALUES ($1, $2, $3, 'too much', 'threshold', 'active_power_w', 'above', 50000, $4, $5, $6)`,
    [organisationId, siteId, meterId, rule.hysteresis ?? 0, rule.delay_s ?? 0, new Date(origin_ms)],
  );
const noDataRule = (target: { meterId?: number; gatewayId?: string }): Promise<string> =>
  insert(
    `INSERT INTO alarm_rule (organisation_id, site_id, meter_id, gateway_id, name, kind, created_at)
     VALUES ($1, $2, $3, $4, 'no data', 'noData', $5)`,
    [organisationId, siteId, target.meterId ?? null, target.gatewayId ?? null, new Date(origin_ms)],
  );

async function send(
  meterId: number,
  powers: readonly (readonly [at_ms: number, power_w: number])[],
): Promise<void> {
  const batch = createReadingBatch();
  for (const [at_ms, active_power_w] of powers)
    addReading(batch, {
      meterId,
      organisationId,
      at_ms,
      receivedAt_ms: at_ms,
      skew_ms: 0,
      quality: 0,
      values: { active_power_w },
      exceptions: {},
    });
  await commitReadings(admin, batch);
}
interface AlarmRow {
  raised_at: Date;
  cleared_at: Date | null;
  value: number | null;
  extreme: number | null;
  acknowledged_by: string | null;
}
const alarmsOf = async (ruleId: string): Promise<AlarmRow[]> =>
  (await admin.query<AlarmRow>('SELECT * FROM alarm WHERE alarm_rule_id = $1 ORDER BY raised_at', [ruleId]))
    .rows;
const sweep = (now_ms: number): Promise<AlarmSweep> => evaluateAlarms(pool, now_ms);

describe('threshold', () => {
  test('fires once after its delay, keeps the farthest value, clears once below the hysteresis', async () => {
    await createGateway('laval-1');
    const meterId = await createMeter('laval-1');
    const ruleId = await thresholdRule(meterId, { hysteresis: 5_000, delay_s: 60 });
    const at = (s: number): number => origin_ms + s * second_ms;
    const course: readonly (readonly [number, number])[] = [
      [0, 40_000],
      [10, 51_000],
      [20, 49_000],
      [30, 52_000],
      [60, 58_000],
      [90, 61_000],
      [120, 70_000],
      [150, 48_000],
      [180, 55_000],
      [210, 44_000],
      [240, 43_000],
      [270, 52_000],
    ];
    for (const [s, power_w] of course) {
      await send(meterId, [[at(s), power_w]]);
      await sweep(at(s) + second_ms);
      await sweep(at(s) + 2 * second_ms);
    }
    const alarms = await alarmsOf(ruleId);
    expect(alarms).toMatchObject([
      { raised_at: new Date(at(90)), cleared_at: new Date(at(210)), value: 61_000, extreme: 70_000 },
    ]);
  });

  test('an exceedance that comes late enters no alarm; back-filled after a pause it is history', async () => {
    await createGateway('laval-2');
    const meterId = await createMeter('laval-2');
    const ruleId = await thresholdRule(meterId);
    await send(meterId, [[origin_ms + hour_ms, 40_000]]);
    await sweep(origin_ms + hour_ms);
    await send(meterId, [[origin_ms + 30 * minute_ms, 90_000]]);
    expect(await sweep(origin_ms + hour_ms + minute_ms)).toMatchObject({ raised: 0 });
    await send(meterId, [
      [origin_ms + 2 * hour_ms, 90_000],
      [origin_ms + 3 * hour_ms, 40_000],
    ]);
    expect(await sweep(origin_ms + 8 * hour_ms)).toMatchObject({ raised: 1, cleared: 1 });
    expect(await alarmsOf(ruleId)).toMatchObject([
      { raised_at: new Date(origin_ms + 2 * hour_ms), acknowledged_by: 'late data' },
    ]);
  });

  test('an acknowledged alarm stays one alarm until it clears', async () => {
    await createGateway('laval-3');
    const meterId = await createMeter('laval-3');
    const ruleId = await thresholdRule(meterId);
    await send(meterId, [[origin_ms, 60_000]]);
    await sweep(origin_ms);
    await admin.query(
      "UPDATE alarm SET acknowledged_at = now(), acknowledged_by = 'operator' WHERE alarm_rule_id = $1",
      [ruleId],
    );
    await sweep(origin_ms + 10 * second_ms);
    await send(meterId, [[origin_ms + 20 * second_ms, 65_000]]);
    await sweep(origin_ms + 20 * second_ms);
    await send(meterId, [[origin_ms + 30 * second_ms, 30_000]]);
    await sweep(origin_ms + 30 * second_ms);
    expect(await alarmsOf(ruleId)).toMatchObject([
      { acknowledged_by: 'operator', extreme: 65_000, cleared_at: new Date(origin_ms + 30 * second_ms) },
    ]);
    const { rows } = await admin.query('SELECT state FROM alarm_state WHERE alarm_rule_id = $1', [ruleId]);
    expect(rows[0]?.state.stage).toBe('normal');
  });
});

describe('no data', () => {
  /** Sweeps every 30 s; `reporting` says which meters send then. */
  async function run(from_s: number, to_s: number, reporting: readonly number[]): Promise<void> {
    for (let s = from_s; s <= to_s; s += 30) {
      const now_ms = origin_ms + s * second_ms;
      for (const meterId of reporting) await send(meterId, [[now_ms, 1_000]]);
      await sweep(now_ms);
    }
  }

  test('one silent meter: one alarm after five minutes, cleared when it is back', async () => {
    await createGateway('laval-4');
    const [silent, other] = [await createMeter('laval-4'), await createMeter('laval-4')];
    const meterRule = await noDataRule({ meterId: silent });
    const gatewayRule = await noDataRule({ gatewayId: 'laval-4' });
    await run(0, 60, [silent, other]);
    await run(90, 600, [other]);
    await run(630, 660, [silent, other]);
    expect(await alarmsOf(meterRule)).toMatchObject([
      {
        raised_at: new Date(origin_ms + 360 * second_ms),
        cleared_at: new Date(origin_ms + 630 * second_ms),
        value: null,
      },
    ]);
    expect(await alarmsOf(gatewayRule)).toEqual([]);
  });

  test('a gateway that is off is one alarm, and none of its meters', async () => {
    await createGateway('laval-5');
    const meters: number[] = [];
    const meterRules: string[] = [];
    for (let i = 0; i < 20; i++) {
      const meterId = await createMeter('laval-5');
      meters.push(meterId);
      meterRules.push(await noDataRule({ meterId }));
    }
    const gatewayRule = await noDataRule({ gatewayId: 'laval-5' });
    await run(0, 60, meters);
    await run(90, 900, []);
    expect(await alarmsOf(gatewayRule)).toMatchObject([{ cleared_at: null }]);
    // Back one after the other: the last ones are not accused while they start.
    await run(930, 960, meters.slice(0, 3));
    await run(990, 1_020, meters);
    expect(await alarmsOf(gatewayRule)).toMatchObject([
      { cleared_at: new Date(origin_ms + 930 * second_ms) },
    ]);
    for (const rule of meterRules) expect(await alarmsOf(rule)).toEqual([]);
  });

  test('a dead line of several meters is one alarm at its gateway', async () => {
    await createGateway('laval-6');
    const dead = await createLine('laval-6', 'dead');
    const alive = await createLine('laval-6', 'alive');
    const onDead = [await createMeter('laval-6', dead), await createMeter('laval-6', dead)];
    const onAlive = [await createMeter('laval-6', alive)];
    const meterRules = [];
    for (const meterId of onDead) meterRules.push(await noDataRule({ meterId }));
    const gatewayRule = await noDataRule({ gatewayId: 'laval-6' });
    await run(0, 60, [...onDead, ...onAlive]);
    await run(90, 600, onAlive);
    await run(630, 690, [...onDead, ...onAlive]);
    expect(await alarmsOf(gatewayRule)).toHaveLength(1);
    expect((await alarmsOf(gatewayRule))[0]?.cleared_at).not.toBeNull();
    for (const rule of meterRules) expect(await alarmsOf(rule)).toEqual([]);
  });

  test('time in which the workers were off accuses nobody', async () => {
    await createGateway('laval-7');
    const meterId = await createMeter('laval-7');
    const ruleId = await noDataRule({ gatewayId: 'laval-7' });
    await run(0, 60, [meterId]);
    const later_s = 86_400;
    await run(later_s, later_s + 60, []);
    await run(later_s + 90, later_s + 120, [meterId]);
    expect(await alarmsOf(ruleId)).toEqual([]);
  });
});

test('two workers at once raise one alarm', async () => {
  await createGateway('laval-8');
  const meterId = await createMeter('laval-8');
  const ruleId = await thresholdRule(meterId);
  await send(meterId, [[origin_ms, 60_000]]);
  await Promise.all([sweep(origin_ms), sweep(origin_ms)]);
  await sweep(origin_ms + second_ms);
  expect(await alarmsOf(ruleId)).toHaveLength(1);
});
