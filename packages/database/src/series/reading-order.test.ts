import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addReading, createReadingBatch, emptyReadingBatch, type NewReading } from './reading-batch.ts';
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

test('a batch in the memory of an earlier one holds nothing of it', () => {
  const batch = createReadingBatch(2);
  for (let at = 0; at < 5; at++)
    addReading(batch, { ...reading(1, at, 7), exceptions: { active_power_w: 'stale' } });
  emptyReadingBatch(batch);
  expect([...batch.values.keys()]).toEqual([]);
  for (let at = 0; at < 20; at++) addReading(batch, reading(2, at, at === 3 ? 9 : undefined));
  expect(batch.exceptions.size).toBe(0);
  expect([...batch.values.keys()].sort()).toEqual(['active_power_w', 'frequency_hz']);
  const power = [...(batch.values.get('active_power_w') ?? [])].slice(0, batch.count);
  expect(power.map((value) => (Number.isNaN(value) ? null : value))).toEqual(
    power.map((_, row) => (row === 3 ? 9 : null)),
  );
  for (const column of batch.values.values()) expect(column.length).toBe(batch.meterId.length);
});
