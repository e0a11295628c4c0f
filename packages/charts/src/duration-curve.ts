import {
  formatPercent,
  formatQuantity,
  quantityText,
  type ShownUnit,
  unitScaleOf,
} from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { escapeHtml } from './escape-html.ts';
import { baseOption, haloText, valueAxis } from './theme.ts';

export interface DurationCurveSeries {
  readonly name: string;
  readonly color: string;
  /** Share of the known time, 0…1, ascending, and the value that is reached or exceeded that long. */
  readonly share: readonly number[];
  readonly value: readonly number[];
  /** Length of the known time. */
  readonly known_s: number;
}

/** A value with the share of the time that it is reached or exceeded. */
export interface DurationMark {
  readonly share: number;
  readonly value: number;
  readonly label: string;
}

export interface DurationCurveInput {
  /** Unit of the values: of a gauge, or the rate of a counter (`W`, `l/h`). */
  readonly unit: ShownUnit;
  readonly series: readonly DurationCurveSeries[];
  /** Named points of the first curve: highest tenth, median, base. */
  readonly marks: readonly DurationMark[];
}

export interface DurationCurveTexts {
  /** What a point says: so long at least that much. */
  readonly reached: (duration_s: number, share: string) => string;
}

const gridRight = 18;

/** Loads sorted from the highest down: how long a value is reached or exceeded. Starts at zero where zero matters. */
export function durationCurveOption(
  input: DurationCurveInput,
  context: ChartContext,
  texts: DurationCurveTexts,
): EChartsOption {
  const { locale, theme } = context;
  const { unit } = input;
  const values = input.series.flatMap((s) => s.value);
  const high = values.reduce((a, b) => Math.max(a, b), values[0] ?? 1);
  const low = values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);
  const showsZero = !['V', 'Hz', '°C', '1', '%'].includes(unit);
  const scale = unitScaleOf(unit, Math.max(Math.abs(high), Math.abs(low)));
  const top = high / scale.factor;
  return {
    ...baseOption(context),
    grid: { left: 52, right: gridRight, top: 16, bottom: 26 },
    xAxis: {
      type: 'value',
      min: 0,
      max: 1,
      interval: isCompact(context) ? 0.25 : 0.1,
      axisLine: { onZero: false, lineStyle: { color: theme.colors.ink3 } },
      axisTick: { length: 4, lineStyle: { color: theme.colors.rule2 } },
      splitLine: { show: false },
      axisLabel: {
        color: theme.colors.ink3,
        fontSize: 11,
        margin: 8,
        formatter: (share: number) => quantityText(formatPercent(locale, share, { decimals: 0 })),
      },
    },
    yAxis: valueAxis(
      context,
      showsZero ? Math.min(0, low) : low - (high - low) * 0.1,
      high === low ? high + Math.max(1, Math.abs(high) * 0.1) : high + (high - low) * 0.04,
      (v) =>
        formatQuantity(locale, v, unit, {
          scale,
          decimals: top >= 20 ? 0 : top >= 2 ? 1 : 2,
        }).value,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      formatter: (items: unknown) =>
        tooltipOf(items as readonly { readonly value: readonly [number, number] }[]),
    },
    series: [...input.series.map(curve), marks()],
  };

  function curve(s: DurationCurveSeries): LineSeriesOption {
    return {
      type: 'line',
      name: s.name,
      z: 3,
      symbol: 'none',
      step: 'start',
      lineStyle: { color: s.color, width: 1.6 },
      itemStyle: { color: s.color },
      data: s.share.map((share, i) => [share, s.value[i] as number] as [number, number]),
    };
  }

  function marks(): CustomSeriesOption {
    return {
      type: 'custom',
      z: 4,
      silent: true,
      clip: false,
      tooltip: { show: false },
      data: input.marks.map((m) => [m.share, m.value]),
      renderItem: (params, api) => {
        const mark = input.marks[params.dataIndex];
        if (!mark) return { type: 'group', children: [] } as never;
        const [x = 0, y = 0] = api.coord([mark.share, mark.value]);
        const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const isRight = x > box.x + box.width * 0.7;
        const color = input.series[0]?.color ?? theme.colors.ctl;
        return {
          type: 'group',
          children: [
            {
              type: 'circle',
              shape: { cx: x, cy: y, r: 3.5 },
              style: { fill: color, stroke: theme.colors.sheet, lineWidth: 2 },
            },
            haloText(context, mark.label, {
              x: isRight ? x - 2 : x + 8,
              y: Math.max(box.y + 2, y - 11),
              align: isRight ? 'right' : 'left',
            }),
          ],
        } as never;
      },
    };
  }

  function tooltipOf(items: readonly { readonly value: readonly [number, number] }[]): string {
    const share = items[0]?.value[0];
    if (share === undefined) return '';
    const percent = quantityText(formatPercent(locale, share));
    const rows = input.series.map((s) => {
      const at = s.share.findIndex((x) => x >= share - 1e-9);
      const value = s.value[at === -1 ? s.value.length - 1 : at];
      const text = value === undefined ? '—' : quantityText(formatQuantity(locale, value, unit, { scale }));
      const mark = `<span style="display:inline-block;width:10px;height:3px;margin:0 6px 3px 0;background:${s.color}"></span>`;
      return `${mark}${escapeHtml(s.name)} <b>${text}</b>`;
    });
    return [texts.reached((input.series[0]?.known_s ?? 0) * share, percent), ...rows].join('<br>');
  }
}
