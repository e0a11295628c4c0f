import { describe, expect, test } from 'vitest';
import {
  type ChartContext,
  coverageOption,
  cumulativeSpans,
  cusumOption,
  dark,
  explorerOption,
  hatchPath,
  light,
  loadCurveOption,
  monthBarsOption,
  residualsOption,
  runsOf,
  seriesColors,
  signatureOption,
  spectrumOption,
} from './index.ts';
import { chartSvg } from './server.ts';

const context: ChartContext = { theme: light, locale: 'en', timeZone: 'Europe/Paris', width: 720 };
const size = { width: 720, height: 360 };
const from_ms = Date.parse('2026-11-18T23:00:00Z');
const quarter_ms = 900_000;
const kWh = { factor: 1000, unit: 'kWh' };

const loadTexts = {
  estimated: 'estimated',
  expected: 'expected, 95 % band',
  missing: (s: number) => `missing ${s / 60} min`,
  quality: (q: string) => q,
};

/** Half a day: estimated from 06:30 to 07:00, missing from 09:15 to 09:45, far above the band at 11:00. */
function day(peak_w = 900_000) {
  const points = Array.from({ length: 48 }, (_, i) => {
    const isMissing = i === 37 || i === 38;
    return {
      start_ms: from_ms + i * quarter_ms,
      mean_w: isMissing ? null : i === 44 ? peak_w : 500_000,
      quality: isMissing
        ? ('missing' as const)
        : i === 26 || i === 27
          ? ('estimated' as const)
          : ('measured' as const),
    };
  });
  return {
    from_ms,
    to_ms: from_ms + 86_400_000,
    duration_s: 900,
    points,
    band: Array.from({ length: 96 }, (_, i) => ({
      start_ms: from_ms + i * quarter_ms,
      expected_w: 500_000,
      low_w: 450_000,
      high_w: 550_000,
    })),
    lines: [
      {
        name: 'Mains, T1',
        runs: [{ from_ms, to_ms: from_ms + 43_200_000, quality: 'measured' as const }],
      },
    ],
    now: { at_ms: from_ms + 43_200_000, value_w: 512_000 },
    color: light.carriers.electricity,
  };
}

describe('load curve', () => {
  const svg = chartSvg(loadCurveOption(day(), context, loadTexts), size);

  test('says what is estimated, missing, expected and now, and names its lines', () => {
    for (const text of ['estimated', 'missing 30 min', 'expected, 95 % band', '512', 'Mains, T1', '24:00'])
      expect(svg).toContain(text);
  });

  test('is red only where it leaves the band', () => {
    expect(svg).toContain(light.colors.crit);
    const inside = chartSvg(loadCurveOption(day(540_000), context, loadTexts), size);
    expect(inside).not.toContain(light.colors.crit);
  });

  test('leaves a gap instead of a zero', () => {
    const series = (
      loadCurveOption(day(), context, loadTexts).series as { type: string; data: [number, number | null][] }[]
    ).find((s) => s.type === 'line');
    const missing = series?.data.filter(([at]) => at === from_ms + 37 * quarter_ms);
    expect(missing).toEqual([[from_ms + 37 * quarter_ms, null]]);
    expect(series?.data.some(([, w]) => w === 0)).toBe(false);
  });

  test('draws in the colours of the dark theme', () => {
    const svgDark = chartSvg(loadCurveOption(day(), { ...context, theme: dark }, loadTexts), size);
    expect(svgDark).toContain(dark.colors.crit);
    expect(svgDark).not.toContain(light.colors.crit);
  });

  test('the same input draws the same picture', () => {
    const plain = (s: string): string => s.replace(/(zr\d+-)?(cls-|c)\d+/g, '');
    expect(plain(chartSvg(loadCurveOption(day(), context, loadTexts), size))).toBe(plain(svg));
  });
});

test('explorer: bars where intervals are few, steps else, names escaped', () => {
  const series = (n: number) => ({
    name: '<b>T1</b>',
    color: '#0e31ad',
    start_ms: Array.from({ length: n }, (_, i) => from_ms + i * 3_600_000),
    duration_s: Array.from({ length: n }, () => 3600),
    value: Array.from({ length: n }, (_, i) => (i === 3 ? null : 1000 * i)),
    quality: Array.from({ length: n }, (_, i) => (i === 3 ? ('missing' as const) : ('measured' as const))),
  });
  const option = (n: number) =>
    explorerOption(
      {
        measurand: 'active_energy_import_wh',
        from_ms,
        to_ms: from_ms + n * 3_600_000,
        series: [series(n)],
      },
      context,
      { quality: (q) => q },
    );
  const typeOf = (n: number) => (option(n).series as { type: string }[]).map((s) => s.type);
  expect(typeOf(24)).toEqual(['bar']);
  expect(typeOf(200)).toEqual(['line', 'custom']);
  const tip = (option(24).tooltip as { formatter: (items: unknown) => string }).formatter([
    { value: [from_ms + 3_600_000 * 3.5, 0] },
  ]);
  expect(tip).toContain('&#60;b&#62;T1');
  expect(tip).toContain('—');
});

