import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standardMeasurands } from '@wattproof/energy';
import { type TestDatabase, testDatabase, testEnvironment } from '@wattproof/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { readPrismaSchema } from './prisma-schema.ts';

let database: TestDatabase;
let admin: Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

const passwords = () => testEnvironment().WATTPROOF_TEST_DATABASE_ROLE_PASSWORDS;

describe('migrations', () => {
  it('apply once: a second run finds them applied', async () => {
    const result = await migrate({ adminDatabaseUrl: database.adminDatabaseUrl, passwords: passwords() });
    expect(result.applied).toEqual([]);
    expect(result.alreadyApplied[0]).toMatch(/_foundation$/);
  });

  it('refuse an edited migration and leave nothing behind of one that fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wattproof-migrations-'));
    const run = () =>
      migrate({ adminDatabaseUrl: database.adminDatabaseUrl, passwords: passwords(), folder });
    try {
      await mkdir(join(folder, '20990101000000_one'));
      const file = join(folder, '20990101000000_one', 'migration.sql');
      await writeFile(file, 'CREATE TABLE probe (id integer); SELECT 1 / 0;');
      await expect(run()).rejects.toThrow(
        /20990101000000_one failed and left nothing behind: division by zero/,
      );
      expect((await admin.query("SELECT to_regclass('public.probe') AS found")).rows).toEqual([
        { found: null },
      ]);
      await writeFile(file, 'CREATE TABLE probe (id integer);');
      expect((await run()).applied).toEqual(['20990101000000_one']);
      await writeFile(file, 'CREATE TABLE probe (id bigint);');
      await expect(run()).rejects.toThrow(/was changed after it was applied/);
    } finally {
      await rm(folder, { recursive: true });
      await admin.query('DROP TABLE IF EXISTS probe');
      await admin.query("DELETE FROM _prisma_migrations WHERE migration_name = '20990101000000_one'");
    }
  });

  it('give the columns, types, nullability and keys that prisma/schema.prisma says', async () => {
    const { rows } = await admin.query<{ table: string; column: string; type: string; nullable: boolean }>(`
      SELECT c.relname AS table, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
        AND c.relname <> '_prisma_migrations' ORDER BY c.relname, a.attname`);
    const schema = await readPrismaSchema();
    expect(schema.columns).toEqual(rows);

    const keys = await admin.query<{ table: string; kind: string; columns: string[] }>(`
      SELECT c.relname AS table, CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' ELSE 'foreign' END AS kind,
        (SELECT array_agg(a.attname::text ORDER BY p.position)
         FROM unnest(k.conkey) WITH ORDINALITY p (attnum, position)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.attnum) AS columns
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND k.contype IN ('p', 'u', 'f') AND c.relname <> '_prisma_migrations'`);
    const text = (key: { table: string; kind: string; columns: readonly string[] }): string =>
      `${key.table} ${key.kind} (${key.columns.join(', ')})`;
    expect(schema.keys.map(text).sort()).toEqual(keys.rows.map(text).sort());
  });

  it('give the readings one column per standard measurand of the registry, counters as bigint', async () => {
    const { rows } = await admin.query<{ name: string; type: string }>(`
      SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'store' AND table_name = 'reading'`);
    const types = new Map(rows.map((r) => [r.name, r.type]));
    for (const measurand of standardMeasurands)
      expect(types.get(measurand.name), measurand.name).toBe(
        measurand.kind === 'counter' ? 'bigint' : 'double precision',
      );
    const rest = rows.map((r) => r.name).filter((name) => !standardMeasurands.some((m) => m.name === name));
    expect(rest.sort()).toEqual(
      ['at', 'exceptions', 'meter_id', 'organisation_id', 'quality', 'rare', 'received_at', 'skew_ms'].sort(),
    );
  });
});
