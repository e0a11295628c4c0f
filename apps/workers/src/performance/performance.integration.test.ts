import {
  addReading,
  commitReadings,
  createReadingBatch,
  markMeters,
  type NewReading,
  rebuildIntervals,
  type StoredCandidate,
  type StoredDay,
  type StoredEnb,
  type StoredMonth,
  type StoredRun,
  type StoredSavings,
  withScope,
} from '@wattproof/database';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enpiGrounds, enpiInput } from '../report/enpi-ground.ts';
import { computeEnpis } from './compute-enpis.ts';
import { performanceStatement } from './performance.ts';

const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;
const timeZone = 'Europe/Paris';
/** Local midnight of 1 October 2025 and of 22 November 2026 in Paris. */
const from_ms = Date.UTC(2025, 8, 30, 22);
const to_ms = Date.UTC(2026, 10, 21, 23);
const reporting_ms = Date.UTC(2026, 8, 30, 22);
const now_ms = to_ms + 5 * hour_ms;

let database: TestDatabase;
let admin: Client;
let pool: Pool;
const meters: Record<'saving' | 'same' | 'production' | 'weather', number> = {
  saving: 0,
  same: 0,
  production: 0,
  weather: 0,
};
const enpis: Record<'saving' | 'same', string> = { saving: '', same: '' };
let organisationId: number;

/** Deterministic uniform numbers in [0, 1): a sine hash, good enough for noise without memory. */
function randomFrom(seed: number): () => number {
  let count = 0;
  return () => {
    const x = Math.sin(seed * 127.1 + ++count * 311.7) * 43_758.5453;
    return x - Math.floor(x);
  };
}

