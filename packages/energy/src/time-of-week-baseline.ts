/**
 * The hourly model of time of week and temperature (CalTRACK 2.0) as a baseline that every calculation of savings can
 * use: the day's sum of what its hours are expected to be.
 *
 * Its uncertainty is stated in days, since hours of one day err together. Each month was fitted to days of its own
 * (weight 1) and of its neighbours (½); level a and slope b of the day's energy over the day's temperature T are
 * uncertain by
 *
 *   Cov(θₘ, θₖ) = σ²·Aₘ⁻¹·(Σ wₘ(d)·wₖ(d)·xₘ(d)·xₖ(d)ᵀ)·Aₖ⁻¹,  x = (1, T − T̄ₘ),  Aₘ = Σ wₘ·x·xᵀ
 *
 * and stand in the model as tangents with coefficient 0. The fit spends 7 days of the week and its slopes on the days of
 * each month's window; the month's own share of the window counts as `parameters`.
 */

import type { BaselineRows } from './baseline-rows.ts';
import type { LocalDate } from './calendar.ts';
import {
  type CaltrackHourlySegment,
  caltrackHourlyCelsius,
  fitHourSegments,
  monthWeight,
  type PlacedHour,
} from './caltrack-hourly.ts';
import {
  type DayHours,
  dayMeanTemperature,
  type EnbModel,
  type VariableDefinition,
  variableColumn,
} from './enb.ts';
import { type Finding, finding } from './finding.ts';
import { lag1Autocorrelation } from './fit-metrics.ts';
import type { FittedBaseline } from './ratio-baseline.ts';
import { variableRange } from './sep.ts';

const hour_ms = 3_600_000;
const weekDays = 7;
const monthOf = (date: LocalDate): number => Number(date.slice(5, 7));

const refuse = (...disqualifications: readonly Finding[]) => ({ ok: false, disqualifications }) as const;

/** Hours of the rows, ascending. */
function placedHours(dates: readonly LocalDate[], days: readonly DayHours[]): readonly PlacedHour[] {
  return days.flatMap(({ start_ms, hourOfWeek, energy_wh, temperature_c }, i) =>
    Array.from(hourOfWeek, (hour, h) => ({
      start_ms: start_ms + h * hour_ms,
      energy: energy_wh[h] as number,
      temperature: temperature_c[h] as number,
      month: monthOf(dates[i] as LocalDate),
      hourOfWeek: hour,
    })),
  );
}

/** The days of a month's window in sums: weights, mean temperature and its spread. */
interface MonthWindow {
  readonly segment: CaltrackHourlySegment;
  /** Σw over the window, and over the month's own days. */
  readonly weight: number;
  readonly own: number;
  readonly mean_c: number;
  /** Σ w(T − T̄)². */
  readonly spread: number;
}

interface Day {
  readonly month: number;
  readonly mean_c: number;
}

function windowOf(segment: CaltrackHourlySegment, days: readonly Day[]): MonthWindow {
  const weights = days.map(({ month }) => monthWeight(segment.month, month));
  const sumOf = (value: (day: Day) => number): number =>
    days.reduce((sum, day, i) => sum + (weights[i] as number) * value(day), 0);
  const weight = sumOf(() => 1);
  const mean_c = sumOf((day) => day.mean_c) / weight;
  return {
    segment,
    weight,
    own: sumOf(({ month }) => (month === segment.month ? 1 : 0)),
    mean_c,
    spread: sumOf((day) => (day.mean_c - mean_c) ** 2),
  };
}

/** Cov(θ)/σ² of levels and slopes, months one after another. */
function covarianceOf(windows: readonly MonthWindow[], days: readonly Day[]): number[][] {
  const column = ({ segment, weight, mean_c, spread }: MonthWindow, isSlope: boolean): Float64Array =>
    Float64Array.from(days, (day) => {
      const w = monthWeight(segment.month, day.month);
      if (!isSlope) return w / weight;
      return spread > 0 ? (w * (day.mean_c - mean_c)) / spread : 0;
    });
  const columns = windows.flatMap((window) => [column(window, false), column(window, true)]);
  return columns.map((a) =>
    columns.map((b) => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
      return sum;
    }),
  );
}

