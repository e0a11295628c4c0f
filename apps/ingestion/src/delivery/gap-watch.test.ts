import { expect, test } from 'vitest';
import { createGapWatch } from './gap-watch.ts';

const sequence = { gatewayId: 'gateway-1', boot: 'b', lane: 'live', partition: 0, seqs: [] };
const second = 1_000;

test('what stays missing is asked for, ever more rarely, until it came', () => {
  const watch = createGapWatch();
  watch.note(sequence, { upTo: 2, beyond: [5, 6, 9, 9] }, 0);
  expect(watch.decide(second).requests).toEqual([]);
  expect(watch.decide(2 * second).requests).toMatchObject([
    {
      gap: { sequence, since_ms: 0, asked: 1 },
      ranges: [
        { from: 3, to: 4 },
        { from: 7, to: 8 },
      ],
    },
  ]);
  expect(watch.decide(3 * second).requests).toEqual([]);
  expect(watch.decide(6 * second).requests).toHaveLength(1);
  expect(watch.decide(13 * second).requests).toEqual([]);
  expect(watch.decide(14 * second).requests).toHaveLength(1);
  watch.note(sequence, { upTo: 9, beyond: [] }, 15 * second);
  expect([...watch.open()]).toEqual([]);
  expect(watch.decide(1_000 * second)).toEqual({ requests: [], givenUp: [] });
});

test('a gap that moved on is a new one', () => {
  const watch = createGapWatch();
  watch.note(sequence, { upTo: 2, beyond: [5, 6] }, 0);
  watch.decide(2 * second);
  watch.note(sequence, { upTo: 6, beyond: [8, 8] }, 3 * second);
  expect(watch.decide(4 * second).requests).toEqual([]);
  expect(watch.decide(5 * second).requests).toMatchObject([
    { gap: { sequence, asked: 1 }, ranges: [{ from: 7, to: 7 }] },
  ]);
});

test('a gap is given up only after a quarter of an hour and several requests', () => {
  const watch = createGapWatch();
  watch.note(sequence, { upTo: 2, beyond: [5, 6] }, 0);
  const rounds: number[] = [];
  for (let t = 0; t < 3_600; t++) {
    const { requests, givenUp } = watch.decide(t * second);
    if (requests.length > 0) rounds.push(t);
    if (givenUp.length > 0) {
      expect(t).toBeGreaterThanOrEqual(900);
      expect(rounds.length).toBeGreaterThanOrEqual(5);
      return;
    }
  }
  expect.unreachable();
});

test('a gap that another process has watched keeps its age: a restart is no new patience', () => {
  const watch = createGapWatch();
  const start = 10_000 * second;
  watch.resume(
    sequence,
    { upTo: 2, beyond: [5, 6] },
    { since_ms: start - 20 * 60 * second, asked: 4 },
    start,
  );
  expect(watch.decide(start + 2 * second).requests).toMatchObject([{ gap: { asked: 5 } }]);
  expect(watch.decide(start + 10 * second).givenUp).toMatchObject([{ sequence, asked: 5 }]);
  watch.note(sequence, { upTo: 6, beyond: [8, 8] }, start + 11 * second);
  watch.resume(sequence, { upTo: 2, beyond: [5, 6] }, { since_ms: 0, asked: 5 }, start + 12 * second);
  expect([...watch.open()]).toMatchObject([{ asked: 0, mark: { upTo: 6 } }]);
});
