import { formatPercent, quantityText } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import type { ChartContext } from './chart-context.ts';
import { baseOption, haloText } from './theme.ts';

export interface CoverageRow {
  readonly name: string;
  /** Share of the total, 0…1. */
  readonly share: number;
  readonly included: boolean;
  readonly color: string;
}

/** Where one row's bar lies on the cumulative scale. */
export interface CumulativeSpan {
  readonly from: number;
  readonly to: number;
  readonly included: boolean;
}

/**
 * Lays shares end to end: rows inside the scope first by size, then those left out. The end of the last included row
 * is the coverage reached.
 */
export function cumulativeSpans(rows: readonly Pick<CoverageRow, 'share' | 'included'>[]): CumulativeSpan[] {
  let at = 0;
  return rows.map(({ share, included }) => {
    const from = at;
    at += share;
    return { from, to: at, included };
  });
}

/** The cumulative staircase of an audit's scope with the threshold, rows from top to bottom. */
export function coverageOption(
  input: {
    readonly rows: readonly CoverageRow[];
    readonly threshold: number;
    /** Points for the names, which then take several lines; without it they are cut. */
    readonly labelWidth?: number;
  },
  context: ChartContext,
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const spans = cumulativeSpans(input.rows);
  const layer: CustomSeriesOption = {
    type: 'custom',
    silent: true,
    clip: false,
    data: [[0, 0]],
    renderItem: (params, api) => {
      const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
      const pitch = box.height / Math.max(1, input.rows.length);
      const x = (share: number): number => api.coord([share, 0])[0] as number;
      const children: object[] = spans.flatMap((span, i) => {
        const row = input.rows[i] as CoverageRow;
        const y = box.y + i * pitch + pitch / 2;
        const shape = {
          x: x(span.from),
          y: y - 6,
          width: Math.max(1, x(span.to) - x(span.from)),
          height: 12,
        };
        return [
          {
            type: 'rect',
            shape,
            style: span.included
              ? { fill: row.color }
              : { fill: 'none', stroke: row.color, lineWidth: 1, lineDash: [3, 2] },
          },
        ];
      });
      const edge = x(input.threshold);
      children.push(
        {
          type: 'path',
          shape: { pathData: `M${edge} ${box.y - 4}L${edge} ${box.y + box.height}` },
          style: { fill: 'none', stroke: colors.ink, lineWidth: 1, lineDash: [4, 3] },
        },
        haloText(context, quantityText(formatPercent(locale, input.threshold, { decimals: 0 })), {
          x: edge,
          y: box.y - 10,
          align: 'center',
          bold: true,
        }),
      );
      return { type: 'group', children } as never;
    },
  };
  return {
    ...baseOption(context),
    grid: { left: (input.labelWidth ?? 148) + 12, right: 40, top: 22, bottom: 24 },
    xAxis: {
      type: 'value',
      min: 0,
      max: 1,
      interval: 0.2,
      axisLine: { show: true, lineStyle: { color: colors.ink3 } },
      splitLine: { show: false },
      axisLabel: {
        color: colors.ink3,
        fontSize: 11,
        formatter: (v: number) => quantityText(formatPercent(locale, v, { decimals: 0 })),
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: input.rows.map((r) => r.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: colors.ink2,
        fontSize: 11,
        lineHeight: 12,
        width: input.labelWidth ?? 148,
        overflow: input.labelWidth === undefined ? 'truncate' : 'break',
      },
    },
    series: [layer],
  };
}
