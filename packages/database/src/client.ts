import { availableParallelism } from 'node:os';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import { type Prisma, PrismaClient } from './generated/client.ts';
import { withScope } from './scope.ts';

/** Prisma inside one transaction with one organisation in scope. */
export type OrganisationTransaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly connections?: number;
  readonly onError: (error: Error) => void;
}

/** Connections of one process. There is no way to query but with an organisation in scope. */
export interface Database {
  /** Prisma on the relational tables, in one transaction. */
  withOrganisation<Result>(
    organisationId: number,
    work: (tx: OrganisationTransaction) => Promise<Result>,
  ): Promise<Result>;
  /** SQL on everything the role may read, series included, in one read-only transaction. */
  readOrganisation<Result>(
    organisationId: number,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result>;
  /** A read that streams: slow readers are waited for up to `limit_s`, and one that goes away ends the connection. */
  streamOrganisation<Result>(
    organisationId: number,
    limit_s: number,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result>;
  /** SQL that writes, where Prisma is in the way (bulk), in one transaction. */
  writeOrganisation<Result>(
    organisationId: number,
    work: (client: PoolClient) => Promise<Result>,
  ): Promise<Result>;
  /** The narrow functions that need no organisation (who signs in, what must be sent), or that take it and set the scope. */
  readonly unscoped: Pick<Pool, 'query'>;
  /**
   * As `unscoped`, for charts: over a few connections of its own, taken in turn. What is short and many is done sooner one
   * after the other than all at once, and waits behind nothing that takes long.
   */
  readonly charts: Pick<Pool, 'query'>;
  close(): Promise<void>;
}

const transactionLimit_ms = 30_000;
/** Enough to keep the database at work while this process writes answers. */
const chartConnections = Math.max(3, availableParallelism() + 1);

export function openDatabase({ url, applicationName, connections = 10, onError }: DatabaseOptions): Database {
  const poolOf = (max: number): Pool =>
    new Pool({
      connectionString: url,
      max,
      application_name: applicationName,
      connectionTimeoutMillis: 10_000,
      statement_timeout: transactionLimit_ms,
      idle_in_transaction_session_timeout: transactionLimit_ms,
    }).on('error', onError);
  const pool = poolOf(connections);
  const charts = poolOf(chartConnections);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { onPoolError: onError }) });
  return {
    withOrganisation: (organisationId, work) =>
      prisma.$transaction(
        async (tx) => {
          await tx.$queryRaw`SELECT set_config('app.organisation', ${String(organisationId)}, true)`;
          return work(tx);
        },
        { maxWait: 10_000, timeout: transactionLimit_ms },
      ),
    readOrganisation: (organisationId, work) => withScope(pool, organisationId, work, { readOnly: true }),
    streamOrganisation: (organisationId, limit_s, work) =>
      withScope(
        pool,
        organisationId,
        async (client) => {
          await client.query("SELECT set_config('statement_timeout', $1, true)", [`${limit_s}s`]);
          return work(client);
        },
        { readOnly: true, endOnFailure: true },
      ),
    writeOrganisation: (organisationId, work) => withScope(pool, organisationId, work),
    unscoped: pool,
    charts,
    close: async () => {
      await prisma.$disconnect();
      await Promise.all([pool.end(), charts.end()]);
    },
  };
}
