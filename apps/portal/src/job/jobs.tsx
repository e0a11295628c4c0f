'use client';
import type { JobRun } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import {
  createContext,
  type ReactNode,
  startTransition,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { request } from '../api/client.ts';

interface Jobs {
  readonly jobs: readonly JobRun[];
  /** Shows a job at once, before its first event arrives. */
  readonly follow: (job: JobRun) => void;
}

const JobsContext = createContext<Jobs>({ jobs: [], follow: () => undefined });

const newestFirst = (jobs: readonly JobRun[]): JobRun[] =>
  [...jobs].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, 20);

const isOver = (job: JobRun | undefined): boolean => job?.state === 'done' || job?.state === 'failed';

/** Follows the organisation's jobs; what runs survives a reload, since the server keeps it. */
export function JobsProvider({ children }: { readonly children: ReactNode }) {
  const [jobs, setJobs] = useState<readonly JobRun[]>([]);
  const known = useRef(new Map<string, JobRun>());
  const router = useRouter();

  const merge = useCallback(
    (incoming: readonly JobRun[], isInitial: boolean) => {
      let finished = false;
      for (const job of incoming) {
        const before = known.current.get(job.id);
        // Events may overtake the answer of a request; a finished job stays finished.
        if (isOver(before) && !isOver(job)) continue;
        if (!isInitial && isOver(job) && !isOver(before)) finished = true;
        known.current.set(job.id, job);
      }
      // A transition waits for what the server has drawn and the browser has not yet taken over.
      startTransition(() => setJobs(newestFirst([...known.current.values()])));
      if (finished) router.refresh();
    },
    [router],
  );

  useEffect(() => {
    const read = async (isInitial: boolean): Promise<void> => {
      const answer = await request<{ jobs: JobRun[] }>('/jobs');
      if (answer.ok) merge(answer.value.jobs, isInitial);
    };
    void read(true);
    const source = new EventSource('/api/v1/jobs/stream');
    source.addEventListener('job', (event) => merge([JSON.parse(event.data) as JobRun], false));
    let hasFailed = false;
    source.addEventListener('error', () => {
      hasFailed = true;
    });
    source.addEventListener('open', () => {
      // What happened while the stream was down is read once.
      if (hasFailed) void read(false);
      hasFailed = false;
    });
    return () => source.close();
  }, [merge]);

  const value = useMemo((): Jobs => ({ jobs, follow: (job) => merge([job], false) }), [jobs, merge]);
  return <JobsContext value={value}>{children}</JobsContext>;
}

export const useJobs = (): Jobs => useContext(JobsContext);
