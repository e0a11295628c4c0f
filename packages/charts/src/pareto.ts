import { formatNumber } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { escapeHtml } from './escape-html.ts';
import { baseOption, haloText, valueAxis } from './theme.ts';

export interface ParetoRow {
  readonly name: string;
  /** Two-letter code under the bar of a narrow chart. */
  readonly code: string;
  readonly value: number;
  readonly color: string;
  readonly isSignificant: boolean;
}

export interface CumulativeRow<Row> {
  readonly row: Row;
  /** Share of the whole up to and including this row, 0…1. */
  readonly cumulative: number;
}

/** Rows from the largest down with their running share of the whole; rows of nothing or less come last and add nothing. */
export function paretoOf<Row extends { readonly value: number }>(rows: readonly Row[]): CumulativeRow<Row>[] {
  const sorted = [...rows].sort((a, b) => b.value - a.value);
  const total = sorted.reduce((sum, r) => sum + Math.max(0, r.value), 0);
  let running = 0;
  return sorted.map((row) => {
    running += Math.max(0, row.value);
    return { row, cumulative: total > 0 ? running / total : 0 };
  });
}

/** Bars from the largest down in one unit, the running share above them on its own axis, the threshold dashed. */
export function paretoOption(
  input: {
    readonly rows: readonly ParetoRow[];
    /** Share 0…1 that the significant uses together reach. */
    readonly threshold: number | null;
    readonly unit: string;
  },
  context: ChartContext,
  texts: { readonly threshold: (share: string) => string; readonly cumulative: string },
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const ordered = paretoOf(input.rows);
  const high = Math.max(1e-6, ...input.rows.map((r) => r.value));
  const decimals = high < 4 ? 1 : 0;
  const percent = (share: number, digits = 0): string =>
    `${formatNumber(locale, share * 100, { decimals: digits })}\u00a0%`;
  return {
    ...baseOption(context),
    grid: { left: 52, right: 48, top: 18, bottom: isCompact(context) ? 26 : 44 },
    xAxis: {
      type: 'category',
      data: ordered.map(({ row }) => (isCompact(context) ? row.code : row.name)),
      axisLine: { lineStyle: { color: colors.ink3 } },
      axisTick: { show: false },
      axisLabel: {
        color: colors.ink2,
        fontSize: 11,
        interval: 0,
        // A name and what tells it from its like stand on two lines.
        formatter: (name: string) => name.replace(', ', '\n'),
        width: Math.max(36, (context.width - 110) / Math.max(1, ordered.length) - 6),
        overflow: 'break',
      },
    },
    yAxis: [
      valueAxis(context, 0, high, (v) => formatNumber(locale, v, { decimals }), 4),
      {
        type: 'value',
        min: 0,
        max: 1,
        interval: 0.25,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: { color: colors.ink3, fontSize: 11, margin: 8, formatter: (v: number) => percent(v) },
      },
    ],
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (items: unknown) => {
        const found = ordered[(items as { dataIndex: number }[])[0]?.dataIndex ?? -1];
        if (!found) return '';
        return [
          escapeHtml(found.row.name),
          `<b>${formatNumber(locale, found.row.value, { decimals: 1 })}</b>\u00a0${input.unit}`,
          `${texts.cumulative}: ${percent(found.cumulative, 1)}`,
        ].join('<br>');
      },
    },
    series: [
      {
        type: 'bar',
        barWidth: '58%',
        z: 2,
        data: ordered.map(({ row }) => ({
          value: row.value,
          itemStyle: row.isSignificant
            ? { color: row.color }
            : { color: colors.sheet, borderColor: row.color, borderWidth: 1.4 },
        })),
      },
      {
        type: 'line',
        yAxisIndex: 1,
        z: 4,
        symbol: 'circle',
        symbolSize: 5,
        lineStyle: { color: colors.ink, width: 1.4 },
        itemStyle: { color: colors.ink },
        data: ordered.map(({ cumulative }) => cumulative),
      },
      threshold(),
    ],
  };

  function threshold(): CustomSeriesOption {
    return {
      type: 'custom',
      yAxisIndex: 1,
      z: 3,
      silent: true,
      tooltip: { show: false },
      data: input.threshold === null ? [] : [[0, input.threshold]],
      renderItem: (params, api) => {
        const box = params.coordSys as unknown as { x: number; width: number };
        const [, y = 0] = api.coord([0, input.threshold ?? 0]);
        return {
          type: 'group',
          children: [
            {
              type: 'path',
              shape: { pathData: `M${box.x} ${y}L${box.x + box.width} ${y}` },
              style: { fill: 'none', stroke: colors.ink2, lineWidth: 1, lineDash: [4, 3] },
            },
            haloText(context, texts.threshold(percent(input.threshold ?? 0)), {
              x: box.x + box.width - 4,
              y: y - 8,
              align: 'right',
            }),
          ],
        } as never;
      },
    };
  }
}
