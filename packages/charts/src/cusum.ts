import { formatLocalDate, formatNumber, quantityText, type UnitScale } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { niceTicks } from './axis.ts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { baseOption, haloText, timeAxis, valueAxis } from './theme.ts';

export interface CusumDay {
  readonly date: string;
  readonly cusum_wh: number;
  readonly band_wh: number | null;
}

export interface CusumInput {
  readonly days: readonly CusumDay[];
  readonly scale: UnitScale;
  readonly color: string;
  /** Where performance changed: the day, its uncertainty where known, and what happened then. */
  readonly changes?: readonly CusumChange[];
}

export interface CusumChange {
  readonly date: string;
  /** First and last day on which the change may have happened. */
  readonly between: readonly [string, string] | null;
  readonly label: string;
}

/** Noon of a local date on a time axis drawn in UTC: days have no hour. */
export const dayAt_ms = (date: string): number => Date.parse(`${date}T12:00:00Z`);

/** Running sum of actual minus expected, with the band in which no change can be told. */
export function cusumOption(
  input: CusumInput,
  given: ChartContext,
  texts: { readonly noChange: string },
): EChartsOption {
  const context: ChartContext = { ...given, timeZone: 'UTC' };
  const { theme, locale } = context;
  const { colors } = theme;
  const value = (wh: number): number => wh / input.scale.factor;
  const all = input.days.flatMap((d) => [
    value(d.cusum_wh),
    ...(d.band_wh === null ? [] : [value(d.band_wh), -value(d.band_wh)]),
  ]);
  const low = Math.min(0, ...all);
  const high = Math.max(0, ...all);
  const ticks = niceTicks(low, high, 5);
  const decimals = (ticks[1] ?? 1) - (ticks[0] ?? 0) >= 1 ? 0 : 1;
  const first = input.days[0];
  const last = input.days[input.days.length - 1];
  const from_ms = first ? dayAt_ms(first.date) : 0;
  const to_ms = last ? dayAt_ms(last.date) : 1;
  return {
    ...baseOption(context),
    grid: { left: 48, right: isCompact(context) ? 16 : 96, top: 12, bottom: 26 },
    xAxis: timeAxis(context, from_ms, Math.max(to_ms, from_ms + 86_400_000)),
    yAxis: valueAxis(context, low, high, (v) => formatNumber(locale, v, { decimals }), 5),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      formatter: (items: unknown) => {
        const item = (items as { value: [number, number] }[])[0];
        if (!item) return '';
        const date = new Date(item.value[0]).toISOString().slice(0, 10);
        const text = quantityText({
          value: formatNumber(locale, item.value[1], { decimals: 1, signed: true }),
          unit: input.scale.unit,
        });
        return `${formatLocalDate(locale, date, 'date')}<br><b>${text}</b>`;
      },
    },
    series: [
      band(),
      {
        type: 'line',
        symbol: 'none',
        z: 3,
        lineStyle: { color: input.color, width: 1.8 },
        data: input.days.map((d) => [dayAt_ms(d.date), value(d.cusum_wh)]),
      },
      changes(),
    ],
  };

  function band(): CustomSeriesOption {
    const known = input.days.filter((d) => d.band_wh !== null);
    return {
      type: 'custom',
      z: 2,
      silent: true,
      clip: false,
      tooltip: { show: false },
      data: [[from_ms, 0]],
      renderItem: (params, api) => {
        const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const at = (d: CusumDay, sign: number): string => {
          const [x = 0, y = 0] = api.coord([dayAt_ms(d.date), sign * value(d.band_wh ?? 0)]);
          return `${x.toFixed(1)} ${y.toFixed(1)}`;
        };
        const [, zero = 0] = api.coord([from_ms, 0]);
        const children: object[] = [];
        if (known.length > 1)
          children.push({
            type: 'path',
            shape: {
              pathData: `M${[...known.map((d) => at(d, 1)), ...[...known].reverse().map((d) => at(d, -1))].join('L')}Z`,
            },
            style: { fill: colors.band, opacity: 0.8 },
          });
        children.push({
          type: 'path',
          shape: { pathData: `M${box.x} ${zero}L${box.x + box.width} ${zero}` },
          style: { fill: 'none', stroke: colors.ink2, lineWidth: 1 },
        });
        if (last) {
          const [x = 0, y = 0] = api.coord([dayAt_ms(last.date), value(last.cusum_wh)]);
          const text = quantityText({
            value: formatNumber(locale, value(last.cusum_wh), { decimals: 1, signed: true }),
            unit: input.scale.unit,
          });
          const isTight = isCompact(context);
          children.push(
            { type: 'circle', shape: { cx: x, cy: y, r: 3.5 }, style: { fill: input.color } },
            haloText(context, text, {
              x: isTight ? x - 4 : x + 9,
              y: isTight ? y - 14 : y,
              align: isTight ? 'right' : 'left',
              bold: true,
            }),
          );
          // The label of the band gives way to the value where both would stand at the same height.
          if (!isTight && Math.abs(y - zero) > 26)
            children.push(haloText(context, texts.noChange, { x: box.x + box.width + 9, y: zero }));
        }
        return { type: 'group', children } as never;
      },
    };
  }

  /** A needle on the day of each change, the days it may have been as a wash behind it, its words at the foot. */
  function changes(): CustomSeriesOption {
    const marks = (input.changes ?? []).filter(
      (c) => first !== undefined && last !== undefined && c.date >= first.date && c.date <= last.date,
    );
    return {
      type: 'custom',
      z: 1,
      silent: true,
      tooltip: { show: false },
      data: marks.map((c) => [dayAt_ms(c.date), 0]),
      renderItem: (params, api) => {
        const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const mark = marks[params.dataIndex];
        if (!mark) return { type: 'group', children: [] } as never;
        const x = (date: string): number => api.coord([dayAt_ms(date), 0])[0] as number;
        const at = x(mark.date);
        const [from, to] = mark.between ? [x(mark.between[0]), x(mark.between[1])] : [at, at];
        const isRight = at > box.x + box.width * 0.6;
        return {
          type: 'group',
          children: [
            {
              type: 'rect',
              shape: { x: from, y: box.y, width: Math.max(0, to - from), height: box.height },
              style: { fill: colors.accentWash },
            },
            {
              type: 'path',
              shape: { pathData: `M${at} ${box.y}L${at} ${box.y + box.height}` },
              style: { fill: 'none', stroke: colors.accent, lineWidth: 1.5 },
            },
            haloText(context, mark.label, {
              x: isRight ? at - 6 : at + 6,
              // Neighbouring marks stand on rows of their own.
              y: box.y + box.height - 10 - 14 * (params.dataIndex % 3),
              align: isRight ? 'right' : 'left',
            }),
          ],
        } as never;
      },
    };
  }
}
