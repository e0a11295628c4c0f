import type { PoolClient } from 'pg';
import type { DataClass } from './retention/policy.ts';
import type { Scope } from './scope.ts';

export interface StorageSampleRow {
  readonly class: DataClass;
  readonly at: Date;
  readonly rows: number;
  readonly bytes: number;
  readonly oldest: Date | null;
  readonly newest: Date | null;
  readonly growth_rows_per_day: number | null;
  readonly growth_bytes_per_day: number | null;
}

/** The newest measurement of each class. */
export async function newestSamples(client: PoolClient, scope: Scope): Promise<StorageSampleRow[]> {
  const { rows } = await client.query<StorageSampleRow>(
    `SELECT DISTINCT ON (class) class, at, rows::float8 AS rows, bytes::float8 AS bytes, oldest, newest,
       growth_rows_per_day, growth_bytes_per_day
     FROM storage_sample WHERE organisation_id = $1 ORDER BY class, at DESC`,
    [scope.organisationId],
  );
  return rows;
}

/** One measurement a day of the last two years, all classes together, the oldest first. */
export async function sampleHistory(
  client: PoolClient,
  scope: Scope,
): Promise<{ readonly at: Date; readonly bytes: number; readonly rows: number }[]> {
  const { rows } = await client.query<{ at: Date; bytes: number; rows: number }>(
    `SELECT max(at) AS at, sum(bytes)::float8 AS bytes, sum(rows)::float8 AS rows FROM (
       SELECT DISTINCT ON (class, date_trunc('day', at, 'UTC')) class, at, rows, bytes FROM storage_sample
       WHERE organisation_id = $1 AND at > now() - interval '2 years'
       ORDER BY class, date_trunc('day', at, 'UTC'), at DESC) day
     GROUP BY date_trunc('day', at, 'UTC') ORDER BY 1`,
    [scope.organisationId],
  );
  return rows;
}
