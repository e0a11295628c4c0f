/**
 * Hourly temperatures out of files, each by its row. Two open providers' layouts and a plain table:
 *
 *   isdLite    NOAA Integrated Surface Database Lite: columns of fixed width, UTC, tenths of °C from position 14 to 19,
 *              −9999 for missing (ftp.ncei.noaa.gov, isd-lite-format)
 *   meteostat  hourly bulk files: date, hour (UTC), temperature in °C, further columns; empty for missing
 *   csv        columns `time` (ISO 8601 with its offset) and `temperature_c`
 *
 * The layouts are read as their providers publish them. ISD Lite was tried on a recorded file (fixtures/isd_lite), Meteostat
 * on lines written by its description only.
 *
 * The file is taken as a whole or not at all: a row that cannot be read is an error, a missing value is not.
 */
import type { HourTemperature } from './weather-day.ts';

export const weatherFormats = ['csv', 'isdLite', 'meteostat'] as const;
export type WeatherFileFormat = (typeof weatherFormats)[number];

export interface WeatherFileError {
  /** As an editor counts: 1 is the first line. */
  readonly row: number;
  readonly column: string;
  readonly code:
    | 'columnMissing'
    | 'lineNotReadable'
    | 'notATime'
    | 'notANumber'
    | 'timeTwice'
    | 'temperatureImplausible';
  readonly message: string;
}

export interface WeatherFile {
  readonly rows: number;
  readonly hours: readonly HourTemperature[];
  /** Rows that say that the temperature is missing. */
  readonly missing: number;
  readonly errors: readonly WeatherFileError[];
}

/** Coldest and hottest air ever measured at the ground, with room. */
const plausible_c = { least: -95, greatest: 62 } as const;
const hour_ms = 3_600_000;

type Line = { readonly at_ms: number; readonly temperature_c: number | null } | Omit<WeatherFileError, 'row'>;

const unreadable = (message: string): Line => ({ column: '', code: 'lineNotReadable', message });

function instantOf(year: number, month: number, day: number, hour: number): number | null {
  const at_ms = Date.UTC(year, month - 1, day, hour);
  const at = new Date(at_ms);
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour >= 0 && hour < 24 ? at_ms : null;
}

function isdLine(text: string): Line {
  const found = /^(\d{4}) (\d{2}) (\d{2}) (\d{2})\s*(-?\d+)(\s|$)/.exec(text);
  if (!found) return unreadable('The line is not in the layout of ISD Lite');
  const [year = 0, month = 0, day = 0, hour = 0, tenths = 0] = found.slice(1, 6).map(Number);
  const at_ms = instantOf(year, month, day, hour);
  if (at_ms === null) return { column: 'time', code: 'notATime', message: `${text.slice(0, 13)} is no hour` };
  return { at_ms, temperature_c: tenths === -9999 ? null : tenths / 10 };
}

function meteostatLine(text: string): Line {
  const [date = '', hour = '', temperature] = text.split(',').map((cell) => cell.trim());
  if (temperature === undefined) return unreadable('The line is not in the layout of Meteostat');
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const [year = 0, month = 0, day = 0] = found ? found.slice(1).map(Number) : [];
  const at_ms = found && /^\d{1,2}$/.test(hour) ? instantOf(year, month, day, Number(hour)) : null;
  if (at_ms === null) return { column: 'time', code: 'notATime', message: `"${date} ${hour}" is no hour` };
  return numbered(at_ms, temperature);
}

function numbered(at_ms: number, text: string): Line {
  if (text === '') return { at_ms, temperature_c: null };
  const value = Number(text);
  return Number.isFinite(value)
    ? { at_ms, temperature_c: value }
    : { column: 'temperature_c', code: 'notANumber', message: `"${text}" is no number` };
}

/** A time without its offset is refused: nobody could tell which of two hours of autumn it is. */
const isoTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

function csvReader(head: string): ((text: string) => Line) | readonly string[] {
  const delimiter = [',', ';', '\t'].reduce((best, d) =>
    head.split(d).length > head.split(best).length ? d : best,
  );
  const names = head.split(delimiter).map((cell) => cell.trim().toLowerCase());
  const places = { time: names.indexOf('time'), temperature: names.indexOf('temperature_c') };
  const missing = [
    ...(places.time < 0 ? ['time'] : []),
    ...(places.temperature < 0 ? ['temperature_c'] : []),
  ];
  if (missing.length > 0) return missing;
  return (text) => {
    const cells = text.split(delimiter).map((cell) => cell.trim());
    const time = cells[places.time] ?? '';
    const at_ms = isoTime.test(time) ? Date.parse(time.replace(' ', 'T')) : Number.NaN;
    if (Number.isNaN(at_ms))
      return {
        column: 'time',
        code: 'notATime',
        message: `"${time}" is no time with its offset (2026-03-01T14:00+01:00)`,
      };
    const value = cells[places.temperature] ?? '';
    return numbered(at_ms, delimiter === ',' ? value : value.replace(',', '.'));
  };
}

/** Reads a file; times within an hour stand for the hour they lie in. */
export function readWeatherFile(text: string, format: WeatherFileFormat): WeatherFile {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  let read = format === 'isdLite' ? isdLine : meteostatLine;
  let first = 0;
  if (format === 'csv') {
    const reader = csvReader(lines[0] ?? '');
    if (typeof reader !== 'function')
      return {
        rows: 0,
        hours: [],
        missing: 0,
        errors: reader.map((column) => ({
          row: 1,
          column,
          code: 'columnMissing' as const,
          message: `The head has no column ${column}`,
        })),
      };
    read = reader;
    first = 1;
  } else if (format === 'meteostat' && /^(date|year)\b/i.test(lines[0] ?? '')) first = 1;
  const errors: WeatherFileError[] = [];
  const byHour = new Map<number, { readonly temperature_c: number; readonly row: number }>();
  let rows = 0;
  let missing = 0;
  for (let i = first; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === '') continue;
    rows++;
    const row = i + 1;
    const found = read(line);
    if ('code' in found) {
      errors.push({ row, ...found });
      continue;
    }
    const { temperature_c } = found;
    if (temperature_c === null) {
      missing++;
      continue;
    }
    if (temperature_c < plausible_c.least || temperature_c > plausible_c.greatest) {
      errors.push({
        row,
        column: 'temperature_c',
        code: 'temperatureImplausible',
        message: `${temperature_c} °C was never measured: another unit?`,
      });
      continue;
    }
    const at_ms = Math.floor(found.at_ms / hour_ms) * hour_ms;
    const before = byHour.get(at_ms);
    if (before && before.temperature_c !== temperature_c)
      errors.push({
        row,
        column: 'time',
        code: 'timeTwice',
        message: `${new Date(at_ms).toISOString()} stands in row ${before.row} with another value`,
      });
    else byHour.set(at_ms, { temperature_c, row });
  }
  return {
    rows,
    missing,
    errors,
    hours: [...byHour]
      .map(([at_ms, { temperature_c }]) => ({ at_ms, temperature_c }))
      .sort((a, b) => a.at_ms - b.at_ms),
  };
}
