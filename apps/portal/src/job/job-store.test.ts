import type { JobRun } from '@wattproof/contracts/api';
import { expect, test } from 'vitest';
import { createJobStore, noJobs } from './job-store.ts';

const job = (id: string, state: JobRun['state'], createdAt = '2026-11-23T10:00:00.000Z'): JobRun => ({
  id,
  state,
  createdAt,
  kind: 'auditReport',
  title: 'Audit report',
  step: 'readAccount',
  stepNumber: 1,
  stepCount: 4,
  percent: 10,
  remaining_s: null,
  requestedBy: 'Alma',
  finishedAt: null,
  error: null,
  result: null,
});

test('the newest job stands first, and an event that was overtaken does not bring a finished job back', () => {
  const store = createJobStore();
  expect(store.jobs()).toBe(noJobs());
  store.follow(job('a', 'waiting'));
  expect(store.merge([job('b', 'running', '2026-11-23T11:00:00.000Z')])).toEqual({ hasFinished: false });
  expect(store.jobs().map((j) => j.id)).toEqual(['b', 'a']);
  expect(store.merge([job('a', 'done')])).toEqual({ hasFinished: true });
  expect(store.merge([job('a', 'done')])).toEqual({ hasFinished: false });
  expect(store.merge([job('a', 'running')])).toEqual({ hasFinished: false });
  expect(store.jobs().map((j) => j.state)).toEqual(['running', 'done']);
});

test('a reader is told of each change until it leaves, and sees the same list between two changes', () => {
  const store = createJobStore();
  let told = 0;
  const leave = store.subscribe(() => {
    told++;
  });
  store.follow(job('a', 'waiting'));
  expect(told).toBe(1);
  expect(store.jobs()).toBe(store.jobs());
  leave();
  store.follow(job('b', 'waiting'));
  expect(told).toBe(1);
});
