import { formatLocalDate, formatNumber } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { dayAt_ms } from './cusum.ts';
import { runsOf } from './hatch.ts';
import { baseOption, haloText, timeAxis, valueAxis } from './theme.ts';

export interface TrendPoint {
  /** Last day of what the point sums over. */
  readonly date: string;
  /** Share 0…1 against the baseline, negative is a saving; null where it cannot be stated. */
  readonly share: number | null;
  readonly halfWidth: number | null;
}

export interface TargetPoint {
  readonly date: string;
  readonly share: number;
}

/** A share against the baseline over time with its band, zero as the baseline, and the path to the target dashed. */
export function shareTrendOption(
  input: {
    readonly points: readonly TrendPoint[];
    /** Path that the target asks for, in order of time; may reach beyond the points. */
    readonly target: readonly TargetPoint[];
    readonly color: string;
  },
  given: ChartContext,
  texts: { readonly baseline: string; readonly target: string; readonly period: 'date' | 'month' },
): EChartsOption {
  const context: ChartContext = { ...given, timeZone: 'UTC' };
  const { theme, locale } = context;
  const { colors } = theme;
  const percent = (share: number, decimals = 1): string =>
    `${formatNumber(locale, share * 100, { decimals, signed: true })}\u00a0%`;
  const all = [
    ...input.points.flatMap((p) =>
      p.share === null ? [] : [p.share - (p.halfWidth ?? 0), p.share + (p.halfWidth ?? 0)],
    ),
    ...input.target.map((p) => p.share),
  ];
  const low = Math.min(0, ...all) * 100;
  const high = Math.max(low === 0 ? 1 : 0, ...all.map((v) => v * 100));
  const dates = [...input.points, ...input.target].map((p) => dayAt_ms(p.date));
  const from_ms = Math.min(...dates);
  const to_ms = Math.max(from_ms + 86_400_000, ...dates);
  return {
    ...baseOption(context),
    grid: { left: 52, right: isCompact(context) ? 16 : 92, top: 14, bottom: 26 },
    xAxis: timeAxis(context, from_ms, to_ms),
    yAxis: valueAxis(context, low, high, (v) => `${formatNumber(locale, v, { signed: true })}\u00a0%`, 5),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      formatter: (items: unknown) => {
        const found = (items as { dataIndex: number; seriesIndex: number }[]).find(
          (item) => item.seriesIndex === 1,
        );
        const p = input.points[found?.dataIndex ?? -1];
        if (!p || p.share === null) return '';
        const half =
          p.halfWidth === null ? '' : ` ± ${formatNumber(locale, p.halfWidth * 100, { decimals: 1 })}`;
        return `${formatLocalDate(locale, p.date, texts.period)}<br><b>${percent(p.share)}</b>${half}`;
      },
    },
    series: [
      band(),
      {
        type: 'line',
        z: 4,
        symbol: input.points.length > 40 ? 'none' : 'circle',
        symbolSize: 4,
        connectNulls: false,
        lineStyle: { color: input.color, width: 1.8 },
        itemStyle: { color: input.color },
        data: input.points.map((p) => [dayAt_ms(p.date), p.share === null ? null : p.share * 100]),
      },
      {
        type: 'line',
        z: 3,
        symbol: 'none',
        lineStyle: { color: colors.ink, width: 1.2, type: 'dashed' },
        data: input.target.map((p) => [dayAt_ms(p.date), p.share * 100]),
      },
    ],
  };

  function band(): CustomSeriesOption {
    return {
      type: 'custom',
      z: 1,
      silent: true,
      clip: false,
      tooltip: { show: false },
      data: [[from_ms, 0]],
      renderItem: (params, api) => {
        const box = params.coordSys as unknown as { x: number; width: number };
        const y = (share: number): number => api.coord([from_ms, share * 100])[1] as number;
        const at = (p: TrendPoint, sign: number): string => {
          const [px = 0, py = 0] = api.coord([
            dayAt_ms(p.date),
            ((p.share as number) + sign * (p.halfWidth as number)) * 100,
          ]);
          return `${px.toFixed(1)} ${py.toFixed(1)}`;
        };
        const children: object[] = [
          ...runsOf(input.points, (p) => (p.share === null || p.halfWidth === null ? null : 'band')).map(
            ({ items }) => ({
              type: 'path',
              shape: {
                pathData: `M${[...items.map((p) => at(p, 1)), ...[...items].reverse().map((p) => at(p, -1))].join('L')}Z`,
              },
              style: { fill: colors.band, opacity: 0.8 },
            }),
          ),
          {
            type: 'path',
            shape: { pathData: `M${box.x} ${y(0)}L${box.x + box.width} ${y(0)}` },
            style: { fill: 'none', stroke: colors.ink, lineWidth: 1 },
          },
        ];
        if (!isCompact(context)) {
          const x = box.x + box.width + 8;
          const last = input.points.findLast((p) => p.share !== null);
          const goal = input.target[input.target.length - 1];
          const labels = [
            { text: texts.baseline, y: y(0), bold: false },
            ...(last
              ? [{ text: percent(last.share as number), y: y(last.share as number), bold: true }]
              : []),
            ...(goal ? [{ text: texts.target, y: y(goal.share), bold: false }] : []),
          ].sort((a, b) => a.y - b.y);
          // Words that would lie on each other move down one by one.
          let free = Number.NEGATIVE_INFINITY;
          for (const label of labels) {
            const place = Math.max(label.y, free);
            free = place + 14;
            children.push(haloText(context, label.text, { x, y: place, bold: label.bold }));
          }
        }
        return { type: 'group', children } as never;
      },
    };
  }
}
