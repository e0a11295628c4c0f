import { expect, test } from 'vitest';
import { createSchemaWait } from './schema-wait.ts';

test('a schema is asked for every five seconds and waited for two minutes', () => {
  const wait = createSchemaWait();
  expect(wait.shouldAsk('g', 'h', 0)).toBe(true);
  expect(wait.shouldAsk('g', 'h', 4_999)).toBe(false);
  expect(wait.shouldAsk('g', 'h', 5_000)).toBe(true);
  expect(wait.shouldAsk('g', 'other', 5_000)).toBe(true);
  expect(wait.isPatient('g', 'h', 119_999)).toBe(true);
  expect(wait.isPatient('g', 'h', 120_000)).toBe(false);
  wait.arrived('g', 'h');
  expect(wait.isPatient('g', 'h', 120_000)).toBe(true);
  expect(wait.shouldAsk('g', 'h', 120_000)).toBe(true);
});
