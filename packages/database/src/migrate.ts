import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { loginRoles, type RolePasswords } from './roles.ts';

/** `prisma/migrations` of this repository. */
export const migrationsFolder = join(import.meta.dirname, '../../../prisma/migrations');

export interface MigrateOptions {
  /** Connection that may create roles and extensions (a superuser, or the owner of a managed database). */
  readonly adminDatabaseUrl: string;
  /** Passwords of the login roles; they are set anew at every run. */
  readonly passwords: RolePasswords;
  readonly folder?: string;
}
export interface MigrateResult {
  readonly applied: readonly string[];
  readonly alreadyApplied: readonly string[];
}

/** Any number that no other software on the database is likely to lock. */
const migrationLock = 0x77617474;

/**
 * Makes roles and extensions, then applies the migrations that are not applied, in order, each in a transaction of its own as
 * `wattproof_owner`. Keeps Prisma's `_prisma_migrations` table, so that `prisma migrate deploy` agrees about what is applied.
 * @throws Error naming the migration where one fails or where an applied one was edited.
 */
export async function migrate({
  adminDatabaseUrl,
  passwords,
  folder = migrationsFolder,
}: MigrateOptions): Promise<MigrateResult> {
  const client = new Client({ connectionString: adminDatabaseUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await prepareRoles(client, passwords);
    await client.query(migrationTable);
    await client.query('ALTER TABLE public._prisma_migrations OWNER TO wattproof_owner');
    const applied: string[] = [];
    const alreadyApplied: string[] = [];
    for (const name of await migrationNames(folder)) {
      const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
      (await applyOnce(client, name, sql)) ? applied.push(name) : alreadyApplied.push(name);
    }
    return { applied, alreadyApplied };
  } finally {
    await client.end();
  }
}

async function migrationNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
}

async function prepareRoles(client: Client, passwords: RolePasswords): Promise<void> {
  await client.query('CREATE EXTENSION IF NOT EXISTS timescaledb');
  await client.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
  await createRole(client, 'wattproof_owner', 'NOLOGIN');
  for (const role of loginRoles) {
    await createRole(client, role, 'LOGIN');
    await client.query(`ALTER ROLE ${role} PASSWORD ${escapeLiteral(passwords[role])}`);
    await client.query(`GRANT ${role} TO wattproof_owner`);
  }
  const database =
    (await client.query<{ name: string }>('SELECT current_database() AS name')).rows[0]?.name ?? '';
  await client.query(`GRANT CREATE ON DATABASE ${escapeIdentifier(database)} TO wattproof_owner`);
  await client.query('ALTER SCHEMA public OWNER TO wattproof_owner');
  await client.query('ALTER ROLE wattproof_auth SET search_path = auth');
  // Generic plans over hundreds of chunks plan badly; series queries carry literal bounds.
  for (const role of ['wattproof_api', 'wattproof_worker', 'wattproof_reader'])
    await client.query(`ALTER ROLE ${role} SET plan_cache_mode = force_custom_plan`);
}

async function createRole(client: Client, role: string, attributes: string): Promise<void> {
  // Databases of one server share roles: two runs at once may both try.
  await client.query(
    `DO $$ BEGIN CREATE ROLE ${role} ${attributes}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  );
}

/** Prisma's own table, column by column, so that its tools read it. */
const migrationTable = `CREATE TABLE IF NOT EXISTS public._prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`;

async function applyOnce(client: Client, name: string, sql: string): Promise<boolean> {
  const checksum = createHash('sha256').update(sql).digest('hex');
  const known = await client.query<{ checksum: string }>(
    'SELECT checksum FROM public._prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL',
    [name],
  );
  const [row] = known.rows;
  if (row) {
    if (row.checksum !== checksum)
      throw new Error(`Migration ${name} was changed after it was applied; add a new migration instead`);
    return false;
  }
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL ROLE wattproof_owner');
    await client.query(sql);
    await client.query('RESET ROLE');
    await client.query(
      `INSERT INTO public._prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
    return true;
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed and left nothing behind: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