function variablesOf(windows: readonly MonthWindow[]): readonly VariableDefinition[] {
  return [
    { kind: 'timeOfWeek', name: 'timeOfWeek', segments: windows.map(({ segment }) => segment) },
    ...windows.flatMap(({ segment: { month }, mean_c }): VariableDefinition[] => [
      { kind: 'monthLevel', name: `level ${month}`, month },
      { kind: 'monthSlope', name: `slope ${month}`, month, mean_c },
    ]),
  ];
}

const spentBy = ({ segment, own, weight }: MonthWindow): number =>
  ((weekDays + segment.occupiedSlopes.length + segment.unoccupiedSlopes.length) * own) / weight;

/** Fits the hours of the rows; rows are whole days. */
export function timeOfWeekBaseline(rows: BaselineRows): FittedBaseline {
  const { dates, hours } = rows.days;
  if (rows.granularity === 'month' || !hours)
    return refuse(
      finding('hoursUnknown', 'The hourly model needs energy and outdoor temperature of every hour'),
    );
  const { segments, refused } = fitHourSegments(placedHours(dates, hours), caltrackHourlyCelsius);
  if (segments.length === 0) return refuse(...refused.slice(0, 1));
  const days = hours.map((day, i) => ({
    month: monthOf(dates[i] as LocalDate),
    mean_c: dayMeanTemperature(day),
  }));
  const windows = segments.map((segment) => windowOf(segment, days));
  const parameters = Math.ceil(windows.reduce((sum, window) => sum + spentBy(window), 0));
  if (rows.y.length <= parameters + 2)
    return refuse(
      finding('tooFewPoints', 'A regression needs more points than coefficients', {
        n: rows.y.length,
        coefficients: parameters,
      }),
    );
  const missing = Array.from({ length: 12 }, (_, m) => m + 1).filter(
    (month) => !days.some((day) => day.month === month),
  );
  return {
    ok: true,
    model: modelOf(rows, windows, { days, parameters }),
    refused: [],
    warnings:
      missing.length > 0
        ? [
            finding(
              'hourlyMonthsMissing',
              'Months that the baseline has not seen are not judged by their own days',
              { months: missing },
            ),
          ]
        : [],
  };
}

function modelOf(
  rows: BaselineRows,
  windows: readonly MonthWindow[],
  { days, parameters }: { readonly days: readonly Day[]; readonly parameters: number },
): EnbModel {
  const variables = variablesOf(windows);
  const profile = variableColumn(variables[0] as VariableDefinition, rows.days);
  const n = rows.y.length;
  const mean = rows.y.reduce((sum, y) => sum + y, 0) / n;
  const residuals = rows.y.map((y, i) => y - (profile[i] as number));
  const sse = residuals.reduce((sum, e) => sum + e * e, 0);
  const sst = rows.y.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  const df = n - parameters;
  const sigma_wh = Math.sqrt(sse / df);
  const r2 = sst > 0 ? 1 - sse / sst : Number.NaN;
  const rho = lag1Autocorrelation(residuals, rows.ordinal);
  const covariance = covarianceOf(windows, days);
  const zeros = covariance.map(() => 0);
  return {
    form: 'timeOfWeek',
    formVersion: 1,
    hasIntercept: false,
    baseline: {
      from: rows.days.dates[0] as LocalDate,
      to: rows.days.dates[rows.days.dates.length - 1] as LocalDate,
    },
    variables,
    coefficients: variables.map(({ name }, k) => ({
      name,
      value: k === 0 ? 1 : 0,
      standardError: k === 0 ? 0 : sigma_wh * Math.sqrt(covariance[k - 1]?.[k - 1] as number),
      p: null,
    })),
    unscaledCovariance: [[0, ...zeros], ...covariance.map((line) => [0, ...line])],
    ranges: variables.map(({ name }) =>
      variableRange(
        name,
        Float64Array.from(days, ({ mean_c }) => mean_c),
      ),
    ),
    n,
    parameters,
    nmbe: residuals.reduce((sum, e) => sum + e, 0) / (df * mean),
    dfResidual: df,
    sse,
    sigma_wh,
    yMean_wh: mean,
    r2,
    adjustedR2: 1 - ((1 - r2) * (n - 1)) / df,
    cvRmse: sigma_wh / mean,
    f: null,
    fP: null,
    autocorrelation: Number.isNaN(rho) ? 0 : rho,
    sep: {
      valid: false,
      findings: [
        finding(
          'hourlyBeyondSep',
          'The tests of SEP are for models of a few variables; this one has an effect for every hour of the week',
        ),
      ],
    },
  };
}
