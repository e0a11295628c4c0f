import type { IntervalQuality } from '@wattproof/energy';
import { formatInstant, formatQuantity, quantityText, unitScaleOf } from '@wattproof/messages';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { type ChartContext, faded, isCompact } from './chart-context.ts';
import { areaPath, bandPath, hatchPath, runsOf, stepPath, type Tread } from './hatch.ts';
import { isGuess, stripHeight, stripPitch, stripShapes, stripsHeight } from './strip.ts';
import { baseOption, haloText, timeAxis, valueAxis } from './theme.ts';

export interface LoadPoint {
  readonly start_ms: number;
  /** Mean power of the interval, W; null where missing or not over. */
  readonly mean_w: number | null;
  readonly quality: IntervalQuality | null;
}
export interface BandPoint {
  readonly start_ms: number;
  readonly expected_w: number;
  readonly low_w: number;
  readonly high_w: number;
}
export interface QualityLine {
  readonly name: string;
  readonly runs: readonly {
    readonly from_ms: number;
    readonly to_ms: number;
    readonly quality: IntervalQuality;
  }[];
}

export interface LoadCurveInput {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly duration_s: number;
  readonly points: readonly LoadPoint[];
  readonly band: readonly BandPoint[];
  readonly lines: readonly QualityLine[];
  /** The momentary power at the end of the curve, on the day of today. */
  readonly now: { readonly at_ms: number; readonly value_w: number } | null;
  readonly color: string;
}
export interface LoadCurveTexts {
  readonly estimated: string;
  readonly expected: string;
  readonly missing: (duration_s: number) => string;
  readonly quality: (quality: IntervalQuality) => string;
}

const top = 16;
const axisHeight = 26;

type Api = { coord: (point: [number, number]) => number[] };
type Shape = Record<string, unknown>;

const path = (pathData: string, style: Shape): Shape => ({
  type: 'path',
  shape: { pathData },
  style: { fill: 'none', ...style },
});

/**
 * The day's load: steps per interval, the expected band behind, only what lies above or below it in `crit`,
 * estimates hatched, missing stretches open with their length, the quality of each line on the same time axis.
 */
