import { describe, expect, it } from 'vitest';
import type { ProbationRecord } from './record.ts';
import { judge, longestProbation_ms, mostStarts, type Observation } from './verdict.ts';

const record: ProbationRecord = {
  candidate: { version: 2, pollPeriod_s: 10, lines: [] },
  expected: ['M1', 'M2'],
  started_ms: 0,
  longest_ms: 60_000,
  starts: 1,
};
const good: Observation = {
  elapsed_ms: 20_000,
  left_ms: 40_000,
  answered: new Set(['M1', 'M2']),
  isConnected: true,
  isDelivering: true,
};

describe('a configuration on probation', () => {
  it('is kept when all that answered before answers and arrives, and not before two cycles', () => {
    expect(judge(record, good)).toEqual({ kind: 'keep' });
    expect(judge(record, { ...good, elapsed_ms: 19_999 })).toEqual({ kind: 'wait' });
  });

  it('is given its whole time, and then returned from with what is wrong', () => {
    const silent = { ...good, answered: new Set(['M1']) };
    expect(judge(record, silent)).toEqual({ kind: 'wait' });
    expect(judge(record, { ...silent, left_ms: 0 })).toEqual({
      kind: 'return',
      reason: 'devicesSilent',
      message: 'answered before and not any more: M2',
    });
    expect(judge(record, { ...good, left_ms: 0, isDelivering: false })).toMatchObject({
      reason: 'noReadings',
    });
    expect(judge(record, { ...good, left_ms: 0, isConnected: false })).toMatchObject({
      reason: 'brokerLost',
    });
  });

  it('does not wait for devices that never answered', () => {
    const first = { ...record, expected: [] };
    expect(judge(first, { ...good, answered: new Set(), isDelivering: false })).toEqual({ kind: 'keep' });
  });

  it('is returned from at once when it ends the gateway again and again', () => {
    expect(judge({ ...record, starts: mostStarts }, good)).toEqual({ kind: 'keep' });
    expect(judge({ ...record, starts: mostStarts + 1 }, good)).toMatchObject({ reason: 'restarted' });
  });

  it('has six cycles, at least a minute', () => {
    expect([1, 10, 60].map((s) => longestProbation_ms(1000 * s))).toEqual([60_000, 60_000, 360_000]);
  });
});
