import {
  type LoginRole,
  loginRoles,
  migrate,
  newApiKeySecret,
  type RolePasswords,
} from '@wattproof/database';
import { measurandOf } from '@wattproof/energy';
import pg from 'pg';
import type { BenchContext } from '../../infra/bench-context.ts';
import { onDatabase } from '../../infra/database-url.ts';

/** Size of a seeded installation. Sites have 20 meters, the first of them the site's total. */
export interface Plan {
  readonly database: string;
  readonly organisations: number;
  /** Of each organisation. */
  readonly meters: number;
  /** History, ending at `end`. */
  readonly days: number;
  readonly end: Date;
  /** Seconds between readings, from so many days before the end on. */
  readonly readings: readonly { readonly days: number; readonly step_s: number }[];
  readonly chunk_s: { readonly reading: number; readonly interval: number };
  readonly keysOfEach: number;
}

export const metersOfSite = 20;

export interface Seeded {
  readonly admin: pg.Client;
  readonly urlOf: (role: LoginRole) => string;
  /** Keys by organisation, in order of id. */
  readonly keys: readonly (readonly string[])[];
}

const energy = measurandOf('active_energy_import_wh').id;
export const meterIdOf = (plan: Plan, organisation: number, meter: number): number =>
  organisation * plan.meters + meter + 1;

/** Passwords of the product's roles, as they stand in its connections. */
const passwordsOf = (context: BenchContext): RolePasswords =>
  Object.fromEntries(
    loginRoles.map((role: LoginRole) => [
      role,
      decodeURIComponent(new URL(context.databaseUrlOf(role)).password),
    ]),
  ) as RolePasswords;

/** A migrated database without any row. */
export async function emptyDatabase(context: BenchContext, database: string): Promise<Omit<Seeded, 'keys'>> {
  const server = new pg.Client({ connectionString: context.adminDatabaseUrl });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await server.query(`CREATE DATABASE ${database}`);
  await server.end();
  const adminDatabaseUrl = onDatabase(context.adminDatabaseUrl, database);
  await migrate({ adminDatabaseUrl, passwords: passwordsOf(context) });
  const admin = new pg.Client({ connectionString: adminDatabaseUrl });
  await admin.connect();
  return { admin, urlOf: (role) => onDatabase(context.databaseUrlOf(role), database) };
}

