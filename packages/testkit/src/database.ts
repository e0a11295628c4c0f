import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LoginRole, migrate, migrationsFolder } from '@wattproof/database';
import pg from 'pg';
import { testEnvironment } from './environment.ts';

export interface TestDatabase {
  readonly name: string;
  /** Connection of the superuser. */
  readonly adminDatabaseUrl: string;
  /** Connection of the role of one process, with the rights it has in production. */
  readonly urlOf: (role: LoginRole) => string;
  /** Removes the database; sessions that do not end by themselves within five seconds are ended. */
  readonly drop: () => Promise<void>;
}

const templatePrefix = 'wattproof_template_';
const databasePrefix = 'wattproof_test_';
/** Older databases without a session were left by a run that was killed. */
const abandonedAfter_s = 3600;
const templateLock = 0x7e57;
/** SQLSTATE object_in_use. */
const inUse = '55006';

function migrationsHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(migrationsFolder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(migrationsFolder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

function urlFor(
  database: string,
  account?: { readonly username: string; readonly password: string },
): string {
  const url = new URL(testEnvironment().WATTPROOF_TEST_DATABASE_URL);
  url.pathname = `/${database}`;
  if (account) {
    url.username = account.username;
    url.password = account.password;
  }
  return url.href;
}

async function withAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: urlFor('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function provideTemplate(admin: pg.Client): Promise<string> {
  const template = `${templatePrefix}${migrationsHash()}`;
  const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1 AND NOT datallowconn', [
    template,
  ]);
  if (found.rowCount === 1) return template;
  await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${template}`);
  await migrate({
    adminDatabaseUrl: urlFor(template),
    passwords: testEnvironment().WATTPROOF_TEST_DATABASE_ROLE_PASSWORDS,
  });
  // Closed to sessions last: an open template is a half-made one.
  await admin.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  return template;
}

async function dropAbandoned(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    `SELECT datname FROM pg_database d WHERE datname LIKE $1
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`,
    [`${databasePrefix.replaceAll('_', '\\_')}%`],
  );
  for (const { datname } of rows) {
    const created_s = Number.parseInt(datname.slice(databasePrefix.length).split('_')[0] ?? '', 36);
    if (Date.now() / 1000 - created_s > abandonedAfter_s)
      await admin.query(`DROP DATABASE IF EXISTS ${datname}`);
  }
}

/**
 * A pool says that it has ended before its connections are closed: the server waits five seconds for them. Ended by force
 * they would say so as an error that nobody listens to any more.
 */
async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== inUse) throw error;
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/**
 * A fresh, migrated database of its own, copied from a template that is migrated once for each state of
 * `prisma/migrations`. Call it in `beforeAll` and `drop` it in `afterAll`.
 */
export function testDatabase(): Promise<TestDatabase> {
  const name = `${databasePrefix}${Math.floor(Date.now() / 1000).toString(36)}_${randomBytes(5).toString('hex')}`;
  return withAdmin(async (admin) => {
    // One at a time over all test files: a template in use cannot be copied, and roles belong to the whole server.
    await admin.query('SELECT pg_advisory_lock($1)', [templateLock]);
    await dropAbandoned(admin);
    const template = await provideTemplate(admin);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
    // Rights on the database itself are the one thing a copy does not carry.
    await admin.query(`GRANT CREATE ON DATABASE ${name} TO wattproof_owner`);
    const passwords = testEnvironment().WATTPROOF_TEST_DATABASE_ROLE_PASSWORDS;
    return {
      name,
      adminDatabaseUrl: urlFor(name),
      urlOf: (role) => urlFor(name, { username: role, password: passwords[role] }),
      drop: () => withAdmin((client) => dropDatabase(client, name)),
    };
  });
}
