/**
 * The energy baseline (EnB) as a model: plain data that is stored, versioned and applied again, giving the same
 * numbers. Expected energy of a day: ŷ = b₀ + Σ bᵢxᵢ.
 */
import type { LocalDate } from './calendar.ts';
import { type CaltrackHourlySegment, segmentExpected } from './caltrack-hourly.ts';
import { coolingDegreeDay, heatingDegreeDay } from './degree-day.ts';
import { studentTwoSidedQuantile } from './distribution.ts';
import { type Finding, finding } from './finding.ts';
import { isWithinRange, type VariableRange } from './sep.ts';

/**
 * What a variable of the model is: a given column (production), the outdoor temperature, or degree days of a base
 * temperature. A point is the tangent of an estimated change point (slope · 1 beyond it, − for cooling): its coefficient
 * is 0, its variance that of the change point in °C, so that every band holds what is not known about it. `timeOfWeek`
 * is the day's sum of what an hourly model expects, with a coefficient of 1; level and slope of each of its months are
 * tangents too.
 */
export type VariableDefinition =
  | { readonly kind: 'given'; readonly name: string }
  | { readonly kind: 'temperature'; readonly name: string }
  | { readonly kind: 'heating' | 'cooling'; readonly name: string; readonly base_c: number }
  | {
      readonly kind: 'heatingPoint' | 'coolingPoint';
      readonly name: string;
      readonly base_c: number;
      /** Wh per day and degree. */
      readonly slope: number;
    }
  | {
      readonly kind: 'timeOfWeek';
      readonly name: string;
      readonly segments: readonly CaltrackHourlySegment[];
    }
  | { readonly kind: 'monthLevel'; readonly name: string; readonly month: number }
  | {
      readonly kind: 'monthSlope';
      readonly name: string;
      readonly month: number;
      /** Mean temperature of the days that the month was fitted to. */
      readonly mean_c: number;
    };

/** Columns that carry uncertainty alone: their coefficients are 0. */
export const isTangent = ({ kind }: VariableDefinition): boolean =>
  kind === 'heatingPoint' || kind === 'coolingPoint' || kind === 'monthLevel' || kind === 'monthSlope';

export const enbModelForms = [
  'linearDaily',
  'linearMonthly',
  'ratio',
  'modifiedIntensity',
  '2P',
  '3PH',
  '3PC',
  '4P',
  '5P',
  'caltrackDaily',
  'caltrackMonthly',
  'timeOfWeek',
] as const;
export type EnbModelForm = (typeof enbModelForms)[number];

/** Hours of a local day: 24, or 23 and 25 where clocks change. NaN where unknown. */
export interface DayHours {
  readonly start_ms: number;
  /** From Monday 0 h, 0 to 167. */
  readonly hourOfWeek: ArrayLike<number>;
  readonly energy_wh: ArrayLike<number>;
  readonly temperature_c: ArrayLike<number>;
}

/** Daily data of a period, one element per local date; NaN where unknown. */
export interface EnpiPeriod {
  /** Ascending, each once. */
  readonly dates: readonly LocalDate[];
  readonly energy_wh: ArrayLike<number>;
  readonly given: Readonly<Record<string, ArrayLike<number>>>;
  /** Mean outdoor temperature of the local day. */
  readonly temperature_c?: ArrayLike<number>;
  /** Where an hourly model is wanted: one element per date. */
  readonly hours?: readonly DayHours[];
}

