import { enpiDetail, portfolio, siteLoad, siteOverview, siteUses } from '@wattproof/contracts/api';
import type { StoredPerformance } from '@wattproof/database';
import {
  addDays,
  baseInterval_ms,
  fitExpectedLoad,
  localDate,
  localMidnight_ms,
  measurandOf,
} from '@wattproof/energy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

const zone = 'Europe/Paris';
const energyId = measurandOf('active_energy_import_wh').id;
/** What the site uses in the history of its model: 40 kW, ± 1 kW from week to week. */
const usual_w = 40_000;

let api: TestApi;
let now_ms: number;

beforeAll(async () => {
  api = await startApi();
  now_ms = Date.now();
  await storeExpectedLoad();
  await storePerformance();
});
afterAll(() => api?.close());

async function storeExpectedLoad(): Promise<void> {
  const first_ms = Math.floor(now_ms / baseInterval_ms) * baseInterval_ms - 42 * 86_400_000;
  const start_ms = Array.from({ length: 42 * 96 }, (_, i) => first_ms + i * baseInterval_ms);
  const energy_wh = start_ms.map((_, i) => (usual_w + 1_000 * Math.sin(i * 7.3)) / 4);
  const fitted = fitExpectedLoad(zone, { start_ms, energy_wh });
  if (!fitted.ok) throw new Error('the history of the test does not fit');
  await api.admin.query(
    'INSERT INTO expected_load (meter_id, organisation_id, model, computed_at) VALUES ($1, $2, $3, now())',
    [api.first.totalMeterId, api.first.id, JSON.stringify(fitted.model)],
  );
}

/** Base intervals of the site's total from `from_ms` to now at a constant power. */
async function storeLoad(from_ms: number, power_w: number): Promise<void> {
  await api.admin.query(
    `INSERT INTO store.interval (start, meter_id, organisation_id, measurand, quality, duration_s, delta)
     SELECT t, $2, $3, $4, 0, 900, $5 FROM generate_series($1::timestamptz, $6::timestamptz - interval '15 minutes', interval '15 minutes') t
     ON CONFLICT (meter_id, measurand, start) DO UPDATE SET delta = excluded.delta`,
    [
      new Date(from_ms),
      api.first.totalMeterId,
      api.first.id,
      energyId,
      power_w / 4,
      new Date(Math.floor(now_ms / baseInterval_ms) * baseInterval_ms),
    ],
  );
}

async function storePower(power_w: number): Promise<void> {
  await api.admin.query('UPDATE store.latest SET at = now(), values = $2 WHERE meter_id = $1', [
    api.first.mainMeterId,
    JSON.stringify({ active_power_w: [power_w, Date.now()] }),
  ]);
}

async function storePerformance(): Promise<void> {
  const month = localDate(zone, now_ms).slice(0, 7);
  const uncertain = (value: number, halfWidth: number) => ({ value, halfWidth, confidence: 0.95 });
  const quality = { measured: 1, interpolated: 0, estimated: 0, manual: 0, missing: 0 };
  const statistics = {
    n: 360,
    r2: 0.9,
    adjustedR2: 0.89,
    cvRmse: 0.05,
    autocorrelation: 0.2,
    effectiveN: 240,
  };
  const result: StoredPerformance = {
    reportingTo: `${month}-15`,
    savings: {
      from: `${month}-01`,
      to: `${month}-15`,
      knownDays: 14,
      days: 14,
      actual_wh: 940,
      expected_wh: 1_000,
      share: uncertain(-0.06, 0.03),
      energy_wh: uncertain(-60, 30),
      cost: { amount: '-6.00', currency: 'EUR' },
      modelHalfWidth: 0.025,
      meteringHalfWidth: 0.01,
      verdict: 'saving',
    },
    months: [{ month, actual_wh: 940, expected_wh: 1_000, halfWidth_wh: 30, quality }],
    days: [
      {
        date: `${month}-01`,
        phase: 'reporting',
        actual_wh: 67,
        expected_wh: 71,
        temperature_c: 4.5,
        production_g: 1_000,
        cusum_wh: -4,
        cusumBand_wh: 6,
      },
    ],
    findings: [],
    performance: {
      methods: [],
      rollingYear: [],
      yearToDate: [],
      changes: [],
      targets: [],
      adjustments: [],
    },
  };
  const model = {
    ranges: [],
    variables: [
      { kind: 'given', name: 'production_g' },
      { kind: 'heating', name: 'hdd', base_c: 16 },
    ],
    coefficients: [
      { name: 'intercept', value: 50, standardError: 5, p: 0.001 },
      { name: 'production_g', value: 0.2, standardError: 0.01, p: null },
      { name: 'hdd', value: 3, standardError: 0.3, p: 0.002 },
    ],
  };
  const { rows } = await api.admin.query(
    `INSERT INTO enb (organisation_id, enpi_id, version, model, candidates, findings, input_sha256, computed_at)
     VALUES ($1, $2, 1, $3, $4, '[]', 'x', now()) RETURNING id`,
    [
      api.first.id,
      api.first.enpiId,
      JSON.stringify(model),
      JSON.stringify([
        {
          rank: 1,
          variables: ['production_g', 'hdd(16)'],
          statistics,
          deltaBic: 0,
          inUse: true,
          refused: [],
        },
      ]),
    ],
  );
  await api.admin.query(
    `INSERT INTO enpi_result (enpi_id, organisation_id, enb_id, reporting_to, savings, months, days, findings, computed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', now())`,
    [
      api.first.enpiId,
      api.first.id,
      rows[0].id,
      result.reportingTo,
      JSON.stringify(result.savings),
      JSON.stringify(result.months),
      JSON.stringify(result.days),
    ],
  );
}

