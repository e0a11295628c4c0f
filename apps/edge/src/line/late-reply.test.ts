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
  expect([...forbiddenLengths(late, 1999)]).toEqual([16, 4]);
  expect([...forbiddenLengths(late, 2000)]).toEqual([16]);
  expect([...forbiddenLengths(late, 10_000)]).toEqual([]);
});

it('forbids the length of an answered request for half a second: replies may come twice', () => {
  const twice = { ...nothing, answered: withAnswered([], { words: 2, now_ms: 0 }) };
  expect([...forbiddenLengths(twice, 499)]).toEqual([2]);
  expect([...forbiddenLengths(twice, 500)]).toEqual([]);
});
