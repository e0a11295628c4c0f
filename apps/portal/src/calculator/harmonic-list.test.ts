import { expect, test } from 'vitest';
import { parseHarmonics } from './harmonic-list.ts';

test('reads orders and values, with decimal point or comma', () => {
  expect(parseHarmonics('3: 30, 5: 20.5, 7:10')).toEqual({
    harmonics: [
      { order: 3, value: 30 },
      { order: 5, value: 20.5 },
      { order: 7, value: 10 },
    ],
  });
  expect(parseHarmonics('3: 1,5, 5: 2; 7: 0,5')).toEqual({
    harmonics: [
      { order: 3, value: 1.5 },
      { order: 5, value: 2 },
      { order: 7, value: 0.5 },
    ],
  });
  expect(parseHarmonics(' ')).toEqual({ harmonics: [] });
});

test('names the part that is none', () => {
  expect(parseHarmonics('3: 30, 3: 20')).toEqual({ wrong: '3: 20' });
  expect(parseHarmonics('1: 30')).toEqual({ wrong: '1: 30' });
  expect(parseHarmonics('3: 30, five')).toEqual({ wrong: '3: 30, five' });
  expect(parseHarmonics('3: 1.2.3')).toEqual({ wrong: '3: 1.2.3' });
});
