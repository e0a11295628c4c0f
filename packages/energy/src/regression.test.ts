import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RegressionFit, type RegressionInput, regress } from './regression.ts';

const folder = new URL('../fixtures/nist_strd/', import.meta.url);
const certified = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')).datasets;
const read = (name: string): { y: number[]; x: number[] } => {
  const rows = readFileSync(new URL(`${name}.csv`, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number) as [number, number]);
  return { y: rows.map(([y]) => y), x: rows.map(([, x]) => x) };
};
const powers = (x: readonly number[], degree: number) =>
  Array.from({ length: degree }, (_, k) => ({ name: `x${k + 1}`, values: x.map((v) => v ** (k + 1)) }));
const fit = (input: RegressionInput): RegressionFit => {
  const result = regress(input);
  if (!result.ok) throw new Error(JSON.stringify(result.disqualifications));
  return result;
};
/** Significant digits shared with the certified value: −log10 of the relative error. */
const digits = (actual: number, expected: number): number =>
  actual === expected ? 17 : -Math.log10(Math.abs(actual - expected) / Math.abs(expected));
const leastDigits = (actual: readonly number[], expected: readonly number[]): number =>
  Math.min(...expected.map((value, i) => digits(actual[i] as number, value)));

test('NIST Norris: every certified value to 9 digits', () => {
  const { y, x } = read('norris');
  const result = fit({ y, variables: powers(x, 1) });
  const { coef, se, residual_sd, r2, F, ss_resid, ss_reg, p_values_b0_from_GAMS_ls01 } = certified.norris;
  expect(
    leastDigits(
      result.coefficients.map((c) => c.value),
      coef,
    ),
  ).toBeGreaterThan(9);
  expect(
    leastDigits(
      result.coefficients.map((c) => c.standardError),
      se,
    ),
  ).toBeGreaterThan(9);
  expect(
    leastDigits(
      [result.sigma, result.r2, result.f, result.sse, result.sst - result.sse],
      [residual_sd, r2, F, ss_resid, ss_reg],
    ),
  ).toBeGreaterThan(9);
  // GAMS, a secondary source, has this p value to 6 digits only; quadrature of the density gives 0.267746742333.
  expect(digits(result.coefficients[0]?.p ?? 0, p_values_b0_from_GAMS_ls01)).toBeGreaterThan(6);
  expect(digits(result.coefficients[0]?.p ?? 0, 0.2677467423332)).toBeGreaterThan(12);
});

test('NIST Pontius: coefficients and standard errors to 9 digits', () => {
  const { y, x } = read('pontius');
  const result = fit({ y, variables: powers(x, 2) });
  expect(
    leastDigits(
      result.coefficients.map((c) => c.value),
      certified.pontius.coef,
    ),
  ).toBeGreaterThan(9);
  expect(
    leastDigits(
      result.coefficients.map((c) => c.standardError),
      certified.pontius.se,
    ),
  ).toBeGreaterThan(9);
});

test('NIST NoInt1: without intercept to 9 digits', () => {
  const { y, x } = read('noint1');
  const result = fit({ y, variables: powers(x, 1), intercept: false });
  expect(
    leastDigits(
      result.coefficients.map((c) => c.value),
      certified.noint1.coef,
    ),
  ).toBeGreaterThan(9);
  expect(
    leastDigits(
      result.coefficients.map((c) => c.standardError),
      certified.noint1.se,
    ),
  ).toBeGreaterThan(9);
  // Certified by NIST about zero, as a model without intercept has it.
  expect(result.r2).toBeCloseTo(0.999365492298663, 12);
});

const polynomial = (x: readonly number[], degree: number) =>
  Array.from({ length: degree }, (_, k) => ({ name: `x${k + 1}`, values: x, power: k + 1 }));

