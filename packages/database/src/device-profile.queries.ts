import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { Scope } from './scope.ts';

/** A register map of an organisation; its definition is a profile as data, checked before it was stored. */
export interface DeviceProfileRow {
  readonly id: string;
  readonly definition: unknown;
  readonly fileName: string;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** An organisation makes tens of them; more are a mistake. */
export const deviceProfileLimit = 200;

export async function listDeviceProfiles(client: PoolClient, scope: Scope): Promise<DeviceProfileRow[]> {
  const { rows } = await client.query<DeviceProfileRow>(
    `SELECT id, definition, file_name AS "fileName", created_by AS "createdBy", created_at AS "createdAt"
     FROM device_profile WHERE organisation_id = $1 ORDER BY id LIMIT ${deviceProfileLimit}`,
    [scope.organisationId],
  );
  return rows;
}

export interface NewDeviceProfile {
  readonly id: string;
  readonly definition: object;
  readonly fileName: string;
  readonly createdBy: string;
}

/** Stores a profile; returns false where the organisation has one of that id, or has as many as it may. */
export async function createDeviceProfile(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  profile: NewDeviceProfile,
): Promise<'stored' | 'known' | 'tooMany'> {
  const known = await tx.deviceProfile.count({ where: { organisationId, id: profile.id } });
  if (known > 0) return 'known';
  if ((await tx.deviceProfile.count({ where: { organisationId } })) >= deviceProfileLimit) return 'tooMany';
  await tx.deviceProfile.create({ data: { organisationId, ...profile } });
  return 'stored';
}

/** The meters of an organisation that are read through a profile. */
export const countMetersOfProfile = (
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  profileId: string,
): Promise<number> => tx.meter.count({ where: { organisationId, profileId } });

export async function removeDeviceProfile(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  id: string,
): Promise<boolean> {
  const { count } = await tx.deviceProfile.deleteMany({ where: { organisationId, id } });
  return count > 0;
}