/** A plant: energy of a day = base + production + heating below 15 °C, with 3 % noise. */
function plantReadings(): NewReading[] {
  const random = randomFrom(7);
  const readings: NewReading[] = [];
  const index = { saving: 1_000_000, same: 5_000_000, production: 0 };
  const add = (meterId: number, at_ms: number, values: NewReading['values']): void => {
    readings.push({
      meterId,
      organisationId,
      at_ms,
      receivedAt_ms: at_ms,
      skew_ms: 0,
      quality: 0,
      values,
      exceptions: {},
    });
  };
  for (let day = from_ms; day < to_ms; day += day_ms) {
    const year = (day - from_ms) / day_ms / 365.25;
    const temperature = 11 - 8 * Math.cos(2 * Math.PI * (year + 0.2)) + 4 * (random() - 0.5);
    const isWeekend = [0, 6].includes(new Date(day + 12 * hour_ms).getUTCDay());
    const production_g = isWeekend ? 0 : 20_000_000 + Math.round(8_000_000 * random());
    const dayNoise = 1 + 0.1 * (random() - 0.5);
    const mean_wh = (3_000_000 + 0.2 * production_g + 90_000 * Math.max(15 - temperature, 0)) * dayNoise;
    for (let h = 0; h < 24; h++) {
      const at = day + h * hour_ms;
      const noise = 1 + 0.2 * (random() - 0.5);
      add(meters.weather, at, { outdoor_temperature_c: temperature });
      add(meters.production, at, { production_g: index.production });
      add(meters.saving, at, { active_energy_import_wh: index.saving });
      add(meters.same, at, { active_energy_import_wh: index.same });
      index.production += Math.round(production_g / 24);
      index.saving += Math.round((mean_wh / 24) * noise * (at >= reporting_ms ? 0.94 : 1));
      index.same += Math.round((mean_wh / 24) * noise);
    }
  }
  return readings;
}

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
    (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;
  organisationId = await insert(
    "INSERT INTO organisation (name, slug) VALUES ('Belleroche', 'belleroche')",
    [],
  );
  const entity = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Belleroche SAS', 'FR')",
    [organisationId],
  );
  const siteId = await insert(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone) VALUES ($1, $2, 'Laval', 'FR', $3)`,
    [organisationId, entity, timeZone],
  );
  for (const name of Object.keys(meters) as (keyof typeof meters)[]) {
    const isVariable = name === 'production' || name === 'weather';
    meters[name] = await insert(
      `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, accuracy)
       VALUES ($1, $2, $3, 'physical', $4, 'electricity', $5, $6)`,
      [
        organisationId,
        siteId,
        name,
        isVariable ? 'variable' : 'use',
        name === 'weather' ? null : name === 'production' ? 'production_g' : 'active_energy_import_wh',
        JSON.stringify(
          isVariable
            ? []
            : [
                { part: 'meter', class: 1 },
                { part: 'CT', class: 0.5 },
              ],
        ),
      ],
    );
  }
  for (const name of ['saving', 'same'] as const)
    enpis[name] = await insert(
      `INSERT INTO enpi (organisation_id, site_id, name, meter_id, measurand, baseline_from, baseline_to, reporting_from)
       VALUES ($1, $2, $3, $4, 'active_energy_import_wh', '2025-10-01', '2026-10-01', '2026-10-01')`,
      [organisationId, siteId, name, meters[name]],
    );
  for (const [key, unit, quantity, combine, meterId] of [
    ['production_g', 'g', 'amount', 'sum', meters.production],
    ['outdoor_temperature_c', '°C', 'temperature', 'mean', meters.weather],
  ] as const)
    await admin.query(
      `WITH variable AS (
         INSERT INTO relevant_variable (organisation_id, site_id, key, name, unit, source, quantity, combine, meter_id, measurand)
         VALUES ($1, $2, $3, $3, $4, 'meter', $5, $6, $7, $3) RETURNING id)
       INSERT INTO enpi_variable (enpi_id, variable_id, organisation_id)
       SELECT e, variable.id, $1 FROM variable, unnest($8::uuid[]) AS e`,
      [organisationId, siteId, key, unit, quantity, combine, meterId, Object.values(enpis)],
    );
  await admin.query(
    `INSERT INTO tariff (organisation_id, site_id, carrier, valid_from, price_per_unit, unit, currency)
     VALUES ($1, $2, 'electricity', '2025-01-01', '0.150000', 'kWh', 'EUR')`,
    [organisationId, siteId],
  );
  const batch = createReadingBatch(65_536);
  for (const reading of plantReadings()) addReading(batch, reading);
  await commitReadings(admin, batch);
  await rebuildIntervals(pool, {
    onError: (error) => {
      throw error;
    },
  });
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

interface ResultRow {
  savings: StoredSavings;
  months: StoredMonth[];
  days: StoredDay[];
  performance: StoredRun;
  reporting_to: string;
}
const resultOf = async (enpiId: string): Promise<ResultRow> =>
  (
    await admin.query<ResultRow>(
      'SELECT savings, months, days, performance, reporting_to::text FROM enpi_result WHERE enpi_id = $1',
      [enpiId],
    )
  ).rows[0] as ResultRow;
const versionsOf = async (
  enpiId: string,
): Promise<{ version: number; model: StoredEnb; candidates: StoredCandidate[]; text: string }[]> =>
  (
    await admin.query(
      'SELECT version, model, candidates, model::text || candidates::text AS text FROM enb WHERE enpi_id = $1 ORDER BY version',
      [enpiId],
    )
  ).rows;

describe('EnPI', () => {
  test('twins: a saving of 6 % excludes zero, the other is not distinguishable from zero', async () => {
    const outcomes = await computeEnpis(pool, { now_ms });
    expect(outcomes.map((o) => o.enbVersion)).toEqual([1, 1]);
    const { savings } = await resultOf(enpis.saving);
    expect(savings.verdict).toBe('saving');
    expect(savings.share.value).toBeGreaterThan(-0.1);
    expect(savings.share.value).toBeLessThan(-0.02);
    expect(savings.share.halfWidth).toBeLessThan(0.04);
    expect(savings.cost?.amount.startsWith('-')).toBe(true);
    expect(savings.meteringHalfWidth).toBeGreaterThan(0);
    const same = await resultOf(enpis.same);
    expect(same.savings.verdict).toBe('notDistinguishableFromZero');
  });

  test('the model names production and heating, candidates are ranked around the one in use', async () => {
    const [enb] = await versionsOf(enpis.saving);
    expect(enb?.model.variables.map((v) => v.name)).toEqual(expect.arrayContaining(['production_g', 'hdd']));
    expect(enb?.model.coefficients.find((c) => c.name === 'production_g')?.value).toBeCloseTo(0.2, 1);
    expect(enb?.candidates[0]).toMatchObject({ rank: 1, inUse: true, deltaBic: 0, refused: [] });
    expect(enb?.candidates.slice(1).every((c) => !c.inUse)).toBe(true);
    const withoutProduction = enb?.candidates.find((c) =>
      c.variables.every((v) => !v.startsWith('production')),
    );
    expect(withoutProduction?.deltaBic).toBeGreaterThan(100);
  });

  test('days, months and savings are one and the same sum', async () => {
    const { savings, days, months, reporting_to } = await resultOf(enpis.saving);
    expect(reporting_to).toBe('2026-11-22');
    const reporting = days.filter((day) => day.phase === 'reporting');
    expect(reporting).toHaveLength(52);
    expect(savings).toMatchObject({ from: '2026-10-01', to: '2026-11-22', days: 52, knownDays: 52 });
    const actual = reporting.reduce((sum, day) => sum + (day.actual_wh ?? 0), 0);
    expect(actual).toBe(savings.actual_wh);
    expect(reporting.at(-1)?.cusum_wh).toBeCloseTo(savings.energy_wh.value, 3);
    expect(days.filter((day) => day.phase === 'baseline').every((day) => day.cusum_wh === null)).toBe(true);
    const reported = months.filter((month) => month.month >= '2026-10');
    expect(reported.reduce((sum, month) => sum + (month.actual_wh ?? 0), 0)).toBe(actual);
  });

  test('every method, running sums, changes and targets are stated beside the headline', async () => {
    await admin.query(
      `INSERT INTO energy_target (organisation_id, enpi_id, from_date, to_date, saving_percent, reason, set_by)
       VALUES ($1, $2, '2026-10-01', '2027-10-01', 2, 'Policy', 'x')`,
      [organisationId, enpis.saving],
    );
    await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
    const { savings, performance } = await resultOf(enpis.saving);
    const methods = new Map(performance.methods.map((m) => [m.method, m.performance]));
    expect([...methods.keys()]).toEqual(['forecast', 'backcast', 'chaining', 'standard']);
    expect(methods.get('forecast')?.savings_wh).toBe(-savings.energy_wh.value);
    // The baseline's own model meets its own year exactly, so chaining is the forecast.
    expect(methods.get('chaining')?.savings_percent).toBeCloseTo(
      methods.get('forecast')?.savings_percent ?? 0,
      6,
    );
    for (const method of ['backcast', 'standard'] as const)
      expect(methods.get(method)?.savings_percent, method).toBeGreaterThan(1);
    expect(performance.rollingYear.find(({ month }) => month === '2026-10')).toMatchObject({
      months: 12,
      known: 12,
    });
    expect(performance.yearToDate.find(({ month }) => month === '2026-10')).toMatchObject({
      months: 10,
      known: 10,
    });
    expect(performance.changes[0]?.direction).toBe('less');
    expect(performance.targets).toMatchObject([{ state: 'met', days: 52 }]);
  });

  test('an approved adjustment is in the expected energy of its days, with its own error', async () => {
    const before = await resultOf(enpis.saving);
    const { rows } = await admin.query<{ id: string }>(
      `INSERT INTO adjustment (organisation_id, site_id, event, from_date, to_date, method, evidence, proposed_by, state)
       SELECT $1, site_id, 'Freezer hired', '2026-10-11', '2026-10-21', 'Rating plate', 'Delivery note', 'x', 'approved'
       FROM enpi WHERE id = $2 RETURNING id`,
      [organisationId, enpis.saving],
    );
    const adjustmentId = rows[0]?.id;
    await admin.query('INSERT INTO adjustment_effect VALUES ($1, $2, $3, 500000, 100000)', [
      adjustmentId,
      enpis.saving,
      organisationId,
    ]);
    await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
    const after = await resultOf(enpis.saving);
    expect(after.savings.expected_wh - before.savings.expected_wh).toBeCloseTo(5_000_000, 3);
    expect(after.savings.actual_wh).toBeCloseTo(before.savings.actual_wh, 3);
    expect(after.savings.energy_wh.value - before.savings.energy_wh.value).toBeCloseTo(-5_000_000, 3);
    expect(after.savings.energy_wh.halfWidth).toBeGreaterThan(before.savings.energy_wh.halfWidth ?? 0);
    expect(after.performance.adjustments).toMatchObject([{ id: adjustmentId, energy_wh: 5_000_000 }]);
    expect(after.days.at(-1)?.cusum_wh).toBeCloseTo(after.savings.energy_wh.value, 3);
    await admin.query(`UPDATE adjustment SET state = 'withdrawn' WHERE id = $1`, [adjustmentId]);
    await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
    expect((await resultOf(enpis.saving)).savings).toEqual(before.savings);
  });

  test('a report computes from its ground, kept as JSON, what is stored and shown', async () => {
    await computeEnpis(pool, { now_ms });
    const { rows } = await admin.query<{ id: string }>('SELECT DISTINCT legal_entity_id AS id FROM site');
    const grounds = await withScope(pool, organisationId, (client) => enpiGrounds(client, rows[0]?.id ?? ''));
    const kept = JSON.parse(JSON.stringify(grounds)) as typeof grounds;
    const { rows: stored } = await admin.query<{ name: string; savings: StoredSavings; days: StoredDay[] }>(
      'SELECT e.name, r.savings, r.days FROM enpi e JOIN enpi_result r ON r.enpi_id = e.id ORDER BY e.name',
    );
    expect(kept.length).toBeGreaterThan(0);
    const computed = kept.map((one) => ({ name: one.name, ...performanceStatement(enpiInput(one)) }));
    expect(computed.map(({ name, savings }) => [name, JSON.parse(JSON.stringify(savings))]).sort()).toEqual(
      stored.map(({ name, savings }) => [name, savings]).sort(),
    );
    for (const { name, days } of stored)
      expect(computed.find((one) => one.name === name)?.days.map(({ cusum_wh }) => cusum_wh)).toEqual(
        days.map(({ cusum_wh }) => cusum_wh),
      );
  });

  test('what is approved stays in force; late data proposes to look again, once', async () => {
    await admin.query(`UPDATE enb SET state = 'approved' WHERE enpi_id = $1`, [enpis.saving]);
    await admin.query("UPDATE enpi SET baseline_from = '2025-11-01' WHERE id = $1", [enpis.saving]);
    const [outcome] = await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
    expect(outcome).toMatchObject({ enbVersion: 1, isNewVersion: true });
    const proposals = () =>
      admin.query<{ trigger: string; state: string }>(
        'SELECT trigger, state FROM rebaseline_proposal WHERE enpi_id = $1 ORDER BY trigger',
        [enpis.saving],
      );
    expect((await proposals()).rows).toEqual([{ trigger: 'definitionChanged', state: 'open' }]);
    const { rows } = await admin.query<{ version: number; state: string; verdict: string }>(
      `SELECT version, state, result ->> 'verdict' AS verdict FROM enb WHERE enpi_id = $1 ORDER BY version`,
      [enpis.saving],
    );
    // Both stand side by side with what they say of the reporting period.
    expect(rows).toEqual([
      { version: 1, state: 'approved', verdict: 'saving' },
      { version: 2, state: 'proposed', verdict: 'saving' },
    ]);
    await admin.query(`UPDATE rebaseline_proposal SET state = 'dismissed' WHERE enpi_id = $1`, [
      enpis.saving,
    ]);
    await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
    expect((await proposals()).rows).toEqual([{ trigger: 'definitionChanged', state: 'dismissed' }]);
    await admin.query("UPDATE enpi SET baseline_from = '2025-10-01' WHERE id = $1", [enpis.saving]);
    await admin.query(`UPDATE enb SET state = 'proposed' WHERE enpi_id = $1 AND version = 1`, [enpis.saving]);
    await admin.query('DELETE FROM rebaseline_proposal WHERE enpi_id = $1', [enpis.saving]);
    await admin.query('DELETE FROM enb WHERE enpi_id = $1 AND version = 2', [enpis.saving]);
    await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
  });

  test('computing again gives the same bytes and adds no version', async () => {
    const bytes = () =>
      admin.query('SELECT enpi_id, savings::text, months::text, days::text FROM enpi_result ORDER BY 1');
    const before = [await bytes(), await versionsOf(enpis.saving)] as const;
    await computeEnpis(pool, { enpiId: enpis.saving, now_ms });
    expect((await bytes()).rows).toEqual(before[0].rows);
    expect(await versionsOf(enpis.saving)).toEqual(before[1]);
  });

  test('late data of the baseline is a finding, a decision is a new version beside the old one', async () => {
    const before = await versionsOf(enpis.same);
    await admin.query(
      `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index)
       SELECT $1, $2, 'replacement', $3, 'active_energy_import_wh', max(active_energy_import_wh) + 777, max(active_energy_import_wh)
       FROM store.reading WHERE meter_id = $2 AND at < $3`,
      [organisationId, meters.same, new Date(from_ms + 100 * day_ms + 1)],
    );
    await markMeters(admin, [
      { meterId: meters.same, from_ms: from_ms + 100 * day_ms, to_ms: from_ms + 100 * day_ms + hour_ms },
    ]);
    await rebuildIntervals(pool, {
      onError: (error) => {
        throw error;
      },
    });
    const [late] = await computeEnpis(pool, { enpiId: enpis.same, now_ms });
    expect(late?.findings.map((f) => f.code)).toContain('baselineDataChanged');
    expect(await versionsOf(enpis.same)).toEqual(before);
    await admin.query("UPDATE enpi SET baseline_from = '2025-11-01' WHERE id = $1", [enpis.same]);
    const [decided] = await computeEnpis(pool, { enpiId: enpis.same, now_ms });
    expect(decided).toMatchObject({ enbVersion: 2, isNewVersion: true });
    const after = await versionsOf(enpis.same);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.model.definition.baselineFrom).toBe('2025-11-01');
  });

  test('too little data gives no baseline and says why', async () => {
    const { rows } = await admin.query<{ id: string }>(
      `INSERT INTO enpi (organisation_id, site_id, name, meter_id, measurand, baseline_from, baseline_to, reporting_from)
       SELECT organisation_id, site_id, 'young', meter_id, measurand, '2026-11-10', '2026-11-20', '2026-11-20'
       FROM enpi WHERE id = $1 RETURNING id`,
      [enpis.saving],
    );
    const [outcome] = await computeEnpis(pool, { enpiId: rows[0]?.id ?? '', now_ms });
    expect(outcome).toMatchObject({ enbVersion: null });
    expect(outcome?.findings.map((f) => f.code)).toEqual(['tooFewPoints']);
  });
});
