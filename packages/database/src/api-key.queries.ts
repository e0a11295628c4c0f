import type { NewApiKeySecret } from './api-key-secret.ts';
import type { Database, OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** A key as the access check needs it. */
export interface StoredApiKey {
  readonly id: string;
  readonly organisationId: number;
  readonly name: string;
  readonly secretSha256: Buffer;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The key with that prefix in any organisation: needed before an organisation is in scope. */
export async function findApiKey(database: Database, prefix: string): Promise<StoredApiKey | undefined> {
  const { rows } = await database.unscoped.query<StoredApiKey>({
    // Asked with every request of a key.
    name: 'api-key-of',
    text: `SELECT id, organisation_id AS "organisationId", name, secret_sha256 AS "secretSha256", scopes,
       expires_at AS "expiresAt", revoked_at AS "revokedAt"
     FROM public.api_key_of($1)`,
    values: [prefix],
  });
  return rows[0];
}

/** Notes that a key was used, at most once a minute. */
export async function touchApiKey(
  database: Database,
  key: Pick<StoredApiKey, 'id' | 'organisationId'>,
): Promise<void> {
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await database.withOrganisation(key.organisationId, (tx) =>
    tx.apiKey.updateMany({
      where: { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: aMinuteAgo } }] },
      data: { lastUsedAt: new Date() },
    }),
  );
}

const shown = {
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
} as const;

export const listApiKeys = (tx: OrganisationTransaction, scope: Scope) =>
  tx.apiKey.findMany({
    where: { organisationId: scope.organisationId },
    select: shown,
    orderBy: { createdAt: 'desc' },
  });

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly secret: NewApiKeySecret;
}

export const createApiKey = (tx: OrganisationTransaction, scope: Scope, key: NewApiKey) =>
  tx.apiKey.create({
    data: {
      organisationId: scope.organisationId,
      name: key.name,
      prefix: key.secret.prefix,
      secretSha256: new Uint8Array(key.secret.secretSha256),
      scopes: [...key.scopes],
      expiresAt: key.expiresAt,
    },
    select: shown,
  });

/** The key after its revocation, or null where there is none that could be revoked. */
export async function revokeApiKey(tx: OrganisationTransaction, scope: Scope, id: string) {
  const { count } = await tx.apiKey.updateMany({
    where: { id, organisationId: scope.organisationId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count === 0 ? null : tx.apiKey.findUnique({ where: { id }, select: shown });
}
