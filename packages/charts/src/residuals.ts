import { formatLocalDate, formatNumber, quantityText, type UnitScale } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { niceStep, niceTicks } from './axis.ts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { dayAt_ms } from './cusum.ts';
import { escapeHtml } from './escape-html.ts';
import { baseOption, haloText, timeAxis, valueAxis } from './theme.ts';

export interface ResidualDay {
  readonly date: string;
  readonly residual_wh: number;
  readonly phase: 'baseline' | 'reporting';
}

/** Actual minus expected of each day, baseline then reporting, with the mean of the reporting days. */
export function residualsOption(
  input: {
    readonly days: readonly ResidualDay[];
    readonly halfWidth_wh: number | null;
    readonly scale: UnitScale;
    readonly color: string;
  },
  given: ChartContext,
  texts: { readonly mean: (value: string) => string },
): EChartsOption {
  const context: ChartContext = { ...given, timeZone: 'UTC' };
  const { theme, locale } = context;
  const { colors } = theme;
  const value = (wh: number): number => wh / input.scale.factor;
  const values = input.days.map((d) => value(d.residual_wh));
  const reach = Math.max(...values.map(Math.abs), value(input.halfWidth_wh ?? 0), 1e-6);
  const reporting = input.days.filter((d) => d.phase === 'reporting');
  const mean = reporting.reduce((sum, d) => sum + value(d.residual_wh), 0) / Math.max(1, reporting.length);
  const first = input.days[0];
  const last = input.days[input.days.length - 1];
  const from_ms = first ? dayAt_ms(first.date) : 0;
  const to_ms = last ? dayAt_ms(last.date) : 1;
  const points = (phase: ResidualDay['phase']) =>
    input.days.filter((d) => d.phase === phase).map((d) => [dayAt_ms(d.date), value(d.residual_wh)]);
  return {
    ...baseOption(context),
    grid: { left: 48, right: 16, top: 12, bottom: 26 },
    xAxis: timeAxis(context, from_ms, Math.max(to_ms, from_ms + 86_400_000)),
    yAxis: valueAxis(
      context,
      -reach,
      reach,
      (v) => formatNumber(locale, v, { decimals: reach < 0.2 ? 2 : reach < 4 ? 1 : 0, signed: true }),
      4,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'item',
      formatter: (item: unknown) => {
        const [at, y] = (item as { value: [number, number] }).value;
        const date = new Date(at).toISOString().slice(0, 10);
        return `${formatLocalDate(locale, date, 'date')}<br><b>${formatNumber(locale, y, { decimals: 2, signed: true })}\u00a0${input.scale.unit}</b>`;
      },
    },
    series: [
      residualBand(context, from_ms, value(input.halfWidth_wh ?? 0)),
      { type: 'scatter', z: 2, symbolSize: 3, itemStyle: { color: colors.ctl }, data: points('baseline') },
      { type: 'scatter', z: 2, symbolSize: 3, itemStyle: { color: input.color }, data: points('reporting') },
      {
        type: 'custom',
        z: 4,
        silent: true,
        clip: false,
        tooltip: { show: false },
        data: [[from_ms, 0]],
        renderItem: (params, api) => {
          const [begin] = reporting;
          if (!begin || !last) return { type: 'group', children: [] } as never;
          const box = params.coordSys as unknown as { x: number; y: number; width: number };
          const [x1 = 0, y = 0] = api.coord([dayAt_ms(begin.date), mean]);
          const [x2 = 0] = api.coord([dayAt_ms(last.date), mean]);
          const text = texts.mean(
            quantityText({
              value: formatNumber(locale, mean * (input.scale.factor / 1000), { decimals: 0, signed: true }),
              unit: 'kWh',
            }),
          );
          return {
            type: 'group',
            children: [
              {
                type: 'path',
                shape: { pathData: `M${x1} ${y}L${x2} ${y}` },
                style: { fill: 'none', stroke: colors.ink, lineWidth: 1.6 },
              },
              haloText(context, text, { x: box.x + box.width - 2, y: box.y + 8, align: 'right' }),
            ],
          } as never;
        },
      },
    ],
  };
}

export interface FittedResidual {
  readonly fitted_wh: number;
  readonly residual_wh: number;
  /** What the point is, for its tooltip: a day, a month. */
  readonly label: string;
}

