import { formatNumber, type UnitScale } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption, XAXisComponentOption } from 'echarts';
import { niceTicks } from './axis.ts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { baseOption, haloText, valueAxis } from './theme.ts';

export interface SignaturePoint {
  readonly x: number;
  readonly y: number;
  readonly phase: 'baseline' | 'reporting';
  readonly label: string;
}

export interface SignatureInput {
  readonly points: readonly SignaturePoint[];
  /** The model's line over x at the stated values of its other variables, with the half-width of its band. */
  readonly fit: readonly { readonly x: number; readonly y: number; readonly halfWidth: number }[];
  /** Energies in Wh, printed in this unit. */
  readonly scale: UnitScale;
  readonly color: string;
  readonly changePoints: readonly {
    readonly x: number;
    /** Half-width of where it lies, where it was estimated. */
    readonly halfWidth: number | null;
    readonly label: string;
  }[];
}

/** Decimals that keep labels of neighbouring ticks apart. */
const decimalsOfStep = (step: number): number => (step >= 1 ? 0 : step >= 0.1 ? 1 : 2);

/** Daily energy against one variable: baseline days hollow, reporting days filled, the fitted line with its band. */
export function signatureOption(
  input: SignatureInput,
  context: ChartContext,
  texts: { readonly baseline: string; readonly reporting: string; readonly fit: string },
): EChartsOption {
  const { theme, locale } = context;
  const { colors } = theme;
  const xs = [...input.points.map((p) => p.x), ...input.fit.map((f) => f.x)];
  const ys = [
    ...input.points.map((p) => p.y),
    ...input.fit.flatMap((f) => [f.y - f.halfWidth, f.y + f.halfWidth]),
  ].map((y) => y / input.scale.factor);
  const xTicks = niceTicks(Math.min(...xs), Math.max(...xs), isCompact(context) ? 5 : 8);
  const right = isCompact(context) ? 16 : 108;
  const lowest = Math.min(...ys);
  const highest = Math.max(...ys);
  const yTicks = niceTicks(lowest, highest, 5);
  const yStep = (yTicks[1] ?? 1) - (yTicks[0] ?? 0);
  const points = (phase: SignaturePoint['phase']) =>
    input.points
      .filter((p) => p.phase === phase)
      .map((p) => ({ value: [p.x, p.y / input.scale.factor], name: p.label }));
  const xAxis: XAXisComponentOption = {
    type: 'value',
    min: xTicks[0] as number,
    max: xTicks[xTicks.length - 1] as number,
    interval: (xTicks[1] ?? 1) - (xTicks[0] ?? 0),
    axisLine: { onZero: false, lineStyle: { color: colors.ink3 } },
    axisTick: { length: 4, lineStyle: { color: colors.rule2 } },
    splitLine: { show: false },
    axisLabel: { color: colors.ink3, fontSize: 11, formatter: (v: number) => formatNumber(locale, v) },
  };
  return {
    ...baseOption(context),
    grid: { left: 40, right, top: 12, bottom: 26 },
    xAxis,
    yAxis: valueAxis(
      context,
      lowest,
      highest,
      (v) => formatNumber(locale, v, { decimals: decimalsOfStep(yStep) }),
      5,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'item',
      formatter: (item: unknown) => {
        const { name, value } = item as { name: string; value: [number, number] };
        return `${name}<br><b>${formatNumber(locale, value[1], { decimals: 2 })}\u00a0${input.scale.unit}</b>`;
      },
    },
    series: [
      fitSeries(),
      {
        type: 'scatter',
        z: 2,
        symbolSize: 5,
        itemStyle: { color: 'transparent', borderColor: colors.ctl, borderWidth: 1 },
        data: points('baseline'),
      },
      {
        type: 'scatter',
        z: 3,
        symbolSize: 4.5,
        itemStyle: { color: input.color },
        data: points('reporting'),
      },
    ],
  };

  function fitSeries(): CustomSeriesOption {
    return {
      type: 'custom',
      z: 1,
      silent: true,
      clip: false,
      tooltip: { show: false },
      data: [[xs[0] ?? 0, ys[0] ?? 0]],
      renderItem: (params, api) => {
        const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const at = (x: number, y: number): string => {
          const [px = 0, py = 0] = api.coord([x, y / input.scale.factor]);
          return `${px.toFixed(1)} ${py.toFixed(1)}`;
        };
        const upper = input.fit.map((f) => at(f.x, f.y + f.halfWidth));
        const lower = [...input.fit].reverse().map((f) => at(f.x, f.y - f.halfWidth));
        const line = input.fit.map((f) => at(f.x, f.y));
        const children: object[] = [];
        if (input.fit.length > 1)
          children.push(
            {
              type: 'path',
              shape: { pathData: `M${[...upper, ...lower].join('L')}Z` },
              style: { fill: colors.band, opacity: 0.8 },
            },
            {
              type: 'path',
              shape: { pathData: `M${line.join('L')}` },
              style: { fill: 'none', stroke: colors.ink, lineWidth: 1.5 },
            },
          );
        if (!isCompact(context)) {
          const x = box.x + box.width + 8;
          const last = input.fit[input.fit.length - 1];
          const [, lastY = box.y] = last ? api.coord([last.x, last.y / input.scale.factor]) : [];
          const y = Math.min(Math.max(box.y + 8, lastY), box.y + box.height - 60);
          children.push(
            haloText(context, texts.fit, { x, y, bold: true }),
            {
              type: 'circle',
              shape: { cx: x + 3, cy: y + 22, r: 2.6 },
              style: { fill: 'none', stroke: colors.ctl },
            },
            haloText(context, texts.baseline, { x: x + 12, y: y + 22 }),
            { type: 'circle', shape: { cx: x + 3, cy: y + 38, r: 2.6 }, style: { fill: input.color } },
            haloText(context, texts.reporting, { x: x + 12, y: y + 38 }),
          );
        }
        input.changePoints.forEach((point, i) => {
          const [cx = 0] = api.coord([point.x, ys[0] ?? 0]);
          const base = box.y + box.height;
          // Labels of two points that lie close stand one above the other.
          const rise = 14 * i;
          if (point.halfWidth !== null) {
            const [left = 0] = api.coord([point.x - point.halfWidth, ys[0] ?? 0]);
            const [right = 0] = api.coord([point.x + point.halfWidth, ys[0] ?? 0]);
            children.push({
              type: 'path',
              shape: { pathData: `M${left} ${base - 3}L${right} ${base - 3}` },
              style: { fill: 'none', stroke: colors.ink2, lineWidth: 2 },
            });
          }
          children.push(
            {
              type: 'path',
              shape: { pathData: `M${cx} ${base - 18 - rise}L${cx} ${base}` },
              style: { fill: 'none', stroke: colors.ink2, lineWidth: 1, lineDash: [3, 2] },
            },
            haloText(context, point.label, { x: cx + 5, y: base - 12 - rise }),
          );
        });
        return { type: 'group', children } as never;
      },
    };
  }
}
