import {
  addDays,
  type DayHours,
  dayTemperatures,
  findMeasurand,
  type LocalDate,
  localDate,
  localMidnight_ms,
  type MeasurandName,
  measurandOf,
} from '@wattproof/energy';
import type { ClientBase } from 'pg';
import { instantText } from '../interval/time-range.ts';
import {
  type DailyData,
  type DayRow,
  dailyData,
  dayMean,
  type VariableDays,
  wholeSum,
} from './daily-data.ts';
import { dayHours } from './day-hours.ts';
import type { VariableRecord } from './performance-variable.ts';

/** Workers read the tables, the API the views that hold the organisation in scope. */
export type DayTable = 'store.interval_day' | 'public.interval_day';
type HourTable = 'store.interval_hour' | 'public.interval_hour';
const hoursOfTable = {
  'store.interval_day': 'store.interval_hour',
  'public.interval_day': 'public.interval_hour',
} as const;

/** Local days, or hours, with their start in [from, to) of several meters and measurands, in one statement. */
export async function readDays(
  client: ClientBase,
  table: DayTable | HourTable,
  keys: readonly { readonly meterId: number; readonly measurandId: number }[],
  range: { readonly from_ms: number; readonly to_ms: number },
): Promise<readonly (readonly DayRow[])[]> {
  const lists: DayRow[][] = keys.map(() => []);
  if (keys.length === 0) return lists;
  const { rows } = await client.query<
    Omit<DayRow, 'start_ms' | 'delta'> & { start: Date; delta: string | null; position: number }
  >(
    `SELECT w.n::int AS position, d.start, d.duration_s, d.delta::text, d.mean, d.n_measured, d.n_interpolated,
            d.n_estimated, d.n_manual, d.n_missing
     FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS w (meter_id, measurand, n)
     JOIN ${table} d ON d.meter_id = w.meter_id AND d.measurand = w.measurand
       AND d.start >= '${instantText(range.from_ms)}' AND d.start < '${instantText(range.to_ms)}'
     ORDER BY w.n, d.start`,
    [keys.map((key) => key.meterId), keys.map((key) => key.measurandId)],
  );
  for (const { start, delta, position, ...row } of rows)
    lists[position - 1]?.push({
      ...row,
      start_ms: start.getTime(),
      delta: delta === null ? null : Number(delta),
    });
  return lists;
}

export interface DailyQuery {
  readonly table: DayTable;
  readonly timeZone: string;
  readonly base_s: number;
  readonly meterIds: readonly number[];
  readonly measurand: string;
  readonly variables: readonly VariableRecord[];
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Whether the hours of each day are wanted beside it. */
  readonly withHours?: boolean;
}

/** Energy and relevant variables of a choice, day by day. */
export async function readDailyData(client: ClientBase, query: DailyQuery): Promise<DailyData> {
  const { timeZone, base_s, from, to } = query;
  const range = { from_ms: localMidnight_ms(timeZone, from), to_ms: localMidnight_ms(timeZone, to) };
  const metered = query.variables.filter(({ source }) => source === 'meter');
  const lists = await readDays(
    client,
    query.table,
    [
      ...query.meterIds.map((meterId) => ({
        meterId,
        measurandId: measurandOf(query.measurand as MeasurandName).id,
      })),
      ...metered.map(({ meterId, measurand }) => ({
        meterId: meterId as number,
        measurandId: measurandOf(measurand as MeasurandName).id,
      })),
    ],
    range,
  );
  const rowsOf = new Map(metered.map(({ id }, k) => [id, lists[query.meterIds.length + k] ?? []]));
  const variables: VariableDays[] = [];
  for (const variable of query.variables)
    variables.push({
      key: variable.key,
      quantity: variable.quantity,
      values: await valuesOf(client, variable, { ...query, range, rows: rowsOf.get(variable.id) ?? [] }),
    });
  const data = dailyData({
    timeZone,
    base_s,
    from,
    to,
    energy: lists.slice(0, query.meterIds.length),
    variables,
  });
  return query.withHours ? { ...data, hours: await readDayHours(client, query, range) } : data;
}

