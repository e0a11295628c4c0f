import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  // As many as the planner needs to take reading points for cheaper than finding the meters.
  await admin.query(
    `INSERT INTO organisation (name, slug) SELECT 'Organisation ' || n, 'o' || n FROM generate_series(1, 10) n;
     INSERT INTO legal_entity (organisation_id, name, country) SELECT id, name, 'FR' FROM organisation;
     INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       SELECT organisation_id, id, 'Site ' || n, 'FR', 'Europe/Paris' FROM legal_entity, generate_series(1, 5) n;
     INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand)
       SELECT organisation_id, id, 'Meter ' || n, 'physical', 'use', 'electricity', 'active_energy_import_wh'
       FROM site, generate_series(1, 20) n;
     ANALYZE organisation, site, meter`,
  );
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

test.each(['base', 'hour', 'day', 'month'])(
  'a chart of intervals (%s) reads the points of the meters that are asked for, and of no other',
  async (tier) => {
    const { rows: meters } = await admin.query<{ id: number }>(
      'SELECT id FROM meter WHERE organisation_id = 1 ORDER BY id LIMIT 2',
    );
    await admin.query("BEGIN; SET LOCAL track_functions = 'all'; SET LOCAL ROLE wattproof_api");
    const { rows: found } = await admin.query<{ meter_id: number }>(
      `SELECT meter_id FROM public.series_${tier}_counter(1, NULL, $1, '{1}', '2026-01-01', '2026-02-01', 1000)`,
      [meters.map(({ id }) => id)],
    );
    const { rows: counted } = await admin.query<{ calls: number }>(
      'SELECT calls::int FROM pg_stat_xact_user_functions WHERE funcname = $1',
      [`points_${tier}_counter`],
    );
    await admin.query('ROLLBACK');
    expect(found.map((row) => row.meter_id).sort()).toEqual(meters.map(({ id }) => id));
    expect(counted).toEqual([{ calls: 2 }]);
  },
);

test('base intervals are planned with their values, within a statement whose own plan is generic', async () => {
  const { rows } = await admin.query<{ settings: string[] }>(
    "SELECT proconfig AS settings FROM pg_proc WHERE proname IN ('points_base_counter', 'points_base_gauge')",
  );
  expect(rows).toHaveLength(2);
  for (const { settings } of rows) expect(settings).toContain('plan_cache_mode=force_custom_plan');
});
