/**
 * Time of week and temperature, hourly (CalTRACK 2.0, 3.7 to 3.11): one regression per calendar month on the hours of
 * that month (weight 1) and of its neighbours (½), with an effect for each of the 168 hours of the week and a broken
 * line of temperature that is another one for hours found to be occupied.
 */
import { localTime } from './calendar.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import { fitMoments, momentsOf } from './moment-fit.ts';
import { regress } from './regression.ts';
import { temperatureParts, usefulEndPoints } from './temperature-bin.ts';

export interface HourlyUsage {
  readonly start_ms: number;
  /** Energy of the hour; NaN where unknown. */
  readonly energy: number;
  /** Outdoor temperature; NaN where unknown. */
  readonly temperature: number;
}

export interface CaltrackHourlySettings {
  readonly heatingBalancePoint: number;
  readonly coolingBalancePoint: number;
  readonly endPoints: readonly number[];
  /** An hour of the week is occupied where more than this share of its hours lies above the degree-day model. */
  readonly occupiedShare: number;
  readonly leastInBin: number;
}

export const caltrackHourlyFahrenheit: CaltrackHourlySettings = {
  heatingBalancePoint: 50,
  coolingBalancePoint: 65,
  endPoints: [30, 45, 55, 65, 75, 90],
  occupiedShare: 0.65,
  leastInBin: 20,
};

const toCelsius = (f: number): number => (f - 32) / 1.8;

/** The same thresholds in °C. */
export const caltrackHourlyCelsius: CaltrackHourlySettings = {
  ...caltrackHourlyFahrenheit,
  heatingBalancePoint: toCelsius(caltrackHourlyFahrenheit.heatingBalancePoint),
  coolingBalancePoint: toCelsius(caltrackHourlyFahrenheit.coolingBalancePoint),
  endPoints: caltrackHourlyFahrenheit.endPoints.map(toCelsius),
};

export interface CaltrackHourlySegment {
  /** 1 to 12: the month it predicts. */
  readonly month: number;
  /** By hour of the week, Monday 0 h first; null where the hour never occurred. */
  readonly hourEffects: readonly (number | null)[];
  readonly occupied: readonly boolean[];
  readonly occupiedEndPoints: readonly number[];
  readonly unoccupiedEndPoints: readonly number[];
  readonly occupiedSlopes: readonly number[];
  readonly unoccupiedSlopes: readonly number[];
}

export interface CaltrackHourlyModel {
  readonly form: 'caltrackHourly';
  readonly formVersion: 1;
  readonly zone: string;
  readonly segments: readonly CaltrackHourlySegment[];
  readonly n: number;
}

/** An hour with its place in the local calendar: month 1 to 12, hour of the week from Monday 0 h. */
export interface PlacedHour extends HourlyUsage {
  readonly month: number;
  readonly hourOfWeek: number;
}

const hoursPerWeek = 168;

function positionOf(zone: string, at_ms: number): { readonly month: number; readonly hourOfWeek: number } {
  const local = localTime(zone, at_ms);
  return { month: local.month, hourOfWeek: (local.weekday - 1) * 24 + Math.floor(local.minute / 60) };
}

/** Own month 1, neighbours ½, others 0. */
export const monthWeight = (segment: number, month: number): number => {
  const distance = Math.min(Math.abs(segment - month), 12 - Math.abs(segment - month));
  return distance === 0 ? 1 : distance === 1 ? 0.5 : 0;
};

function occupiedHours(
  hours: readonly PlacedHour[],
  weights: Float64Array,
  settings: CaltrackHourlySettings,
): boolean[] {
  const columns = [
    hours.map(({ temperature }) => Math.max(temperature - settings.coolingBalancePoint, 0)),
    hours.map(({ temperature }) => Math.max(settings.heatingBalancePoint - temperature, 0)),
  ].filter((column) => column.some((value) => value !== column[0]));
  const moments = momentsOf(
    hours.map(({ energy }) => energy),
    columns,
    weights,
  );
  const fit = fitMoments(
    moments,
    columns.map((_, k) => k),
  );
  const [intercept = moments.yMean, ...slopes] = fit?.values ?? [];
  const above = new Array<number>(hoursPerWeek).fill(0);
  const all = new Array<number>(hoursPerWeek).fill(0);
  hours.forEach(({ energy, hourOfWeek }, i) => {
    const expected = slopes.reduce((sum, slope, k) => sum + slope * (columns[k]?.[i] as number), intercept);
    all[hourOfWeek] = (all[hourOfWeek] as number) + 1;
    if (energy > expected) above[hourOfWeek] = (above[hourOfWeek] as number) + 1;
  });
  return above.map((count, hour) => count > settings.occupiedShare * (all[hour] as number));
}

/** Weighted means of columns over each hour of the week. */
function hourMeans(
  hours: readonly PlacedHour[],
  weights: Float64Array,
  values: ArrayLike<number>,
): Float64Array {
  const sum = new Float64Array(hoursPerWeek);
  const weight = new Float64Array(hoursPerWeek);
  hours.forEach(({ hourOfWeek }, i) => {
    sum[hourOfWeek] = (sum[hourOfWeek] as number) + (weights[i] as number) * (values[i] as number);
    weight[hourOfWeek] = (weight[hourOfWeek] as number) + (weights[i] as number);
  });
  return sum.map((value, hour) => value / (weight[hour] as number));
}

