import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dayTemperatures } from './weather-day.ts';
import { readWeatherFile } from './weather-file.ts';

test('ISD Lite: tenths of a degree from position 14, −9999 is missing', () => {
  const read = readWeatherFile(
    [
      '2026 01 05 00   -33   -72 10237   340    52     8     0 -9999',
      '2026 01 05 01 -9999 -9999 10237   340    52     8     0 -9999',
      '2026 01 05 02   124    72 10237   340    52     8     0 -9999',
    ].join('\n'),
    'isdLite',
  );
  expect(read).toMatchObject({ rows: 3, missing: 1, errors: [] });
  expect(read.hours).toEqual([
    { at_ms: Date.UTC(2026, 0, 5, 0), temperature_c: -3.3 },
    { at_ms: Date.UTC(2026, 0, 5, 2), temperature_c: 12.4 },
  ]);
});

test('ISD Lite as NOAA recorded it: four days of Jan Mayen, whose means awk prints as well', () => {
  const path = new URL('../fixtures/isd_lite/010010-99999-2017.txt', import.meta.url);
  const read = readWeatherFile(readFileSync(path, 'utf8'), 'isdLite');
  expect(read).toMatchObject({ rows: 96, missing: 0, errors: [] });
  const days = dayTemperatures('UTC', { from: '2017-01-01', to: '2017-01-05' }, read.hours);
  const tenths = { '2017-01-01': -1087, '2017-01-02': -803, '2017-01-03': -1061, '2017-01-04': -941 };
  for (const [date, sum] of Object.entries(tenths))
    expect(days.get(date)?.mean_c, date).toBeCloseTo(sum / 24 / 10, 12);
  expect(days.get('2017-01-04')).toMatchObject({ min_c: -6.3, max_c: 0.7 });
});

test('Meteostat: date, hour, temperature, with or without a head', () => {
  const lines =
    '2026-01-05,0,5.3,3.2,86.0,,,220.0,14.8,,1011.2,,7\n2026-01-05,1,,3.0,85.0,,,220.0,14.0,,1011.0,,7\n';
  const read = readWeatherFile(lines, 'meteostat');
  expect(read).toMatchObject({ rows: 2, missing: 1, errors: [] });
  expect(readWeatherFile(`date,hour,temp,dwpt\n${lines}`, 'meteostat').hours).toEqual(read.hours);
});

test('a table: offsets are asked for, decimal commas are read, each fault with its row', () => {
  const read = readWeatherFile(
    'time;temperature_c\n2026-01-05T01:00+01:00;4,5\n2026-01-05 02:00;5\n2026-01-05T03:00Z;401\n2026-01-05T00:20Z;9\n2026-01-05T05:00Z;warm\n',
    'csv',
  );
  expect(read.hours).toEqual([{ at_ms: Date.UTC(2026, 0, 5, 0), temperature_c: 4.5 }]);
  expect(read.errors.map(({ row, code }) => [row, code])).toEqual([
    [3, 'notATime'],
    [4, 'temperatureImplausible'],
    [5, 'timeTwice'],
    [6, 'notANumber'],
  ]);
  expect(readWeatherFile('when,temp\n', 'csv').errors.map(({ column }) => column)).toEqual([
    'time',
    'temperature_c',
  ]);
});
