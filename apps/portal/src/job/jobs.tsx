'use client';
import type { JobRun } from '@wattproof/contracts/api';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { request } from '../api/client.ts';
import { createJobStore, type JobStore, noJobs } from './job-store.ts';

interface Jobs {
  readonly jobs: readonly JobRun[];
  /** Shows a job at once, before its first event arrives. */
  readonly follow: (job: JobRun) => void;
}

const StoreContext = createContext<JobStore | null>(null);

/**
 * Follows the organisation's jobs; what runs survives a reload, since the server keeps it. What it learns goes to a store, not
 * into a state of its own: a state that changes here would reach parts of the page that the browser has not taken over yet.
 */
export function JobsProvider({ children }: { readonly children: ReactNode }) {
  const [store] = useState(createJobStore);
  const router = useRouter();
  useEffect(() => {
    const merge = (jobs: readonly JobRun[]): void => {
      if (store.merge(jobs).hasFinished) router.refresh();
    };
    const read = async (): Promise<readonly JobRun[]> => {
      const answer = await request<{ jobs: JobRun[] }>('/jobs');
      return answer.ok ? answer.value.jobs : [];
    };
    // What was over before this page began is no news.
    void read().then((jobs) => store.merge(jobs));
    const source = new EventSource('/api/v1/jobs/stream');
    source.addEventListener('job', (event) => merge([JSON.parse(event.data) as JobRun]));
    let hasFailed = false;
    source.addEventListener('error', () => {
      hasFailed = true;
    });
    source.addEventListener('open', () => {
      // What happened while the stream was down is read once.
      if (hasFailed) void read().then(merge);
      hasFailed = false;
    });
    return () => source.close();
  }, [store, router]);
  return <StoreContext value={store}>{children}</StoreContext>;
}

export function useJobs(): Jobs {
  const store = useContext(StoreContext);
  if (!store) throw new Error('useJobs is called outside of JobsProvider');
  const jobs = useSyncExternalStore(store.subscribe, store.jobs, noJobs);
  return { jobs, follow: store.follow };
}
