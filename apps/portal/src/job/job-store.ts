import type { JobRun } from '@wattproof/contracts/api';

/** Jobs as this page knows them, newest first. */
export interface JobStore {
  readonly jobs: () => readonly JobRun[];
  /** Calls `listener` after each change until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Takes in what the server says; tells whether a job that was not over is over now. */
  readonly merge: (incoming: readonly JobRun[]) => { readonly hasFinished: boolean };
  readonly follow: (job: JobRun) => void;
}

const kept = 20;
const none: readonly JobRun[] = [];

/** What the server draws, and the browser begins with. */
export const noJobs = (): readonly JobRun[] => none;

const isOver = (job: JobRun | undefined): boolean => job?.state === 'done' || job?.state === 'failed';

export function createJobStore(): JobStore {
  const known = new Map<string, JobRun>();
  const listeners = new Set<() => void>();
  let jobs = none;
  const merge = (incoming: readonly JobRun[]): { hasFinished: boolean } => {
    let hasFinished = false;
    for (const job of incoming) {
      const before = known.get(job.id);
      // Events may overtake the answer of a request; a finished job stays finished.
      if (isOver(before) && !isOver(job)) continue;
      if (isOver(job) && !isOver(before)) hasFinished = true;
      known.set(job.id, job);
    }
    jobs = [...known.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, kept);
    for (const tell of listeners) tell();
    return { hasFinished };
  };
  return {
    jobs: () => jobs,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    merge,
    follow: (job) => void merge([job]),
  };
}
