import { rebuildIntervals } from '@wattproof/database';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

const counter = 'active_energy_import_wh';
const t0 = Date.UTC(2026, 5, 1, 22);
const at = (hours: number): string => new Date(t0 + hours * 3_600_000).toISOString();

let api: TestApi;
let workers: Pool;
let manager: Caller;
let siteId: string;
let main: number;
let hall: number;
let office: number;
let gas: number;

beforeAll(async () => {
  api = await startApi();
  workers = new Pool({ connectionString: api.database.urlOf('wattproof_worker'), max: 3 });
  manager = await api.as(api.first, 'energyManager');
  const site = await api.admin.query(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, 'Sums', 'FR', 'Europe/Paris') RETURNING id`,
    [api.first.id, api.first.legalEntityId],
  );
  siteId = site.rows[0].id;
  const meter = async (name: string, role: string, parentId: number | null, carrier = 'electricity') => {
    const { rows } = await api.admin.query(
      `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, parent_id)
       VALUES ($1, $2, $3, 'physical', $4, $5, $6, $7) RETURNING id`,
      [api.first.id, siteId, name, role, carrier, carrier === 'gas' ? 'volume_l' : counter, parentId],
    );
    return rows[0].id as number;
  };
  main = await meter('Main', 'main', null);
  hall = await meter('Hall', 'feeder', main);
  office = await meter('Office', 'feeder', main);
  gas = await meter('Gas', 'main', null, 'gas');
  await store(main, 1000);
  await store(hall, 600);
  await store(office, 300);
  await rebuild();
});
afterAll(async () => {
  await workers?.end();
  await api?.close();
});

/** A day of quarter-hourly readings that count so many Wh each. */
async function store(meterId: number, step_wh: number): Promise<void> {
  await api.admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, ${counter})
     SELECT $1::timestamptz + i * interval '15 minutes', $2, $3, 0, now(), 5000 + i * $4 FROM generate_series(0, 96) i`,
    [at(0), meterId, api.first.id, step_wh],
  );
  await api.admin.query('INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, $2, $3)', [
    meterId,
    at(0),
    at(24),
  ]);
}

const rebuild = () =>
  rebuildIntervals(workers, {
    onError: (error) => {
      throw error;
    },
  });

const term = (sourceMeterId: number, sign: 1 | -1 = 1, rest: object = {}) => ({
  sourceMeterId,
  measurand: counter,
  sign,
  ...rest,
});
const definition = (name: string, terms: object[], rest: object = {}) => ({
  name,
  carrier: 'electricity',
  measurand: counter,
  terms,
  ...rest,
});
const tierSums = async (meterId: number): Promise<(number | null)[]> => {
  const sums: (number | null)[] = [];
  for (const table of ['interval', 'interval_hour', 'interval_day', 'interval_month']) {
    const { rows } = await api.admin.query(
      `SELECT sum(delta)::float8 AS sum FROM store.${table} WHERE meter_id = $1`,
      [meterId],
    );
    sums.push(rows[0].sum);
  }
  return sums;
};

describe('virtual meters', () => {
  it('are suggested, made, computed, redefined and computed anew', async () => {
    const list = async () => (await manager(`GET /sites/${siteId}/virtual-meters`)).json;
    const { suggestions, sources } = await list();
    expect(suggestions.map((s: { kind: string; carrier: string }) => `${s.kind} ${s.carrier}`)).toEqual([
      'siteTotal electricity',
      'siteTotal gas',
      'residual electricity',
    ]);
    expect(sources.find((s: { meterId: number }) => s.meterId === gas).measurands).toEqual(['volume_l']);
    const residual = suggestions[2];
    expect(residual).toMatchObject({ ofMeterId: main });
    const terms = residual.terms.map(({ sourceName: _, ...rest }: { sourceName: string }) => rest);
    const made = await manager(`POST /sites/${siteId}/virtual-meters`, definition('Rest', terms));
    expect(made.status, made.text).toBe(201);
    expect(made.json).toMatchObject({ name: 'Rest', isComputing: true, knownFrom: null });
    await rebuild();
    const { meterId } = made.json;
    expect(await tierSums(meterId)).toEqual(Array(4).fill(96 * 100));
    const after = await list();
    expect(after.virtualMeters).toMatchObject([
      { meterId, isComputing: false, knownFrom: at(0), knownTo: at(24), unit: 'Wh' },
    ]);
    expect(after.suggestions.map((s: { kind: string }) => s.kind)).not.toContain('residual');

    // The office counts from noon on only; before it the rest holds it.
    const redefined = definition('Rest', [
      term(main),
      term(hall, -1),
      term(office, -1, { validFrom: at(12) }),
    ]);
    const put = await manager(`PUT /sites/${siteId}/virtual-meters/${meterId}`, redefined);
    expect(put.status, put.text).toBe(200);
    await rebuild();
    expect(await tierSums(meterId)).toEqual(Array(4).fill(48 * 400 + 48 * 100));

    // All terms end at noon: what came later is nothing any more, in every tier.
    const ended = definition('Rest', [term(main, 1, { validTo: at(12) })]);
    expect((await manager(`PUT /sites/${siteId}/virtual-meters/${meterId}`, ended)).status).toBe(200);
    await rebuild();
    expect(await tierSums(meterId)).toEqual(Array(4).fill(48 * 1000));
  });

  it('are refused with the reason where they contain themselves, count twice or mix', async () => {
    const post = (terms: object[], rest: object = {}) =>
      manager(`POST /sites/${siteId}/virtual-meters`, definition('Wrong', terms, rest));
    expect((await post([term(main), term(hall)])).json).toMatchObject({
      status: 409,
      detail: 'The energy of Hall is contained in Main: the sum counts it 2 times',
      details: { findings: [{ code: 'countedTwice', data: { meterId: hall, alsoIn: main } }] },
    });
    const outer = (await post([term(hall), term(office)])).json.meterId;
    const nested = (await post([term(outer)])).json.meterId;
    const cycle = await manager(
      `PUT /sites/${siteId}/virtual-meters/${outer}`,
      definition('Loop', [term(nested)]),
    );
    expect(cycle.json).toMatchObject({
      status: 409,
      details: {
        findings: [{ code: 'virtualMeterCycle', data: { cycle: expect.arrayContaining([outer, nested]) } }],
      },
    });
    expect((await post([term(gas, 1, { measurand: 'volume_l' })])).json).toMatchObject({
      status: 422,
      details: { findings: [{ code: 'unitMismatch' }, { code: 'carrierMismatch' }] },
    });
    expect((await post([term(api.first.mainMeterId)])).json).toMatchObject({
      status: 422,
      details: { findings: [{ code: 'otherSite' }] },
    });
    expect((await post([term(hall, 1, { measurand: 'apparent_energy_vah' })])).json.status).toBe(422);
    expect((await post([])).json.status).toBe(422);
    expect((await post([term(hall, 1, { validFrom: at(2), validTo: at(1) })])).json.status).toBe(422);
    const foreign = await api.as(api.second, 'energyManager');
    expect(
      (await foreign(`POST /sites/${siteId}/virtual-meters`, definition('Mine', [term(hall)]))).status,
    ).toBe(404);
  });
});