export interface EnbModel {
  readonly form: EnbModelForm;
  readonly formVersion: 1;
  /** Rows that it was fitted to; left out: days. A model of months has its coefficients per day and is applied to days. */
  readonly granularity?: 'month';
  /** Left out: with an intercept. */
  readonly hasIntercept?: false;
  readonly baseline: { readonly from: LocalDate; readonly to: LocalDate };
  readonly variables: readonly VariableDefinition[];
  /** Intercept first where there is one, Wh per day and Wh per unit of the variable. */
  readonly coefficients: readonly {
    readonly name: string;
    readonly value: number;
    readonly standardError: number;
    readonly p: number | null;
  }[];
  /** (XᵀX)⁻¹ in the order of the coefficients. */
  readonly unscaledCovariance: readonly (readonly number[])[];
  readonly ranges: readonly VariableRange[];
  readonly n: number;
  /** What the fit spent on its rows, where that is not the number of its coefficients and change points. */
  readonly parameters?: number;
  /** Σ(actual − model)/((n − parameters)·ȳ); left out: none, the fit meets the sum of its rows. */
  readonly nmbe?: number;
  readonly dfResidual: number;
  readonly sse: number;
  /** √(SSE/dfResidual), Wh. */
  readonly sigma_wh: number;
  readonly yMean_wh: number;
  readonly r2: number;
  readonly adjustedR2: number;
  /** √(SSE/dfResidual)/ȳ, slopes and intercept deducted. */
  readonly cvRmse: number;
  readonly f: number | null;
  readonly fP: number | null;
  /** Lag-1 autocorrelation of the residuals over consecutive days, or months. */
  readonly autocorrelation: number;
  /** Tests of the US DOE Superior Energy Performance protocol. */
  readonly sep: { readonly valid: boolean; readonly findings: readonly Finding[] };
}

/** The column of a variable in a period; NaN where its data is unknown. Throws RangeError where the data is absent. */
export function variableColumn(definition: VariableDefinition, period: EnpiPeriod): Float64Array {
  const n = period.dates.length;
  if (definition.kind === 'given') {
    const column = period.given[definition.name];
    if (!column || column.length !== n)
      throw new RangeError(`The period has no full column of ${definition.name}`);
    return Float64Array.from(column);
  }
  if (definition.kind === 'monthLevel') return inMonth(definition.month, period, () => 1);
  if (definition.kind === 'timeOfWeek' || definition.kind === 'monthSlope') {
    const hours = hoursOf(period);
    if (definition.kind === 'timeOfWeek') return profileColumn(definition.segments, period.dates, hours);
    const { month, mean_c } = definition;
    return inMonth(month, period, (i) => dayMeanTemperature(hours[i] as DayHours) - mean_c);
  }
  const { temperature_c } = period;
  if (!temperature_c || temperature_c.length !== n)
    throw new RangeError('The period has no full column of outdoor temperature');
  const valueAt = temperatureTerm(definition);
  const column = new Float64Array(n);
  for (let i = 0; i < n; i++) column[i] = valueAt(temperature_c[i] as number);
  return column;
}

const monthOf = (date: LocalDate): number => Number(date.slice(5, 7));

function inMonth(month: number, { dates }: EnpiPeriod, valueAt: (i: number) => number): Float64Array {
  return Float64Array.from(dates, (date, i) => (monthOf(date) === month ? valueAt(i) : 0));
}

function hoursOf({ dates, hours }: EnpiPeriod): readonly DayHours[] {
  if (hours?.length !== dates.length) throw new RangeError('The period has no hours for each of its days');
  return hours;
}

/** Mean of the hours; NaN where one is unknown. */
export function dayMeanTemperature({ temperature_c }: DayHours): number {
  let sum = 0;
  for (let i = 0; i < temperature_c.length; i++) sum += temperature_c[i] as number;
  return sum / temperature_c.length;
}

/** What the hours of each day are expected to add up to; NaN where the month was not fitted or an hour is unknown. */
function profileColumn(
  segments: readonly CaltrackHourlySegment[],
  dates: readonly LocalDate[],
  hours: readonly DayHours[],
): Float64Array {
  const byMonth = new Map(segments.map((segment) => [segment.month, segment]));
  return Float64Array.from(dates, (date, i) => {
    const segment = byMonth.get(monthOf(date));
    if (!segment) return Number.NaN;
    const { hourOfWeek, temperature_c } = hours[i] as DayHours;
    let sum = 0;
    for (let h = 0; h < hourOfWeek.length; h++)
      sum += segmentExpected(segment, hourOfWeek[h] as number, temperature_c[h] as number);
    return sum;
  });
}

