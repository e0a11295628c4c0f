import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { niceTicks, timeMarks } from './axis.ts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { fontFamily } from './tokens.ts';

const axisText = 11;

/** Font, tooltip and motion of every chart. */
export function baseOption({ theme }: ChartContext): EChartsOption {
  const { colors } = theme;
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily, fontSize: axisText, color: colors.ink2 },
    tooltip: {
      confine: true,
      transitionDuration: 0,
      backgroundColor: colors.raised,
      borderColor: colors.ctl,
      borderWidth: 1,
      borderRadius: 3,
      padding: [8, 12],
      textStyle: { fontFamily, fontSize: 12, lineHeight: 18, color: colors.ink },
      axisPointer: { lineStyle: { color: colors.ink3, type: 'solid', width: 1 }, label: { show: false } },
    },
  };
}

/** Horizontal rules only, labels at the left, no axis line. */
export function valueAxis(
  { theme }: ChartContext,
  low: number,
  high: number,
  label: (value: number) => string,
  count = 4,
): YAXisComponentOption {
  const ticks = niceTicks(low, high, count);
  return {
    type: 'value',
    min: ticks[0] as number,
    max: ticks[ticks.length - 1] as number,
    interval: (ticks[1] ?? 1) - (ticks[0] ?? 0),
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.colors.rule, width: 1 } },
    axisLabel: {
      color: theme.colors.ink3,
      fontSize: axisText,
      margin: 8,
      formatter: (value: number) => label(value),
    },
  };
}

/** A time axis that knows the site's zone; ECharts' own knows the browser's only. */
export function timeAxis(context: ChartContext, from_ms: number, to_ms: number): XAXisComponentOption {
  const marks = timeMarks(
    from_ms,
    to_ms,
    context.timeZone,
    context.locale,
    isCompact(context) ? 4 : Math.max(4, Math.min(12, Math.floor(context.width / 80))),
  );
  const labels = new Map(marks.map((m) => [m.at_ms, m.label]));
  const values = marks.map((m) => m.at_ms);
  return {
    type: 'value',
    min: from_ms,
    max: to_ms,
    axisLine: { onZero: false, lineStyle: { color: context.theme.colors.ink3 } },
    axisTick: { customValues: values, length: 4, lineStyle: { color: context.theme.colors.rule2 } },
    splitLine: { show: false },
    axisLabel: {
      customValues: values,
      color: context.theme.colors.ink3,
      fontSize: axisText,
      margin: 8,
      hideOverlap: true,
      showMinLabel: true,
      showMaxLabel: true,
      formatter: (value: number) => labels.get(value) ?? '',
    },
  };
}

/** Text that stands on data: a halo of the sheet keeps it readable. */
export const haloText = (
  context: ChartContext,
  text: string,
  style: {
    readonly x: number;
    readonly y: number;
    readonly align?: 'left' | 'center' | 'right';
    readonly verticalAlign?: 'top' | 'middle' | 'bottom';
    readonly bold?: boolean;
    readonly color?: string;
  },
) => ({
  type: 'text' as const,
  style: {
    text,
    x: style.x,
    y: style.y,
    textAlign: style.align ?? ('left' as const),
    textVerticalAlign: style.verticalAlign ?? ('middle' as const),
    fill: style.color ?? (style.bold ? context.theme.colors.ink : context.theme.colors.ink2),
    font: `${style.bold ? 600 : 400} 11px ${fontFamily}`,
    stroke: context.theme.colors.sheet,
    lineWidth: 3,
  },
});
