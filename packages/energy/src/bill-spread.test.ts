import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spreadBills } from './bill-spread.ts';
import { addDays } from './calendar.ts';

test('energy goes to the days after the first read date up to and including the second', () => {
  const months = spreadBills([
    { readDate: '2026-01-30', energy: 999 },
    { readDate: '2026-02-02', energy: 30 },
  ]);
  expect([...months]).toEqual([
    ['2026-01', { energy: 10, days: 1 }],
    ['2026-02', { energy: 20, days: 2 }],
  ]);
});

test('months add up to the bills', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 0, max: 1e6 })), {
        minLength: 1,
        maxLength: 30,
      }),
      (bills) => {
        let readDate = '2024-12-15';
        const reads = [{ readDate, energy: 0 }];
        for (const [days, energy] of bills) {
          readDate = addDays(readDate, days);
          reads.push({ readDate, energy });
        }
        const months = [...spreadBills(reads).values()];
        const total = bills.reduce((sum, [, energy]) => sum + energy, 0);
        expect(months.reduce((sum, month) => sum + month.energy, 0)).toBeCloseTo(total, 4);
        expect(months.reduce((sum, month) => sum + month.days, 0)).toBe(
          bills.reduce((sum, [days]) => sum + days, 0),
        );
      },
    ),
  );
});

test('read dates that do not ascend are refused', () => {
  expect(() =>
    spreadBills([
      { readDate: '2026-02-01', energy: 0 },
      { readDate: '2026-02-01', energy: 1 },
    ]),
  ).toThrow(RangeError);
});
