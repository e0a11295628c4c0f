import { rebuildIntervals } from '@wattproof/database';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

const counter = 'active_energy_import_wh';
const minute_ms = 60_000;
const day_ms = 86_400_000;

let api: TestApi;
let workers: Pool;
let manager: Caller;

beforeAll(async () => {
  api = await startApi();
  workers = new Pool({ connectionString: api.database.urlOf('wattproof_worker'), max: 3 });
  manager = await api.as(api.first, 'energyManager');
});
afterAll(async () => {
  await workers?.end();
  await api?.close();
});

const rebuild = () =>
  rebuildIntervals(workers, {
    onError: (error) => {
      throw error;
    },
  });

async function newSite(timeZone: string): Promise<{ siteId: string; meterId: number; totalId: number }> {
  const { rows } = await api.admin.query(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, $3, 'FR', $3) RETURNING id`,
    [api.first.id, api.first.legalEntityId, timeZone],
  );
  const siteId = rows[0].id;
  const meter = async (kind: string, role: string) =>
    (
      await api.admin.query(
        `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand)
         VALUES ($1, $2, $3, $3, $4, 'electricity', $5) RETURNING id`,
        [api.first.id, siteId, kind, role, counter],
      )
    ).rows[0].id as number;
  const meterId = await meter('physical', 'use');
  const totalId = await meter('virtual', 'total');
  await api.admin.query(
    `INSERT INTO virtual_term (organisation_id, meter_id, source_meter_id, source_measurand, sign)
     VALUES ($1, $2, $3, $4, 1)`,
    [api.first.id, totalId, meterId, counter],
  );
  return { siteId, meterId, totalId };
}

/** A reading every five minutes in [from, to]; in minute m since the start the load is 6 + (m mod 7) Wh a reading. */
async function store(meterId: number, from_ms: number, to_ms: number): Promise<void> {
  await api.admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, ${counter})
     SELECT to_timestamp($3::float8 / 1000) + i * interval '5 minutes', $1, $2, 0, now(), 1000 + 6 * i + (i * i) % 7
     FROM generate_series(0, $4::int) i`,
    [meterId, api.first.id, from_ms, Math.floor((to_ms - from_ms) / (5 * minute_ms))],
  );
  await api.admin.query('INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, $2, $3)', [
    meterId,
    new Date(from_ms),
    new Date(to_ms),
  ]);
  await rebuild();
}

interface Stored {
  readonly rows: number;
  readonly widths: readonly number[];
  readonly sum: number;
}
async function stored(meterId: number): Promise<Stored> {
  const { rows } = await api.admin.query(
    `SELECT count(*)::int AS rows, array_agg(DISTINCT duration_s) AS widths, sum(delta)::float8 AS sum
     FROM store.interval WHERE meter_id = $1`,
    [meterId],
  );
  return rows[0];
}
const tier = async (meterId: number, table: string) =>
  (await api.admin.query(`SELECT * FROM store.${table} WHERE meter_id = $1 ORDER BY start`, [meterId])).rows;

const put = (siteId: string, baseInterval_s: number, rest: object = {}) =>
  manager(`PUT /sites/${siteId}/metering`, { baseInterval_s, billingDay: 1, ...rest });

