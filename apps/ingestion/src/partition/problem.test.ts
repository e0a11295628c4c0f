import { expect, test } from 'vitest';
import { type Circumstances, problemsOf } from './problem.ts';

const now_ms = Date.UTC(2026, 10, 22, 12);
const well: Circumstances = {
  hasDatabase: true,
  hasRedis: true,
  partitions: [
    {
      partition: 3,
      isConnected: true,
      unacknowledged: 0,
      lastCommitAt: null,
      failingSince: null,
      failure: null,
      committingSince: null,
    },
  ],
  disk: null,
  brokerDisk: null,
  oldestMark_s: undefined,
  dropped: 0,
  now_ms,
};
const since = (age_ms: number) => ({
  partitions: well.partitions.map((p) => ({
    ...p,
    failingSince: new Date(now_ms - age_ms).toISOString(),
    failure: 'No space left on device',
  })),
});

test('nothing is wrong', () => {
  expect(problemsOf(well)).toEqual([]);
  expect(problemsOf({ ...well, ...since(4_999), oldestMark_s: 3_600 })).toEqual([]);
});

test.each<[string, Partial<Circumstances>, boolean, RegExp]>([
  ['databaseAway', { hasDatabase: false }, true, /nothing is acknowledged/],
  [
    'brokerAway',
    { partitions: well.partitions.map((p) => ({ ...p, isConnected: false })) },
    true,
    /partition 3/,
  ],
  ['commitFails', since(5_000), true, /partition 3.*No space left on device/],
  [
    'commitHangs',
    {
      partitions: well.partitions.map((p) => ({
        ...p,
        committingSince: new Date(now_ms - 15_000).toISOString(),
      })),
    },
    true,
    /partition 3/,
  ],
  ['redisAway', { hasRedis: false }, false, /late/],
  ['diskLow', { disk: '1 MB of 5 MB are free' }, false, /1 MB/],
  ['brokerDiskLow', { brokerDisk: '1 MB of 5 MB are free' }, false, /1 MB.*send theirs again/],
  ['intervalsLate', { oldestMark_s: 7_200 }, false, /120 min/],
  ['brokerDropped', { dropped: 7 }, false, /7 messages/],
])('%s', (code, more, isFatal, message) => {
  const [problem, ...others] = problemsOf({ ...well, ...more });
  expect(problem).toMatchObject({ code, isFatal });
  expect(problem?.message).toMatch(message);
  expect(others).toEqual([]);
});
