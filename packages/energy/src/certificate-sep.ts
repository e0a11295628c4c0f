/** VERIFI (Oak Ridge National Laboratory): SEP regression models of two example facilities, from bills to flags. */
import { spreadBills } from './bill-spread.ts';
import {
  type CertificateCase,
  type CertificateQuantity,
  csvRows,
  digitsAtLeast,
  printed,
  type ReadInput,
  type Tolerance,
} from './certificate.ts';
import { fQuantile } from './distribution.ts';
import { regress } from './regression.ts';
import { isWithinRange, sepFindings, variableRange } from './sep.ts';

interface PublishedRange {
  readonly predictorVariable: string;
  readonly meanReportYear: number;
  readonly meanBaselineYear: number;
  readonly modelMin: number;
  readonly modelMax: number;
  readonly modelPlus3StdDev: number;
  readonly modelMinus3StdDev: number;
  readonly isValid: boolean;
}
interface PublishedModel {
  readonly facility: string;
  readonly group: string;
  readonly model_year: number;
  readonly predictors: readonly string[];
  readonly published: {
    readonly coef: readonly number[];
    readonly se: readonly number[];
    readonly p: readonly number[];
    readonly R2: number;
    readonly R2_adj: number;
    readonly F: number;
    readonly F_pvalue: number;
    readonly sigma: number;
    readonly ybar: number;
    readonly isValid: boolean;
    readonly SEPValidation: readonly PublishedRange[];
  };
}

/** Years whose means the published range test looks at. */
const baselineYear = 2022;
const reportYear = 2025;

const modelsOf = (read: ReadInput): readonly PublishedModel[] =>
  JSON.parse(read('verifi_sep/expected.json')).models;

function predictorReader(read: ReadInput, facility: string) {
  const rows = csvRows(read('verifi_sep/predictors_monthly.csv'));
  return (name: string, year: number): readonly number[] =>
    Array.from({ length: 12 }, (_, month) =>
      Number(
        rows.find(
          ([f, p, , y, m]) => f === facility && p === name && Number(y) === year && Number(m) === month + 1,
        )?.[5],
      ),
    );
}

/** Monthly source energy in MMBtu of the model year. */
function monthlyEnergy(read: ReadInput, { facility, group, model_year }: PublishedModel): readonly number[] {
  const bills = csvRows(read('verifi_sep/bills.csv')).filter(([f, g]) => f === facility && g === group);
  const toMmbtu = bills[0]?.[4] === 'kWh' ? 3.6e6 / 1.05506e9 : 1;
  const spread = spreadBills(
    bills.map((bill) => ({
      readDate: bill[6] as string,
      energy: Number(bill[7]) * toMmbtu * Number(bill[5]),
    })),
  );
  return Array.from(
    { length: 12 },
    (_, month) => spread.get(`${model_year}-${String(month + 1).padStart(2, '0')}`)?.energy ?? Number.NaN,
  );
}

const flag = (value: boolean): number => (value ? 1 : 0);

function modelCase(id: string, index: number, title: string): CertificateCase {
  return {
    id,
    title,
    method: 'Bills spread by days over months, least squares, F and t tests, range test over three years',
    source:
      'VERIFI example data, https://github.com/ORNL-AMO/VERIFI, commit 51c7017f403ee467ed76fdfa904f5148e2bb8a53',
    licence: 'UT-Battelle permissive licence',
    run: (read) => {
      const model = modelsOf(read)[index] as PublishedModel;
      const { published, predictors, facility, model_year } = model;
      const predictor = predictorReader(read, facility);
      const fit = regress({
        y: monthlyEnergy(read, model),
        variables: predictors.map((name) => ({ name, values: predictor(name, model_year) })),
      });
      if (!fit.ok) throw new Error(fit.disqualifications.map(({ message }) => message).join('; '));
      const found: CertificateQuantity[] = [];
      const compare = (
        name: string,
        expected: number,
        obtained: number,
        tolerance: Tolerance = digitsAtLeast(6),
      ) => found.push({ name, expected, obtained, tolerance });
      fit.coefficients.forEach(({ name, value, standardError, p }, k) => {
        compare(`${name}: coefficient`, published.coef[k] as number, value);
        compare(`${name}: standard error`, published.se[k] as number, standardError);
        compare(`${name}: p`, published.p[k] as number, p, digitsAtLeast(4));
      });
      compare('R²', published.R2, fit.r2);
      compare('adjusted R²', published.R2_adj, fit.adjustedR2);
      compare('F', published.F, fit.f);
      compare('p of F', published.F_pvalue, fit.fP, digitsAtLeast(4));
      compare('residual standard deviation', published.sigma, fit.sigma);
      compare('mean energy', published.ybar, fit.yMean);
      const ranges: boolean[] = [];
      for (const expected of published.SEPValidation) {
        const name = expected.predictorVariable;
        const range = variableRange(name, predictor(name, model_year));
        const mean = (year: number): number => variableRange(name, predictor(name, year)).mean;
        const isValid = isWithinRange(range, mean(baselineYear)) && isWithinRange(range, mean(reportYear));
        ranges.push(isValid);
        compare(`${name}: mean of the report year`, expected.meanReportYear, mean(reportYear));
        compare(`${name}: mean of the baseline year`, expected.meanBaselineYear, mean(baselineYear));
        compare(`${name}: least`, expected.modelMin, range.min, digitsAtLeast(9));
        compare(`${name}: greatest`, expected.modelMax, range.max, digitsAtLeast(9));
        compare(`${name}: mean + 3 s`, expected.modelPlus3StdDev, range.mean + 3 * range.standardDeviation);
        compare(`${name}: mean − 3 s`, expected.modelMinus3StdDev, range.mean - 3 * range.standardDeviation);
        compare(`${name}: within range`, flag(expected.isValid), flag(isValid), { kind: 'exact' });
      }
      const isModelValid = sepFindings(fit).length === 0 && ranges.every(Boolean);
      compare('valid', flag(published.isValid), flag(isModelValid), { kind: 'exact' });
      return found;
    },
  };
}

export const sepCases: readonly CertificateCase[] = [
  modelCase('sep-gas', 0, 'SEP model of gas by production and heating degree days'),
  modelCase('sep-electricity', 1, 'SEP model of electricity by production and cooling degree days'),
  {
    id: 'sep-f-critical',
    title: 'Critical F at 12 points',
    method: 'Quantile of the F distribution at 90 % for one to five variables',
    source: 'LBNL EnPI Lite, valid model requirements, https://enpilite.lbl.gov/valid-model-requirements',
    licence: 'Published table',
    run: () =>
      [3.285, 3.0065, 2.9238, 2.9605, 3.1075].map((expected, i) => ({
        name: `${i + 1} variables`,
        expected,
        obtained: fQuantile(0.9, i + 1, 12 - i - 2),
        tolerance: printed(4),
      })),
  },
];
