import { type Series, series as seriesContract } from '@wattproof/contracts/api';
import { measurandOf } from '@wattproof/energy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let operator: Caller;

beforeAll(async () => {
  api = await startApi();
  operator = await api.as(api.first, 'operator');
  await keepIntervals();
});
afterAll(() => api?.close());

/** April 2024 and after, in Paris: every class of hours, days around no clock change, values that are not known. */
async function keepIntervals(): Promise<void> {
  for (const [tier, step, count] of [
    ['hour', '1 hour', 24 * 40],
    ['day', '1 day', 400],
    ['month', '1 month', 14],
  ])
    for (const [id, value] of [
      [measurandOf('active_energy_import_wh').id, 'delta'],
      [measurandOf('active_power_w').id, 'mean'],
    ])
      await api.admin.query(
        `INSERT INTO store.interval_${tier} (start, meter_id, organisation_id, measurand, duration_s, delta, mean, min, max,
           n_measured, n_interpolated, n_estimated, n_manual, n_missing)
         SELECT at, $1, $2, $3, extract(epoch FROM next - at), ${value === 'delta' ? 'known::bigint * 1000, NULL::float8, NULL::float8, NULL::float8' : 'NULL::bigint, known / 7.0, known / 9.0, known * 1e20'},
           (i % 5 < 2)::int * 3, (i % 7 = 1)::int, (i % 11 = 2)::int, (i % 13 = 3)::int, (i % 5 = 4)::int
         FROM (SELECT i, CASE WHEN i % 5 <> 4 THEN i END AS known,
             ('2024-04-01'::timestamp + i * $4::interval) AT TIME ZONE 'Europe/Paris' AS at,
             ('2024-04-01'::timestamp + (i + 1) * $4::interval) AT TIME ZONE 'Europe/Paris' AS next
           FROM generate_series(0, $5::int - 1) i) t`,
        [api.first.mainMeterId, api.first.id, id, step, count],
      );
  // An hour that is not there at all, in May.
  await api.admin.query(
    `DELETE FROM store.interval_hour WHERE meter_id = $1 AND start = '2024-05-05T10:00:00Z'`,
    [api.first.mainMeterId],
  );
}

const read = async (query: string, caller = operator): Promise<Series> => {
  const answer = await caller(`GET /series?${query}`);
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  return seriesContract.parse(answer.json);
};
const energy = 'active_energy_import_wh';
const power = 'active_power_w';

describe('the text of kept series', () => {
  it.each([
    ['hours of every class', 'from=2024-04-01T00:00:00Z&to=2024-05-01T00:00:00Z&resolution=hour'],
    ['hours in local time', 'from=2024-04-03T22:00:00Z&to=2024-04-20T22:00:00Z&resolution=hour'],
    ['days across both clock changes', 'from=2024-04-01T00:00:00Z&to=2025-05-01T00:00:00Z&resolution=day'],
    ['months', 'from=2024-03-31T22:00:00Z&to=2025-05-01T00:00:00Z&resolution=month'],
    ['base intervals', 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&resolution=auto'],
    [
      'hours with one missing between them',
      'from=2024-05-01T00:00:00Z&to=2024-05-08T00:00:00Z&resolution=hour',
    ],
    ['nothing at all', 'from=2020-05-01T00:00:00Z&to=2020-05-08T00:00:00Z&resolution=hour'],
  ])('says what the columns say: %s', async (_, range) => {
    const meters = `meters=${api.first.mainMeterId},${api.first.totalMeterId}`;
    // Both kinds of measurands at once are read as columns.
    const columns = await read(`${meters}&measurands=${energy},${power}&${range}`);
    const counter = await read(`${meters}&measurand=${energy}&${range}`);
    const gauge = await read(`${meters}&measurand=${power}&${range}`);
    expect({ ...counter, series: [] }).toEqual({ ...columns, series: [] });
    expect(counter.series).toEqual(columns.series.filter((s) => s.measurand === energy));
    expect(gauge.series).toEqual(columns.series.filter((s) => s.measurand === power));
  });

  it('is asked for in the order of the meters, and only by who may see them', async () => {
    const range = `measurand=${energy}&from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z&resolution=hour`;
    const { first, second } = api;
    const answer = await read(`meters=${first.totalMeterId},${first.mainMeterId}&${range}`);
    expect(answer.series.map((s) => s.meterId)).toEqual([first.totalMeterId, first.mainMeterId]);
    expect(answer.series[0]?.delta?.slice(0, 2)).toEqual([40_000, 40_000]);
    const foreign = await operator(`GET /series?meters=${first.mainMeterId},${second.mainMeterId}&${range}`);
    expect([foreign.status, foreign.json.detail]).toEqual([404, `There is no meter ${second.mainMeterId}`]);
    // The operator's membership covers the first site only.
    expect((await operator(`GET /series?meters=${first.otherMeterId}&${range}`)).status).toBe(404);
  });
});
