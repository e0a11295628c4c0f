import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './client.ts';
import { withScope } from './scope.ts';

let database: TestDatabase;
let admin: Client;
let api: Database;
let apiPool: Pool;
let first: number;
let second: number;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  [first, second] = [await makeOrganisation('first', 1), await makeOrganisation('second', 2)];
  const url = database.urlOf('wattproof_api');
  api = openDatabase({ url, applicationName: 'isolation test', onError: () => {} });
  apiPool = new Pool({ connectionString: url, max: 2 });
});
afterAll(async () => {
  await apiPool.end();
  await api.close();
  await admin.end();
  await database.drop();
});

/** One organisation with a row in the tables of structure and in every series table. */
async function makeOrganisation(slug: string, meterId: number): Promise<number> {
  const one = async (sql: string, values: unknown[] = []): Promise<{ id: never }> =>
    (await admin.query<{ id: never }>(sql, values)).rows[0] as { id: never };
  const { id } = await one('INSERT INTO organisation (name, slug) VALUES ($1, $1) RETURNING id', [slug]);
  const entity = await one(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'E', 'FR') RETURNING id",
    [id],
  );
  await one(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, $3, 'FR', 'Europe/Paris') RETURNING id`,
    [id, entity.id, `${slug} site`],
  );
  await one(`INSERT INTO membership (organisation_id, user_id, role) VALUES ($1, $2, 'admin') RETURNING id`, [
    id,
    `person of ${slug}`,
  ]);
  await admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_power_w)
     VALUES ('2026-01-01', $1, $2, 0, now(), 5)`,
    [meterId, id],
  );
  await admin.query(
    `INSERT INTO store.latest (meter_id, organisation_id, at, received_at, quality, values)
     VALUES ($1, $2, '2026-01-01', now(), 0, '{}')`,
    [meterId, id],
  );
  await admin.query(
    `INSERT INTO store.interval (start, meter_id, organisation_id, measurand, quality, duration_s, delta)
     VALUES ('2026-01-01', $1, $2, 1, 0, 900, 5)`,
    [meterId, id],
  );
  for (const tier of ['hour', 'day', 'month'])
    await admin.query(
      `INSERT INTO store.interval_${tier} (start, meter_id, organisation_id, measurand, duration_s, delta,
         n_measured, n_interpolated, n_estimated, n_manual, n_missing)
       VALUES ('2026-01-01', $1, $2, 1, 900, 5, 1, 0, 0, 0, 0)`,
      [meterId, id],
    );
  await admin.query(
    `INSERT INTO store.reading_conflict (organisation_id, meter_id, at, measurand, stored, arrived, received_at)
     VALUES ($1, $2, '2026-01-01', 'active_power_w', 5, 6, now())`,
    [id, meterId],
  );
  return id;
}

const seriesViews = [
  'reading',
  'latest',
  'reading_conflict',
  'interval',
  'interval_hour',
  'interval_day',
  'interval_month',
];