/** The seeded database: made once, kept for the next runs, and used as it is where it fits the plan. */
export async function seededDatabase(context: BenchContext, plan: Plan): Promise<Seeded> {
  const adminUrl = onDatabase(context.adminDatabaseUrl, plan.database);
  const fingerprint = JSON.stringify(plan);
  const server = new pg.Client({ connectionString: context.adminDatabaseUrl });
  await server.connect();
  const found = await server.query<{ note: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS note FROM pg_database WHERE datname = $1`,
    [plan.database],
  );
  const isFresh = found.rows[0]?.note !== fingerprint;
  if (isFresh) {
    await server.query(`DROP DATABASE IF EXISTS ${plan.database} WITH (FORCE)`);
    await server.query(`CREATE DATABASE ${plan.database}`);
  }
  await migrate({ adminDatabaseUrl: adminUrl, passwords: passwordsOf(context) });
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  if (isFresh) {
    await seed(context, admin, plan);
    await server.query(`COMMENT ON DATABASE ${plan.database} IS ${pg.escapeLiteral(fingerprint)}`);
  }
  await server.end();
  return {
    admin,
    urlOf: (role) => onDatabase(context.databaseUrlOf(role), plan.database),
    keys: await makeKeys(admin, plan),
  };
}

/** Keys are shown once: each run makes its own. */
export async function makeKeys(
  admin: pg.Client,
  plan: Pick<Plan, 'organisations' | 'keysOfEach'>,
): Promise<string[][]> {
  await admin.query('DELETE FROM api_key');
  const keys: string[][] = [];
  for (let organisation = 1; organisation <= plan.organisations; organisation++) {
    const own = Array.from({ length: plan.keysOfEach }, () => newApiKeySecret());
    for (const [i, { prefix, secretSha256 }] of own.entries())
      await admin.query(
        "INSERT INTO api_key (organisation_id, name, prefix, secret_sha256, scopes) VALUES ($1, $2, $3, $4, '{read}')",
        [organisation, `bench ${i}`, prefix, secretSha256],
      );
    keys.push(own.map(({ key }) => key));
  }
  return keys;
}

async function seed(context: BenchContext, admin: pg.Client, plan: Plan): Promise<void> {
  await admin.query(`SELECT set_chunk_time_interval('store.reading', make_interval(secs => ${plan.chunk_s.reading})),
    set_chunk_time_interval('store.interval', make_interval(secs => ${plan.chunk_s.interval}))`);
  for (let organisation = 1; organisation <= plan.organisations; organisation++) {
    await admin.query(
      `INSERT INTO organisation (name, slug) VALUES ('Bench ${organisation}', 'bench-${organisation}')`,
    );
    await admin.query(
      `WITH entity AS (INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Bench', 'FR') RETURNING id),
       place AS (INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
         SELECT $1, id, 'Site ' || s, 'FR', 'Europe/Paris' FROM entity, generate_series(0, $2::int / ${metersOfSite} - 1) s RETURNING id, name)
       INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, energy_use, reading_period_s)
       SELECT $1, place.id, 'Meter ' || m, CASE m % ${metersOfSite} WHEN 0 THEN 'virtual' ELSE 'physical' END,
         CASE m % ${metersOfSite} WHEN 0 THEN 'total' ELSE 'use' END, 'electricity', 'active_energy_import_wh',
         CASE m % ${metersOfSite} WHEN 0 THEN NULL ELSE (ARRAY['lighting', 'sockets', 'process', 'heating', 'cooling'])[m % 5 + 1] END, 60
       FROM generate_series(0, $2 - 1) m JOIN place ON place.name = 'Site ' || (m / ${metersOfSite}) ORDER BY m`,
      [organisation, plan.meters],
    );
    await seedReadings(admin, plan, organisation);
    await seedIntervals(admin, plan, organisation);
    context.log(`organisation ${organisation} of ${plan.organisations} is seeded`);
  }
  await admin.query('VACUUM ANALYZE');
}

/** A month at a time in order of time, as readings come. */
async function seedReadings(admin: pg.Client, plan: Plan, organisation: number): Promise<void> {
  const first = meterIdOf(plan, organisation - 1, 0);
  let before_days = plan.days;
  for (const { days, step_s } of plan.readings) {
    const until_days = before_days - days;
    for (let at = before_days; at > until_days; at -= 7)
      await admin.query(
        `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at,
           active_energy_import_wh, active_power_w, voltage_l1_n_v, current_l1_a, power_factor)
         SELECT t, m, $1, 0, t, (extract(epoch FROM t)::bigint - 1600000000) * (m % 9 + 1),
           4000 + m % 100 + extract(minute FROM t)::float8, 230 + m % 7, 17.5, 0.97
         FROM generate_series($2::timestamptz, $3::timestamptz - interval '1 microsecond', make_interval(secs => $4)) t,
           generate_series($5::int, $5::int + $6::int - 1) m`,
        [
          organisation,
          daysBefore(plan.end, at),
          daysBefore(plan.end, Math.max(until_days, at - 7)),
          step_s,
          first,
          plan.meters,
        ],
      );
    before_days = until_days;
  }
}

const daysBefore = (end: Date, days: number): Date => new Date(end.getTime() - days * 86_400_000);

async function seedIntervals(admin: pg.Client, plan: Plan, organisation: number): Promise<void> {
  const first = meterIdOf(plan, organisation - 1, 0);
  const values = [organisation, daysBefore(plan.end, plan.days), plan.end, first, plan.meters];
  await admin.query(
    `INSERT INTO store.interval (start, meter_id, organisation_id, measurand, quality, duration_s, delta)
     SELECT t, m, $1, ${energy}, CASE WHEN extract(hour FROM t) = 3 THEN 1 ELSE 0 END, 900, 900 * (m % 9 + 1)
     FROM generate_series($2::timestamptz, $3::timestamptz - interval '1 second', interval '15 minutes') t,
       generate_series($4::int, $4::int + $5::int - 1) m`,
    values,
  );
  for (const unit of ['hour', 'day', 'month'] as const)
    await admin.query(
      `INSERT INTO store.interval_${unit} (start, meter_id, organisation_id, measurand, duration_s, delta,
         n_measured, n_interpolated, n_estimated, n_manual, n_missing)
       SELECT date_trunc('${unit}', start, 'Europe/Paris'), meter_id, $1, measurand, sum(duration_s), sum(delta),
         count(*) FILTER (WHERE quality = 0), count(*) FILTER (WHERE quality = 1), 0, 0, 0
       FROM store.interval WHERE organisation_id = $1 GROUP BY 1, meter_id, measurand ORDER BY meter_id, measurand, 1`,
      [organisation],
    );
}
