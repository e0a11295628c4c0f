import { expect, it } from 'vitest';
import { forbiddenLengths, withAnswered, withUnanswered } from './late-reply.ts';

const nothing = { unanswered: [], answered: [] };

it('forbids the length of an unanswered request for 10 s, of a garbled one for 2 s', () => {
  const late = {
    ...nothing,
    unanswered: withUnanswered(withUnanswered([], { words: 16, ended: 'timeout', now_ms: 0 }), {
      words: 4,
      ended: 'garbled',
      now_ms: 0,
    }),
  };
  expect([...forbiddenLengths(late, 0x2000, 1999)]).toEqual([16, 4]);
  expect([...forbiddenLengths(late, 0x2000, 2000)]).toEqual([16]);
  expect([...forbiddenLengths(late, 0x2000, 10_000)]).toEqual([]);
});

it('forbids the length of an answered request for other registers for half a second: replies may come twice', () => {
  const twice = { ...nothing, answered: withAnswered([], { address: 0x1000, words: 2, now_ms: 0 }) };
  expect([...forbiddenLengths(twice, 0x1010, 499)]).toEqual([2]);
  expect([...forbiddenLengths(twice, 0x1000, 499)]).toEqual([]);
  expect([...forbiddenLengths(twice, 0x1010, 500)]).toEqual([]);
});
