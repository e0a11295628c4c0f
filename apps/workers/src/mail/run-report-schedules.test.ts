import { expect, test } from 'vitest';
import { following, nextAfter } from './run-report-schedules.ts';

test.each([
  ['2026-01-31', 'week', '2026-02-07'],
  ['2026-01-31', 'month', '2026-02-28'],
  ['2027-11-30', 'quarter', '2028-02-29'],
  ['2028-02-29', 'year', '2029-02-28'],
  ['2026-12-15', 'month', '2027-01-15'],
] as const)('%s and a %s is %s', (date, every, expected) => {
  expect(following(date, every)).toBe(expected);
});

test('days that nothing ran on are passed over', () => {
  expect(nextAfter('2026-01-15', 'month', '2026-04-15')).toBe('2026-05-15');
});
