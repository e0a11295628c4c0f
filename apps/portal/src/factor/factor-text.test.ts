import { expect, test } from 'vitest';
import { ordered, stateOf } from './factor-text.ts';

const factor = (id: string, effectiveFrom: string | null, effectiveTo: string | null) =>
  ({
    id,
    carrier: 'gas',
    basis: 'gross',
    place: 'FR',
    account: 'location',
    effectiveFrom,
    effectiveTo,
  }) as never;

test('a factor is in force from its first day up to before its last', () => {
  expect(stateOf({ effectiveFrom: '2026-01-01', effectiveTo: '2027-01-01' }, '2026-01-01')).toBe('inForce');
  expect(stateOf({ effectiveFrom: '2026-01-01', effectiveTo: '2027-01-01' }, '2027-01-01')).toBe('ended');
  expect(stateOf({ effectiveFrom: '2026-01-01', effectiveTo: null }, '2025-12-31')).toBe('later');
  expect(stateOf({ effectiveFrom: null, effectiveTo: null }, '2025-12-31')).toBe('inForce');
});

test('what counts comes first, what was comes last', () => {
  const rows = [
    factor('old', '2024-01-01', '2025-01-01'),
    factor('next', '2027-01-01', null),
    factor('now', '2025-01-01', '2027-01-01'),
    factor('older', '2023-01-01', '2024-01-01'),
  ];
  expect(ordered(rows, '2026-06-01').map((f) => f.id)).toEqual(['now', 'next', 'old', 'older']);
});
