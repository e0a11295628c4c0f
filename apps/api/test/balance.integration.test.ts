import type { BalanceNode, SiteCompleteness } from '@wattproof/contracts/api';
import { rebuildIntervals } from '@wattproof/database';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

const counter = 'active_energy_import_wh';
const quarter_ms = 900_000;
/** Local midnight of 1 June 2026 in Paris; fifteen days of quarter hours and the reading that ends them. */
const t0 = Date.UTC(2026, 4, 31, 22);
const intervals = 15 * 96;
const query = 'from=2026-06-01&to=2026-06-16';

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

async function id<Id>(sql: string, values: unknown[]): Promise<Id> {
  const { rows } = await api.admin.query(`${sql} RETURNING id`, values);
  return rows[0].id;
}

interface Plan {
  readonly siteId: string;
  readonly meter: (name: string, fields?: Record<string, unknown>) => Promise<number>;
  readonly store: (meterId: number, course: readonly number[]) => Promise<void>;
}

async function newSite(name: string): Promise<Plan> {
  const siteId = await id<string>(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, $3, 'FR', 'Europe/Paris')`,
    [api.first.id, api.first.legalEntityId, name],
  );
  return {
    siteId,
    meter: (meterName, fields = {}) => {
      const all = {
        organisation_id: api.first.id,
        site_id: siteId,
        name: meterName,
        kind: 'physical',
        role: 'use',
        carrier: 'electricity',
        measurand: counter,
        accuracy: JSON.stringify([
          { part: 'meter', class: 0.5 },
          { part: 'CT', class: 0.5 },
        ]),
        ...fields,
      };
      const names = Object.keys(all);
      const places = names.map((_, i) => `$${i + 1}`).join(', ');
      return id(`INSERT INTO meter (${names.join(', ')}) VALUES (${places})`, Object.values(all));
    },
    store: async (meterId, course) => {
      let index = 1_000_000;
      const indices = [index, ...course.map((wh) => (index += wh))];
      await api.admin.query(
        `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, ${counter})
         SELECT to_timestamp($3::float8 + i * 900), $1, $2, 0, now(), wh
         FROM unnest($4::bigint[]) WITH ORDINALITY AS r (wh, n) CROSS JOIN LATERAL (SELECT n - 1 AS i) o`,
        [meterId, api.first.id, t0 / 1000, indices],
      );
      await api.admin.query('INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, $2, $3)', [
        meterId,
        new Date(t0),
        new Date(t0 + intervals * quarter_ms),
      ]);
    },
  };
}

const rebuild = () =>
  rebuildIntervals(workers, {
    onError: (error) => {
      throw error;
    },
  });

/** Loads with courses of their own, reproducible. */
function course(seed: number, level: number): number[] {
  let state = seed;
  return Array.from({ length: intervals }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const works = (i + seed * 7) % 96 > 24 ? 1 : 0.3;
    return Math.round(level * works * (0.8 + (0.4 * state) / 2_147_483_648));
  });
}
const plus = (...courses: readonly number[][]): number[] =>
  Array.from({ length: intervals }, (_, i) => courses.reduce((sum, c) => sum + (c[i] as number), 0));
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const [a, b, c] = [course(1, 5000), course(2, 3000), course(3, 2000)];

describe('balance of a site', () => {
  it('is a tree with residual, tolerance and a verdict in words at every meter with meters below', async () => {
    const { siteId, meter, store } = await newSite('Balanced');
    const main = await meter('Main', { role: 'main' });
    const feeder = await meter('Hall', { role: 'feeder', parent_id: main });
    const ovens = await meter('Ovens', { parent_id: feeder, energy_use: 'process' });
    const cold = await meter('Cold', { parent_id: main, accuracy: '[]' });
    await store(main, plus(a, b, c));
    await store(feeder, plus(a, b));
    await store(ovens, a);
    await store(cold, c);
    await rebuild();
    const { json, status, text } = await manager(`GET /sites/${siteId}/balance?${query}`);
    expect(status, text).toBe(200);
    const [tree] = json.carriers;
    expect(tree).toMatchObject({ carrier: 'electricity', unit: 'Wh' });
    const root: BalanceNode = tree.roots[0];
    expect(root).toMatchObject({
      name: 'Main',
      energy: sum(plus(a, b, c)),
      quality: { measured: 1 },
      balance: {
        inflow_wh: sum(plus(a, b, c)),
        residual_wh: 0,
        verdict: 'withinTolerance',
        findings: [{ code: 'accuracyAssumed', data: { meterIds: [cold] } }],
        compared: { step: 'hour', count: 15 * 24, of: 15 * 24 },
      },
    });
    // Class 0.5 with 0.5: √(0.5² + 0.5²)/√3 %; class 1 with 1 assumed twice as much; k = 2.
    const u = Math.hypot(0.5, 0.5) / Math.sqrt(3) / 100;
    const expected = 2 * Math.hypot(u * sum(plus(a, b, c)), u * sum(plus(a, b)), 2 * u * sum(c));
    expect(root.balance?.tolerance_wh).toBeCloseTo(expected, 3);
    const below = root.children.find((child) => child.name === 'Hall');
    expect(below?.balance).toMatchObject({ residual_wh: sum(b), verdict: 'unmeteredLoad' });
    expect(below?.children).toMatchObject([{ name: 'Ovens', balance: null, children: [] }]);
  });

  it('names a reversed conductor and a late clock, and leaves out hours with holes', async () => {
    const { siteId, meter, store } = await newSite('Faulty');
    const main = await meter('Main', { role: 'main' });
    const reversed = await meter('Ovens', { parent_id: main });
    await store(main, plus(a, b));
    await store(
      reversed,
      a.map((wh) => Math.round(wh / 3)),
    );
    await store(await meter('Cold', { parent_id: main }), b);
    const other = await meter('Second main', { role: 'main' });
    await store(other, plus(a, c));
    const late = await meter('Late', { parent_id: other });
    await store(late, [c[0] as number, c[1] as number, ...c.slice(0, -2)]);
    await store(await meter('Pumps', { parent_id: other }), a);
    await rebuild();
    await api.admin.query('UPDATE store.interval_hour SET n_missing = 1 WHERE meter_id = $1 AND start = $2', [
      late,
      new Date(t0),
    ]);
    const { roots } = (await manager(`GET /sites/${siteId}/balance?${query}`)).json.carriers[0];
    expect(roots[0].balance).toMatchObject({
      verdict: 'suspectedReversal',
      reason: { data: { meterId: reversed } },
    });
    expect(roots[1].balance).toMatchObject({
      verdict: 'clockDrift',
      reason: { data: { meterId: late, lag_s: 1800 } },
      compared: { step: 'hour', count: 15 * 24 - 1, of: 15 * 24 },
      findings: [{ code: 'partlyMissing', data: { meterIds: [late] } }],
    });
  });

  it('counts what the sun makes as flowing in and what is given back as flowing out', async () => {
    const { siteId, meter, store } = await newSite('Sunny');
    const main = await meter('Main', { role: 'main' });
    const sun = await meter('Roof', { role: 'generation', carrier: 'pv' });
    const use = await meter('All', { parent_id: main });
    await store(main, b);
    await store(sun, a);
    await store(use, plus(a, b));
    await rebuild();
    const { roots } = (await manager(`GET /sites/${siteId}/balance?${query}`)).json.carriers[0];
    expect(roots).toHaveLength(1);
    expect(roots[0].balance).toMatchObject({
      inflow_wh: sum(plus(a, b)),
      children_wh: sum(plus(a, b)),
      verdict: 'withinTolerance',
    });
  });

  it('refuses periods that are none', async () => {
    const path = `/sites/${api.first.siteId}/balance`;
    expect((await manager(`GET ${path}?from=2026-06-16&to=2026-06-01`)).json.status).toBe(422);
    expect((await manager(`GET ${path}?from=2024-06-16&to=2026-06-01`)).json.status).toBe(422);
    expect((await manager(`GET ${path}?from=2026-02-30&to=2026-06-01`)).json.status).toBe(422);
  });
});

describe('completeness of measuring', () => {
  it('says by zone, feeder and use what is measured, by which meter, and what share of the mains', async () => {
    const { siteId, meter, store } = await newSite('Complete');
    const inSite = { organisation_id: api.first.id, site_id: siteId };
    const row = (table: string, fields: Record<string, unknown>): Promise<string> => {
      const all = { ...inSite, ...fields };
      const names = Object.keys(all);
      return id(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
        Object.values(all),
      );
    };
    const zone_id = await row('zone', { name: 'Bakery' });
    const panel_id = await row('panel', { name: 'TD1', zone_id });
    const circuit = (name: string, rated_current_a: number, energy_use: string) =>
      row('circuit', { name, panel_id, rated_current_a, energy_use });
    const ovens = await circuit('Ovens', 125, 'process');
    await circuit('Dryer', 100, 'heating');
    await circuit('Light', 16, 'lighting');
    const main = await meter('Main', { role: 'main' });
    const own = await meter('Oven meter', { parent_id: main, circuit_id: ovens, energy_use: 'process' });
    const part = await meter('Oven 1', { parent_id: own, zone_id, energy_use: 'process' });
    await store(main, plus(a, b));
    await store(own, a);
    await store(
      part,
      a.map((wh) => Math.round(wh / 2)),
    );
    await rebuild();
    const { json, text, status } = await manager(`GET /sites/${siteId}/completeness?${query}`);
    expect(status, text).toBe(200);
    const complete: SiteCompleteness = json;
    expect(complete).toMatchObject({
      mains_wh: sum(plus(a, b)),
      measured_wh: sum(a),
      measuredShare: sum(a) / sum(plus(a, b)),
      feederLimit_a: 80,
      zones: [{ name: 'Bakery', state: 'own', energy_wh: sum(a), circuits: 3, measuredCircuits: 1 }],
    });
    expect(complete.feeders).toMatchObject([
      { name: 'Dryer', ratedCurrent_a: 100, panelName: 'TD1', state: 'none', energy_wh: null },
      { name: 'Ovens', ratedCurrent_a: 125, state: 'own', meterIds: [own], energy_wh: sum(a) },
    ]);
    expect(complete.uses.map((u) => [u.use, u.state, u.energy_wh])).toEqual([
      ['heating', 'none', null],
      ['lighting', 'none', null],
      ['process', 'own', sum(a)],
    ]);
  });
});
