import { randomBytes } from 'node:crypto';
import { testRedisUrl, unusedPort, waitFor as waitForCondition } from '@wattproof/testkit';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { jobNames } from './catalogue.ts';
import { enqueue, type Jobs, openJobs } from './enqueue.ts';
import { type JobHandlers, type RunningWorker, startWorker } from './worker.ts';

const redisUrl = testRedisUrl();
/** The machine may be busy: what must happen has time to. */
const waitFor = <T>(condition: () => T | Promise<T>) => waitForCondition(condition, { timeout_s: 40 });
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const newPrefix = (): string => `test-${randomBytes(6).toString('hex')}`;

function open(prefix: string): { jobs: Jobs; errors: Error[] } {
  const errors: Error[] = [];
  const jobs = openJobs({ redisUrl, prefix, onError: (error) => errors.push(error) });
  closing.push(() => jobs.close());
  return { jobs, errors };
}

interface Seen {
  readonly calls: { name: string; payload: unknown; attempt: number; isLast: boolean }[];
  readonly errors: Error[];
  readonly worker: RunningWorker;
}

function work(
  prefix: string,
  handle: (name: string, payload: unknown) => Promise<void> = async () => {},
  isFinal: (error: unknown) => boolean = () => false,
): Seen {
  const calls: Seen['calls'] = [];
  const errors: Error[] = [];
  const handler =
    (name: string) =>
    async (payload: unknown, { attempt, isLast }: { attempt: number; isLast: boolean }): Promise<void> => {
      calls.push({ name, payload, attempt, isLast });
      await handle(name, payload);
    };
  const handlers = Object.fromEntries(
    jobNames.map((name) => [name, handler(name)]),
  ) as unknown as JobHandlers;
  const worker = startWorker({
    redisUrl,
    prefix,
    handlers,
    isFinal,
    onOutcome: () => {},
    onError: (error) => errors.push(error),
    watch_s: 0.2,
  });
  closing.push(() => worker.close());
  return { calls, errors, worker };
}

const jobRunId = 'b3b0f5c4-9a53-4d0c-8f61-3c3f4d1f0a11';

describe('jobs on Redis', () => {
  test('a ring brings the payload to its handler; a wrong one never leaves', async () => {
    const prefix = newPrefix();
    const { jobs } = open(prefix);
    const { calls } = work(prefix);
    await expect(enqueue(jobs, 'makeAuditReport', { jobRunId: 'no id' })).rejects.toThrow();
    expect(await enqueue(jobs, 'makeAuditReport', { jobRunId })).toBe(true);
    await waitFor(() => calls.some((call) => call.name === 'makeAuditReport'));
    expect(calls.find((call) => call.name === 'makeAuditReport')).toMatchObject({
      payload: { jobRunId },
      attempt: 1,
      isLast: false,
    });
  });

  test('while one is active, many rings leave one more, and it runs', async () => {
    const prefix = newPrefix();
    const { jobs } = open(prefix);
    let finish = (): void => {};
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { calls } = work(prefix, (name) => (name === 'makeAuditReport' ? held : Promise.resolve()));
    const reports = () => calls.filter((call) => call.name === 'makeAuditReport').length;
    await enqueue(jobs, 'makeAuditReport', { jobRunId });
    await waitFor(() => reports() === 1);
    for (let i = 0; i < 20; i++) await enqueue(jobs, 'makeAuditReport', { jobRunId });
    finish();
    await waitFor(() => reports() === 2);
    const queue = jobs.queues.get('reports');
    await waitFor(async () => (await queue?.getJobCounts('waiting', 'active', 'delayed'))?.active === 0);
    expect(await queue?.getJobCounts('waiting', 'delayed')).toMatchObject({ waiting: 0, delayed: 0 });
    expect(reports()).toBe(2);
  });

  test('a failure is tried again, a final one is not', async () => {
    const prefix = newPrefix();
    const { jobs } = open(prefix);
    const { calls } = work(
      prefix,
      async (name) => {
        if (name === 'makeAuditReport') throw new Error('final');
      },
      (error) => error instanceof Error && error.message === 'final',
    );
    await enqueue(jobs, 'makeAuditReport', { jobRunId });
    const queue = jobs.queues.get('reports');
    await waitFor(async () => (await queue?.getFailedCount()) === 1);
    expect(calls.filter((call) => call.name === 'makeAuditReport')).toHaveLength(1);
  });

  test('the regular runs happen by themselves', async () => {
    const { calls } = work(newPrefix());
    for (const name of [
      'rebuildIntervals',
      'evaluateAlarms',
      'computeEnpi',
      'fitExpectedLoad',
      'resumeJobRuns',
    ])
      await waitFor(() => calls.some((call) => call.name === name));
  });

  test('when Redis lost its memory, schedules come back and rings work', async () => {
    const prefix = newPrefix();
    const { jobs } = open(prefix);
    const { calls, worker } = work(prefix);
    const redis = new Redis(redisUrl);
    closing.push(async () => redis.disconnect());
    const keys = () => redis.keys(`${prefix}:*`);
    await waitFor(async () => (await jobs.queues.get('alarms')?.getJobSchedulersCount()) === 1);
    await redis.del(await keys());
    await waitFor(async () => (await jobs.queues.get('alarms')?.getJobSchedulersCount()) === 1);
    calls.length = 0;
    expect(await enqueue(jobs, 'makeAuditReport', { jobRunId })).toBe(true);
    await waitFor(() => calls.some((call) => call.name === 'makeAuditReport'));
    const states = await worker.state();
    expect(states.map((state) => state.queue)).toContain('reports');
  });

  test('without Redis a ring fails soon and says so', async () => {
    const errors: Error[] = [];
    const jobs = openJobs({
      redisUrl: `redis://127.0.0.1:${await unusedPort()}`,
      onError: (error) => errors.push(error),
    });
    closing.push(() => jobs.close());
    expect(await enqueue(jobs, 'rebuildIntervals', {})).toBe(false);
    expect(errors.length).toBeGreaterThan(0);
  });
});
