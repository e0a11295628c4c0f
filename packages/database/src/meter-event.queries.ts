import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** One counter's part in what happened to its meter. */
export interface EventCounter {
  readonly measurand: string;
  readonly closingIndex: number | null;
  readonly openingIndex: number;
}

/** One act of a person, or one find of the workers: it joins the indices of one or several counters of a meter. */
export interface Declaration {
  readonly id: string;
  readonly meterId: number;
  readonly kind: string;
  readonly at: Date;
  readonly origin: string;
  readonly note: string;
  readonly serialNumberBefore: string | null;
  readonly serialNumberAfter: string | null;
  readonly ratioBefore: number | null;
  readonly ratioAfter: number | null;
  /** See `CounterEvent.modulusBefore`; 0: the register never returned to zero, null: nothing changed. */
  readonly modulusBefore: number | null;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly counters: readonly EventCounter[];
}

const longestList = 500;

/** Declarations of a meter, newest first; of one id where it is given. */
export async function listDeclarations(
  client: PoolClient,
  scope: Scope,
  meterId: number,
  id?: string,
): Promise<Declaration[]> {
  const { rows } = await client.query<Declaration>(
    `SELECT declaration_id AS id, meter_id AS "meterId", kind, at, origin, min(note) AS note,
       min(serial_number_before) AS "serialNumberBefore", min(serial_number_after) AS "serialNumberAfter",
       min(ratio_before) AS "ratioBefore", min(ratio_after) AS "ratioAfter",
       min(modulus_before)::double precision AS "modulusBefore",
       min(created_at) AS "createdAt", min(created_by) AS "createdBy",
       jsonb_agg(jsonb_build_object('measurand', measurand, 'closingIndex', closing_index, 'openingIndex', opening_index)
         ORDER BY measurand) AS counters
     FROM meter_event
     WHERE organisation_id = $1 AND meter_id = $2 AND ($3::uuid IS NULL OR declaration_id = $3)
     GROUP BY declaration_id, meter_id, kind, at, origin ORDER BY at DESC, declaration_id LIMIT ${longestList}`,
    [scope.organisationId, meterId, id ?? null],
  );
  return rows;
}

export type NewDeclaration = Omit<Declaration, 'id' | 'origin' | 'createdAt'> & {
  readonly createdBy: string;
};

/** Declares what happened; returns its id. Throws where a counter already has an event at that instant (unique). */
export async function createDeclaration(
  tx: OrganisationTransaction,
  scope: Scope,
  { counters, modulusBefore, ...declaration }: NewDeclaration,
): Promise<string> {
  const id = randomUUID();
  await tx.meterEvent.createMany({
    data: counters.map(({ measurand, closingIndex, openingIndex }) => ({
      ...declaration,
      organisationId: scope.organisationId,
      declarationId: id,
      measurand,
      closingIndex: closingIndex === null ? null : BigInt(closingIndex),
      openingIndex: BigInt(openingIndex),
      modulusBefore: modulusBefore === null ? null : BigInt(modulusBefore),
    })),
  });
  return id;
}

/** Takes a declaration away; what it did to the past is undone when its meter is computed anew. */
export async function deleteDeclaration(
  tx: OrganisationTransaction,
  scope: Scope,
  { id, meterId }: Pick<Declaration, 'id' | 'meterId'>,
): Promise<void> {
  await tx.meterEvent.deleteMany({
    where: { organisationId: scope.organisationId, meterId, declarationId: id },
  });
}

/** What a replacement changes of the meter itself. */
export async function updateRegister(
  tx: OrganisationTransaction,
  scope: Scope,
  meterId: number,
  change: { readonly serialNumber?: string; readonly counterModulus?: number | null },
): Promise<void> {
  const { serialNumber, counterModulus } = change;
  if (serialNumber === undefined && counterModulus === undefined) return;
  await tx.meter.updateMany({
    where: { id: meterId, organisationId: scope.organisationId },
    data: {
      ...(serialNumber === undefined ? {} : { serialNumber }),
      ...(counterModulus === undefined
        ? {}
        : { counterModulus: counterModulus === null ? null : BigInt(counterModulus) }),
    },
  });
}

/** Modulus of the register in service, and the instant of the last declared event before another. */
export async function readRegister(
  client: PoolClient,
  scope: Scope,
  meterId: number,
  at: Date,
): Promise<{ readonly modulus: number | null; readonly previousEventAt: Date | null }> {
  const { rows } = await client.query<{ modulus: number | null; previousEventAt: Date | null }>(
    `SELECT m.counter_modulus::double precision AS modulus,
       (SELECT max(e.at) FROM meter_event e WHERE e.meter_id = m.id AND e.origin = 'declared' AND e.at < $3)
         AS "previousEventAt"
     FROM meter m WHERE m.organisation_id = $1 AND m.id = $2`,
    [scope.organisationId, meterId, at],
  );
  return rows[0] ?? { modulus: null, previousEventAt: null };
}
