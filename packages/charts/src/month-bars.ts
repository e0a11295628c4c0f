import { formatLocalDate, formatNumber, quantityText, type UnitScale } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { hatchPath } from './hatch.ts';
import { baseOption, haloText, valueAxis } from './theme.ts';

export interface MonthBar {
  /** YYYY-MM. */
  readonly month: string;
  /** Energy in Wh; null where nothing is known. */
  readonly actual_wh: number | null;
  /** Share 0…1 of the figure that is estimated or interpolated. */
  readonly estimatedShare: number;
  readonly expected_wh: number | null;
  readonly halfWidth_wh: number | null;
}

export interface MonthBarsInput {
  readonly months: readonly MonthBar[];
  readonly scale: UnitScale;
  readonly color: string;
}

/** Bars by month: the estimated part hatched at the top, the expected value as a band across the bar. */
export function monthBarsOption(
  input: MonthBarsInput,
  context: ChartContext,
  texts: { readonly missing: string; readonly expected: string },
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const value = (wh: number): number => wh / input.scale.factor;
  const high = Math.max(
    1e-6,
    ...input.months.map((m) =>
      Math.max(value(m.actual_wh ?? 0), value((m.expected_wh ?? 0) + (m.halfWidth_wh ?? 0))),
    ),
  );
  return {
    ...baseOption(context),
    grid: { left: 48, right: 12, top: 14, bottom: 26 },
    xAxis: {
      type: 'category',
      data: input.months.map((m) => m.month),
      axisLine: { lineStyle: { color: colors.ink3 } },
      axisTick: { show: false },
      axisLabel: {
        color: colors.ink3,
        fontSize: 11,
        formatter: (month: string) =>
          formatLocalDate(locale, month, isCompact(context) ? 'monthLetter' : 'monthTick'),
      },
    },
    yAxis: valueAxis(context, 0, high, (v) => formatNumber(locale, v, { decimals: high < 4 ? 1 : 0 }), 4),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? -1;
        const m = input.months[index];
        if (!m) return '';
        const text = (wh: number | null): string =>
          wh === null
            ? '—'
            : quantityText({
                value: formatNumber(locale, value(wh), { decimals: 1 }),
                unit: input.scale.unit,
              });
        const expected = m.expected_wh === null ? [] : [`${texts.expected}: ${text(m.expected_wh)}`];
        return [formatLocalDate(locale, m.month, 'month'), `<b>${text(m.actual_wh)}</b>`, ...expected].join(
          '<br>',
        );
      },
    },
    series: [
      // Carries the axis trigger of the tooltip; what is seen is drawn by the layer above it.
      {
        type: 'bar',
        itemStyle: { color: 'transparent' },
        data: input.months.map((m) => (m.actual_wh === null ? 0 : value(m.actual_wh))),
      },
      layer(),
    ],
  };

  function layer(): CustomSeriesOption {
    return {
      type: 'custom',
      z: 3,
      silent: true,
      tooltip: { show: false },
      data: input.months.map((_, i) => [i, 0]),
      renderItem: (params, api) => {
        const m = input.months[params.dataIndex];
        if (!m) return { type: 'group', children: [] } as never;
        const [x = 0, base = 0] = api.coord([params.dataIndex, 0]);
        const [pitch = 0] = (api.size?.([1, 0]) ?? [40]) as number[];
        const width = Math.min(36, pitch * 0.58);
        const y = (v: number): number => api.coord([params.dataIndex, v])[1] as number;
        const children: object[] = [];
        const left = x - width / 2;
        if (m.actual_wh === null) {
          children.push(
            {
              type: 'path',
              shape: {
                pathData: `M${left} ${base - 6}L${left} ${base - 1}L${left + width} ${base - 1}L${left + width} ${base - 6}`,
              },
              style: { fill: 'none', stroke: colors.ink2 },
            },
            ...(isCompact(context)
              ? []
              : [haloText(context, texts.missing, { x, y: base - 14, align: 'center' })]),
          );
        } else {
          const top = y(value(m.actual_wh));
          const split = y(value(m.actual_wh) * (1 - m.estimatedShare));
          children.push({
            type: 'rect',
            shape: { x: left, y: split, width, height: base - split },
            style: { fill: input.color },
          });
          if (split - top > 1)
            children.push(
              {
                type: 'path',
                shape: { pathData: hatchPath({ left, top, right: left + width, bottom: split }) || 'M0 0' },
                style: { fill: 'none', stroke: input.color, lineWidth: 1.2 },
              },
              {
                type: 'rect',
                shape: { x: left, y: top, width, height: split - top },
                style: { fill: 'none', stroke: input.color, lineWidth: 1, lineDash: [3, 2] },
              },
            );
        }
        if (m.expected_wh !== null) {
          const reach = m.halfWidth_wh ?? 0;
          const [upper, lower] = [y(value(m.expected_wh + reach)), y(value(m.expected_wh - reach))];
          const wide = width + 8;
          children.push({
            type: 'rect',
            shape: { x: x - wide / 2, y: upper, width: wide, height: Math.max(1, lower - upper) },
            style: { fill: colors.band, opacity: 0.7, stroke: colors.bandLine, lineWidth: 1 },
          });
        }
        return { type: 'group', children } as never;
      },
    };
  }
}
