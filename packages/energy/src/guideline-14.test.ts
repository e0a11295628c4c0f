import { expect, test } from 'vitest';
import { guideline14, guideline14Findings, isWithinGuideline14 } from './guideline-14.ts';

test('limits are kept at the limit and broken beyond it', () => {
  const [monthly] = guideline14;
  if (!monthly) throw new Error('no limits');
  const codes = (cvRmse: number, nmbe: number) =>
    guideline14Findings({ cvRmse, nmbe }, monthly).map(({ code }) => code);
  expect(codes(0.15, -0.05)).toEqual([]);
  expect(codes(0.151, 0)).toEqual(['cvRmseOverLimit']);
  expect(codes(0.1, -0.051)).toEqual(['biasOverLimit']);
  expect(codes(Number.NaN, Number.NaN)).toEqual(['cvRmseOverLimit', 'biasOverLimit']);
});

test('uncertainty is judged beside the savings', () => {
  expect(isWithinGuideline14(100, 49)).toBe(true);
  expect(isWithinGuideline14(-100, 50)).toBe(false);
  expect(isWithinGuideline14(0, 0)).toBe(false);
});