describe('overview of a site', () => {
  it('says that the load is inside its band, and since when it is not', async () => {
    const operator = await api.as(api.first, 'operator');
    const read = async () =>
      siteOverview.parse((await operator(`GET /sites/${api.first.siteId}/overview`)).json);
    await storeLoad(now_ms - 30 * 3_600_000, usual_w);
    await storePower(usual_w);
    const calm = await read();
    expect(calm.power?.expected?.value_w).toBeCloseTo(usual_w, -3);
    expect(calm.deviation).toBeNull();
    const since_ms = Math.floor(now_ms / baseInterval_ms) * baseInterval_ms - 3 * 3_600_000;
    await storeLoad(since_ms, 60_000);
    await storePower(60_000);
    const high = await read();
    expect(high.deviation?.value_w).toBeCloseTo(20_000, -3);
    expect(Date.parse(high.deviation?.since ?? '')).toBe(since_ms);
    await storePower(10_000);
    const low = await read();
    expect(low.deviation?.value_w).toBeCloseTo(-30_000, -3);
  });

  it('prices what was used so far by the day, and sets it against the baseline', async () => {
    const today_ms = localMidnight_ms(zone, localDate(zone, now_ms));
    await api.admin.query(
      `INSERT INTO store.interval_day (start, meter_id, organisation_id, measurand, duration_s, delta,
         n_measured, n_interpolated, n_estimated, n_manual, n_missing)
       VALUES ($1, $2, $3, $4, 86400, 250000, 40, 8, 0, 0, 2)`,
      [new Date(today_ms), api.first.totalMeterId, api.first.id, energyId],
    );
    const operator = await api.as(api.first, 'operator');
    const { soFar } = siteOverview.parse((await operator(`GET /sites/${api.first.siteId}/overview`)).json);
    const [today, month, year] = soFar;
    expect(today).toMatchObject({
      period: 'today',
      carriers: [{ carrier: 'electricity', energy_wh: 250_000, cost: { amount: '25.00', currency: 'EUR' } }],
      cost: { amount: '25.00' },
      againstBaseline: null,
      quality: { measured: 0.8, interpolated: 0.16, missing: 0.04 },
    });
    expect(month?.againstBaseline).toEqual({ value: -0.06, halfWidth: 0.03, confidence: 0.95 });
    // 2026 has the fixture's day in March as well: 960 kWh.
    const march_wh = localDate(zone, now_ms).startsWith('2026') ? 960_000 : 0;
    expect(year?.carriers[0]?.energy_wh).toBe(250_000 + march_wh);
  });

  it('draws the day with its band, gaps as gaps', async () => {
    const operator = await api.as(api.first, 'operator');
    // Shortly after midnight the newest intervals are yesterday's.
    const date = localDate(zone, now_ms - 3_600_000);
    const load = siteLoad.parse((await operator(`GET /sites/${api.first.siteId}/load?date=${date}`)).json);
    expect(load.bandMethod).toBe('timeOfWeekTemperature');
    expect(load.band).toHaveLength(load.points.length);
    expect(load.points.some((p) => p.mean_w === 60_000)).toBe(true);
    const march = siteLoad.parse(
      (await operator(`GET /sites/${api.first.siteId}/load?date=2026-03-02`)).json,
    );
    expect(march.points.slice(0, 4).map((p) => p.mean_w)).toEqual([null, null, null, null]);
    expect(march.points.slice(4).every((p) => p.mean_w === 40_000 && p.quality === 'measured')).toBe(true);
    expect(march.lines).toEqual([
      {
        name: 'Line 1',
        runs: [{ from: '2026-03-02T00:00:00.000Z', to: '2026-03-02T23:00:00.000Z', quality: 'measured' }],
      },
    ]);
  });
});

