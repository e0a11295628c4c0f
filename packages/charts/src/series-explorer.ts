import { findMeasurand, type IntervalQuality } from '@wattproof/energy';
import {
  formatInstant,
  formatMeasurand,
  formatPercent,
  quantityText,
  unitScaleOf,
} from '@wattproof/messages';
import type { BarSeriesOption, CustomSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import { type ChartContext, faded } from './chart-context.ts';
import { escapeHtml } from './escape-html.ts';
import { bandPath, runsOf, stepPath, type Tread } from './hatch.ts';
import { stripPitch, stripShapes, stripsHeight } from './strip.ts';
import { baseOption, timeAxis, valueAxis } from './theme.ts';
import type { Theme } from './tokens.ts';

export interface ExplorerSeries {
  readonly name: string;
  readonly color: string;
  readonly start_ms: readonly number[];
  readonly duration_s: readonly number[];
  /** Consumption of the interval (counters) or mean value (gauges), in base units; null where missing. */
  readonly value: readonly (number | null)[];
  readonly min?: readonly (number | null)[] | undefined;
  readonly max?: readonly (number | null)[] | undefined;
  readonly quality: readonly IntervalQuality[];
  /** The same meter in another period, moved onto this one. */
  readonly compared?: ComparedSeries | undefined;
}

export interface ComparedSeries {
  readonly start_ms: readonly number[];
  readonly duration_s: readonly number[];
  readonly value: readonly (number | null)[];
}

export interface ExplorerTexts {
  readonly quality: (quality: IntervalQuality) => string;
  /** What the compared period is called, where there is one. */
  readonly compared?: string | undefined;
}

export interface ExplorerInput {
  readonly measurand: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly series: readonly ExplorerSeries[];
}

/** Bars say more than steps as long as each bar can be seen. */
const mostBars = 62;

/** Whether series are drawn as bars: consumption in few intervals. */
export const isBarChart = (
  measurand: string,
  series: readonly { readonly duration_s: readonly number[] }[],
): boolean =>
  findMeasurand(measurand)?.kind === 'counter' &&
  Math.max(0, ...series.map((s) => s.duration_s.length)) <= mostBars;

/** Colours for series that are compared: each keeps the colour of its use while that is free, then the next free. */
export function seriesColors(theme: Theme, wanted: readonly (string | null)[]): string[] {
  const pool = [
    theme.carriers.electricity,
    theme.carriers.gas,
    theme.uses.process,
    theme.uses.cleaning,
    theme.uses.hotWater,
    theme.carriers.water,
    ...Object.values(theme.uses),
  ];
  const used = new Set<string>();
  return wanted.map((color) => {
    const free = color && !used.has(color) ? color : pool.find((c) => !used.has(c));
    const chosen = free ?? (theme.colors.ctl as string);
    used.add(chosen);
    return chosen;
  });
}

/** Any meters over any period: bars where intervals are few, steps else, lowest and highest value as a band. */
export function explorerOption(
  input: ExplorerInput,
  context: ChartContext,
  texts: ExplorerTexts,
): EChartsOption {
  const { locale, timeZone, theme } = context;
  const unit = findMeasurand(input.measurand)?.unit ?? '1';
  const isCounter = findMeasurand(input.measurand)?.kind === 'counter';
  const values = input.series.flatMap((s) => [
    ...s.value,
    ...(s.min ?? []),
    ...(s.max ?? []),
    ...(s.compared?.value ?? []),
  ]);
  const known = values.filter((v): v is number => v !== null);
  const high = known.reduce((a, b) => Math.max(a, b), known[0] ?? 1);
  const low = known.reduce((a, b) => Math.min(a, b), known[0] ?? 0);
  // Flows and energies show their zero; a voltage or a temperature would be a flat line above it.
  const showsZero = ['W', 'Wh', 'var', 'varh', 'VA', 'VAh', 'l', 'g', 's', 'A'].includes(unit);
  const scale = unitScaleOf(unit, Math.max(Math.abs(high), Math.abs(low)));
  const asBars = isBarChart(input.measurand, input.series);
  const strips = asBars ? 0 : input.series.length;
  return {
    ...baseOption(context),
    grid: { left: 52, right: 16, top: 16, bottom: axisHeight + stripsHeight(strips) },
    xAxis: timeAxis(context, input.from_ms, input.to_ms),
    yAxis: valueAxis(
      context,
      showsZero ? Math.min(0, low) : low - (high - low) * 0.1,
      high === low ? high + Math.max(1, Math.abs(high) * 0.1) : high + (high - low) * 0.04,
      (v) =>
        formatMeasurand(locale, v, input.measurand, { scale, decimals: decimalsFor(high / scale.factor) })
          .value,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      formatter: (items: unknown) => tooltipOf(items as TooltipItem[]),
    },
    dataZoom: [
      {
        type: 'inside',
        zoomOnMouseWheel: 'ctrl',
        moveOnMouseMove: 'shift',
        moveOnMouseWheel: false,
        filterMode: 'none',
      },
    ],
    toolbox: { show: true, top: -60, feature: { dataZoom: { yAxisIndex: false, filterMode: 'none' } } },
    series: [
      ...input.series.flatMap((s, i) => [
        ...(s.min && s.max && !isCounter ? [envelope(s)] : []),
        ...(s.compared ? [ghost(s, s.compared, i)] : []),
      ]),
      ...input.series.map((s) => (asBars ? bars(s) : steps(s))),
      ...(strips > 0 ? [qualityStrips()] : []),
    ],
  };

  /** Width of a bar in px; the bars of several series stand side by side. */
  function barWidth(s: ExplorerSeries): number {
    const share = ((s.duration_s[0] ?? 3600) * 1000) / (input.to_ms - input.from_ms);
    return Math.max(1, ((context.width - 68) * share * 0.68) / Math.max(1, input.series.length));
  }

  /** The compared period: a grey bar behind each bar, or a grey line behind the steps. */
  function ghost(s: ExplorerSeries, compared: ComparedSeries, index: number): CustomSeriesOption {
    const line = input.series.length === 1 ? theme.colors.bandLine : faded(s.color, 0.5);
    return {
      type: 'custom',
      z: 2,
      silent: true,
      clip: true,
      tooltip: { show: false },
      data: [[input.from_ms, low]],
      renderItem: (_params, api) => {
        const runs = runsOf(
          compared.start_ms.map((at, i) => ({ at, i })),
          ({ i }) => ((compared.value[i] ?? null) === null ? null : 'known'),
        );
        const treads = ({ at, i }: { at: number; i: number }): Tread => {
          const [x1 = 0, y = 0] = api.coord([at, compared.value[i] as number]);
          const [x2 = 0] = api.coord([at + (compared.duration_s[i] ?? 0) * 1000, 0]);
          return { x1, x2, y };
        };
        const [, zero = 0] = api.coord([input.from_ms, 0]);
        const width = barWidth(s);
        const children = runs.flatMap((run): Record<string, unknown>[] =>
          asBars
            ? run.items.map(treads).map(({ x1, x2, y }) => {
                const middle = (x1 + x2) / 2 + (index - (input.series.length - 1) / 2) * width * 1.1;
                return {
                  type: 'rect',
                  shape: { x: middle - width * 0.7, y, width: width * 1.4, height: zero - y },
                  style: { fill: theme.colors.band, stroke: line, lineWidth: 1 },
                };
              })
            : [
                {
                  type: 'path',
                  shape: { pathData: stepPath(run.items.map(treads)) || 'M0 0' },
                  style: { fill: 'none', stroke: line, lineWidth: 1.4 },
                },
              ],
        );
        return { type: 'group', children } as never;
      },
    };
  }

  /** The quality of each curve on the same time axis. */
  function qualityStrips(): CustomSeriesOption {
    return {
      type: 'custom',
      z: 4,
      silent: true,
      clip: false,
      tooltip: { show: false },
      data: [[input.from_ms, low]],
      renderItem: (params, api) => {
        const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
        const x = (at_ms: number): number =>
          api.coord([Math.min(input.to_ms, Math.max(input.from_ms, at_ms)), 0])[0] ?? 0;
        const children = input.series.flatMap((s, line) => {
          const y = box.y + box.height + axisHeight + 2 + line * stripPitch;
          const runs = qualityRuns(s).map((run) => ({ ...run, x1: x(run.from_ms), x2: x(run.to_ms) }));
          return [
            { type: 'rect', shape: { x: box.x - 14, y, width: 6, height: 6 }, style: { fill: s.color } },
            ...stripShapes(runs, y, theme),
          ];
        });
        return { type: 'group', children } as never;
      },
    };
  }

  function bars(s: ExplorerSeries): BarSeriesOption {
    return {
      type: 'bar',
      name: s.name,
      z: 3,
      barWidth: barWidth(s),
      barGap: '10%',
      data: s.start_ms.map((at, i) => ({
        value: [at + ((s.duration_s[i] ?? 0) * 1000) / 2, s.value[i] ?? null] as [number, number | null],
        itemStyle: itemStyle(s.quality[i] ?? 'measured', s.color),
      })) as never,
    };
  }

  function itemStyle(quality: IntervalQuality, color: string): object {
    if (quality === 'measured' || quality === 'manual') return { color };
    return {
      color: theme.colors.sheet,
      borderColor: color,
      borderWidth: 1,
      decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color },
    };
  }

  function steps(s: ExplorerSeries): LineSeriesOption {
    const data: [number, number | null][] = [];
    for (const [i, at] of s.start_ms.entries()) {
      const value = s.value[i] ?? null;
      const end = at + (s.duration_s[i] ?? 0) * 1000;
      data.push([at, value]);
      const nextStart = s.start_ms[i + 1];
      if (value !== null && end > at && (s.value[i + 1] ?? null) === null) data.push([end - 1, value]);
      if (nextStart !== undefined && nextStart > end + 1 && end > at) data.push([end, null]);
    }
    const isRaw = (s.duration_s[0] ?? 0) === 0;
    return {
      type: 'line',
      name: s.name,
      z: 3,
      ...(isRaw ? {} : { step: 'end' as const }),
      symbol: 'none',
      connectNulls: false,
      lineStyle: { color: s.color, width: 1.5 },
      itemStyle: { color: s.color },
      data,
    };
  }

  function envelope(s: ExplorerSeries): CustomSeriesOption {
    return {
      type: 'custom',
      name: s.name,
      z: 1,
      silent: true,
      clip: true,
      tooltip: { show: false },
      data: [[input.from_ms, low]],
      renderItem: (_params, api) => {
        const upper: Tread[] = [];
        const lower: Tread[] = [];
        for (const [i, at] of s.start_ms.entries()) {
          const min = s.min?.[i] ?? null;
          const max = s.max?.[i] ?? null;
          if (min === null || max === null) continue;
          const end = at + (s.duration_s[i] ?? 0) * 1000;
          const [x1 = 0, y1 = 0] = api.coord([at, max]);
          const [x2 = 0, y2 = 0] = api.coord([end, min]);
          upper.push({ x1, x2, y: y1 });
          lower.push({ x1, x2, y: y2 });
        }
        return {
          type: 'path',
          shape: { pathData: bandPath(upper, lower) || 'M0 0' },
          style: { fill: faded(s.color, 0.14) },
        } as never;
      },
    };
  }

  interface TooltipItem {
    readonly seriesName: string;
    readonly seriesIndex: number;
    readonly value: readonly [number, number | null];
    readonly color: string;
  }

  function tooltipOf(items: readonly TooltipItem[]): string {
    const at = items[0]?.value[0];
    if (at === undefined) return '';
    const rows = input.series.flatMap((s) => {
      const index = indexAt(s, at);
      if (index < 0) return [];
      const value = s.value[index] ?? null;
      const text =
        value === null ? '—' : quantityText(formatMeasurand(locale, value, input.measurand, { scale }));
      const quality = s.quality[index] ?? 'missing';
      const mark = `<span style="display:inline-block;width:10px;height:3px;margin:0 6px 3px 0;background:${s.color}"></span>`;
      const note = quality === 'measured' ? '' : `, ${texts.quality(quality)}`;
      return [`${mark}${escapeHtml(s.name)} <b>${text}</b>${note}`, ...comparedText(s, at, value)];
    });
    const first = input.series[0];
    const index = first ? indexAt(first, at) : -1;
    const start = first?.start_ms[index] ?? at;
    const end = start + (first?.duration_s[index] ?? 0) * 1000;
    const style = end - start >= 86_000_000 ? 'date' : 'dateTimeShort';
    const title =
      end > start && style === 'dateTimeShort'
        ? `${formatInstant(locale, timeZone, start, style)} – ${formatInstant(locale, timeZone, end, 'time')}`
        : formatInstant(
            locale,
            timeZone,
            start,
            style === 'date' && end - start > 27 * 86_400_000 ? 'month' : style,
          );
    return [title, ...rows].join('<br>');
  }

  function comparedText(s: ExplorerSeries, at: number, value: number | null): string[] {
    if (!s.compared || !texts.compared) return [];
    const before = s.compared.value[indexAt(s.compared, at)] ?? null;
    if (before === null) return [`${escapeHtml(texts.compared)}: —`];
    const text = quantityText(formatMeasurand(locale, before, input.measurand, { scale }));
    const change =
      value === null || before === 0 || !showsZero
        ? ''
        : `, ${quantityText(formatPercent(locale, value / before - 1, { signed: true }))}`;
    return [`${escapeHtml(texts.compared)}: ${text}${change}`];
  }
}

