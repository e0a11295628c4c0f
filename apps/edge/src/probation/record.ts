import { gatewayConfiguration, returnReasons, type StateMessage } from '@wattproof/contracts/mqtt';
import { z } from 'zod';
import { readStateFile, removeStateFile, writeStateFile } from '../state-file.ts';

/** A configuration that must still prove itself; on the disk before it is tried, so that nothing can lose the one before. */
const probationRecord = z.object({
  candidate: gatewayConfiguration,
  /** Keys of meters that answered before and are still to be read: each must answer again. */
  expected: z.array(z.string()),
  started_ms: z.number(),
  longest_ms: z.number(),
  /** How often a process of this gateway began to read by it. */
  starts: z.number().int(),
});
export type ProbationRecord = z.infer<typeof probationRecord>;

export type Returned = NonNullable<NonNullable<StateMessage['configuration']>['returned']>;
const returned = z.object({
  version: z.number().int(),
  at: z.string(),
  reason: z.enum(returnReasons),
  message: z.string(),
});

const names = { probation: 'probation.json', returned: 'returned.json' } as const;

export const readProbation = (folder: string): ProbationRecord | undefined =>
  readStateFile(folder, names.probation, probationRecord);
export const writeProbation = (folder: string, record: ProbationRecord): Promise<void> =>
  writeStateFile(folder, names.probation, record);
export const endProbation = (folder: string): Promise<void> => removeStateFile(folder, names.probation);

/** The last version that was not kept: the broker retains it and brings it again with every connection. */
export const readReturned = (folder: string): Returned | undefined =>
  readStateFile(folder, names.returned, returned);
export const writeReturned = (folder: string, record: Returned): Promise<void> =>
  writeStateFile(folder, names.returned, record);
