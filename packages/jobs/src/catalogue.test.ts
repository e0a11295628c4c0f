import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  deduplicationKey,
  definitionOf,
  type JobPayload,
  jobCatalogue,
  jobNames,
  queueNames,
} from './catalogue.ts';
import type { JobHandlers } from './worker.ts';

const nothing = async (): Promise<void> => {};

describe('catalogue', () => {
  test('no queue name holds the character that BullMQ refuses', () => {
    expect(queueNames.filter((name) => name.includes(':'))).toEqual([]);
  });

  test('every job has a queue that exists, and a way to be retried or to run again', () => {
    for (const name of jobNames) {
      const definition = definitionOf(name);
      expect(queueNames).toContain(definition.queue);
      expect(definition.attempts > 1 || definition.schedule !== undefined).toBe(true);
    }
  });

  test('a regular run has the empty payload', () => {
    for (const name of jobNames.filter((n) => definitionOf(n).schedule))
      expect(definitionOf(name).payload.safeParse({}).success).toBe(true);
  });

  test('payloads with unknown fields or wrong ids are refused', () => {
    expect(jobCatalogue.makeAuditReport.payload.safeParse({ jobRunId: 'x' }).success).toBe(false);
    expect(jobCatalogue.rebuildIntervals.payload.safeParse({ meterId: 1 }).success).toBe(false);
  });

  test('equal payloads share a key whatever the order of their fields', () => {
    expect(deduplicationKey('computeEnpi', { b: 1, a: 2 })).toBe(
      deduplicationKey('computeEnpi', { a: 2, b: 1 }),
    );
    expect(deduplicationKey('computeEnpi', {})).not.toBe(deduplicationKey('computeEnpi', { enpiId: 'x' }));
  });

  test('handlers without one of the jobs do not compile', () => {
    const complete = Object.fromEntries(jobNames.map((name) => [name, nothing])) as unknown as JobHandlers;
    const { makeAuditReport, ...others } = complete;
    // @ts-expect-error a job without a handler
    const incomplete: JobHandlers = others;
    expect(Object.keys(incomplete)).not.toContain('makeAuditReport');
    expect(makeAuditReport).toBe(nothing);
    expectTypeOf<JobPayload<'makeAuditReport'>>().toEqualTypeOf<{ jobRunId: string }>();
  });
});
