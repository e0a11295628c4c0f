import type { Logger } from '@wattproof/runtime';
import { Client } from 'pg';

/**
 * Which partitions this process reads. A lease is an advisory lock of a connection of its own: it ends with the process,
 * however that ends. Processes on one database share the partitions evenly.
 */
export interface PartitionLeases {
  readonly held: () => readonly number[];
  readonly isConnected: () => boolean;
  /** Gives a partition back that was taken from us in another way, so that whoever has it may keep it. */
  readonly giveBack: (partition: number) => Promise<void>;
  readonly close: () => Promise<void>;
}
export interface LeaseOptions {
  readonly databaseUrl: string;
  readonly partitions: readonly number[];
  readonly logger: Logger;
  readonly onGained: (partition: number) => void;
  /** The lease is still held until this resolves. */
  readonly onSurrender: (partition: number) => Promise<void>;
  /** The lease is gone already: the connection that held it is. */
  readonly onLost: (partition: number) => void;
}

/** Lock class of ingestion; the second key is the partition, or `presence`. */
const lockClass = 0x77_70_69;
/** Every process holds this one in share mode: its holders are the processes. */
const presence = 1_000_000;
const tick_ms = 1_000;
const queryLimit_ms = 5_000;

export function holdLeases(options: LeaseOptions): PartitionLeases {
  const { partitions, logger, onGained, onSurrender, onLost } = options;
  const held = new Set<number>();
  let connection: Client | undefined;
  let isClosed = false;
  let isComplaining = false;

  const dropConnection = (client: Client): void => {
    if (connection !== client) return;
    connection = undefined;
    const lost = [...held];
    held.clear();
    if (lost.length > 0) logger.warn({ partitions: lost }, 'leases lost with their connection');
    for (const partition of lost) onLost(partition);
    client.end().catch(() => undefined); // It is broken already; nothing is left to close properly.
  };
  const connected = async (): Promise<Client> => {
    if (connection) return connection;
    const client = new Client({
      connectionString: options.databaseUrl,
      application_name: 'wattproof-ingestion-lease',
      connectionTimeoutMillis: queryLimit_ms,
      query_timeout: queryLimit_ms,
      keepAlive: true,
    });
    client.on('error', () => dropConnection(client));
    client.on('end', () => dropConnection(client));
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1, $2)', [lockClass, presence]);
    connection = client;
    return client;
  };
  const gain = async (client: Client, share: number): Promise<void> => {
    for (const partition of partitions) {
      if (held.size >= share || isClosed) return;
      if (held.has(partition)) continue;
      const { rows } = await client.query<{ gained: boolean }>(
        'SELECT pg_try_advisory_lock($1, $2) AS gained',
        [lockClass, partition],
      );
      if (!rows[0]?.gained || connection !== client) continue;
      held.add(partition);
      logger.info({ partition }, 'partition gained');
      onGained(partition);
    }
  };
  const surrender = async (client: Client, partition: number): Promise<void> => {
    await onSurrender(partition);
    if (connection !== client || !held.delete(partition)) return;
    await client.query('SELECT pg_advisory_unlock($1, $2)', [lockClass, partition]);
    logger.info({ partition }, 'partition surrendered');
  };
  const tick = async (): Promise<void> => {
    const client = await connected();
    const { rows } = await client.query<{ processes: number }>(
      `SELECT count(*)::int AS processes FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = $1 AND l.objid = $2
         AND l.objsubid = 2 AND l.granted`,
      [lockClass, presence],
    );
    const share = Math.ceil(partitions.length / Math.max(1, rows[0]?.processes ?? 1));
    for (const partition of [...held].slice(share)) await surrender(client, partition);
    await gain(client, share);
  };

  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> = Promise.resolve();
  const run = (): void => {
    ticking = tick()
      .then(() => {
        isComplaining = false;
      })
      .catch((error: unknown) => {
        if (!isComplaining) logger.warn({ err: error }, 'leases: the database is not available');
        isComplaining = true;
        if (connection) dropConnection(connection);
      })
      .finally(() => {
        if (!isClosed) timer = setTimeout(run, tick_ms);
      });
  };
  run();

  return {
    held: () => [...held],
    isConnected: () => connection !== undefined,
    giveBack: async (partition) => {
      const client = connection;
      if (client) await surrender(client, partition);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await ticking;
      const client = connection;
      if (!client) return;
      await Promise.all([...held].map((partition) => onSurrender(partition)));
      held.clear();
      connection = undefined;
      await client.end();
    },
  };
}
