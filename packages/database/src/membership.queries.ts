import type { PoolClient } from 'pg';
import type { Database } from './client.ts';
import type { Scope } from './scope.ts';

/** A person's duty in one organisation. */
export interface Membership {
  readonly organisationId: number;
  readonly organisationName: string;
  readonly role: string;
  /** null: all sites of the organisation. */
  readonly siteIds: readonly string[] | null;
  readonly displayName: string;
  readonly email: string;
  readonly locale: string;
}

/** All memberships of a person, the oldest first: needed before an organisation is in scope. */
export async function membershipsOf(database: Database, userId: string): Promise<Membership[]> {
  const { rows } = await database.unscoped.query<Membership>(
    `SELECT organisation_id AS "organisationId", organisation_name AS "organisationName", role, site_ids AS "siteIds",
       display_name AS "displayName", email, locale
     FROM public.memberships_of($1)`,
    [userId],
  );
  return rows;
}

export interface Member {
  readonly id: string;
  readonly displayName: string;
  readonly email: string;
  readonly role: string;
  readonly siteIds: readonly string[] | null;
  readonly createdAt: Date;
}

export async function listMembers(client: PoolClient, scope: Scope): Promise<Member[]> {
  const { rows } = await client.query<Member>(
    `SELECT id, display_name AS "displayName", email, role, site_ids AS "siteIds", created_at AS "createdAt"
     FROM membership WHERE organisation_id = $1 ORDER BY display_name, email`,
    [scope.organisationId],
  );
  return rows;
}
