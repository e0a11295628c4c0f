import type { PoolClient } from 'pg';
import type { Database, OrganisationTransaction } from './client.ts';
import type { InputJsonObject } from './generated/internal/prismaNamespace.ts';
import type { Scope } from './scope.ts';

/** One version of what a gateway shall read, or the draft of the next (`version` null). */
export interface GatewayConfigurationRow {
  readonly id: string;
  readonly version: number | null;
  readonly state: string;
  readonly plan: unknown;
  readonly note: string;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly sentBy: string | null;
  readonly sentAt: Date | null;
  readonly settledAt: Date | null;
  readonly reason: string | null;
  readonly message: string | null;
}

/** Versions shown at once; older ones are asked for by number. */
const versionsMost = 100;

const columns = `id, version, state, plan, note, created_by AS "createdBy", updated_at AS "updatedAt", sent_by AS "sentBy",
  sent_at AS "sentAt", settled_at AS "settledAt", reason, message`;

/** The draft first, then the versions, newest first. */
export async function listGatewayConfigurations(
  client: PoolClient,
  scope: Scope,
  gatewayId: string,
): Promise<GatewayConfigurationRow[]> {
  const { rows } = await client.query<GatewayConfigurationRow>(
    `SELECT ${columns} FROM gateway_configuration WHERE organisation_id = $1 AND gateway_id = $2
     ORDER BY version DESC NULLS FIRST LIMIT ${versionsMost}`,
    [scope.organisationId, gatewayId],
  );
  return rows;
}

export async function findGatewayConfiguration(
  client: PoolClient,
  scope: Scope,
  gatewayId: string,
  version: number,
): Promise<GatewayConfigurationRow | undefined> {
  const { rows } = await client.query<GatewayConfigurationRow>(
    `SELECT ${columns} FROM gateway_configuration WHERE organisation_id = $1 AND gateway_id = $2 AND version = $3`,
    [scope.organisationId, gatewayId, version],
  );
  return rows[0];
}

/** The newest version that the gateway kept; before a given one, where it is asked so. */
export async function findConfigurationInForce(
  client: PoolClient,
  scope: Scope,
  gatewayId: string,
  before: number | null = null,
): Promise<GatewayConfigurationRow | undefined> {
  const { rows } = await client.query<GatewayConfigurationRow>(
    `SELECT ${columns} FROM gateway_configuration WHERE organisation_id = $1 AND gateway_id = $2
       AND state = 'confirmed' AND ($3::integer IS NULL OR version < $3) ORDER BY version DESC LIMIT 1`,
    [scope.organisationId, gatewayId, before],
  );
  return rows[0];
}

export interface NewDraft {
  readonly gatewayId: string;
  readonly state: 'draft' | 'checked';
  readonly plan: InputJsonObject;
  readonly note: string;
  readonly by: string;
}

/** Stores the one draft of a gateway in place of the one before. */
export async function storeConfigurationDraft(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  { gatewayId, state, plan, note, by }: NewDraft,
): Promise<void> {
  const { count } = await tx.gatewayConfiguration.updateMany({
    where: { organisationId, gatewayId, version: null },
    data: { state, plan, note, createdBy: by, updatedAt: new Date() },
  });
  if (count === 0)
    await tx.gatewayConfiguration.create({
      data: { organisationId, gatewayId, state, plan, note, createdBy: by },
    });
}

export async function removeConfigurationDraft(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  gatewayId: string,
): Promise<boolean> {
  const { count } = await tx.gatewayConfiguration.deleteMany({
    where: { organisationId, gatewayId, version: null },
  });
  return count > 0;
}

export interface SentConfiguration {
  readonly gatewayId: string;
  readonly plan: InputJsonObject;
  /** Without its version: that is the server's. */
  readonly configuration: InputJsonObject;
  readonly note: string;
  readonly by: string;
}

/** Makes the draft the next version, has it published, and overtakes what is still under way. */
export async function sendGatewayConfiguration(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  { gatewayId, plan, configuration, note, by }: SentConfiguration,
): Promise<number> {
  const { configurationVersion: version } = await tx.gateway.update({
    where: { id: gatewayId, organisationId },
    data: { configurationVersion: { increment: 1 } },
    select: { configurationVersion: true },
  });
  const versioned = { ...configuration, version };
  const now = new Date();
  await tx.gatewayConfiguration.updateMany({
    where: { organisationId, gatewayId, state: { in: ['sent', 'probation'] } },
    data: { state: 'superseded', settledAt: now },
  });
  await tx.gatewayConfiguration.deleteMany({ where: { organisationId, gatewayId, version: null } });
  await tx.gatewayConfiguration.create({
    data: {
      organisationId,
      gatewayId,
      version,
      state: 'sent',
      plan,
      configuration: versioned,
      note,
      createdBy: by,
      sentBy: by,
      sentAt: now,
    },
  });
  await publishConfiguration(tx, { organisationId, gatewayId }, versioned);
  return version;
}

/** Has a configuration published and retained for the gateway. */
export async function publishConfiguration(
  tx: OrganisationTransaction,
  { organisationId, gatewayId }: { readonly organisationId: number; readonly gatewayId: string },
  configuration: InputJsonObject,
): Promise<void> {
  await tx.gateway.update({ where: { id: gatewayId, organisationId }, data: { configuration } });
  await tx.outbox.create({ data: { organisationId, gatewayId, kind: 'config', payload: configuration } });
}

/** Sent versions of any organisation that their gateways have said something new of. */
export async function configurationsToSettle(
  database: Database,
  most: number,
): Promise<{ readonly organisationId: number; readonly gatewayId: string; readonly id: string }[]> {
  const { rows } = await database.unscoped.query<{ organisationId: number; gatewayId: string; id: string }>(
    `SELECT organisation_id AS "organisationId", gateway_id AS "gatewayId", id FROM public.configurations_to_settle($1)`,
    [most],
  );
  return rows;
}