describe('organisation isolation', () => {
  it('covers every relational table: row-level security is on and forced where organisation_id stands', async () => {
    const { rows } = await admin.query<{ relname: string; enabled: boolean; forced: boolean }>(`
      SELECT c.relname, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> '_prisma_migrations' ORDER BY 1`);
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((r) => !r.enabled || !r.forced)).toEqual([]);
  });

  it('gives the API role no right on any table of the store, nor on any chunk', async () => {
    const { rows } = await admin.query<{ name: string }>(`
      SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
      WHERE (n.nspname IN ('store', 'auth') AND c.relkind IN ('r', 'v')
          OR i.inhparent IN ('store.reading'::regclass, 'store.interval'::regclass))
        AND (has_table_privilege('wattproof_api', c.oid, 'SELECT') OR has_table_privilege('wattproof_api', c.oid, 'INSERT')
          OR has_table_privilege('wattproof_api', c.oid, 'UPDATE') OR has_table_privilege('wattproof_api', c.oid, 'DELETE'))`);
    expect(rows).toEqual([]);
  });

  it('refuses to read a chunk directly', async () => {
    const { rows } = await admin.query<{ chunk: string }>(
      "SELECT show_chunks('store.reading')::text AS chunk UNION ALL SELECT show_chunks('store.interval')::text",
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
    for (const { chunk } of rows)
      await expect(apiPool.query(`SELECT * FROM ${chunk}`)).rejects.toThrow(/permission denied/);
  });

  it('shows of each series view the rows of the organisation in scope only', async () => {
    for (const view of seriesViews)
      for (const organisation of [first, second]) {
        const rows = await withScope(
          apiPool,
          organisation,
          async (client) => (await client.query(`SELECT organisation_id FROM "${view}"`)).rows,
        );
        expect(rows, view).toEqual([{ organisation_id: organisation }]);
      }
  });

  it('shows nothing where no organisation is in scope, also after a scope has ended on the connection', async () => {
    const tables = (
      await admin.query<{ name: string }>(`
        SELECT table_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'organisation_id'`)
    ).rows.map((r) => r.name);
    expect(tables).toEqual(expect.arrayContaining([...seriesViews, 'site', 'membership', 'bill', 'outbox']));
    const client = await apiPool.connect();
    try {
      for (const prepare of ['SELECT 1', "SELECT set_config('app.organisation', '1', true)"]) {
        await client.query(prepare);
        for (const table of [...tables, 'organisation']) {
          const { rows } = await client.query(`SELECT count(*)::int AS n FROM public."${table}"`);
          expect(rows, table).toEqual([{ n: 0 }]);
        }
      }
    } finally {
      client.release();
    }
  });

  it('does not let the API role use the scope of all organisations', async () => {
    const counts = await withScope(apiPool, '*', async (client) => {
      const found: Record<string, number> = {};
      for (const table of ['site', 'membership', 'organisation', 'reading', 'latest', 'interval'])
        found[table] = (await client.query(`SELECT count(*)::int AS n FROM public."${table}"`)).rows[0].n;
      return found;
    });
    expect(counts).toEqual({ site: 0, membership: 0, organisation: 0, reading: 0, latest: 0, interval: 0 });
  });

  it('refuses to write into another organisation', async () => {
    await expect(
      api.withOrganisation(first, (tx) =>
        tx.legalEntity.create({ data: { organisationId: second, name: 'foreign', country: 'FR' } }),
      ),
    ).rejects.toThrow(/row-level security/);
    const moved = await api.withOrganisation(first, (tx) =>
      tx.site.updateMany({ where: { organisationId: second }, data: { name: 'taken' } }),
    );
    expect(moved.count).toBe(0);
  });

  it('gives Prisma the organisation of its transaction, even when many run at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const organisation = i % 2 ? first : second;
        return api.withOrganisation(organisation, async (tx) => {
          const sites = await tx.site.findMany();
          return sites.length === 1 && sites[0]?.organisationId === organisation;
        });
      }),
    );
    expect(answers.every(Boolean)).toBe(true);
  });

  it('rolls everything back where the work fails', async () => {
    await expect(
      api.withOrganisation(first, async (tx) => {
        await tx.legalEntity.create({ data: { organisationId: first, name: 'half', country: 'FR' } });
        throw new Error('second thoughts');
      }),
    ).rejects.toThrow('second thoughts');
    expect(await api.withOrganisation(first, (tx) => tx.legalEntity.count({ where: { name: 'half' } }))).toBe(
      0,
    );
  });

  it('lets the API read and add audit events, never change or remove them', async () => {
    await api.withOrganisation(first, (tx) =>
      tx.auditEvent.create({ data: { organisationId: first, actor: 'a', action: 'b', object: 'c' } }),
    );
    await expect(api.withOrganisation(first, (tx) => tx.auditEvent.deleteMany())).rejects.toThrow(
      /permission denied/,
    );
  });

  it('lets the reader role read all organisations and write nothing', async () => {
    const reader = new Client({ connectionString: database.urlOf('wattproof_reader') });
    await reader.connect();
    try {
      expect((await reader.query('SELECT count(*)::int AS n FROM site')).rows).toEqual([{ n: 2 }]);
      expect((await reader.query('SELECT count(*)::int AS n FROM store.reading')).rows).toEqual([{ n: 2 }]);
      await expect(reader.query("UPDATE site SET name = 'x'")).rejects.toThrow(/permission denied/);
      await expect(reader.query('SELECT * FROM api_key')).rejects.toThrow(/permission denied/);
      await expect(reader.query('SELECT * FROM auth.account')).rejects.toThrow(/permission denied/);
    } finally {
      await reader.end();
    }
  });
});
