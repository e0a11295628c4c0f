import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

test.each([
  ['numeric value out of range', coded('22003'), 'refused'],
  ['check violation', coded('23514'), 'refused'],
  ['a fault of ours', new TypeError('x is undefined'), 'refused'],
  ['a value the writer refuses', new RangeError('volume_l cannot be -1'), 'refused'],
  ['deadlock', coded('40P01'), 'unavailable'],
  ['disk full', coded('53100'), 'unavailable'],
  ['shutdown', coded('57P01'), 'unavailable'],
  ['a missing right', coded('42501'), 'unavailable'],
  ['a refused connection', coded('ECONNREFUSED'), 'unavailable'],
  ['a broken connection', new Error('Connection terminated unexpectedly'), 'unavailable'],
])('%s', (_, error, expected) => {
  expect(failureOf(error)).toBe(expected);
});