type OfDayTemperature = 'temperature' | 'heating' | 'cooling' | 'heatingPoint' | 'coolingPoint';

function temperatureTerm(
  definition: Extract<VariableDefinition, { readonly kind: OfDayTemperature }>,
): (mean_c: number) => number {
  switch (definition.kind) {
    case 'temperature':
      return (mean_c) => mean_c;
    case 'heating':
      return (mean_c) => heatingDegreeDay(definition.base_c, mean_c);
    case 'cooling':
      return (mean_c) => coolingDegreeDay(definition.base_c, mean_c);
    case 'heatingPoint':
      return (mean_c) => (Number.isNaN(mean_c) ? mean_c : mean_c < definition.base_c ? definition.slope : 0);
    case 'coolingPoint':
      return (mean_c) => (Number.isNaN(mean_c) ? mean_c : mean_c > definition.base_c ? -definition.slope : 0);
  }
}

/** One row of the design matrix per day, intercept first where there is one. */
export function designRows(model: EnbModel, period: EnpiPeriod): readonly Float64Array[] {
  const columns = model.variables.map((definition) => variableColumn(definition, period));
  const first = model.hasIntercept === false ? [] : [1];
  return period.dates.map((_, i) =>
    Float64Array.from([...first, ...columns.map((column) => column[i] as number)]),
  );
}

export function expectedOf(model: EnbModel, row: ArrayLike<number>): number {
  let sum = 0;
  model.coefficients.forEach(({ value }, k) => {
    sum += value * (row[k] as number);
  });
  return sum;
}

/** xᵀ(XᵀX)⁻¹x for a row, or for a sum of rows. */
export function leverage(model: EnbModel, row: ArrayLike<number>): number {
  let sum = 0;
  model.unscaledCovariance.forEach((line, r) => {
    line.forEach((value, c) => {
      sum += (row[r] as number) * value * (row[c] as number);
    });
  });
  return sum;
}

export interface ExpectedDay {
  readonly date: LocalDate;
  /** NaN where a variable is unknown. */
  readonly expected_wh: number;
  /** Half-width of the prediction band of this one day: t·σ·√(1 + xᵀ(XᵀX)⁻¹x). */
  readonly halfWidth_wh: number;
}

/** Expected energy of each day with its prediction band at a confidence between 0 and 1. */
export function expectedDays(
  model: EnbModel,
  period: EnpiPeriod,
  confidence: number,
): readonly ExpectedDay[] {
  const t = studentTwoSidedQuantile(confidence, model.dfResidual);
  return designRows(model, period).map((row, i) => ({
    date: period.dates[i] as LocalDate,
    expected_wh: expectedOf(model, row),
    halfWidth_wh: t * model.sigma_wh * Math.sqrt(1 + leverage(model, row)),
  }));
}

/**
 * Range test of the SEP protocol: the mean of each variable over the period the model is applied to must lie within
 * the range of the baseline, or within its mean ± 3 standard deviations. Returns the variables that fail.
 */
export function rangeTest(model: EnbModel, period: EnpiPeriod): readonly Finding[] {
  return model.variables.flatMap((definition, k) => {
    if (isTangent(definition)) return [];
    const range = model.ranges[k] as VariableRange;
    const column =
      definition.kind === 'timeOfWeek'
        ? Float64Array.from(hoursOf(period), dayMeanTemperature)
        : variableColumn(definition, period);
    const known = column.filter((value) => !Number.isNaN(value));
    if (known.length === 0)
      return [finding('variableUnknown', 'A variable has no value in the period', { name: definition.name })];
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    return isWithinRange(range, mean)
      ? []
      : [
          finding('outsideBaselineRange', 'The mean of a variable lies outside the range of the baseline', {
            ...range,
            periodMean: mean,
          }),
        ];
  });
}
