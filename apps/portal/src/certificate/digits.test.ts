import { expect, test } from 'vitest';
import { allDigits, sizeOf } from './digits.ts';

test('every digit is kept, in the way of the locale', () => {
  expect(allDigits('en', -3482258.63459582)).toBe('−3482258.63459582');
  expect(allDigits('fr', 1571.28)).toBe('1571,28');
  expect(allDigits('en', 7.32059160401003e-7)).toBe('7.32059160401003E−7');
  expect(allDigits('en', 0)).toBe('0');
});

test('a difference shows its size', () => {
  expect(sizeOf('en', -0.0023316)).toBe('−2.3E−3');
  expect(sizeOf('en', 0)).toBe('0');
});
