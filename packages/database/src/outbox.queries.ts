import type { Database } from './client.ts';

/** One thing that must still be told to the broker, of any organisation. */
export interface OutboxRow {
  readonly id: string;
  readonly organisationId: number;
  readonly gatewayId: string;
  readonly kind: 'enrol' | 'revoke' | 'config' | 'command';
  readonly payload: Readonly<Record<string, unknown>>;
  readonly expiresAt: Date | null;
  readonly attempts: number;
}

/** Takes rows that are due; each comes again later unless it is finished. */
export async function claimOutbox(database: Database, most: number): Promise<OutboxRow[]> {
  const { rows } = await database.unscoped.query<OutboxRow>(
    `SELECT id, organisation_id AS "organisationId", gateway_id AS "gatewayId", kind, payload, expires_at AS "expiresAt", attempts
     FROM public.outbox_claim($1) ORDER BY id`,
    [most],
  );
  return rows;
}

export interface OutboxOutcome {
  /** null: sent. */
  readonly failure: string | null;
  /** A failed row that will not be tried again. */
  readonly closed?: boolean;
  /** Takes the place of the payload: secrets go when they are used. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

export async function finishOutbox(
  database: Database,
  row: OutboxRow,
  { failure, closed = false, payload }: OutboxOutcome,
): Promise<void> {
  await database.unscoped.query('SELECT public.outbox_finish($1, $2, $3, $4)', [
    row.id,
    failure,
    closed,
    payload ? JSON.stringify(payload) : null,
  ]);
}