/** Hours of the meters and of the outdoor temperature; null where the temperature is kept by day or by month. */
async function readDayHours(
  client: ClientBase,
  query: DailyQuery,
  range: TimeRange,
): Promise<readonly DayHours[] | null> {
  const temperature = query.variables.find(({ quantity }) => quantity === 'temperature');
  if (!temperature || temperature.source === 'series') return null;
  const energy = query.meterIds.map((meterId) => ({
    meterId,
    measurandId: measurandOf(query.measurand as MeasurandName).id,
  }));
  const thermometer =
    temperature.source === 'meter'
      ? [
          {
            meterId: temperature.meterId as number,
            measurandId: measurandOf(temperature.measurand as MeasurandName).id,
          },
        ]
      : [];
  const lists = await readDays(client, hoursOfTable[query.table], [...energy, ...thermometer], range);
  const measured =
    temperature.source === 'meter'
      ? (lists[energy.length] ?? [])
          .map((row) => ({ at_ms: row.start_ms, temperature_c: dayMean(row, query.base_s) }))
          .filter(({ temperature_c }) => Number.isFinite(temperature_c))
      : await readWeatherHours(client, temperature.stationId as string, range);
  return dayHours({
    timeZone: query.timeZone,
    base_s: query.base_s,
    from: query.from,
    to: query.to,
    energy: lists.slice(0, energy.length),
    temperatures: measured,
  });
}

interface TimeRange {
  readonly from_ms: number;
  readonly to_ms: number;
}

type ValueQuery = Pick<DailyQuery, 'timeZone' | 'base_s' | 'from' | 'to'> & {
  readonly range: TimeRange;
  readonly rows: readonly DayRow[];
};

async function valuesOf(
  client: ClientBase,
  variable: VariableRecord,
  { timeZone, base_s, from, to, range, rows }: ValueQuery,
): Promise<ReadonlyMap<LocalDate, number>> {
  if (variable.source === 'meter') {
    const isCounter = findMeasurand(variable.measurand ?? '')?.kind === 'counter';
    const value = isCounter ? wholeSum : dayMean;
    return new Map(rows.map((row) => [localDate(timeZone, row.start_ms), value(row, base_s)]));
  }
  if (variable.source === 'station') {
    const days = dayTemperatures(
      timeZone,
      { from, to },
      await readWeatherHours(client, variable.stationId as string, range),
    );
    return new Map([...days].map(([date, { mean_c }]) => [date, mean_c]));
  }
  const known = await readLatestValues(client, variable.id, { from, to });
  return variable.granularity === 'day' ? known : daysOfMonths(known, variable.combine);
}

/** Half a day beyond either end, so that a gap over midnight is seen whole. */
const beyond_ms = 12 * 3_600_000;

export async function readWeatherHours(
  client: ClientBase,
  stationId: string,
  range: { readonly from_ms: number; readonly to_ms: number },
): Promise<{ readonly at_ms: number; readonly temperature_c: number }[]> {
  const { rows } = await client.query<{ at: Date; temperature_c: number }>(
    `SELECT at, temperature_c FROM weather_hour WHERE station_id = $1
       AND at >= '${instantText(range.from_ms - beyond_ms)}' AND at < '${instantText(range.to_ms + beyond_ms)}' ORDER BY at`,
    [stationId],
  );
  return rows.map(({ at, temperature_c }) => ({ at_ms: at.getTime(), temperature_c }));
}

/** The latest record of each date counts. Months are read from the first of the month that `from` lies in. */
async function readLatestValues(
  client: ClientBase,
  variableId: string,
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): Promise<Map<LocalDate, number>> {
  const { rows } = await client.query<{ date: string; value: number }>(
    `SELECT DISTINCT ON (on_date) on_date::text AS date, value FROM variable_value
     WHERE variable_id = $1 AND on_date >= date_trunc('month', $2::date) AND on_date < $3
     ORDER BY on_date, recorded_at DESC`,
    [variableId, from, to],
  );
  return new Map(rows.map(({ date, value }) => [date, value]));
}

/** A sum of a month is spread evenly over its days, a mean holds for each of them. */
export function daysOfMonths(
  months: ReadonlyMap<LocalDate, number>,
  combine: 'sum' | 'mean',
): Map<LocalDate, number> {
  const days = new Map<LocalDate, number>();
  for (const [first, value] of months) {
    const dates: LocalDate[] = [];
    for (let date = first; date.startsWith(first.slice(0, 7)); date = addDays(date, 1)) dates.push(date);
    for (const date of dates) days.set(date, combine === 'sum' ? value / dates.length : value);
  }
  return days;
}
