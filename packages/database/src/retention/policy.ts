import type { ClientBase } from 'pg';

/** Kinds of stored data that a policy can end. */
export const dataClasses = ['readings', 'intervals', 'deadLetters', 'conflicts'] as const;
export type DataClass = (typeof dataClasses)[number];

/** Ingestion takes readings that are up to this old; what they fall between must still be there. */
export const lateDataWindow_days = 400;

/**
 * Fewer days are refused. Readings: the time for which late ones are taken, and a month before it to compute them with.
 * Intervals: an audit's cycle of four years. Dead letters and conflicts: time for people to look at them.
 */
export const leastDays: Readonly<Record<DataClass, number>> = {
  readings: lateDataWindow_days + 31,
  intervals: 4 * 366,
  deadLetters: 30,
  conflicts: 90,
};

/** Days that each class is kept; null: for ever. */
export type KeepDays = Readonly<Record<DataClass, number | null>>;

export interface StoredPolicy {
  readonly class: DataClass;
  readonly keepDays: number | null;
  readonly changedAt: Date;
  readonly changedBy: string;
}

/** The organisation in scope's policies, as far as there are any. */
export async function readPolicies(client: ClientBase, organisationId: number): Promise<StoredPolicy[]> {
  const { rows } = await client.query<StoredPolicy>(
    `SELECT class, keep_days AS "keepDays", changed_at AS "changedAt", changed_by AS "changedBy"
     FROM retention_policy WHERE organisation_id = $1`,
    [organisationId],
  );
  return rows;
}

export const keepDaysOf = (policies: readonly Pick<StoredPolicy, 'class' | 'keepDays'>[]): KeepDays =>
  Object.fromEntries(
    dataClasses.map((name) => [name, policies.find((p) => p.class === name)?.keepDays ?? null]),
  ) as unknown as KeepDays;