describe('uses of a site', () => {
  it('add up to the total, with a rest that no meter explains', async () => {
    const operator = await api.as(api.first, 'operator');
    const { rows, totals } = (
      await operator(`GET /sites/${api.first.siteId}/uses?from=2026-03-01&to=2026-03-10`)
    ).json;
    expect(totals).toMatchObject([{ carrier: 'electricity', energy_wh: 960_000, cost: { amount: '96.00' } }]);
    expect(rows).toMatchObject([
      {
        use: 'refrigeration',
        energy_wh: 384_000,
        share: 0.4,
        cost: { amount: '38.40' },
        meterIds: [api.first.useMeterId],
      },
      { use: null, energy_wh: 576_000, share: 0.6, cost: { amount: '57.60' } },
    ]);
  });

  it('of a day that has not begun are not known, and not missing', async () => {
    const operator = await api.as(api.first, 'operator');
    const [from, to] = [1, 2].map((days) => addDays(localDate(zone, now_ms), days));
    const { rows, totals } = siteUses.parse(
      (await operator(`GET /sites/${api.first.siteId}/uses?from=${from}&to=${to}`)).json,
    );
    expect(totals).toMatchObject([{ energy_wh: null, cost: null, quality: null }]);
    expect(rows.map((r) => [r.energy_wh, r.quality])).toEqual(rows.map(() => [null, null]));
  });
});

describe('performance', () => {
  it('shows the baseline in force, its result and its uncertainty', async () => {
    const auditor = await api.as(api.first, 'auditor');
    const detail = enpiDetail.parse((await auditor(`GET /enpis/${api.first.enpiId}`)).json);
    expect(detail).toMatchObject({
      baseline: { version: 1 },
      savings: { share: { value: -0.06, halfWidth: 0.03 }, verdict: 'saving' },
      model: { heatingBase_c: 16, coolingBase_c: null, statistics: { n: 360 } },
    });
    expect(detail.model?.terms.map(({ variable, unit, t }) => [variable, unit, t])).toEqual([
      ['intercept', 'Wh', 10],
      ['production_g', 'Wh/g', 20],
      ['hdd', 'Wh/(K·d)', 10],
    ]);
    const shown = portfolio.parse((await auditor('GET /portfolio')).json);
    expect(shown.legalEntities[0]?.sites.find((s) => s.id === api.first.siteId)).toMatchObject({
      savings: { value: -0.06 },
      savingsVerdict: 'saving',
      gateways: 1,
      gatewaysOnline: 1,
      openAlarms: 1,
    });
  });
});

describe('series', () => {
  it('are the same energy in every tier', async () => {
    const operator = await api.as(api.first, 'operator');
    const sums: number[] = [];
    for (const resolution of ['base', 'hour', 'day']) {
      const answer = await operator(
        `GET /series?meters=${api.first.mainMeterId}&measurand=active_energy_import_wh&from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z&resolution=${resolution}`,
      );
      const [series] = answer.json.series as {
        delta: number[];
        start: string[];
        duration_s: number[];
        quality: string[];
      }[];
      expect(new Set(series?.quality)).toEqual(new Set(['measured']));
      expect([series?.start.length, series?.duration_s.length]).toEqual([
        series?.delta.length,
        series?.delta.length,
      ]);
      sums.push((series?.delta ?? []).reduce((a, b) => a + b, 0));
    }
    expect(sums).toEqual([960_000, 960_000, 960_000]);
  });

  it('keep the peaks of raw readings when they are merged', async () => {
    await api.admin.query(
      `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_power_w)
       SELECT '2026-04-01'::timestamptz + i * interval '2 seconds', $1, $2, 0, now(), CASE WHEN i = 12345 THEN 999999 ELSE 100 END
       FROM generate_series(0, 30000) i`,
      [api.first.mainMeterId, api.first.id],
    );
    const operator = await api.as(api.first, 'operator');
    const answer = await operator(
      `GET /series?meters=${api.first.mainMeterId}&measurand=active_power_w&from=2026-04-01T00:00:00Z&to=2026-04-02T00:00:00Z&resolution=raw`,
    );
    const [series] = answer.json.series as { start: string[]; max: number[]; mean: number[] }[];
    expect(series?.start.length).toBeLessThanOrEqual(5_000);
    expect(series?.start.length).toBeGreaterThan(3_000);
    expect(Math.max(...(series?.max ?? []))).toBe(999_999);
    expect(Math.max(...(series?.mean ?? []))).toBeLessThan(999_999);
  });
});
