import type { PoolClient } from 'pg';
import type { Scope } from './scope.ts';

export interface LegalEntityRow {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly registrationNumber: string;
}

export async function listLegalEntities(client: PoolClient, scope: Scope): Promise<LegalEntityRow[]> {
  const { rows } = await client.query<LegalEntityRow>(
    `SELECT e.id, e.name, e.country, e.registration_number AS "registrationNumber" FROM legal_entity e
     WHERE e.organisation_id = $1 AND ($2::uuid[] IS NULL OR EXISTS (
       SELECT FROM site s WHERE s.legal_entity_id = e.id AND s.id = ANY ($2))) ORDER BY e.name, e.id`,
    [scope.organisationId, scope.siteIds],
  );
  return rows;
}
