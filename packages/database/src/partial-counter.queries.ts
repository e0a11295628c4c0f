import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** A run of a counter that a person started. */
export interface PartialCounterRow {
  readonly id: string;
  readonly meterId: number;
  readonly measurand: string;
  readonly name: string;
  readonly startedAt: Date;
  readonly stoppedAt: Date | null;
  readonly startedBy: string;
}

const longestList = 200;

/** Runs of a meter, those that still run first, then the newest. */
export async function listPartialCounters(
  client: PoolClient,
  scope: Scope,
  meterId: number,
): Promise<PartialCounterRow[]> {
  const { rows } = await client.query<PartialCounterRow>(
    `SELECT id, meter_id AS "meterId", measurand, name, started_at AS "startedAt", stopped_at AS "stoppedAt",
       started_by AS "startedBy"
     FROM partial_counter WHERE organisation_id = $1 AND meter_id = $2
     ORDER BY stopped_at IS NOT NULL, started_at DESC LIMIT ${longestList}`,
    [scope.organisationId, meterId],
  );
  return rows;
}

export type NewPartialCounter = Omit<PartialCounterRow, 'id' | 'stoppedAt'>;

/** Starts a run; where one of that name runs, it stops at that instant. Returns the new run's id. */
export async function startPartialCounter(
  tx: OrganisationTransaction,
  scope: Scope,
  run: NewPartialCounter,
): Promise<string> {
  await stopPartialCounter(tx, scope, { ...run, stoppedAt: run.startedAt });
  const { id } = await tx.partialCounter.create({
    data: { organisationId: scope.organisationId, ...run },
    select: { id: true },
  });
  return id;
}

/** Stops the run of that name, if there is one. */
export async function stopPartialCounter(
  tx: OrganisationTransaction,
  scope: Scope,
  { meterId, name, stoppedAt }: Pick<PartialCounterRow, 'meterId' | 'name'> & { readonly stoppedAt: Date },
): Promise<boolean> {
  const { count } = await tx.partialCounter.updateMany({
    where: { organisationId: scope.organisationId, meterId, name, stoppedAt: null },
    data: { stoppedAt },
  });
  return count > 0;
}
