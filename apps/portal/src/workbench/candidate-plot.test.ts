import { expect, test } from 'vitest';
import { candidatePlot, isSameChoice } from './candidate-plot.ts';

const statistics = {
  n: 3,
  parameters: 1,
  dfResidual: 10,
  r2: 0,
  adjustedR2: 0,
  cvRmse: 0.1,
  cvRmseSlopesOnly: 0.1,
  nmbe: 0,
  f: null,
  fP: null,
  autocorrelation: 0,
  effectiveN: 3,
  sigma_wh: 10,
};
const row = (date: string, phase: 'baseline' | 'reporting' | 'between', energy_wh: number | null) => ({
  date,
  days: 1,
  phase,
  energy_wh,
  variables: {},
  isFitted: phase === 'baseline' && energy_wh !== null,
});
const rows = [
  row('2026-01-01', 'baseline', 110),
  row('2026-01-02', 'baseline', null),
  row('2026-01-03', 'between', 100),
  row('2026-01-04', 'reporting', 90),
  row('2026-01-05', 'reporting', 80),
];
const fitted_wh = [100, 100, 100, 100, null];

test('what is missing is a gap, never a zero', () => {
  const plot = candidatePlot({ rows }, { fitted_wh, statistics }, 0.95);
  expect(plot.periods.map((p) => [p.actual_wh, p.expected_wh])).toEqual([
    [110, 100],
    [null, 100],
    [100, 100],
    [90, 100],
    [80, null],
  ]);
  expect(plot.residuals).toEqual([
    { date: '2026-01-01', residual_wh: 10, phase: 'baseline' },
    { date: '2026-01-04', residual_wh: -10, phase: 'reporting' },
  ]);
  expect(plot.fittedDates).toEqual(['2026-01-01']);
});

test('the band of a row is t of the degrees of freedom times σ, that of the CUSUM widens with the root of the rows', () => {
  const months = Array.from({ length: 5 }, (_, i) => row(`2026-0${i + 1}-01`, 'reporting', 90));
  const plot = candidatePlot({ rows: months }, { fitted_wh: months.map(() => 100), statistics }, 0.95);
  // t of 10 degrees of freedom at 95 %, two-sided, from the tables: 2.228139.
  expect(plot.halfWidth_wh).toBeCloseTo(22.28139, 4);
  expect(plot.cusum.map((c) => c.cusum_wh)).toEqual([-10, -20, -30, -40, -50]);
  expect((plot.cusum[3]?.band_wh ?? 0) / (plot.cusum[0]?.band_wh ?? 1)).toBeCloseTo(2, 9);
});

test('half as many independent rows widen the band of the CUSUM by √2', () => {
  const one = [row('2026-01-01', 'reporting', 90)];
  const band = (effectiveN: number) =>
    candidatePlot({ rows: one }, { fitted_wh: [100], statistics: { ...statistics, n: 4, effectiveN } }, 0.95)
      .cusum[0]?.band_wh ?? 0;
  expect(band(2) / band(4)).toBeCloseTo(Math.SQRT2, 9);
});

test('a choice is the same whatever the order of its variables', () => {
  expect(
    isSameChoice({ form: 'linear', variables: ['a', 'hdd'] }, { form: 'linear', variables: ['hdd', 'a'] }),
  ).toBe(true);
  expect(isSameChoice({ form: 'linear', variables: ['a'] }, { form: '3PH', variables: ['a'] })).toBe(false);
});
