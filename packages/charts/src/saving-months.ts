import { formatLocalDate, formatNumber } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { baseOption, valueAxis } from './theme.ts';

export interface SavingMonth {
  /** YYYY-MM. */
  readonly month: string;
  /** Energy in base units, actual minus expected: negative is a saving; null where it cannot be stated. */
  readonly difference_wh: number | null;
  readonly halfWidth_wh: number | null;
}

/**
 * Actual minus expected by month with the interval of each: filled where the interval excludes zero, an outline where
 * it holds it, so that a month that proves nothing does not look like one that does.
 */
export function savingMonthsOption(
  input: {
    readonly months: readonly SavingMonth[];
    readonly scale: { readonly factor: number; readonly unit: string };
    readonly color: string;
  },
  context: ChartContext,
  texts: { readonly notDistinguishable: string; readonly notStated: string },
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const value = (wh: number): number => wh / input.scale.factor;
  const ends = input.months.flatMap((m) =>
    m.difference_wh === null
      ? []
      : [value(m.difference_wh - (m.halfWidth_wh ?? 0)), value(m.difference_wh + (m.halfWidth_wh ?? 0))],
  );
  const low = Math.min(0, ...ends);
  const high = Math.max(low === 0 ? 1e-6 : 0, ...ends);
  const span = high - low;
  const number = (v: number): string =>
    formatNumber(locale, v, { decimals: span < 1 ? 2 : span < 8 ? 1 : 0, signed: true });
  return {
    ...baseOption(context),
    grid: { left: 48, right: 12, top: 14, bottom: 26 },
    xAxis: {
      type: 'category',
      data: input.months.map((m) => m.month),
      axisLine: { onZero: false, lineStyle: { color: colors.ink3 } },
      axisTick: { show: false },
      axisLabel: {
        color: colors.ink3,
        fontSize: 11,
        formatter: (month: string) =>
          formatLocalDate(locale, month, isCompact(context) ? 'monthLetter' : 'monthTick'),
      },
    },
    yAxis: valueAxis(context, low, high, number, 5),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (items: unknown) => {
        const m = input.months[(items as { dataIndex: number }[])[0]?.dataIndex ?? -1];
        if (!m) return '';
        const head = formatLocalDate(locale, m.month, 'month');
        if (m.difference_wh === null) return `${head}<br>${texts.notStated}`;
        const half =
          m.halfWidth_wh === null
            ? ''
            : ` ± ${formatNumber(locale, value(m.halfWidth_wh), { decimals: span < 1 ? 2 : 1 })}`;
        const difference = formatNumber(locale, value(m.difference_wh), {
          decimals: span < 1 ? 2 : 1,
          signed: true,
        });
        return [
          head,
          `<b>${difference}</b>${half}\u00a0${input.scale.unit}`,
          ...(excludesZero(m) ? [] : [texts.notDistinguishable]),
        ].join('<br>');
      },
    },
    series: [
      // Carries the axis trigger of the tooltip; what is seen is drawn by the layer above it.
      {
        type: 'bar',
        itemStyle: { color: 'transparent' },
        data: input.months.map((m) => (m.difference_wh === null ? 0 : value(m.difference_wh))),
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
        const box = params.coordSys as unknown as { x: number; width: number };
        const [x = 0, zero = 0] = api.coord([params.dataIndex, 0]);
        const [pitch = 0] = (api.size?.([1, 0]) ?? [40]) as number[];
        const width = Math.min(32, pitch * 0.5);
        const y = (v: number): number => api.coord([params.dataIndex, v])[1] as number;
        const children: object[] =
          params.dataIndex === 0
            ? [
                {
                  type: 'path',
                  shape: { pathData: `M${box.x} ${zero}L${box.x + box.width} ${zero}` },
                  style: { fill: 'none', stroke: colors.ink, lineWidth: 1 },
                },
              ]
            : [];
        if (!m || m.difference_wh === null) {
          const left = x - width / 2;
          children.push({
            type: 'path',
            shape: {
              pathData: `M${left} ${zero - 5}L${left} ${zero}L${left + width} ${zero}L${left + width} ${zero - 5}`,
            },
            style: { fill: 'none', stroke: colors.ink2 },
          });
          return { type: 'group', children } as never;
        }
        const end = y(value(m.difference_wh));
        const isProved = excludesZero(m);
        children.push({
          type: 'rect',
          shape: {
            x: x - width / 2,
            y: Math.min(zero, end),
            width,
            height: Math.max(1, Math.abs(end - zero)),
          },
          style: isProved ? { fill: input.color } : { fill: colors.sheet, stroke: colors.ink2, lineWidth: 1 },
        });
        if (m.halfWidth_wh !== null) {
          const [top, bottom] = [
            y(value(m.difference_wh + m.halfWidth_wh)),
            y(value(m.difference_wh - m.halfWidth_wh)),
          ];
          const cap = Math.min(5, width / 3);
          children.push({
            type: 'path',
            shape: {
              pathData: `M${x} ${top}L${x} ${bottom}M${x - cap} ${top}L${x + cap} ${top}M${x - cap} ${bottom}L${x + cap} ${bottom}`,
            },
            // On a filled bar the whisker has to stand out from both the bar and the sheet.
            style: { fill: 'none', stroke: colors.ink, lineWidth: 1.4 },
          });
        }
        return { type: 'group', children } as never;
      },
    };
  }
}

/** Whether an interval is known and lies on one side of zero. */
export const excludesZero = (m: SavingMonth): boolean =>
  m.difference_wh !== null && m.halfWidth_wh !== null && Math.abs(m.difference_wh) > m.halfWidth_wh;
