import type { PartitionStatus } from './session.ts';

/** Something that is wrong, said so that whoever reads it knows where to look. */
export interface Problem {
  readonly code:
    | 'databaseAway'
    | 'brokerAway'
    | 'commitFails'
    | 'commitHangs'
    | 'redisAway'
    | 'diskLow'
    | 'brokerDiskLow'
    | 'intervalsLate'
    | 'brokerDropped';
  readonly message: string;
  /** This process cannot do its work. */
  readonly isFatal: boolean;
}

export interface Circumstances {
  readonly hasDatabase: boolean;
  readonly hasRedis: boolean;
  readonly partitions: readonly PartitionStatus[];
  readonly disk: string | null;
  readonly brokerDisk: string | null;
  readonly oldestMark_s: number | undefined;
  readonly dropped: number;
  readonly now_ms: number;
}

/** A commit that fails this long is a problem; shorter is a hiccup. */
const failing_ms = 5_000;
/** A transaction that takes this long waits for a lock, or for a database that does not answer. */
const hanging_ms = 15_000;
/** Marks older than this wait for something else than the end of their interval. */
const late_s = 3_600;

export function problemsOf(circumstances: Circumstances): Problem[] {
  const {
    hasDatabase,
    hasRedis,
    partitions,
    disk,
    brokerDisk,
    oldestMark_s = 0,
    dropped,
    now_ms,
  } = circumstances;
  const problems: Problem[] = [];
  const add = (isFatal: boolean, code: Problem['code'], message: string): void => {
    problems.push({ code, message, isFatal });
  };
  if (!hasDatabase)
    add(true, 'databaseAway', 'no connection to the database: nothing is read and nothing is acknowledged');
  for (const { partition, isConnected, failingSince, failure, committingSince } of partitions) {
    if (!isConnected) add(true, 'brokerAway', `partition ${partition}: no connection to the broker`);
    if (failingSince !== null && now_ms - Date.parse(failingSince) >= failing_ms)
      add(
        true,
        'commitFails',
        `partition ${partition}: nothing could be stored since ${failingSince}: ${failure}`,
      );
    else if (committingSince !== null && now_ms - Date.parse(committingSince) >= hanging_ms)
      add(
        true,
        'commitHangs',
        `partition ${partition}: a transaction has not ended since ${committingSince}`,
      );
  }
  if (!hasRedis) add(false, 'redisAway', 'no connection to Redis: live views and intervals are late');
  if (disk !== null) add(false, 'diskLow', disk);
  if (brokerDisk !== null)
    add(
      false,
      'brokerDiskLow',
      `${brokerDisk}: what it cannot save it forgets when it ends; edge gateways send theirs again, other senders do not`,
    );
  if (oldestMark_s > late_s)
    add(
      false,
      'intervalsLate',
      `the oldest reading not yet in its interval is ${Math.round(oldestMark_s / 60)} min old: do the workers run?`,
    );
  if (dropped > 0)
    add(
      false,
      'brokerDropped',
      `the broker has dropped ${dropped} messages; edge gateways send theirs again, other senders do not`,
    );
  return problems;
}
