import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addReading, createReadingBatch, type NewReading } from './reading-batch.ts';
import { orderBatch } from './reading-order.ts';

const reading = (meterId: number, at_ms: number, power: number | undefined): NewReading => ({
  meterId,
  organisationId: 1,
  at_ms,
  receivedAt_ms: at_ms,
  skew_ms: 0,
  quality: 0,
  values: power === undefined ? { frequency_hz: 50 } : { active_power_w: power },
  exceptions: {},
});

test('rows come by meter and instant, each key once, the first value of a key counts', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 0, max: 6 }),
          fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
        ),
        { maxLength: 60 },
      ),
      (list) => {
        const batch = createReadingBatch(1);
        for (const [meter, at, power] of list) addReading(batch, reading(meter, at, power));
        const first = new Map<string, number>();
        for (const [meter, at, power] of list)
          if (power !== undefined && !first.has(`${meter}/${at}`)) first.set(`${meter}/${at}`, power);
        const { order, groups, conflicts } = orderBatch(batch);
        const keys = [...order].map((row) => [batch.meterId[row], batch.at_ms[row]] as [number, number]);
        const expected = [...new Map(list.map(([m, a]) => [`${m}/${a}`, [m, a] as const])).values()].sort(
          ([m1, a1], [m2, a2]) => m1 - m2 || a1 - a2,
        );
        expect(keys).toEqual(expected);
        for (const row of order) {
          const power = batch.values.get('active_power_w')?.[row] ?? Number.NaN;
          expect(Number.isNaN(power) ? undefined : power).toBe(
            first.get(`${batch.meterId[row]}/${batch.at_ms[row]}`),
          );
        }
        expect(groups.map((g) => g.meterId)).toEqual([...new Set(list.map(([m]) => m))].sort());
        expect(groups.at(-1)?.to ?? 0).toBe(order.length);
        // Again: nothing moves.
        const again = orderBatch(batch);
        expect([...again.order]).toEqual([...order]);
        expect(again.conflicts).toEqual(conflicts);
      },
    ),
  );
});
