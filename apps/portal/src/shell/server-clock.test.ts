import { expect, test } from 'vitest';
import { clockAhead_ms } from './server-clock.tsx';

const at = (time: string): number => Date.parse(`2026-11-30T${time}Z`);

test('clocks that differ by a page’s way agree', () => {
  expect(clockAhead_ms(at('23:59:58'), at('23:59:58'))).toBe(0);
  expect(clockAhead_ms(at('23:59:58'), at('23:59:59'))).toBe(0);
  expect(clockAhead_ms(at('23:00:00'), at('23:00:40'))).toBe(0);
});

test('a browser’s wrong clock is put right by what it is wrong', () => {
  expect(clockAhead_ms(at('12:00:00'), at('11:45:00'))).toBe(900_000);
  expect(clockAhead_ms(at('12:00:00'), at('14:00:00'))).toBe(-7_200_000);
});
