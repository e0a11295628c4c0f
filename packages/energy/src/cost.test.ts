import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMidnight_ms } from './calendar.ts';
import { costOfDays, millionths, sumOfAmounts } from './cost.ts';

const zone = 'Europe/Paris';
const day = (date: string, amount: number | null) => ({ start_ms: localMidnight_ms(zone, date), amount });

describe('cost of daily consumption', () => {
  it('prices each day by the price in force on its local date', () => {
    const prices = [
      { validFrom: '2026-01-01', pricePerUnit: '0.100000' },
      { validFrom: '2026-02-01', pricePerUnit: '0.2' },
    ];
    // 31 January in Paris begins at 23:00 UTC of the 30th.
    expect(costOfDays([day('2026-01-31', 1_000_000), day('2026-02-01', 1_000_000)], prices, zone)).toBe(
      '300.00',
    );
  });

  it('leaves missing days out, and is null where none is known or a known one has no price', () => {
    const prices = [{ validFrom: '2026-01-01', pricePerUnit: '0.1' }];
    expect(costOfDays([day('2026-01-02', 10_000), day('2026-01-03', null)], prices, zone)).toBe('1.00');
    expect(costOfDays([day('2026-01-03', null)], prices, zone)).toBeNull();
    expect(costOfDays([], prices, zone)).toBeNull();
    expect(costOfDays([day('2025-12-31', 10_000)], prices, zone)).toBeNull();
  });

  it('rounds once, half away from zero, and prints no minus before zero', () => {
    const prices = [{ validFrom: '2026-01-01', pricePerUnit: '0.005' }];
    expect(costOfDays([day('2026-01-02', 1_000)], prices, zone)).toBe('0.01');
    expect(costOfDays([day('2026-01-02', 999)], prices, zone)).toBe('0.00');
    expect(costOfDays([day('2026-01-02', -1_000)], prices, zone)).toBe('-0.01');
    expect(costOfDays([day('2026-01-02', -10)], prices, zone)).toBe('0.00');
  });

  it('is exact for any split of the same energy at one price', () => {
    const prices = [{ validFrom: '2026-01-01', pricePerUnit: '0.123457' }];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 10_000_000_000 }), { minLength: 1, maxLength: 40 }),
        (parts) => {
          const whole = parts.reduce((a, b) => a + b, 0);
          const split = costOfDays(
            parts.map((amount) => day('2026-03-01', amount)),
            prices,
            zone,
          );
          expect(split).toBe(costOfDays([day('2026-03-01', whole)], prices, zone));
        },
      ),
    );
  });

  it('refuses what is no decimal', () => {
    expect(millionths('-1.5')).toBe(-1_500_000n);
    for (const text of ['', '1,5', '1.1234567', 'abc', '1e3'])
      expect(() => millionths(text)).toThrow(RangeError);
  });

  it('adds amounts exactly', () => {
    expect(sumOfAmounts(['0.10', '0.20', null])).toBe('0.30');
    expect(sumOfAmounts([null])).toBeNull();
  });
});
