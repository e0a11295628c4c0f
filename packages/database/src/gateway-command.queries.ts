import type { PoolClient } from 'pg';
import type { OrganisationTransaction } from './client.ts';
import type { InputJsonObject } from './generated/internal/prismaNamespace.ts';
import type { Scope } from './scope.ts';

/** What somebody asked of a device, and what came of it. */
export interface GatewayCommandRow {
  readonly id: string;
  readonly kind: 'read' | 'write' | 'sunspec';
  readonly request: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly answeredAt: Date | null;
  readonly outcome: string | null;
  readonly result: unknown;
}

const shownMost = 50;

export async function listGatewayCommands(
  client: PoolClient,
  scope: Scope,
  gatewayId: string,
  commandId: string | null = null,
): Promise<GatewayCommandRow[]> {
  const { rows } = await client.query<GatewayCommandRow>(
    `SELECT id, kind, request, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
       answered_at AS "answeredAt", outcome, result
     FROM gateway_command WHERE organisation_id = $1 AND gateway_id = $2 AND ($3::uuid IS NULL OR id = $3)
     ORDER BY created_at DESC LIMIT ${shownMost}`,
    [scope.organisationId, gatewayId, commandId],
  );
  return rows;
}

export interface NewGatewayCommand {
  readonly id: string;
  readonly gatewayId: string;
  readonly kind: GatewayCommandRow['kind'];
  /** The whole message, as it goes down. */
  readonly message: InputJsonObject;
  readonly by: string;
  readonly expiresAt: Date;
}

/** Notes a command and has it sent: never retained, and not at all once it has expired. */
export async function createGatewayCommand(
  tx: OrganisationTransaction,
  { organisationId }: Scope,
  { id, gatewayId, kind, message, by, expiresAt }: NewGatewayCommand,
): Promise<void> {
  await tx.gatewayCommand.create({
    data: { id, organisationId, gatewayId, kind, request: message, createdBy: by, expiresAt },
  });
  await tx.outbox.create({
    data: { organisationId, gatewayId, kind: 'command', payload: message, expiresAt },
  });
}

export async function answerGatewayCommand(
  tx: OrganisationTransaction,
  { organisationId }: Pick<Scope, 'organisationId'>,
  {
    id,
    outcome,
    result,
  }: { readonly id: string; readonly outcome: string; readonly result: InputJsonObject },
): Promise<void> {
  await tx.gatewayCommand.updateMany({
    where: { organisationId, id, answeredAt: null },
    data: { outcome, result, answeredAt: new Date() },
  });
}
