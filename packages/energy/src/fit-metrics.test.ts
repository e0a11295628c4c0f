import { expect, test } from 'vitest';
import { effectiveCount, fitMetrics, lag1Autocorrelation } from './fit-metrics.ts';

test('reproduces the published metrics of OpenEEmeter 3.1.1 (tests/test_metrics.py)', () => {
  const metrics = fitMetrics([1, 3, 4, 1, 6], [2, 3, 3, 2, 4], 2);
  expect(metrics.correlationR2).toBeCloseTo(0.972, 3);
  expect(metrics.cvRmse).toBeCloseTo(0.394, 3);
  expect(metrics.cvRmseAdjusted).toBeCloseTo(0.509, 3);
  // That program prints predicted − observed.
  expect(-metrics.nmbe).toBeCloseTo(-0.067, 3);
  expect(metrics.autocorrelation).toBeCloseTo(-0.674, 3);
  expect(metrics.effectiveCount).toBeCloseTo(25.694, 3);
});

test('a gap in the ordinals separates neighbours', () => {
  const series = [1, 2, 3, -9, 5, 6, 7.5];
  expect(lag1Autocorrelation(series, [1, 2, 3, 10, 20, 21, 22])).toBeGreaterThan(0.99);
  expect(lag1Autocorrelation(series)).toBeLessThan(0.1);
  expect(lag1Autocorrelation([1, 2, 3])).toBeNaN();
  expect(lag1Autocorrelation([1, 1, 1, 1, 1])).toBeNaN();
});

test('correlated days count for fewer', () => {
  expect(effectiveCount(300, 0.5)).toBe(100);
  expect(effectiveCount(300, Number.NaN)).toBe(300);
});
