import {
  durationCurves,
  heatMap,
  meterStatistics,
  type Series,
  series as seriesContract,
  siteConsumption,
} from '@wattproof/contracts/api';
import { readReadingColumns } from '@wattproof/database/queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withinBudget } from '../src/series/series-columns.ts';
import { type Caller, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let operator: Caller;

beforeAll(async () => {
  api = await startApi();
  operator = await api.as(api.first, 'operator');
  await readingsOfADay();
});
afterAll(() => api?.close());

/** 2026-05-04, a reading each minute: three voltages, a partial counter of 60 Wh a minute that is reset at noon. */
async function readingsOfADay(): Promise<void> {
  await api.admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at,
       voltage_l1_n_v, voltage_l2_n_v, voltage_l3_n_v, active_energy_partial_wh)
     SELECT '2026-05-04T00:00:00Z'::timestamptz + i * interval '1 minute', $1, $2, CASE WHEN i = 700 THEN 4 ELSE 0 END, now(),
       230 + (i % 2), CASE WHEN i = 333 THEN 260 WHEN i = 700 THEN 999 ELSE 231 END, 232,
       CASE WHEN i < 720 THEN 1000000 + i * 60 ELSE (i - 720) * 60 END
     FROM generate_series(0, 1440) i`,
    [api.first.useMeterId, api.first.id],
  );
  await api.admin.query(
    `UPDATE store.latest SET values = values || jsonb_build_object(
       'voltage_l2_n_v', jsonb_build_array(231, (extract(epoch FROM now()) * 1000)::bigint - 60000),
       'active_energy_partial_wh', jsonb_build_array(43200, (extract(epoch FROM now()) * 1000)::bigint))
     WHERE meter_id = $1`,
    [api.first.useMeterId],
  );
  await api.admin.query(
    `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index)
     VALUES ($1, $2, 'reset', '2026-05-04T12:00:00Z', 'active_energy_partial_wh', 1043200, 0)`,
    [api.first.id, api.first.useMeterId],
  );
}

const day = 'from=2026-05-04T00:00:00Z&to=2026-05-05T00:00:00Z';
const read = async (query: string): Promise<Series> => {
  const answer = await operator(`GET /series?${query}`);
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  return seriesContract.parse(answer.json);
};

describe('series of what is kept only in readings', () => {
  it('are intervals by the same arithmetic, several measurands at once', async () => {
    const answer = await read(
      `meters=${api.first.useMeterId}&measurands=voltage_l1_n_v,voltage_l2_n_v,voltage_l3_n_v&${day}&resolution=hour`,
    );
    expect(answer.series.map((s) => [s.measurand, s.source, s.unit, s.start.length])).toEqual([
      ['voltage_l1_n_v', 'readings', 'V', 24],
      ['voltage_l2_n_v', 'readings', 'V', 24],
      ['voltage_l3_n_v', 'readings', 'V', 24],
    ]);
    const [l1, l2] = answer.series;
    expect(l1?.mean?.[3]).toBeCloseTo(230.5, 6);
    // The peak stays; the reading of quality `outOfRange` is unknown, not 999 V.
    expect(Math.max(...(l2?.max ?? []).map(Number))).toBe(260);
    expect(l1?.shares.measured).toBe(1);
    expect(answer.timeZone).toBe('Europe/Paris');
  });

  it('answer counters as differences over a reset, at every resolution and raw, to the same sum', async () => {
    for (const resolution of ['base', 'hour', 'day', 'raw']) {
      const whole = resolution === 'day' ? 'from=2026-05-03T22:00:00Z&to=2026-05-05T22:00:00Z' : day;
      const answer = await read(
        `meters=${api.first.useMeterId}&measurand=active_energy_partial_wh&${whole}&resolution=${resolution}`,
      );
      const [only] = answer.series;
      const sum = (only?.delta ?? []).reduce<number>((a, b) => a + (b ?? 0), 0);
      // Raw differences know no events: the step over the reset is missing, as is the minute before midnight's end.
      expect(sum, resolution).toBe(resolution === 'raw' ? 86_400 - 120 : 86_400);
    }
  });

  it.each(['hour', 'base'])('end with the last %s, however far one asks', async (resolution) => {
    const { series } = await read(
      `meters=${api.first.useMeterId}&measurands=voltage_l1_n_v,voltage_l2_n_v&from=2026-05-04T00:00:00Z&to=2026-05-07T00:00:00Z&resolution=${resolution}`,
    );
    for (const { start, duration_s, mean, quality } of series) {
      expect(start).toEqual([...start].sort());
      expect(start.at(-1)).toBe(
        resolution === 'hour' ? '2026-05-04T23:00:00.000Z' : '2026-05-04T23:45:00.000Z',
      );
      for (const column of [duration_s, mean, quality]) expect(column).toHaveLength(start.length);
    }
  });

  it('keep the peak in five thousand points of many readings', async () => {
    await api.admin.query(
      `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, current_n_a)
       SELECT '2026-06-01T00:00:00Z'::timestamptz + i * interval '5 seconds', $1, $2, 0, now(), CASE WHEN i = 77777 THEN 600 ELSE 1 END
       FROM generate_series(0, 120000) i`,
      [api.first.useMeterId, api.first.id],
    );
    const answer = await read(
      `meters=${api.first.useMeterId}&measurand=current_n_a&from=2026-06-01T00:00:00Z&to=2026-06-08T00:00:00Z&resolution=raw`,
    );
    const [only] = answer.series;
    expect(only?.start.length).toBeLessThanOrEqual(5_000);
    expect(Math.max(...(only?.max ?? []).map(Number))).toBe(600);
  });

  it('says which budget a request exceeds instead of taking minutes', async () => {
    const read = (values: number) =>
      withinBudget(
        api.resources.database.readOrganisation(api.first.id, (client) =>
          readReadingColumns(
            client,
            { organisationId: api.first.id, siteIds: null },
            {
              meterId: api.first.useMeterId,
              measurands: ['voltage_l1_n_v', 'voltage_l2_n_v'],
              from_ms: Date.parse('2026-05-04T00:00:00Z'),
              to_ms: Date.parse('2026-05-05T00:00:00Z'),
            },
            { values },
          ),
        ),
      );
    expect((await read(2 * 1_440)).count).toBe(1_440);
    await expect(read(2 * 1_440 - 1)).rejects.toMatchObject({ code: 'tooLarge' });
  });
});

describe('bad requests for series', () => {
  it.each([
    ['from=2026-05-05T00:00:00Z&to=2026-05-04T00:00:00Z', 422, /before/],
    ['from=2026-05-04T02:30:00&to=2026-05-05T00:00:00Z', 422, /from/],
    ['from=2026-02-30T00:00:00Z&to=2026-05-05T00:00:00Z', 422, /from/],
    ['from=1900-01-01T00:00:00Z&to=1900-01-02T00:00:00Z', 422, /1970/],
    [`${day}&measurand=nonsense`, 422, /measurand/],
    [`${day}&resolution=minute`, 422, /resolution/],
    [`${day}&points=9`, 422, /points/],
    ['from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&resolution=hour', 422, /points/],
  ])('%s', async (more, status, detail) => {
    const measurand = more.includes('measurand=') ? '' : '&measurand=active_power_w';
    const answer = await operator(`GET /series?meters=${api.first.mainMeterId}${measurand}&${more}`);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.json.detail).toMatch(detail);
  });

  it('names neither or both measurand and measurands, too many meters, and meters of others', async () => {
    const of = (query: string) => operator(`GET /series?${query}&${day}`);
    expect((await of('meters=1')).json.detail).toMatch(/either measurand or measurands/);
    expect((await of('meters=1&measurand=active_power_w&measurands=active_power_w')).status).toBe(422);
    const many = Array.from({ length: 21 }, (_, i) => i + 1).join();
    expect((await of(`meters=${many}&measurand=active_power_w`)).json.detail).toMatch(/at most 20/);
    for (const id of [api.second.mainMeterId, api.first.otherMeterId, 2_000_000_000])
      expect((await of(`meters=${id}&measurand=active_power_w`)).status).toBe(404);
  });
});

describe('heat map', () => {
  it('shows the day that was measured, in watts, and nothing where nothing was', async () => {
    const answer = await operator(
      `GET /series/heat-map?meter=${api.first.mainMeterId}&from=2026-03-01&to=2026-03-05`,
    );
    const map = heatMap.parse(answer.json);
    expect([map.unit, map.days.length, map.slots.length]).toEqual(['W', 4, 24]);
    // 10,000 Wh each quarter hour from midnight UTC, one o'clock in Paris.
    expect(map.values[1]?.slice(1)).toEqual(new Array(23).fill(40_000));
    expect(map.quality[0]?.every((q) => q === null)).toBe(true);
    expect(map.highest).toMatchObject({ value: 40_000 });
  });

  it('tells the hour that does not exist from a missing one', async () => {
    const map = heatMap.parse(
      (
        await operator(
          `GET /series/heat-map?meter=${api.first.mainMeterId}&from=2026-03-28&to=2026-03-31&slot=base`,
        )
      ).json,
    );
    expect(map.slots).toHaveLength(96);
    expect(map.clockChanges.map((c) => [c.day, c.slot, c.duration_s])).toEqual(
      ['02:00', '02:15', '02:30', '02:45'].map((slot) => ['2026-03-29', slot, 0]),
    );
  });

  it('refuses more than 400 days, reversed dates, days that do not exist and meters of others', async () => {
    const of = async (query: string, meter = api.first.mainMeterId) =>
      (await operator(`GET /series/heat-map?meter=${meter}&${query}`)).status;
    expect(await of('from=2025-01-01&to=2026-03-01')).toBe(422);
    expect(await of('from=2026-03-02&to=2026-03-02')).toBe(422);
    expect(await of('from=2026-02-29&to=2026-03-02')).toBe(422);
    expect(await of('from=2026-03-01&to=2026-03-02', api.second.mainMeterId)).toBe(404);
  });
});

describe('duration curve', () => {
  it('sorts the load of a day and says for how long', async () => {
    const answer = await operator(
      `GET /series/duration-curve?meters=${api.first.mainMeterId},${api.first.useMeterId}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&points=50`,
    );
    const { curves } = durationCurves.parse(answer.json);
    expect(curves.map((c) => [c.value.length, c.value[0], c.hours.at(-1), c.loadFactor, c.known_h])).toEqual([
      [50, 40_000, 24, 1, 24],
      [50, 16_000, 24, 1, 24],
    ]);
    const refused = await operator(
      `GET /series/duration-curve?meters=${api.first.mainMeterId}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z&points=1001`,
    );
    expect(refused.status).toBe(422);
  });
});

describe('statistics of a meter', () => {
  it('give last with age, extremes with their instant, the mean by time and what was counted', async () => {
    const answer = await operator(`GET /meters/${api.first.useMeterId}/statistics?${day}`);
    const found = meterStatistics.parse(answer.json);
    const of = (name: string) => found.measurands.find((m) => m.measurand === name);
    expect(found.readings).toBe(1_440);
    const voltage = of('voltage_l2_n_v');
    expect(voltage?.max).toEqual({ value: 260, at: '2026-05-04T05:33:00.000Z' });
    expect(voltage?.min?.value).toBe(231);
    expect(voltage?.mean).toBeCloseTo(231 + 29 / 1_440, 3);
    expect(voltage?.last?.age_s).toBeGreaterThan(59);
    expect(voltage?.shares.measured).toBeCloseTo(1, 2);
    expect(of('active_energy_partial_wh')?.delta).toBe(86_400);
    // Its own counter is kept as intervals; that day has none.
    expect(of('active_energy_import_wh')).toMatchObject({ source: 'intervals', delta: null });
  });

  it('end at the instants asked for, not at whole intervals', async () => {
    const answer = await operator(
      `GET /meters/${api.first.useMeterId}/statistics?from=2026-05-04T05:31:30Z&to=2026-05-04T05:36:30Z`,
    );
    const partial = meterStatistics
      .parse(answer.json)
      .measurands.find((m) => m.kind === 'counter' && m.source === 'readings');
    expect(partial?.delta).toBe(300);
  });

  it('refuses long stretches and other people’s meters', async () => {
    expect(
      (
        await operator(
          `GET /meters/${api.first.useMeterId}/statistics?from=2026-01-01T00:00:00Z&to=2026-05-04T00:00:00Z`,
        )
      ).status,
    ).toBe(422);
    expect((await operator(`GET /meters/${api.second.useMeterId}/statistics?${day}`)).status).toBe(404);
  });
});

describe('consumption of a site', () => {
  const read = async (query: string) => {
    const answer = await operator(`GET /sites/${api.first.siteId}/consumption?${query}`);
    expect(answer.status, answer.text).toBe(200);
    return siteConsumption.parse(answer.json);
  };

  it('is the same in parts and in all, with cost, share and the rest', async () => {
    for (const by of ['zone', 'use'] as const) {
      const found = await read(`by=${by}&from=2026-03-02&to=2026-03-04`);
      const [total] = found.totals;
      expect(total).toMatchObject({
        carrier: 'electricity',
        energy_wh: 960_000,
        cost: { amount: '96.00', currency: 'EUR' },
      });
      const [part, rest] = found.rows;
      expect([part?.energy_wh, part?.share, part?.cost?.amount]).toEqual([384_000, 0.4, '38.40']);
      expect([rest?.id, rest?.energy_wh, rest?.cost?.amount]).toEqual([null, 576_000, '57.60']);
      expect(part?.quality?.measured).toBe(1);
    }
  });

  it('adds hours up to days and days to months', async () => {
    const sum = (values: readonly (number | null)[] = []) => values.reduce<number>((a, b) => a + (b ?? 0), 0);
    for (const [resolution, periods] of [
      ['hour', 48],
      ['day', 2],
      ['month', 1],
    ] as const) {
      const found = await read(`by=circuit&from=2026-03-02&to=2026-03-04&resolution=${resolution}`);
      expect(found.start).toHaveLength(periods);
      expect(found.duration_s.reduce((a, b) => a + b, 0)).toBe(2 * 86_400);
      expect([sum(found.totals[0]?.values), sum(found.rows[0]?.values)]).toEqual([960_000, 384_000]);
      expect(found.rows[0]).toMatchObject({ name: 'Cold rooms', unit: 'Wh' });
    }
  });

  it('lists meters under the one above them and panels under their zone', async () => {
    const meters = await read('by=meter&from=2026-03-02&to=2026-03-04');
    expect(meters.rows.map((r) => [r.id, r.parentId])).toEqual([
      [String(api.first.mainMeterId), null],
      [String(api.first.useMeterId), String(api.first.mainMeterId)],
    ]);
    const panels = await read('by=panel&from=2026-03-02&to=2026-03-04');
    expect(panels.rows.map((r) => r.name)).toEqual(['TGBT']);
  });

  it('refuses stretches that are too long, reversed or of no calendar, and sites of others', async () => {
    const status = async (siteId: string, query: string) =>
      (await operator(`GET /sites/${siteId}/consumption?${query}`)).status;
    const { siteId, otherSiteId } = api.first;
    expect(await status(siteId, 'by=zone&from=2026-01-01&to=2026-03-01&resolution=hour')).toBe(422);
    expect(await status(siteId, 'by=zone&from=2026-03-04&to=2026-03-02')).toBe(422);
    expect(await status(siteId, 'by=zone&from=2026-02-29&to=2026-03-02')).toBe(422);
    expect(await status(siteId, 'by=floor&from=2026-03-02&to=2026-03-04')).toBe(422);
    expect(await status(otherSiteId, 'by=zone&from=2026-03-02&to=2026-03-04')).toBe(404);
    expect(await status(api.second.siteId, 'by=zone&from=2026-03-02&to=2026-03-04')).toBe(404);
  });
});
