import { formatLocalDate, formatNumber, type UnitScale } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { dayAt_ms } from './cusum.ts';
import { runsOf } from './hatch.ts';
import { baseOption, haloText, timeAxis, valueAxis } from './theme.ts';

export interface FitPeriod {
  /** First day of the period. */
  readonly date: string;
  /** null where the meter, or a variable of the model, is not known: a gap. */
  readonly actual_wh: number | null;
  readonly expected_wh: number | null;
  /** Half-width of the band in which a single period is expected. */
  readonly halfWidth_wh: number | null;
}

/** What was metered and what the model expects, over time, with the band of a single period. */
export function fitOption(
  input: {
    readonly periods: readonly FitPeriod[];
    /** First day that the model has not seen; a mark stands there. */
    readonly reportingFrom: string | null;
    readonly scale: UnitScale;
    readonly color: string;
  },
  given: ChartContext,
  texts: {
    readonly actual: string;
    readonly expected: string;
    readonly reporting: string;
    readonly period: 'date' | 'month';
  },
): EChartsOption {
  const context: ChartContext = { ...given, timeZone: 'UTC' };
  const { theme, locale } = context;
  const { colors } = theme;
  const value = (wh: number): number => wh / input.scale.factor;
  const known = input.periods.flatMap((p) => [
    ...(p.actual_wh === null ? [] : [value(p.actual_wh)]),
    ...(p.expected_wh === null
      ? []
      : [value(p.expected_wh - (p.halfWidth_wh ?? 0)), value(p.expected_wh + (p.halfWidth_wh ?? 0))]),
  ]);
  const low = Math.min(0, ...known);
  const high = Math.max(1e-6, ...known);
  const first = input.periods[0];
  const last = input.periods[input.periods.length - 1];
  const from_ms = first ? dayAt_ms(first.date) : 0;
  const to_ms = last ? Math.max(dayAt_ms(last.date), from_ms + 86_400_000) : 1;
  const number = (wh: number): string => formatNumber(locale, value(wh), { decimals: high < 4 ? 2 : 1 });
  return {
    ...baseOption(context),
    grid: { left: 48, right: isCompact(context) ? 16 : 84, top: 16, bottom: 26 },
    xAxis: timeAxis(context, from_ms, to_ms),
    yAxis: valueAxis(context, low, high, (v) => formatNumber(locale, v, { decimals: high < 4 ? 1 : 0 }), 4),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      formatter: (items: unknown) => {
        const index = (items as { dataIndex: number }[])[0]?.dataIndex ?? -1;
        const p = input.periods[index];
        if (!p) return '';
        const text = (wh: number | null): string =>
          wh === null ? '—' : `${number(wh)}\u00a0${input.scale.unit}`;
        const half = p.halfWidth_wh === null ? '' : ` ± ${number(p.halfWidth_wh)}`;
        return [
          formatLocalDate(locale, p.date, texts.period),
          `${texts.actual}: <b>${text(p.actual_wh)}</b>`,
          `${texts.expected}: ${text(p.expected_wh)}${half}`,
        ].join('<br>');
      },
    },
    series: [
      band(),
      {
        type: 'line',
        symbol: 'none',
        z: 4,
        connectNulls: false,
        lineStyle: { color: input.color, width: input.periods.length > 200 ? 1.1 : 1.8 },
        data: input.periods.map((p) => [dayAt_ms(p.date), p.actual_wh === null ? null : value(p.actual_wh)]),
      },
      {
        type: 'line',
        symbol: 'none',
        z: 3,
        connectNulls: false,
        lineStyle: { color: colors.ink2, width: 1 },
        data: input.periods.map((p) => [
          dayAt_ms(p.date),
          p.expected_wh === null ? null : value(p.expected_wh),
        ]),
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
        const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const at = (p: FitPeriod, sign: number): string => {
          const wh = (p.expected_wh as number) + sign * (p.halfWidth_wh as number);
          const [x = 0, y = 0] = api.coord([dayAt_ms(p.date), value(wh)]);
          return `${x.toFixed(1)} ${y.toFixed(1)}`;
        };
        // Runs without a gap are bands of their own: across a gap nothing is expected.
        const children: object[] = runsOf(input.periods, (p) =>
          p.expected_wh === null || p.halfWidth_wh === null ? null : 'band',
        ).map(({ items }) => ({
          type: 'path',
          shape: {
            pathData: `M${[...items.map((p) => at(p, 1)), ...[...items].reverse().map((p) => at(p, -1))].join('L')}Z`,
          },
          style: { fill: colors.band, opacity: 0.8 },
        }));
        const start = input.reportingFrom === null ? null : dayAt_ms(input.reportingFrom);
        if (start !== null && start > from_ms && start < to_ms) {
          const [x = 0] = api.coord([start, 0]);
          children.push(
            {
              type: 'path',
              shape: { pathData: `M${x} ${box.y}L${x} ${box.y + box.height}` },
              style: { fill: 'none', stroke: colors.ink3, lineWidth: 1, lineDash: [3, 2] },
            },
            haloText(context, texts.reporting, { x: x + 5, y: box.y - 4 }),
          );
        }
        const end = input.periods.findLast((p) => p.actual_wh !== null && p.expected_wh !== null);
        if (end && !isCompact(context)) {
          const y = (wh: number): number => api.coord([dayAt_ms(end.date), value(wh)])[1] as number;
          const [actual, expected] = [y(end.actual_wh as number), y(end.expected_wh as number)];
          // The two words keep a line's height between them and their order.
          const push = Math.max(0, 14 - Math.abs(actual - expected)) / 2;
          const sign = actual <= expected ? -1 : 1;
          const x = box.x + box.width + 8;
          children.push(
            haloText(context, texts.actual, { x, y: actual + sign * push, color: input.color, bold: true }),
            haloText(context, texts.expected, { x, y: expected - sign * push }),
          );
        }
        return { type: 'group', children } as never;
      },
    };
  }
}