test.each([
  ['wampler1', 5, 13],
  ['wampler2', 5, 13],
  ['wampler3', 5, 13],
  ['wampler4', 5, 13],
  ['wampler5', 5, 13],
  ['filip', 10, 13],
])('NIST %s: a polynomial of degree %i to %i digits', (name, degree, least) => {
  const { y, x } = read(name);
  const result = fit({ y, variables: polynomial(x, degree) });
  const { coef, se } = certified[name];
  expect(
    leastDigits(
      result.coefficients.map((c) => c.value),
      coef,
    ),
  ).toBeGreaterThan(least);
  // Wampler1 and Wampler2 lie on their polynomial: the certified standard errors are zero.
  result.coefficients.forEach(({ standardError }, k) => {
    if (se[k] === 0) expect(standardError).toBeLessThan(1e-9);
    else expect(digits(standardError, se[k])).toBeGreaterThan(least);
  });
});

test('NIST Filip with powers rounded to doubles: what the rounding leaves', () => {
  const { y, x } = read('filip');
  const result = fit({ y, variables: powers(x, 10) });
  expect(
    leastDigits(
      result.coefficients.map((c) => c.value),
      certified.filip.coef,
    ),
  ).toBeGreaterThan(7);
});

test('NIST Longley: six nearly collinear variables to 13 digits', () => {
  const rows = readFileSync(new URL('longley.csv', folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const column = (k: number): number[] => rows.map((row) => row[k] as number);
  const result = fit({
    y: column(0),
    variables: Array.from({ length: 6 }, (_, k) => ({ name: `x${k + 1}`, values: column(k + 1) })),
  });
  const { coef, se, residual_sd, r2 } = certified.longley;
  expect(
    leastDigits(
      result.coefficients.map((c) => c.value),
      coef,
    ),
  ).toBeGreaterThan(13);
  expect(
    leastDigits(
      result.coefficients.map((c) => c.standardError),
      se,
    ),
  ).toBeGreaterThan(13);
  expect(leastDigits([result.sigma, result.r2], [residual_sd, r2])).toBeGreaterThan(13);
});

test('NIST NoInt2: three points without intercept', () => {
  const { y, x } = read('noint2');
  const result = fit({ y, variables: powers(x, 1), intercept: false });
  const { coef, se, residual_sd, r2 } = certified.noint2;
  const [slope] = result.coefficients;
  expect(
    leastDigits(
      [slope?.value ?? 0, slope?.standardError ?? 0, result.sigma, result.r2],
      [coef[0], se[0], residual_sd, r2],
    ),
  ).toBeGreaterThan(14);
});

test.each([12, 400])('the same %i points in another order, and columns too, give the same bytes', (n) => {
  const point = (i: number) => ({ i, a: (i * 7919) % 101, b: (i * 104729) % 89, e: ((i * 31) % 17) / 10 });
  const points = Array.from({ length: n }, (_, i) => point(i));
  const model = (rows: typeof points) => ({
    y: rows.map(({ a, b, e }) => 3 + 0.7 * a + 1.3 * b + e),
    ordinal: rows.map(({ i }) => i),
  });
  const a = (rows: typeof points) => ({ name: 'a', values: rows.map((p) => p.a) });
  const b = (rows: typeof points) => ({ name: 'b', values: rows.map((p) => p.b) });
  const shuffled = [...points].sort((p, q) => ((p.i * 613) % 1009) - ((q.i * 613) % 1009));
  const first = fit({ ...model(points), variables: [a(points), b(points)] });
  const second = fit({ ...model(shuffled), variables: [b(shuffled), a(shuffled)] });
  const byName = (result: RegressionFit) =>
    [...result.coefficients].sort((x, y) => (x.name < y.name ? -1 : 1));
  expect(byName(second)).toEqual(byName(first));
  expect([second.sse, second.r2, second.f, second.cvRmse, second.autocorrelation]).toEqual([
    first.sse,
    first.r2,
    first.f,
    first.cvRmse,
    first.autocorrelation,
  ]);
});

test('another unit scales the coefficients and changes nothing that is judged', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      (u, v) => {
        const x = Array.from({ length: 24 }, (_, i) => ((i * 37) % 23) + 1);
        const y = x.map((value, i) => 5 + 2 * value + ((i * 13) % 7) / 3);
        const one = fit({ y, variables: [{ name: 'x', values: x }] });
        const other = fit({
          y: y.map((value) => value * u),
          variables: [{ name: 'x', values: x.map((value) => value * v) }],
        });
        expect(other.r2 / one.r2).toBeCloseTo(1, 10);
        expect(other.f / one.f).toBeCloseTo(1, 9);
        expect(other.cvRmse / one.cvRmse).toBeCloseTo(1, 10);
        other.coefficients.forEach(({ t, p }, k) => {
          expect(t / (one.coefficients[k]?.t ?? 0)).toBeCloseTo(1, 9);
          expect(p / (one.coefficients[k]?.p ?? 0)).toBeCloseTo(1, 7);
        });
      },
    ),
  );
});

