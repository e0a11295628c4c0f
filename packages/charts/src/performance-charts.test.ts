import { describe, expect, test } from 'vitest';
import {
  type ChartContext,
  cusumOption,
  dark,
  energyFlowOption,
  excludesZero,
  fitOption,
  flowLayout,
  histogramOf,
  light,
  paretoOf,
  paretoOption,
  residualDistributionOption,
  residualsFittedOption,
  savingMonthsOption,
  shareTrendOption,
} from './index.ts';
import { chartSvg } from './server.ts';

const themes = [light, dark] as const;
const contextOf = (theme: (typeof themes)[number], width = 720): ChartContext => ({
  theme,
  locale: 'en',
  timeZone: 'Europe/Paris',
  width,
});
const size = { width: 720, height: 360 };
const MWh = { factor: 1e6, unit: 'MWh' };

describe('flow layout', () => {
  const nodes = [
    { id: 'grid', column: 0 },
    { id: 'pv', column: 0 },
    { id: 'panel', column: 1 },
    { id: 'cold', column: 2 },
    { id: 'light', column: 2 },
    { id: 'rest', column: 2 },
  ];
  const links = [
    { from: 'grid', to: 'panel', value: 80 },
    { from: 'pv', to: 'panel', value: 20 },
    { from: 'panel', to: 'cold', value: 60 },
    { from: 'panel', to: 'light', value: 30 },
    { from: 'panel', to: 'rest', value: 10 },
  ];
  const box = { left: 0, top: 0, right: 400, bottom: 300, nodeWidth: 8, gap: 10 };
  const layout = flowLayout(nodes, links, box);

  test('every ribbon has one scale and no column leaves the box', () => {
    for (const { link, height } of layout.links) expect(height).toBeCloseTo(link.value * layout.scale, 9);
    for (const { y, height } of layout.nodes) {
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y + height).toBeLessThanOrEqual(300 + 1e-9);
    }
    // The right column is the fullest: three nodes with two gaps.
    expect(layout.scale).toBeCloseTo((300 - 20) / 100, 9);
  });

  test('ribbons leave and reach a node side by side, without a gap and without overlap', () => {
    const panel = layout.nodes.find((n) => n.node.id === 'panel');
    const inside = layout.links.filter((l) => l.link.to === 'panel').sort((a, b) => a.y2 - b.y2);
    expect(inside[0]?.y2).toBeCloseTo(panel?.y ?? -1, 9);
    expect((inside[0]?.y2 ?? 0) + (inside[0]?.height ?? 0)).toBeCloseTo(inside[1]?.y2 ?? -1, 9);
    expect((inside[1]?.y2 ?? 0) + (inside[1]?.height ?? 0)).toBeCloseTo(
      (panel?.y ?? 0) + (panel?.height ?? 0),
      9,
    );
  });

  test('nodes of a column do not touch', () => {
    const right = layout.nodes.filter((n) => n.node.column === 2).sort((a, b) => a.y - b.y);
    for (const [i, node] of right.slice(1).entries()) {
      const above = right[i] as (typeof right)[number];
      expect(node.y - above.y - above.height).toBeGreaterThanOrEqual(10 - 1e-9);
    }
  });

  test('a flow of nothing is drawn as nothing', () => {
    expect(
      flowLayout(
        nodes,
        links.map((l) => ({ ...l, value: 0 })),
        box,
      ).links.every((l) => l.height === 0),
    ).toBe(true);
  });
});

test('a Pareto is in order, its running share ends at one, nothing and less add nothing', () => {
  const rows = paretoOf([{ value: 10 }, { value: 60 }, { value: -5 }, { value: 30 }]);
  expect(rows.map((r) => r.row.value)).toEqual([60, 30, 10, -5]);
  expect(rows.map((r) => r.cumulative)).toEqual([0.6, 0.9, 1, 1]);
});

test('a histogram holds every value once, in classes of one width around zero', () => {
  const values = Array.from({ length: 101 }, (_, i) => i - 50.25);
  const classes = histogramOf(values);
  expect(classes.reduce((sum, c) => sum + c.count, 0)).toBe(101);
  expect(classes[0]?.from).toBeCloseTo(-(classes[classes.length - 1]?.to ?? 0), 9);
  for (const c of classes) {
    const inside = values.filter((v) => v > c.from && v < c.to).length;
    expect(c.count).toBe(inside);
  }
  expect(histogramOf([0, 0])).toEqual([]);
});

