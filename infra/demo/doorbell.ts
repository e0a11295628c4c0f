import { enqueue, openJobs } from '@wattproof/jobs';

/** Rings for what the workers make of the history: performance, expected load, alarms. They come up after the seed. */
export async function ringWorkers(redisUrl: string): Promise<void> {
  const failures: Error[] = [];
  const jobs = openJobs({ redisUrl, onError: (error) => failures.push(error) });
  try {
    await enqueue(jobs, 'computeEnpi', {});
    await enqueue(jobs, 'fitExpectedLoad', {});
    await enqueue(jobs, 'evaluateAlarms', {});
  } finally {
    await jobs.close();
  }
  // The workers' own schedule does the same later; nothing is lost.
  for (const failure of failures) console.warn(`Redis was not rung: ${failure.message}`);
}
