import type { ClientBase } from 'pg';
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

/** The same for acts that are written in SQL. */
export async function recordEventBy(
  client: ClientBase,
  { organisationId }: Scope,
  event: Omit<NewAuditEvent, 'before' | 'after'> & { readonly before?: object; readonly after?: object },
): Promise<void> {
  const json = (value: object | undefined): string | null => (value ? JSON.stringify(value) : null);
  await client.query(
    `INSERT INTO audit_event (organisation_id, actor, action, object, before, after) VALUES ($1, $2, $3, $4, $5, $6)`,
    [organisationId, event.actor, event.action, event.object, json(event.before), json(event.after)],
  );
}