test('a month proves something only where its interval is known and leaves out zero', () => {
  const month = (difference_wh: number | null, halfWidth_wh: number | null) =>
    excludesZero({ month: '2026-01', difference_wh, halfWidth_wh });
  expect([month(-5, 4), month(5, 4), month(-3, 4), month(-5, null), month(null, 4)]).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

describe.each(themes)('in the $name theme', (theme) => {
  const context = contextOf(theme);
  const date = (i: number): string => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);

  test('fit says actual, expected and where reporting begins, and leaves gaps', () => {
    const periods = Array.from({ length: 60 }, (_, i) => ({
      date: date(i),
      actual_wh: i === 20 ? null : 5e6 + 1e5 * (i % 7),
      expected_wh: i === 20 ? null : 5.6e6,
      halfWidth_wh: i === 20 ? null : 4e5,
    }));
    const option = fitOption(
      { periods, reportingFrom: date(40), scale: MWh, color: theme.carriers.electricity },
      context,
      { actual: 'actual', expected: 'expected', reporting: 'reporting', period: 'date' },
    );
    const svg = chartSvg(option, size);
    for (const text of ['actual', 'expected', 'reporting', theme.colors.band]) expect(svg).toContain(text);
    const [, actual] = option.series as { data: [number, number | null][] }[];
    expect(actual?.data[20]?.[1]).toBeNull();
  });

  test('residuals against the model and their distribution', () => {
    const points = Array.from({ length: 50 }, (_, i) => ({
      fitted_wh: 4e6 + i * 1e5,
      residual_wh: 3e5 * Math.sin(i),
      label: `<${i}>`,
    }));
    const option = residualsFittedOption({ points, halfWidth_wh: 5e5, scale: MWh }, context);
    expect(chartSvg(option, size)).toContain(theme.colors.band);
    const { formatter } = option.tooltip as { formatter: (item: unknown) => string };
    expect(formatter({ name: '<3>', value: [4, -0.25] })).toBe('&#60;3&#62;<br><b>−0.25\u00a0MWh</b>');
    const distribution = chartSvg(
      residualDistributionOption(
        { residuals_wh: points.map((p) => p.residual_wh), standardDeviation_wh: 2.1e5, scale: MWh },
        context,
        { count: (n) => `${n} days`, normal: 'normal curve' },
      ),
      size,
    );
    expect(distribution).toContain('normal curve');
  });

  test('a month whose interval holds zero is an outline, one that excludes it is filled', () => {
    const svg = (difference_wh: number) =>
      chartSvg(
        savingMonthsOption(
          {
            months: [{ month: '2026-01', difference_wh, halfWidth_wh: 2e6 }],
            scale: MWh,
            color: theme.carriers.electricity,
          },
          context,
          { notDistinguishable: 'not distinguishable', notStated: 'not stated' },
        ),
        size,
      );
    expect(svg(-5e6)).toContain(`fill="${theme.carriers.electricity}"`);
    expect(svg(-1e6)).not.toContain(`fill="${theme.carriers.electricity}"`);
  });

  test('Pareto names its rows and the threshold', () => {
    const option = paretoOption(
      {
        rows: [
          {
            name: 'Cooling <1>',
            code: 'RE',
            value: 300,
            color: theme.uses.refrigeration,
            isSignificant: true,
          },
          { name: 'Lighting', code: 'LI', value: 100, color: theme.uses.lighting, isSignificant: false },
        ],
        threshold: 0.8,
        unit: 'MWh',
      },
      context,
      { threshold: (share) => `threshold ${share}`, cumulative: 'running share' },
    );
    const svg = chartSvg(option, size);
    for (const text of ['Lighting', 'threshold 80\u00a0%']) expect(svg).toContain(text);
    const { formatter } = option.tooltip as { formatter: (items: unknown) => string };
    expect(formatter([{ dataIndex: 0 }])).toContain(
      'Cooling &#60;1&#62;<br><b>300.0</b>\u00a0MWh<br>running share: 75.0\u00a0%',
    );
  });

  test('a share over time has its band, its last value and its target', () => {
    const svg = chartSvg(
      shareTrendOption(
        {
          points: Array.from({ length: 12 }, (_, i) => ({
            date: date(30 * i),
            share: i === 4 ? null : -0.005 * i,
            halfWidth: 0.02,
          })),
          target: [
            { date: date(0), share: 0 },
            { date: date(360), share: -0.08 },
          ],
          color: theme.carriers.electricity,
        },
        context,
        { baseline: 'baseline', target: 'target', period: 'month' },
      ),
      size,
    );
    for (const text of ['baseline', 'target', '\u22125.5\u00a0%', theme.colors.band])
      expect(svg).toContain(text);
  });

  test('CUSUM marks the changes that lie in its time', () => {
    const days = Array.from({ length: 60 }, (_, i) => ({ date: date(i), cusum_wh: -1e6 * i, band_wh: 2e6 }));
    const svg = chartSvg(
      cusumOption(
        {
          days,
          scale: MWh,
          color: theme.carriers.electricity,
          changes: [
            { date: date(20), between: [date(17), date(23)], label: 'less from here' },
            { date: '2030-01-01', between: null, label: 'far away' },
          ],
        },
        context,
        { noChange: 'no change' },
      ),
      size,
    );
    expect(svg).toContain('less from here');
    expect(svg).not.toContain('far away');
    expect(svg).toContain(theme.colors.accentWash);
  });

  test('energy flow labels its nodes with their energy and keeps the unexplained open', () => {
    const option = energyFlowOption(
      {
        nodes: [
          { id: 'grid', column: 0, label: 'Grid', color: theme.carriers.electricity, isUnexplained: false },
          {
            id: 'cold',
            column: 1,
            label: 'Refrigeration',
            color: theme.uses.refrigeration,
            isUnexplained: false,
          },
          { id: 'rest', column: 1, label: 'Not explained', color: null, isUnexplained: true },
        ],
        links: [
          {
            from: 'grid',
            to: 'cold',
            value: 151e6,
            color: theme.carriers.electricity,
            estimatedShare: 0.02,
            isUnexplained: false,
          },
          {
            from: 'grid',
            to: 'rest',
            value: 18e6,
            color: theme.carriers.electricity,
            estimatedShare: 0,
            isUnexplained: true,
          },
        ],
        scale: MWh,
      },
      context,
      { estimated: (share) => `${share} estimated`, unexplained: 'no meter explains it' },
    );
    const svg = chartSvg(option, size);
    for (const text of ['Grid 169', 'Refrigeration 151', 'Not explained 18']) expect(svg).toContain(text);
    expect(svg).toContain('stroke-dasharray');
    const { formatter } = option.tooltip as { formatter: (item: unknown) => string };
    expect(formatter({ dataIndex: 0 })).toContain('2.0\u00a0% estimated');
    expect(formatter({ dataIndex: 2 })).toContain('169\u00a0MWh');
  });
});