test('a weight of k is a point that occurs k times', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          x: fc.integer({ min: -50, max: 50 }),
          y: fc.integer({ min: 1, max: 100 }),
          w: fc.integer({ min: 1, max: 4 }),
        }),
        { minLength: 4, maxLength: 20 },
      ),
      (points) => {
        fc.pre(new Set(points.map((p) => p.x)).size > 1);
        const repeated = points.flatMap((p) => Array.from({ length: p.w }, () => p));
        const weighted = fit({
          y: points.map((p) => p.y),
          variables: [{ name: 'x', values: points.map((p) => p.x) }],
          weights: points.map((p) => p.w),
        });
        const plain = fit({
          y: repeated.map((p) => p.y),
          variables: [{ name: 'x', values: repeated.map((p) => p.x) }],
        });
        weighted.coefficients.forEach((c, i) => {
          expect(c.value).toBeCloseTo(plain.coefficients[i]?.value as number, 8);
        });
        expect(weighted.sse).toBeCloseTo(plain.sse, 6);
        expect(weighted.sst).toBeCloseTo(plain.sst, 6);
      },
    ),
  );
});

test('residuals are orthogonal to every variable, and scaling a variable scales its coefficient', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: 1000 }),
          fc.integer({ min: 0, max: 1000 }),
          fc.integer({ min: -500, max: 500 }),
        ),
        { minLength: 6, maxLength: 60 },
      ),
      fc.constantFrom(1e-6, 0.01, 1e6),
      (rows, scale) => {
        const y = rows.map(([a, b, e]) => 100 + 3 * a - b + e);
        const a = rows.map(([value]) => value);
        const b = rows.map(([, value]) => value);
        const result = regress({
          y,
          variables: [
            { name: 'a', values: a },
            { name: 'b', values: b },
          ],
        });
        fc.pre(result.ok);
        for (const values of [a, b]) {
          const dot = values.reduce((sum, value, i) => sum + value * (result.residuals[i] as number), 0);
          expect(Math.abs(dot)).toBeLessThan(1e-4);
        }
        const rescaled = fit({
          y,
          variables: [
            { name: 'a', values: a.map((value) => value * scale) },
            { name: 'b', values: b },
          ],
        });
        const before = result.coefficients[1]?.value as number;
        expect((rescaled.coefficients[1]?.value as number) * scale).toBeCloseTo(before, 7);
        expect(rescaled.r2).toBeCloseTo(result.r2, 9);
      },
    ),
  );
});

test('what cannot be fitted is told with every reason', () => {
  const codes = (input: RegressionInput): string[] => {
    const result = regress(input);
    return result.ok ? [] : result.disqualifications.map(({ code }) => code);
  };
  const x = [1, 2, 3, 4, 5];
  expect(codes({ y: [1, 2], variables: [{ name: 'x', values: [1, 2] }] })).toEqual(['tooFewPoints']);
  expect(codes({ y: x, variables: [{ name: 'x', values: [2, 2, 2, 2, 2] }] })).toEqual(['collinear']);
  expect(codes({ y: x, variables: [{ name: 'x', values: [0, 0, 0, 0, 0] }] })).toEqual(['collinear']);
  expect(
    codes({
      y: x,
      variables: [
        { name: 'x', values: x },
        { name: 'z', values: x.map((v) => 3 * v - 1) },
      ],
    }),
  ).toEqual(['collinear']);
  expect(codes({ y: [1, Number.NaN, 3, 4, 5], variables: [{ name: 'x', values: [1] }] })).toEqual([
    'notFinite',
    'lengthMismatch',
  ]);
  expect(
    codes({ y: x, variables: [{ name: 'x', values: [1, 2, 4, 4, 5] }], weights: [1, 1, 0, 1, 1] }),
  ).toEqual(['weightNotPositive']);
});