test('explorer: a compared period lies grey behind, and its change is said', () => {
  const hours = (n: number, factor: number) => ({
    start_ms: Array.from({ length: n }, (_, i) => from_ms + i * 3_600_000),
    duration_s: Array.from({ length: n }, () => 3600),
    value: Array.from({ length: n }, (_, i) => (i === 2 ? null : factor * 1000 * (i + 1))),
  });
  const option = (n: number) =>
    explorerOption(
      {
        measurand: 'active_energy_import_wh',
        from_ms,
        to_ms: from_ms + n * 3_600_000,
        series: [
          {
            name: 'T1',
            color: light.carriers.electricity,
            ...hours(n, 3),
            quality: Array.from({ length: n }, (_, i) =>
              i === 2 ? ('missing' as const) : ('measured' as const),
            ),
            compared: hours(n, 2),
          },
        ],
      },
      context,
      { quality: (q) => q, compared: 'a week before' },
    );
  expect(chartSvg(option(24), size)).toContain(light.colors.band);
  const steps = chartSvg(option(200), size);
  expect(steps).toContain(`stroke="${light.colors.bandLine}"`);
  // The strip below the curve says where it is measured.
  expect(steps).toContain(`fill="${light.colors.ctl}"`);
  const { formatter } = option(24).tooltip as { formatter: (items: unknown) => string };
  expect(formatter([{ value: [from_ms + 1000, 0] }])).toContain('a week before: 2.00\u00a0kWh, +50.0\u00a0%');
  expect(formatter([{ value: [from_ms + 2.5 * 3_600_000, 0] }])).toContain('a week before: —');
});

test('series keep the colour of their use while it is free', () => {
  const [a, b, c] = seriesColors(light, [light.uses.lighting, light.uses.lighting, null]);
  expect(a).toBe(light.uses.lighting);
  expect(new Set([a, b, c]).size).toBe(3);
});

test('signature, CUSUM, residuals, months and coverage draw their words', () => {
  const days = Array.from({ length: 60 }, (_, i) => ({
    date: new Date(Date.UTC(2026, 2, 1 + i)).toISOString().slice(0, 10),
    cusum_wh: -1000 * i,
    band_wh: 200 * i,
  }));
  const signature = chartSvg(
    signatureOption(
      {
        points: [
          { x: 2, y: 5000, phase: 'baseline', label: 'a' },
          { x: 20, y: 9000, phase: 'reporting', label: 'b' },
        ],
        fit: [
          { x: 0, y: 5000, halfWidth: 500 },
          { x: 25, y: 9500, halfWidth: 500 },
        ],
        scale: kWh,
        color: '#0e31ad',
        changePoints: [{ x: 9.2, halfWidth: 0.6, label: '9.2 °C' }],
      },
      context,
      { baseline: 'baseline days', reporting: 'reporting days', fit: 'baseline fit' },
    ),
    size,
  );
  for (const text of ['9.2 °C', 'baseline fit', 'reporting days']) expect(signature).toContain(text);
  const cusum = chartSvg(
    cusumOption({ days, scale: kWh, color: '#0e31ad' }, context, { noChange: 'no change' }),
    size,
  );
  expect(cusum).toContain('\u221259.0\u00a0kWh');
  expect(cusum).toContain('no change');
  const residuals = chartSvg(
    residualsOption(
      {
        days: days.map((d) => ({ date: d.date, residual_wh: -333_000, phase: 'reporting' })),
        halfWidth_wh: 400_000,
        scale: kWh,
        color: '#0e31ad',
      },
      context,
      { mean: (v) => `mean ${v}` },
    ),
    size,
  );
  expect(residuals).toContain('mean \u2212333');
  const months = chartSvg(
    monthBarsOption(
      {
        months: [
          { month: '2026-01', actual_wh: 9000, estimatedShare: 0.4, expected_wh: 9500, halfWidth_wh: 300 },
          { month: '2026-02', actual_wh: null, estimatedShare: 0, expected_wh: null, halfWidth_wh: null },
        ],
        scale: kWh,
        color: '#0e31ad',
      },
      context,
      { missing: 'missing', expected: 'expected' },
    ),
    size,
  );
  expect(months).toContain('missing');
  expect(months).toContain('Jan');
  const coverage = chartSvg(
    coverageOption(
      { rows: [{ name: 'Laval, gas', share: 0.8, included: true, color: '#a15702' }], threshold: 0.8 },
      context,
    ),
    size,
  );
  expect(coverage).toContain('Laval, gas');
  expect(coverage).toContain('80\u00a0%');
}, 30_000);

test('cumulative shares lie end to end', () => {
  expect(
    cumulativeSpans([
      { share: 0.5, included: true },
      { share: 0.25, included: false },
    ]),
  ).toEqual([
    { from: 0, to: 0.5, included: true },
    { from: 0.5, to: 0.75, included: false },
  ]);
});

test('hatching stays inside its box and joins across boxes', () => {
  const path = hatchPath({ left: 10, top: 0, right: 20, bottom: 10 }, 5);
  const numbers = [...path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
  expect(numbers.length).toBeGreaterThan(4);
  for (const [x = -1, y = -1] of numbers) {
    expect(x).toBeGreaterThanOrEqual(10);
    expect(x).toBeLessThanOrEqual(20);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(10);
    expect((x + y) % 5).toBe(0);
  }
});

test('runs end where the key changes or is null', () => {
  expect(runsOf([1, 1, 0, 1, 2], (n) => (n === 0 ? null : String(n))).map((r) => r.items.length)).toEqual([
    2, 1, 1,
  ]);
});

test('a spectrum has a bar for each phase and order that is known', () => {
  const svg = chartSvg(
    spectrumOption(
      {
        orders: [2, 3, 5],
        channels: [
          { name: 'L1', color: '#123456', value: [0.1, null, 28.4] },
          { name: 'L2', color: '#654321', value: [0.1, 4, 27] },
        ],
      },
      context,
      { order: (order) => `order ${order}` },
    ),
    size,
  );
  expect(svg.match(/fill="#123456"/g)).toHaveLength(2);
  expect(svg.match(/fill="#654321"/g)).toHaveLength(3);
  expect(svg).toContain('30 %'.replace(' ', '\u00a0'));
});
