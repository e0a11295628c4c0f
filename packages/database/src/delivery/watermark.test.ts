import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance, emptyWatermark, missingRanges, skipFirstGap } from './watermark.ts';

test('the mark is the highest batch below which none is missing', () => {
  const mark = advance(emptyWatermark, [1, 2, 4, 5, 9]);
  expect(mark).toEqual({ upTo: 2, beyond: [4, 5, 9, 9] });
  expect(missingRanges(mark)).toEqual([
    { from: 3, to: 3 },
    { from: 6, to: 8 },
  ]);
  expect(advance(mark, [3])).toEqual({ upTo: 5, beyond: [9, 9] });
  expect(skipFirstGap(mark)).toEqual({ upTo: 5, beyond: [9, 9] });
  expect(skipFirstGap(emptyWatermark)).toEqual(emptyWatermark);
});

test('in whatever order, pieces and repetitions batches come, the mark is the same and counts exactly them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }), { maxLength: 10 }),
      (pieces) => {
        const mark = pieces.reduce(advance, emptyWatermark);
        const committed = new Set(pieces.flat());
        let upTo = 0;
        while (committed.has(upTo + 1)) upTo++;
        expect(mark.upTo).toBe(upTo);
        const beyond: number[] = [];
        for (let i = 0; i + 1 < mark.beyond.length; i += 2)
          for (let seq = mark.beyond[i] as number; seq <= (mark.beyond[i + 1] as number); seq++)
            beyond.push(seq);
        expect(beyond).toEqual([...committed].filter((seq) => seq > upTo).sort((a, b) => a - b));
        expect(pieces.reduceRight((m, piece) => advance(m, piece), emptyWatermark)).toEqual(mark);
        expect(advance(mark, [...committed])).toEqual(mark);
      },
    ),
  );
});

test('what is remembered beyond the mark is bounded', () => {
  const odd = Array.from({ length: 5_000 }, (_, i) => 3 + 2 * i);
  const mark = advance(emptyWatermark, odd);
  expect(mark.upTo).toBe(0);
  expect(mark.beyond).toHaveLength(2_000);
});
