import { formatNumber, quantityText } from '@wattproof/messages';
import type { EChartsOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { escapeHtml } from './escape-html.ts';
import { baseOption, valueAxis } from './theme.ts';

export interface SpectrumInput {
  /** Orders of harmonics along the axis, ascending. */
  readonly orders: readonly number[];
  readonly channels: readonly {
    readonly name: string;
    readonly color: string;
    /** Percent of the fundamental, by order; null where it is not known. */
    readonly value: readonly (number | null)[];
  }[];
}

/** Harmonics by order: at each order a bar for each phase, in percent of the fundamental. */
export function spectrumOption(
  { orders, channels }: SpectrumInput,
  context: ChartContext,
  texts: { readonly order: (order: number) => string },
): EChartsOption {
  const { theme, locale } = context;
  const high = Math.max(1, ...channels.flatMap((c) => c.value.map((v) => v ?? 0)));
  return {
    ...baseOption(context),
    grid: { left: 44, right: 12, top: 14, bottom: 26 },
    xAxis: {
      type: 'category',
      data: orders.map(String),
      axisLine: { lineStyle: { color: theme.colors.ink3 } },
      axisTick: { show: false },
      axisLabel: {
        color: theme.colors.ink3,
        fontSize: 11,
        // Odd orders are what people look for; even ones stand between them.
        interval: (_, label) => Number(label) % (isCompact(context) ? 4 : 2) === 1,
      },
    },
    yAxis: valueAxis(
      context,
      0,
      high,
      // Steps of 2.5 would read as 3, 5, 8.
      (v) => `${formatNumber(locale, v, { decimals: Number.isInteger(v) ? 0 : 1 })}\u00a0%`,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      axisPointer: { type: 'none' },
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? -1;
        const order = orders[index];
        if (order === undefined) return '';
        const lines = channels.map(({ name, value }) => {
          const known = value[index] ?? null;
          const text =
            known === null
              ? '—'
              : quantityText({ value: formatNumber(locale, known, { decimals: 1 }), unit: '%' });
          return `${escapeHtml(name)}: <b>${text}</b>`;
        });
        return [escapeHtml(texts.order(order)), ...lines].join('<br>');
      },
    },
    series: channels.map(({ name, color, value }) => ({
      type: 'bar',
      name,
      itemStyle: { color },
      barGap: '10%',
      barCategoryGap: '25%',
      data: value.map((v) => v ?? '-'),
    })),
  };
}
