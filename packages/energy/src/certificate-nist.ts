/** NIST StRD: linear regression with certified values. */
import { type CertificateCase, type CertificateQuantity, csvRows, digitsAtLeast } from './certificate.ts';
import { type RegressionVariable, regress } from './regression.ts';

interface Certified {
  readonly model: string;
  readonly coef: readonly number[];
  readonly se: readonly number[];
  readonly residual_sd?: number;
  readonly r2?: number;
  readonly F?: number;
}

/** Digits asked for; the sets' own grading suggests 9, 7 for Longley, 6 for the Wampler sets and fewer for Filip. */
const leastDigits = 9;

const sets = [
  ['norris', 'Norris', 'straight line'],
  ['pontius', 'Pontius', 'parabola with coefficients 12 powers of ten apart'],
  ['noint1', 'NoInt1', 'straight line without intercept'],
  ['noint2', 'NoInt2', 'three points without intercept'],
  ['longley', 'Longley', 'six nearly collinear variables'],
  ['filip', 'Filip', 'polynomial of degree 10, condition 1.8 × 10¹⁵'],
  ['wampler1', 'Wampler1', 'polynomial of degree 5 without error'],
  ['wampler2', 'Wampler2', 'polynomial of degree 5 without error'],
  ['wampler3', 'Wampler3', 'polynomial of degree 5 with error'],
  ['wampler4', 'Wampler4', 'polynomial of degree 5 with large error'],
  ['wampler5', 'Wampler5', 'polynomial of degree 5 that explains 0.2 %'],
] as const;

function variables(rows: readonly (readonly number[])[], terms: number): readonly RegressionVariable[] {
  const column = (k: number): number[] => rows.map((row) => row[k] as number);
  const isPolynomial = (rows[0]?.length ?? 0) === 2;
  return Array.from({ length: terms }, (_, k) =>
    isPolynomial
      ? { name: `x${k + 1}`, values: column(1), power: k + 1 }
      : { name: `x${k + 1}`, values: column(k + 1) },
  );
}

/** A certified zero is met by what is nothing beside the standard error of any real data. */
const near = (expected: number) =>
  expected === 0 ? ({ kind: 'absolute', greatest: 1e-9 } as const) : digitsAtLeast(leastDigits);

export const nistCases: readonly CertificateCase[] = sets.map(([id, title, what]) => ({
  id: `nist-${id}`,
  title: `NIST StRD ${title}`,
  method: `Least squares: ${what}`,
  source: 'NIST/ITL Statistical Reference Datasets, https://www.itl.nist.gov/div898/strd/lls/lls.shtml',
  licence: 'Work of the US Government, public domain',
  run: (read) => {
    const certified: Certified = JSON.parse(read('nist_strd/expected.json')).datasets[id];
    const rows = csvRows(read(`nist_strd/${id}.csv`)).map((row) => row.map(Number));
    const intercept = !certified.model.includes('no intercept');
    const fit = regress({
      y: rows.map(([y]) => y as number),
      variables: variables(rows, certified.coef.length - (intercept ? 1 : 0)),
      intercept,
    });
    if (!fit.ok) throw new Error(fit.disqualifications.map(({ message }) => message).join('; '));
    const first = intercept ? 0 : 1;
    const found: CertificateQuantity[] = certified.coef.map((expected, k) => ({
      name: `b${k + first}`,
      expected,
      obtained: fit.coefficients[k]?.value ?? Number.NaN,
      tolerance: digitsAtLeast(leastDigits),
    }));
    certified.se.forEach((expected, k) => {
      const obtained = fit.coefficients[k]?.standardError ?? Number.NaN;
      found.push({ name: `s(b${k + first})`, expected, obtained, tolerance: near(expected) });
    });
    const rest = [
      ['residual standard deviation', certified.residual_sd, fit.sigma],
      ['R²', certified.r2, fit.r2],
      ['F', certified.F, fit.f],
    ] as const;
    for (const [name, expected, obtained] of rest)
      if (expected !== undefined) found.push({ name, expected, obtained, tolerance: near(expected) });
    return found;
  },
}));
