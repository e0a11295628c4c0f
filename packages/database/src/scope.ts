import type { ClientBase, Pool, PoolClient } from 'pg';

/** The named scope of work across organisations; the database lets only ingestion, workers and the reader through it. */
export const everyOrganisation = '*';

/** Whose rows a query may see. Every query takes one, so that none is written without. */
export interface Scope {
  readonly organisationId: number;
  /** Sites of the membership; null: all sites of the organisation. */
  readonly siteIds: readonly string[] | null;
}

/** First statement of every transaction: policies and barrier views read it. It ends with the transaction. */
export async function enterScope(
  client: ClientBase,
  organisation: number | typeof everyOrganisation,
): Promise<void> {
  await client.query("SELECT set_config('app.organisation', $1, true)", [scopeSetting(organisation)]);
}

/** @throws RangeError where it is neither the named scope nor the number of an organisation. */
function scopeSetting(organisation: number | typeof everyOrganisation): string {
  if (organisation === everyOrganisation || Number.isSafeInteger(organisation)) return String(organisation);
  throw new RangeError(`${String(organisation)} is no organisation`);
}

export interface ScopeOptions {
  readonly readOnly?: boolean;
  /** All reads of the transaction see the database as it was at the first: what a report needs. */
  readonly repeatableRead?: boolean;
  /**
   * Ends the connection where the work fails, instead of rolling back: a statement that nobody reads any more, such as a
   * COPY whose reader went away, stops only so.
   */
  readonly endOnFailure?: boolean;
}

/** Runs `work` in one transaction with the organisation in scope, on a connection of the pool. */
export async function withScope<Result>(
  pool: Pool,
  organisation: number | typeof everyOrganisation,
  work: (client: PoolClient) => Promise<Result>,
  { readOnly = false, repeatableRead = false, endOnFailure = false }: ScopeOptions = {},
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks between two statements says so as an event, which ends a process that does not listen.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    // One message: whatever is asked waits for it.
    await client.query(
      `BEGIN${repeatableRead ? ' ISOLATION LEVEL REPEATABLE READ' : ''}${readOnly ? ' READ ONLY' : ''};
       SELECT set_config('app.organisation', '${scopeSetting(organisation)}', true)`,
    );
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    if (endOnFailure) {
      broken ??= error instanceof Error ? error : new Error(String(error));
      throw error;
    }
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.removeListener('error', onError);
    // A connection that could not roll back may still be in scope: it does not go back to the pool.
    client.release(broken);
  }
}