/** Decimals that keep labels of neighbouring ticks apart. */
const decimalsOfStep = (step: number): number => (step >= 1 ? 0 : step >= 0.1 ? 1 : 2);

/** Residuals against what the model expects: a spread that widens or bends says that the model's form is wrong. */
export function residualsFittedOption(
  input: {
    readonly points: readonly FittedResidual[];
    readonly halfWidth_wh: number | null;
    readonly scale: UnitScale;
  },
  context: ChartContext,
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const value = (wh: number): number => wh / input.scale.factor;
  const xs = input.points.map((p) => value(p.fitted_wh));
  const xTicks = niceTicks(Math.min(...xs), Math.max(...xs), isCompact(context) ? 4 : 6);
  const xStep = (xTicks[1] ?? 1) - (xTicks[0] ?? 0);
  const reach = Math.max(
    ...input.points.map((p) => Math.abs(value(p.residual_wh))),
    value(input.halfWidth_wh ?? 0),
    1e-6,
  );
  return {
    ...baseOption(context),
    grid: { left: 48, right: 16, top: 12, bottom: 26 },
    xAxis: {
      type: 'value',
      min: xTicks[0] as number,
      max: xTicks[xTicks.length - 1] as number,
      interval: xStep,
      axisLine: { onZero: false, lineStyle: { color: colors.ink3 } },
      axisTick: { length: 4, lineStyle: { color: colors.rule2 } },
      splitLine: { show: false },
      axisLabel: {
        color: colors.ink3,
        fontSize: 11,
        formatter: (v: number) => formatNumber(locale, v, { decimals: decimalsOfStep(xStep) }),
      },
    },
    yAxis: valueAxis(
      context,
      -reach,
      reach,
      (v) => formatNumber(locale, v, { decimals: reach < 0.2 ? 2 : reach < 4 ? 1 : 0, signed: true }),
      4,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'item',
      formatter: (item: unknown) => {
        const { name, value: at } = item as { name: string; value: [number, number] };
        return `${escapeHtml(name)}<br><b>${formatNumber(locale, at[1], { decimals: 2, signed: true })}\u00a0${input.scale.unit}</b>`;
      },
    },
    series: [
      residualBand(context, xTicks[0] as number, value(input.halfWidth_wh ?? 0)),
      {
        type: 'scatter',
        z: 2,
        symbolSize: 4,
        itemStyle: { color: colors.ctl },
        data: input.points.map((p) => ({
          value: [value(p.fitted_wh), value(p.residual_wh)],
          name: p.label,
        })),
      },
    ],
  };
}

