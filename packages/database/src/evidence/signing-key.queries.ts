import {
  createSigningKey,
  fingerprintOf,
  type KeyEntry,
  type SigningKey,
  sign,
  toHex,
} from '@wattproof/evidence';
import type { ClientBase } from 'pg';
import { seal, unseal } from '../seal.ts';
import { appendRecords, chainInstant } from './chain.queries.ts';

/** Keys of an organisation. The client's transaction has the organisation in scope. */

const context = (organisationId: number): string => `signing-key/${organisationId}`;

interface KeyRow {
  fingerprint: string;
  public_key: Buffer;
  sealed_private_key: string;
  added_at: Date;
  endorsement: Buffer | null;
  endorsed_by: string | null;
  retired_at: Date | null;
  revoked_at: Date | null;
  revocation_reason: string;
}

async function keyRows(client: ClientBase, organisationId: number): Promise<KeyRow[]> {
  const { rows } = await client.query<KeyRow>(
    'SELECT * FROM signing_key WHERE organisation_id = $1 ORDER BY added_at, fingerprint',
    [organisationId],
  );
  return rows;
}

/** Every key that ever signed, with what became of it; private keys stay where they are. */
export async function listSigningKeys(client: ClientBase, organisationId: number): Promise<KeyEntry[]> {
  return (await keyRows(client, organisationId)).map((row) => ({
    publicKey: toHex(row.public_key),
    fingerprint: row.fingerprint,
    addedAt: row.added_at.toISOString(),
    endorsement: row.endorsement && toHex(row.endorsement),
    endorsedBy: row.endorsed_by,
    retiredAt: row.retired_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revocationReason: row.revocation_reason,
  }));
}

export interface KeyAct {
  readonly organisationId: number;
  /** `WATTPROOF_SECRET_KEY` */
  readonly secretKey: string;
  readonly by: string;
  readonly now: Date;
}

/** The key that signs now; the first one is made where there is none. */
export async function signingKey(client: ClientBase, act: KeyAct): Promise<SigningKey> {
  const row = (await keyRows(client, act.organisationId)).find((key) => key.retired_at === null);
  if (!row) return addKey(client, act, null);
  return {
    publicKey: row.public_key,
    privateKey: Buffer.from(
      unseal(act.secretKey, context(act.organisationId), row.sealed_private_key),
      'base64',
    ),
  };
}

/** A new key takes over; the one before endorses it, so that who trusts the old one can trust the new one. */
export async function rotateSigningKey(client: ClientBase, act: KeyAct): Promise<SigningKey> {
  const elder = await signingKey(client, act);
  await client.query(
    'UPDATE signing_key SET retired_at = $2 WHERE organisation_id = $1 AND retired_at IS NULL',
    [act.organisationId, act.now],
  );
  return addKey(client, act, elder);
}

async function addKey(client: ClientBase, act: KeyAct, elder: SigningKey | null): Promise<SigningKey> {
  const { organisationId, secretKey, by, now } = act;
  const key = await createSigningKey();
  const fingerprint = fingerprintOf(key.publicKey);
  const endorsement = elder && (await sign(elder.privateKey, key.publicKey));
  const endorsedBy = elder && fingerprintOf(elder.publicKey);
  await client.query(
    `INSERT INTO signing_key (organisation_id, fingerprint, public_key, sealed_private_key, added_at, added_by, endorsement, endorsed_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      organisationId,
      fingerprint,
      Buffer.from(key.publicKey),
      seal(secretKey, context(organisationId), Buffer.from(key.privateKey).toString('base64')),
      now,
      by,
      endorsement && Buffer.from(endorsement),
      endorsedBy,
    ],
  );
  await appendRecords(client, organisationId, [
    { at: chainInstant(now), kind: 'keyAdded', body: { fingerprint, endorsedBy, by } },
  ]);
  return key;
}

/** Says that a key is no longer to be trusted. False where there is no such key, or it is revoked already. */
export async function revokeSigningKey(
  client: ClientBase,
  { organisationId, by, now }: Omit<KeyAct, 'secretKey'>,
  { fingerprint, reason }: { readonly fingerprint: string; readonly reason: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE signing_key SET revoked_at = $3, revocation_reason = $4, retired_at = coalesce(retired_at, $3)
     WHERE organisation_id = $1 AND fingerprint = $2 AND revoked_at IS NULL`,
    [organisationId, fingerprint, now, reason],
  );
  if (rowCount === 0) return false;
  await appendRecords(client, organisationId, [
    { at: chainInstant(now), kind: 'keyRevoked', body: { fingerprint, reason, by } },
  ]);
  return true;
}
