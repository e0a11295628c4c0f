import type { OrganisationTransaction } from './client.ts';
import type { InputJsonObject } from './generated/internal/prismaNamespace.ts';
import type { Scope } from './scope.ts';

/** Who did what to what. Append-only: the database refuses to change or remove one. */
export interface NewAuditEvent {
  readonly actor: string;
  /** `alarm.acknowledge`, `billImport.create`, … */
  readonly action: string;
  readonly object: string;
  readonly before?: InputJsonObject;
  readonly after?: InputJsonObject;
}

/** In the same transaction as the act: the one is never without the other. */
export async function recordEvent(
  tx: OrganisationTransaction,
  scope: Scope,
  { actor, action, object, before, after }: NewAuditEvent,
): Promise<void> {
  await tx.auditEvent.create({
    data: {
      organisationId: scope.organisationId,
      actor,
      action,
      object,
      ...(before ? { before } : {}),
      ...(after ? { after } : {}),
    },
  });
}
