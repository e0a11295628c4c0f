import type { EnpiDetail } from '@wattproof/contracts/api';
import { expect, test } from 'vitest';
import { signatureFit } from './signature-fit.ts';

/** Days that follow 1000 + 50 × max(0, T − 10) + 2 × production exactly, production swinging around 100. */
function enpi(hasCooling: boolean): EnpiDetail {
  const days = Array.from({ length: 40 }, (_, i) => {
    const temperature_c = i - 10;
    const production_g = i % 2 === 0 ? 90 : 110;
    const expected = 1000 + (hasCooling ? 50 * Math.max(0, temperature_c - 10) : 0) + 2 * production_g;
    return {
      date: `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
      phase: 'baseline' as const,
      actual_wh: expected,
      expected_wh: expected,
      temperature_c,
      production_g,
      cusum_wh: null,
      cusumBand_wh: null,
    };
  });
  const term = (variable: string, coefficient: number) => ({
    variable,
    unit: '',
    coefficient,
    standardError: 1,
    t: 1,
    p: 0,
  });
  return {
    model: {
      terms: [term('intercept', 1000), term('production', 2), ...(hasCooling ? [term('cdd', 50)] : [])],
      heatingBase_c: null,
      coolingBase_c: hasCooling ? 10 : null,
      statistics: { n: 40, r2: 1, adjustedR2: 1, cvRmse: 0.05, autocorrelation: 0, effectiveN: 40 },
    },
    days,
  } as unknown as EnpiDetail;
}

test('along temperature the line bends at the base, the other variables at their mean', () => {
  const fit = signatureFit(enpi(true));
  expect(fit?.variable).toBe('temperature');
  expect(fit?.changePoint_c).toBe(10);
  const at = (x: number) => fit?.line.find((p) => p.x === x)?.y;
  expect(at(-10)).toBeCloseTo(1200);
  expect(at(10)).toBeCloseTo(1200);
  expect(at(29)).toBeCloseTo(1200 + 50 * 19);
});

test('without degree days it runs along production', () => {
  const fit = signatureFit(enpi(false));
  expect(fit?.variable).toBe('production');
  expect(fit?.line.map((p) => p.y)).toEqual([1180, 1220]);
});

test('without a model there is none', () => {
  expect(signatureFit({ ...enpi(true), model: null })).toBeNull();
});
