import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

/** Fitted models of the expected load by meter, as the workers stored them. */
export async function readExpectedLoads(
  client: PoolClient,
  scope: Scope,
  meterIds: readonly number[],
): Promise<ReadonlyMap<number, unknown>> {
  const { rows } = await client.query<{ meterId: number; model: unknown }>(
    `SELECT meter_id AS "meterId", model FROM expected_load WHERE organisation_id = $1 AND meter_id = ANY ($2)`,
    [scope.organisationId, meterIds],
  );
  return new Map(rows.map((row) => [row.meterId, row.model]));
}