const axisHeight = 28;

const decimalsFor = (magnitude: number): number => (magnitude >= 20 ? 0 : magnitude >= 2 ? 1 : 2);

/** Index of the interval that holds an instant, or of the last raw value before it; -1 before the first. */
function indexAt(s: Pick<ExplorerSeries, 'start_ms'>, at: number): number {
  let low = 0;
  let high = s.start_ms.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((s.start_ms[middle] as number) <= at) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** Stretches of equal quality of a series, with the end of the last interval of each. */
function qualityRuns(
  s: ExplorerSeries,
): { readonly from_ms: number; readonly to_ms: number; readonly quality: IntervalQuality }[] {
  const items = s.start_ms.map((at, i) => ({ at, i, quality: s.quality[i] ?? ('missing' as const) }));
  return runsOf(items, ({ quality }) => quality).map((run) => {
    const [first] = run.items;
    const last = run.items[run.items.length - 1];
    // A raw value has no length; it holds until the next one.
    const end = (last?.at ?? 0) + (s.duration_s[last?.i ?? 0] ?? 0) * 1000;
    const next = s.start_ms[(last?.i ?? 0) + 1];
    const isRaw = (s.duration_s[last?.i ?? 0] ?? 0) === 0;
    return {
      from_ms: first?.at ?? 0,
      to_ms: isRaw ? (next ?? end) : end,
      quality: run.key as IntervalQuality,
    };
  });
}
