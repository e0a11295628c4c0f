import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

export interface MarkedRange {
  readonly meterId: number;
  readonly from: Date;
  readonly to: Date;
}

/**
 * Marks ranges of meters to be computed anew, in the transaction of what changed them. Meters of other organisations are
 * passed over by the database.
 */
export async function markRanges(tx: OrganisationTransaction, ranges: readonly MarkedRange[]): Promise<void> {
  if (ranges.length === 0) return;
  const ids = ranges.map((r) => r.meterId);
  const from = ranges.map((r) => r.from.toISOString());
  const to = ranges.map((r) => r.to.toISOString());
  await tx.$executeRaw`SELECT mark_meters(${ids}::int[], ${from}::timestamptz[], ${to}::timestamptz[])`;
}

/** Those of the meters that wait to be computed anew. */
export async function markedMeters(
  client: PoolClient,
  scope: Scope,
  meterIds: readonly number[],
): Promise<ReadonlySet<number>> {
  const { rows } = await client.query<{ meter_id: number }>(
    'SELECT f.meter_id FROM marked_meters($2) f JOIN meter m ON m.id = f.meter_id WHERE m.organisation_id = $1',
    [scope.organisationId, meterIds],
  );
  return new Set(rows.map((row) => row.meter_id));
}