/** One class of a histogram: [from, to) and how many values lie in it. */
export interface HistogramClass {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Classes of a histogram, symmetric around zero, all of one round width. The number of classes follows Sturges'
 * rule, 1 + log₂ n, at least 7, so that few values are not spread over empty classes.
 */
export function histogramOf(values: readonly number[]): HistogramClass[] {
  const reach = Math.max(0, ...values.map(Math.abs));
  if (reach === 0) return [];
  const wanted = Math.max(7, Math.ceil(1 + Math.log2(values.length)));
  const width = niceStep(2 * reach, wanted);
  // Zero is the middle of a class, not an edge: the most frequent residual is a small one of either sign.
  const last = Math.ceil(reach / width - 0.5);
  const counts = new Array<number>(2 * last + 1).fill(0);
  for (const v of values) {
    const at = Math.min(last, Math.max(-last, Math.round(v / width))) + last;
    counts[at] = (counts[at] as number) + 1;
  }
  return counts.map((count, i) => ({
    from: (i - last - 0.5) * width,
    to: (i - last + 0.5) * width,
    count,
  }));
}

/** How residuals are distributed, with the normal curve of the same standard deviation that intervals assume. */
export function residualDistributionOption(
  input: {
    readonly residuals_wh: readonly number[];
    readonly standardDeviation_wh: number;
    readonly scale: UnitScale;
  },
  context: ChartContext,
  texts: { readonly count: (count: number) => string; readonly normal: string },
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const values = input.residuals_wh.map((wh) => wh / input.scale.factor);
  const deviation = input.standardDeviation_wh / input.scale.factor;
  const classes = histogramOf(values);
  const width = classes[0] ? classes[0].to - classes[0].from : 1;
  const low = classes[0]?.from ?? -1;
  const high = classes[classes.length - 1]?.to ?? 1;
  const density = (x: number): number =>
    (values.length * width * Math.exp(-((x / deviation) ** 2) / 2)) / (deviation * Math.sqrt(2 * Math.PI));
  const highest = Math.max(1, ...classes.map((c) => c.count), deviation > 0 ? density(0) : 0);
  const number = (v: number): string =>
    formatNumber(locale, v, { decimals: decimalsOfStep(width), signed: true });
  const ticks = niceTicks(low, high, isCompact(context) ? 4 : 6).filter((v) => v >= low && v <= high);
  return {
    ...baseOption(context),
    grid: { left: 40, right: 16, top: 12, bottom: 26 },
    xAxis: {
      type: 'value',
      min: low,
      max: high,
      axisLine: { onZero: false, lineStyle: { color: colors.ink3 } },
      axisTick: { customValues: ticks, length: 4, lineStyle: { color: colors.rule2 } },
      splitLine: { show: false },
      axisLabel: { customValues: ticks, color: colors.ink3, fontSize: 11, formatter: number },
    },
    yAxis: valueAxis(context, 0, highest, (v) => formatNumber(locale, v, { decimals: 0 }), 4),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'item',
      formatter: (item: unknown) => {
        const c = classes[(item as { dataIndex: number }).dataIndex];
        return c
          ? `${number(c.from)} … ${number(c.to)}\u00a0${input.scale.unit}<br><b>${texts.count(c.count)}</b>`
          : '';
      },
    },
    series: [
      {
        type: 'custom',
        z: 1,
        data: classes.map((c) => [c.from, c.count]),
        renderItem: (params, api) => {
          const c = classes[params.dataIndex];
          if (!c) return { type: 'group', children: [] } as never;
          const [x1 = 0, y = 0] = api.coord([c.from, c.count]);
          const [x2 = 0, base = 0] = api.coord([c.to, 0]);
          return {
            type: 'rect',
            shape: { x: x1 + 0.5, y, width: Math.max(0, x2 - x1 - 1), height: base - y },
            style: { fill: colors.band },
          } as never;
        },
      },
      {
        type: 'custom',
        z: 3,
        silent: true,
        clip: true,
        tooltip: { show: false },
        data: [[low, 0]],
        renderItem: (params, api) => {
          if (!(deviation > 0)) return { type: 'group', children: [] } as never;
          const box = params.coordSys as unknown as { x: number; y: number; width: number };
          const path = Array.from({ length: 81 }, (_, i) => {
            const x = low + ((high - low) * i) / 80;
            const [px = 0, py = 0] = api.coord([x, density(x)]);
            return `${px.toFixed(1)} ${py.toFixed(1)}`;
          });
          return {
            type: 'group',
            children: [
              {
                type: 'path',
                shape: { pathData: `M${path.join('L')}` },
                style: { fill: 'none', stroke: colors.ink, lineWidth: 1.4 },
              },
              haloText(context, texts.normal, { x: box.x + box.width - 2, y: box.y + 8, align: 'right' }),
            ],
          } as never;
        },
      },
    ],
  };
}

/** The band around zero in which residuals are expected, and the zero line. */
function residualBand(context: ChartContext, at: number, halfWidth: number): CustomSeriesOption {
  const { colors } = context.theme;
  return {
    type: 'custom',
    z: 1,
    silent: true,
    clip: false,
    tooltip: { show: false },
    data: [[at, 0]],
    renderItem: (params, api) => {
      const box = params.coordSys as unknown as { x: number; width: number };
      const [, zero = 0] = api.coord([at, 0]);
      const [, high = 0] = api.coord([at, halfWidth]);
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: box.x, y: high, width: box.width, height: 2 * (zero - high) },
            style: { fill: colors.band, opacity: 0.8 },
          },
          {
            type: 'path',
            shape: { pathData: `M${box.x} ${zero}L${box.x + box.width} ${zero}` },
            style: { fill: 'none', stroke: colors.ink3, lineWidth: 1 },
          },
        ],
      } as never;
    },
  };
}