describe('the base interval of a site', () => {
  it('changes with all that is summed from it, and the sums stay the same', async () => {
    const { siteId, meterId, totalId } = await newSite('Europe/Paris');
    // The day with 25 hours: 26 October 2025.
    const from_ms = Date.UTC(2025, 9, 25, 22);
    await store(meterId, from_ms, from_ms + 3 * day_ms + 60 * minute_ms);
    const before = { days: await tier(totalId, 'interval_day'), ...(await stored(meterId)) };
    expect(before).toMatchObject({ rows: 73 * 4, widths: [900] });
    for (const width_s of [300, 600, 1800, 3600, 900]) {
      const answer = await put(siteId, width_s);
      expect(answer.json, answer.text).toMatchObject({ baseInterval_s: width_s, metersComputing: 1 });
      await rebuild();
      for (const id of [meterId, totalId])
        expect(await stored(id)).toEqual({
          rows: (73 * 3600) / width_s,
          widths: [width_s],
          sum: before.sum,
        });
      const [first] = await tier(totalId, 'interval_day');
      expect(first).toMatchObject({ duration_s: 25 * 3600, n_missing: 0 });
      expect(first.n_measured).toBe((25 * 3600) / width_s);
    }
    expect(await tier(totalId, 'interval_day')).toEqual(before.days);
    expect((await manager(`GET /sites/${siteId}/metering`)).json.metersComputing).toBe(0);
  });

  it('meets local midnight in half-hour zones, and is refused where clock changes would cut it', async () => {
    const india = await newSite('Asia/Kolkata');
    expect((await put(india.siteId, 3600)).status).toBe(200);
    // Midnight of 1 March 2026 in India.
    const from_ms = Date.UTC(2026, 1, 28, 18, 30);
    await store(india.meterId, from_ms, from_ms + 2 * day_ms);
    const days = await tier(india.meterId, 'interval_day');
    expect(days.map((d) => d.n_measured)).toEqual([24, 24]);
    expect(days[0].start).toEqual(new Date(from_ms));
    const { rows } = await api.admin.query(
      'SELECT DISTINCT extract(minute FROM start)::int AS m FROM store.interval WHERE meter_id = $1',
      [india.meterId],
    );
    expect(rows).toEqual([{ m: 30 }]);

    const howe = await newSite('Australia/Lord_Howe');
    const refused = await put(howe.siteId, 3600);
    expect(refused.json).toMatchObject({
      status: 422,
      details: { possibleBaseIntervals_s: [300, 600, 900, 1800] },
    });
    expect((await put(howe.siteId, 1800)).status).toBe(200);
    // 5 April 2026: clocks go back by half an hour.
    const sunday = Date.UTC(2026, 3, 4, 13);
    await store(howe.meterId, sunday, sunday + 25 * 60 * minute_ms);
    const [day] = await tier(howe.meterId, 'interval_day');
    expect(day).toMatchObject({ duration_s: 24.5 * 3600, n_measured: 49 });
  });

  it('is refused where it is none', async () => {
    expect((await put(api.first.siteId, 1200)).json.status).toBe(422);
    expect((await put(api.first.siteId, 900, { billingDay: 32 })).json.status).toBe(422);
    const point = { id: api.second.deliveryPointId, billingDay: 3 };
    expect((await put(api.first.siteId, 900, { deliveryPoints: [point] })).status).toBe(404);
    const auditor = await api.as(api.first, 'auditor');
    const body = { baseInterval_s: 900, billingDay: 1 };
    expect((await auditor(`PUT /sites/${api.first.siteId}/metering`, body)).status).toBe(403);
  });
});

describe('billing periods', () => {
  it('sum whole days from the 9th to the 8th across a clock change, with the peak and its instant', async () => {
    const { siteId, meterId } = await newSite('Europe/Madrid');
    // 9 March to 9 May 2026, local midnights: the clocks change on 29 March.
    const from_ms = Date.UTC(2026, 2, 8, 23);
    const to_ms = Date.UTC(2026, 4, 8, 22);
    await store(meterId, from_ms, to_ms);
    const peak_ms = Date.UTC(2026, 3, 20, 9, 15);
    await api.admin.query('UPDATE store.interval SET delta = 5000 WHERE meter_id = $1 AND start = $2', [
      meterId,
      new Date(peak_ms),
    ]);
    const { rows } = await api.admin.query(
      `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from)
       VALUES ($1, $2, $3, 'electricity', 'CUPS-9', 'Madrid', '2020-01-01') RETURNING id`,
      [api.first.id, api.first.legalEntityId, siteId],
    );
    const pointId = rows[0].id;
    const saved = await put(siteId, 900, { deliveryPoints: [{ id: pointId, billingDay: 9 }] });
    expect(saved.json.deliveryPoints).toMatchObject([{ id: pointId, billingDay: 9 }]);
    const path = `/meters/${meterId}/billing-periods?from=2026-03-09&to=2026-05-09`;
    const { json, text, status } = await manager(`GET ${path}&deliveryPointId=${pointId}`);
    expect(status, text).toBe(200);
    expect(json.periods).toMatchObject([
      {
        from: '2026-03-09',
        to: '2026-04-09',
        start: '2026-03-08T23:00:00.000Z',
        end: '2026-04-08T22:00:00.000Z',
      },
      {
        from: '2026-04-09',
        to: '2026-05-09',
        peakDemand: { power_w: 20_000, at: new Date(peak_ms).toISOString() },
      },
    ]);
    const days = await tier(meterId, 'interval_day');
    const sum = (rowsOf: typeof days) => rowsOf.reduce((s, d) => s + Number(d.delta), 0);
    expect(json.periods.map((p: { delta: number }) => p.delta)).toEqual([
      sum(days.slice(0, 31)),
      sum(days.slice(31)),
    ]);
    expect(json.periods[0].quality.measured).toBe(1);
    const byMonth = (await manager(`GET ${path}`)).json.periods;
    expect(byMonth.map((p: { from: string }) => p.from)).toEqual(['2026-03-01', '2026-04-01', '2026-05-01']);
    expect((await manager(`GET ${path}&day=40`)).json.status).toBe(422);
    expect((await manager(`GET ${path}&measurand=active_power_w`)).json.status).toBe(422);
    const long = `/meters/${meterId}/billing-periods?from=2020-01-01&to=2026-05-09`;
    expect((await manager(`GET ${long}`)).json.status).toBe(422);
  });
});