export function loadCurveOption(
  input: LoadCurveInput,
  context: ChartContext,
  texts: LoadCurveTexts,
): EChartsOption {
  const { locale, timeZone, theme } = context;
  const highest = Math.max(
    1000,
    ...input.points.map((p) => p.mean_w ?? 0),
    ...input.band.map((b) => b.high_w),
    input.now?.value_w ?? 0,
  );
  const scale = unitScaleOf('W', highest);
  const lines = isCompact(context) ? [] : input.lines;
  const strips = stripsHeight(lines.length);
  const bandAt = new Map(input.band.map((b) => [b.start_ms, b]));
  return {
    ...baseOption(context),
    grid: { left: 44, right: isCompact(context) ? 14 : 20, top, bottom: axisHeight + strips },
    xAxis: timeAxis(context, input.from_ms, input.to_ms),
    yAxis: valueAxis(
      context,
      0,
      highest * 1.06,
      (v) => formatQuantity(locale, v, 'W', { scale, decimals: scale.factor < 1e6 ? 0 : 1 }).value,
    ),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'axis',
      formatter: (items: unknown) => {
        const at = Number((items as { value: [number, number] }[])[0]?.value[0]);
        const point = input.points.find((p) => p.start_ms === at);
        if (!point) return '';
        const time = `${formatInstant(locale, timeZone, at, 'time')} – ${formatInstant(locale, timeZone, at + input.duration_s * 1000, 'time')}`;
        const value =
          point.mean_w === null ? '—' : quantityText(formatQuantity(locale, point.mean_w, 'W', { scale }));
        const band = bandAt.get(at);
        const w = (v: number): string => formatQuantity(locale, v, 'W', { scale, decimals: 0 }).value;
        const rows = [
          time,
          `<b>${value}</b>`,
          ...(point.quality ? [texts.quality(point.quality)] : []),
          ...(band ? [`${texts.expected}: ${w(band.low_w)} – ${w(band.high_w)} ${scale.unit}`] : []),
        ];
        return rows.join('<br>');
      },
    },
    series: [
      layer(1, (api, box) => underlay(api, box)),
      {
        type: 'line',
        step: 'end',
        symbol: 'none',
        z: 3,
        connectNulls: false,
        lineStyle: { color: input.color, width: 1.6 },
        data: lineData(),
      },
      layer(4, (api, box) => overlay(api, box)),
    ],
  };

  /** A step runs to the end of its interval: the last point of a run is repeated at its end. */
  function lineData(): [number, number | null][] {
    const data: [number, number | null][] = [];
    for (const [i, p] of input.points.entries()) {
      data.push([p.start_ms, p.mean_w]);
      const next = input.points[i + 1];
      if (p.mean_w !== null && (!next || next.mean_w === null))
        data.push([p.start_ms + input.duration_s * 1000 - 1, p.mean_w]);
    }
    return data;
  }

  function layer(
    z: number,
    draw: (api: Api, box: { x: number; y: number; width: number; height: number }) => (Shape | null)[],
  ): CustomSeriesOption {
    return {
      type: 'custom',
      z,
      silent: true,
      clip: false,
      tooltip: { show: false },
      data: [[input.from_ms, 0]],
      renderItem: (params, api) =>
        ({
          type: 'group',
          children: draw(
            api as unknown as Api,
            params.coordSys as unknown as { x: number; y: number; width: number; height: number },
          ).filter(Boolean),
        }) as never,
    };
  }

  function treadsOf<T extends { readonly start_ms: number }>(
    api: Api,
    items: readonly T[],
    value: (item: T) => number,
  ): Tread[] {
    return items.map((item) => {
      const [x1 = 0, y = 0] = api.coord([item.start_ms, value(item)]);
      const [x2 = 0] = api.coord([item.start_ms + input.duration_s * 1000, 0]);
      return { x1, x2, y };
    });
  }

  function underlay(api: Api, box: { y: number; height: number }): (Shape | null)[] {
    const base = box.y + box.height;
    const shapes: (Shape | null)[] = [];
    const upper = treadsOf(api, input.band, (b) => b.high_w);
    const lower = treadsOf(api, input.band, (b) => b.low_w);
    shapes.push(path(bandPath(upper, lower), { fill: theme.colors.band, opacity: 0.85 }));
    const known = runsOf(input.points, (p) =>
      p.mean_w === null ? null : isGuess(p.quality) ? 'guess' : 'measured',
    );
    for (const run of known) {
      const treads = treadsOf(api, run.items, (p) => p.mean_w as number);
      if (run.key === 'measured') {
        shapes.push(
          path(areaPath(treads, base), { fill: faded(input.color, theme.name === 'light' ? 0.1 : 0.14) }),
        );
      } else {
        const strokes = treads
          .map((t) => hatchPath({ left: t.x1, top: t.y, right: t.x2, bottom: base }))
          .join('');
        shapes.push(path(strokes, { stroke: faded(input.color, 0.75), lineWidth: 1 }));
      }
    }
    for (const edge of [upper, lower])
      shapes.push(path(stepPath(edge), { stroke: theme.colors.bandLine, lineWidth: 1 }));
    // Only the part outside the band is critical.
    for (const point of input.points) {
      const band = bandAt.get(point.start_ms);
      if (point.mean_w === null || !band || (point.mean_w <= band.high_w && point.mean_w >= band.low_w))
        continue;
      const edge = point.mean_w > band.high_w ? band.high_w : band.low_w;
      const [tread] = treadsOf(api, [point], () => point.mean_w as number);
      const [, y2 = 0] = api.coord([point.start_ms, edge]);
      if (tread)
        shapes.push({
          type: 'rect',
          shape: {
            x: tread.x1,
            y: Math.min(tread.y, y2),
            width: tread.x2 - tread.x1,
            height: Math.abs(y2 - tread.y),
          },
          style: { fill: theme.colors.crit, opacity: 0.75 },
        });
    }
    return shapes;
  }

  function overlay(api: Api, box: { x: number; y: number; width: number; height: number }): (Shape | null)[] {
    return [
      ...estimateMarks(api),
      ...gapMarks(api, box),
      ...nowMark(api, box),
      ...expectedLabel(api),
      ...stripMarks(api, box),
    ];
  }

  function estimateMarks(api: Api): Shape[] {
    const runs = runsOf(input.points, (p) => (p.mean_w !== null && isGuess(p.quality) ? 'guess' : null));
    return runs.flatMap((run, i) => {
      const treads = treadsOf(api, run.items, (p) => p.mean_w as number);
      const first = treads[0] as Tread;
      const last = treads[treads.length - 1] as Tread;
      const dashes = path(stepPath(treads), { stroke: theme.colors.sheet, lineWidth: 2, lineDash: [2, 3] });
      // One label is enough; more of them would hide the curve.
      return i > 0 || last.x2 - first.x1 < 6
        ? [dashes]
        : [
            dashes,
            haloText(context, texts.estimated, {
              x: (first.x1 + last.x2) / 2,
              y: Math.min(...treads.map((t) => t.y)) - 14,
              align: 'center',
            }),
          ];
    });
  }

  function gapMarks(api: Api, box: { y: number; height: number }): Shape[] {
    const end_ms = input.now?.at_ms ?? input.to_ms;
    const duration_ms = input.duration_s * 1000;
    const runs = runsOf(input.points, (p) =>
      p.mean_w === null && p.start_ms + duration_ms <= end_ms ? 'gap' : null,
    );
    const base = box.y + box.height;
    return runs.flatMap((run) => {
      const [first] = run.items;
      if (!first) return [];
      const length_s = run.items.length * input.duration_s;
      const [x1 = 0] = api.coord([first.start_ms, 0]);
      const [x2 = 0] = api.coord([first.start_ms + length_s * 1000, 0]);
      return [
        path(`M${x1} ${base - 6}L${x1} ${base - 1}L${x2} ${base - 1}L${x2} ${base - 6}`, {
          stroke: theme.colors.ink2,
          lineWidth: 1,
        }),
        haloText(context, texts.missing(length_s), { x: (x1 + x2) / 2, y: base - 16, align: 'center' }),
      ];
    });
  }

  function nowMark(api: Api, box: { x: number; y: number; width: number; height: number }): Shape[] {
    if (!input.now) return [];
    const [x = 0, y = 0] = api.coord([input.now.at_ms, input.now.value_w]);
    const fitsRight = x < box.x + box.width * 0.82;
    return [
      path(`M${x} ${box.y + box.height}L${x} ${y}`, { stroke: theme.colors.accent, lineWidth: 1.4 }),
      {
        type: 'circle',
        shape: { cx: x, cy: y, r: 4 },
        style: { fill: theme.colors.accent, stroke: theme.colors.sheet, lineWidth: 2 },
      },
      haloText(
        context,
        quantityText(formatQuantity(locale, input.now.value_w, 'W', { scale, decimals: 0 })),
        {
          x: fitsRight ? x + 10 : x - 10,
          y: Math.max(8, y - 12),
          align: fitsRight ? 'left' : 'right',
          bold: true,
        },
      ),
    ];
  }

  /** The band says what it is once, below its edge in the part that is still to come. */
  function expectedLabel(api: Api): Shape[] {
    const after_ms = input.now?.at_ms ?? input.from_ms;
    const rest = input.band.filter((b) => b.start_ms > after_ms);
    const at = rest[Math.floor(rest.length * 0.3)];
    if (!at || isCompact(context) || rest.length < input.band.length * 0.22) return [];
    const [x = 0] = api.coord([at.start_ms, 0]);
    // Below the lowest edge that the words pass, so that they never cross the band.
    const below = rest.filter((b) => b.start_ms >= at.start_ms).slice(0, 16);
    const [, y = 0] = api.coord([at.start_ms, Math.min(...below.map((b) => b.low_w))]);
    return [haloText(context, texts.expected, { x, y: y + 14 })];
  }

  function stripMarks(api: Api, box: { x: number; y: number; width: number; height: number }): Shape[] {
    const end = input.now?.at_ms ?? input.to_ms;
    const [xEnd = 0] = api.coord([end, 0]);
    const isInside = xEnd > box.x + box.width * 0.74;
    return lines.flatMap((line, i) => {
      const y = box.y + box.height + axisHeight + 4 + i * stripPitch;
      const runs = line.runs.map((run) => {
        const [x1 = 0] = api.coord([Math.max(run.from_ms, input.from_ms), 0]);
        const [x2 = 0] = api.coord([Math.min(run.to_ms, end), 0]);
        return { x1, x2, quality: run.quality };
      });
      const shapes: Shape[] = stripShapes(runs, y, theme);
      const name = haloText(context, line.name, {
        x: isInside ? box.x + box.width - 2 : xEnd + 10,
        y: y + stripHeight / 2,
        align: isInside ? 'right' : 'left',
      });
      return [...shapes, isInside ? { ...name, style: { ...name.style, lineWidth: 6 } } : name];
    });
  }
}