/** Effects of the hours are taken out first (Frisch and Waugh), which leaves a regression on the few temperature parts. */
function fitSegment(
  month: number,
  all: readonly PlacedHour[],
  settings: CaltrackHourlySettings,
): CaltrackHourlySegment | Finding {
  const hours = all.filter((hour) => monthWeight(month, hour.month) > 0);
  const weights = Float64Array.from(hours, (hour) => monthWeight(month, hour.month));
  if (hours.length < hoursPerWeek)
    return finding('tooFewPoints', 'Too few hours to fit a month', { month, n: hours.length });
  const occupied = occupiedHours(hours, weights, settings);
  const isOccupied = ({ hourOfWeek }: PlacedHour): boolean => occupied[hourOfWeek] === true;
  const endPointsOf = (wanted: boolean): readonly number[] =>
    usefulEndPoints(
      hours.filter((hour) => isOccupied(hour) === wanted).map(({ temperature }) => temperature),
      settings.endPoints,
      settings.leastInBin,
    );
  const occupiedEndPoints = endPointsOf(true);
  const unoccupiedEndPoints = endPointsOf(false);
  const group = (wanted: boolean, endPoints: readonly number[]) => {
    if (!hours.some((hour) => isOccupied(hour) === wanted)) return [];
    return Array.from({ length: endPoints.length + 1 }, (_, bin) => ({
      name: `${wanted ? 'occupied' : 'unoccupied'}${bin}`,
      values: Float64Array.from(hours, (hour) =>
        isOccupied(hour) === wanted ? (temperatureParts(hour.temperature, endPoints)[bin] as number) : 0,
      ),
    }));
  };
  const occupiedColumns = group(true, occupiedEndPoints);
  const columns = [...occupiedColumns, ...group(false, unoccupiedEndPoints)];
  const energy = Float64Array.from(hours, (hour) => hour.energy);
  const within = (values: Float64Array): Float64Array => {
    const means = hourMeans(hours, weights, values);
    return values.map((value, i) => value - (means[hours[i]?.hourOfWeek as number] as number));
  };
  const fit = regress({
    y: within(energy),
    variables: columns.map(({ name, values }) => ({ name, values: within(values) })),
    intercept: false,
    weights,
    ordinal: hours.map(({ start_ms }) => start_ms),
  });
  if (!fit.ok)
    return fit.disqualifications[0] ?? finding('collinear', 'The month cannot be fitted', { month });
  const slopes = fit.coefficients.map(({ value }) => value);
  const rest = energy.map((value, i) =>
    slopes.reduce((sum, slope, k) => sum - slope * (columns[k]?.values[i] as number), value),
  );
  return {
    month,
    hourEffects: Array.from(hourMeans(hours, weights, rest), (value) => (Number.isNaN(value) ? null : value)),
    occupied,
    occupiedEndPoints,
    unoccupiedEndPoints,
    occupiedSlopes: slopes.slice(0, occupiedColumns.length),
    unoccupiedSlopes: slopes.slice(occupiedColumns.length),
  };
}

/** Fits every month whose hours, with its neighbours', are known. Hours ascending, energy and temperature known. */
export function fitHourSegments(
  hours: readonly PlacedHour[],
  settings: CaltrackHourlySettings,
): { readonly segments: readonly CaltrackHourlySegment[]; readonly refused: readonly Finding[] } {
  const segments: CaltrackHourlySegment[] = [];
  const refused: Finding[] = [];
  for (let month = 1; month <= 12; month++) {
    const segment = fitSegment(month, hours, settings);
    if ('code' in segment) refused.push(segment);
    else segments.push(segment);
  }
  return { segments, refused };
}

/** The model of hours that lie in a zone. */
export function fitCaltrackHourly(
  usage: readonly HourlyUsage[],
  zone: string,
  settings: CaltrackHourlySettings,
):
  | { readonly ok: true; readonly model: CaltrackHourlyModel; readonly warnings: readonly Finding[] }
  | Disqualified {
  const hours = usage
    .filter(({ energy, temperature }) => Number.isFinite(energy) && Number.isFinite(temperature))
    .sort((a, b) => a.start_ms - b.start_ms)
    .map((hour): PlacedHour => ({ ...hour, ...positionOf(zone, hour.start_ms) }));
  const { segments, refused } = fitHourSegments(hours, settings);
  return segments.length === 0
    ? { ok: false, disqualifications: refused }
    : {
        ok: true,
        model: { form: 'caltrackHourly', formVersion: 1, zone, segments, n: hours.length },
        warnings: refused,
      };
}

/** Energy that a segment expects of an hour of its month; NaN where the hour of the week never occurred or the temperature is unknown. */
export function segmentExpected(
  segment: CaltrackHourlySegment,
  hourOfWeek: number,
  temperature: number,
): number {
  const effect = segment.hourEffects[hourOfWeek];
  if (effect === null || effect === undefined || !Number.isFinite(temperature)) return Number.NaN;
  const isOccupied = segment.occupied[hourOfWeek];
  const slopes = isOccupied ? segment.occupiedSlopes : segment.unoccupiedSlopes;
  const parts = temperatureParts(
    temperature,
    isOccupied ? segment.occupiedEndPoints : segment.unoccupiedEndPoints,
  );
  return parts.reduce((sum, part, k) => sum + part * (slopes[k] ?? 0), effect);
}

/** Energy that the model expects of an hour; NaN where the month, the hour of the week or the temperature is unknown. */
export function caltrackHourlyExpected(
  model: CaltrackHourlyModel,
  at_ms: number,
  temperature: number,
): number {
  const { month, hourOfWeek } = positionOf(model.zone, at_ms);
  const segment = model.segments.find((candidate) => candidate.month === month);
  return segment ? segmentExpected(segment, hourOfWeek, temperature) : Number.NaN;
}
