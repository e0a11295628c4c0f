import type { IntervalQuality } from '@wattproof/energy';
import {
  formatLocalDate,
  formatQuantity,
  quantityText,
  type ShownUnit,
  unitScaleOf,
} from '@wattproof/messages';
import type { EChartsOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';
import { type ChartContext, isCompact } from './chart-context.ts';
import { hatchPath } from './hatch.ts';
import { isGuess } from './strip.ts';
import { baseOption } from './theme.ts';
import type { Theme } from './tokens.ts';

export interface HeatMapInput {
  /** Unit of the values: of a gauge, or the rate of a counter (`W`, `l/h`). */
  readonly unit: ShownUnit;
  /** Local dates, oldest first. */
  readonly dates: readonly string[];
  /** Slots of a day: each begins at so many minutes after midnight on the wall clock, the last ends at 24:00. */
  readonly slots_min: readonly number[];
  /** Values in base units, day by day, slot by slot; null where nothing is known. */
  readonly value: readonly (number | null)[];
  /** Quality of each value; null where the clock skips the slot or it is not over. */
  readonly quality: readonly (IntervalQuality | null)[];
  readonly color: string;
}

export interface HeatMapTexts {
  readonly quality: (quality: IntervalQuality) => string;
}

/** Days that still get a row each; more of them lie side by side, their hours downwards. */
const mostRows = 45;
const day_min = 1440;
const gridLeft = 78;
const axisHeight = 26;

/** Whether days lie side by side (a carpet of a year) instead of below each other. */
export const isCarpet = (days: number, isNarrow: boolean): boolean => days > mostRows && !isNarrow;

/** Height in px at which a heat map of so many days is readable. */
export function heatMapHeight(days: number, isNarrow: boolean): number {
  if (isCarpet(days, isNarrow)) return 360;
  const row = days <= 7 ? 30 : days <= 31 ? 16 : Math.max(2, 640 / days);
  return Math.round(days * row) + axisHeight + 8;
}

/** Steps of the ordered scale from the sheet to a colour; the lowest still stands off the sheet. */
export const heatSteps = [0.1, 0.3, 0.52, 0.76, 1] as const;

/** Colour at a position 0…1 of the ordered scale: one hue, from near the sheet to the full colour. */
export function heatColor(theme: Theme, color: string, position: number): string {
  const at = Math.min(1, Math.max(0, position)) * (heatSteps.length - 1);
  const low = Math.min(heatSteps.length - 2, Math.floor(at));
  const [a = 0, b = 1] = [heatSteps[low], heatSteps[low + 1]];
  return mixed(theme.colors.sheet, color, a + (b - a) * (at - low));
}

/** Two six-digit hex colours mixed; a share of 1 is the second. */
function mixed(from: string, to: string, share: number): string {
  const channel = (hex: string, i: number): number => Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16);
  return `#${[0, 1, 2]
    .map((i) =>
      Math.round(channel(from, i) + (channel(to, i) - channel(from, i)) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

export interface HeatRange {
  readonly low: number;
  readonly high: number;
  /** Some values lie outside and take the colour of the end. */
  readonly isLowCut: boolean;
  readonly isHighCut: boolean;
}

/** The values that the scale spans: all but the outermost hundredth at each end, so that one spike does not pale the rest. */
export function heatRange(values: readonly (number | null)[]): HeatRange | null {
  const known = values.filter((v): v is number => v !== null).sort((a, b) => a - b);
  if (known.length === 0) return null;
  const at = (share: number): number => known[Math.round((known.length - 1) * share)] as number;
  const [low, high] = [at(0.01), at(0.99)];
  return { low, high, isLowCut: at(0) < low, isHighCut: at(1) > high };
}

/**
 * Days against the hours of the day. Estimated is hatched, missing stays open with an edge, an hour that the clock
 * skips is not there. Cells are items, so that pointer and arrow keys read them one by one.
 */
export function heatMapOption(
  input: HeatMapInput,
  context: ChartContext,
  texts: HeatMapTexts,
): EChartsOption {
  const { locale, theme } = context;
  const { unit } = input;
  const carpet = isCarpet(input.dates.length, isCompact(context));
  const range = heatRange(input.value);
  const scale = unitScaleOf(unit, Math.max(Math.abs(range?.low ?? 0), Math.abs(range?.high ?? 0)));
  const slots = input.slots_min.length;
  const positionOf = (v: number): number =>
    !range || range.high === range.low ? 1 : (v - range.low) / (range.high - range.low);
  const days = dayAxis(input.dates, context, carpet);
  const hours = hourAxis(context, carpet);
  return {
    ...baseOption(context),
    grid: { left: carpet ? 44 : gridLeft, right: 12, top: 6, bottom: axisHeight },
    xAxis: (carpet ? days : hours) as XAXisComponentOption,
    yAxis: { ...(carpet ? hours : days), inverse: true } as YAXisComponentOption,
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'item',
      formatter: (item: unknown) => tooltipOf((item as { dataIndex: number }).dataIndex),
    },
    series: [
      {
        type: 'custom',
        clip: true,
        progressive: 0,
        encode: { x: carpet ? 0 : 1, y: carpet ? 1 : 0 },
        // The middle of a cell is where its tooltip points to.
        data: input.value.map((_, i) => [
          Math.floor(i / slots) + 0.5,
          ((input.slots_min[i % slots] as number) + endOf(i % slots)) / 2,
        ]),
        renderItem: (params, api) => cell(params.dataIndex, api as never) as never,
      },
    ],
  };

  function endOf(slot: number): number {
    return input.slots_min[slot + 1] ?? day_min;
  }

  function cell(i: number, api: { coord: (point: [number, number]) => number[] }): object | null {
    const quality = input.quality[i] ?? null;
    if (quality === null) return null;
    const day = Math.floor(i / slots);
    const slot = i % slots;
    const corner = (d: number, minute: number): number[] => api.coord(carpet ? [d, minute] : [minute, d]);
    const [x1 = 0, y1 = 0] = corner(day, input.slots_min[slot] as number);
    const [x2 = 0, y2 = 0] = corner(day + 1, endOf(slot));
    const [width, height] = [x2 - x1, y2 - y1];
    // Wide cells stand apart like tiles; narrow ones would be eaten by the gaps.
    const gapX = width >= 6 ? 1 : 0;
    const gapY = height >= 6 ? 1 : 0;
    const box = { left: x1, top: y1, right: x2 - gapX, bottom: y2 - gapY };
    const shape = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
    const value = input.value[i] ?? null;
    if (value === null)
      return {
        type: 'rect',
        shape: { x: shape.x + 0.5, y: shape.y + 0.5, width: shape.width - 1, height: shape.height - 1 },
        style: {
          fill: theme.colors.sheet,
          stroke: Math.min(width, height) >= 5 ? theme.colors.rule2 : 'none',
        },
      };
    const fill = heatColor(theme, input.color, positionOf(value));
    if (!isGuess(quality)) return { type: 'rect', shape, style: { fill } };
    return {
      type: 'group',
      children: [
        { type: 'rect', shape, style: { fill } },
        {
          type: 'path',
          silent: true,
          shape: { pathData: hatchPath(box, 4) || 'M0 0' },
          style: { fill: 'none', stroke: theme.colors.sheet, lineWidth: 1 },
        },
      ],
    };
  }

  function tooltipOf(i: number): string {
    const quality = input.quality[i] ?? null;
    if (quality === null) return '';
    const slot = i % slots;
    const date = formatLocalDate(locale, input.dates[Math.floor(i / slots)] as string, 'day');
    const value = input.value[i] ?? null;
    const text = value === null ? '—' : quantityText(formatQuantity(locale, value, unit, { scale }));
    return [
      `${date}, ${clock(input.slots_min[slot] as number)} – ${clock(endOf(slot))}`,
      `<b>${text}</b>`,
      ...(quality === 'measured' ? [] : [texts.quality(quality)]),
    ].join('<br>');
  }
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

type Axis = Record<string, unknown>;

const axisOf = (context: ChartContext, max: number, labels: ReadonlyMap<number, string>): Axis => {
  const values = [...labels.keys()];
  return {
    type: 'value',
    min: 0,
    max,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      customValues: values,
      color: context.theme.colors.ink3,
      fontSize: 11,
      margin: 8,
      hideOverlap: true,
      showMinLabel: true,
      showMaxLabel: true,
      formatter: (value: number) => labels.get(value) ?? '',
    },
  };
};

function hourAxis(context: ChartContext, carpet: boolean): Axis {
  const every = isCompact(context) || carpet ? 6 : 3;
  const labels = new Map<number, string>();
  for (let hour = 0; hour <= 24; hour += every) labels.set(hour * 60, clock(hour * 60));
  return axisOf(context, day_min, labels);
}

/** Every day while they fit, then Mondays, then firsts of months. */
function dayAxis(dates: readonly string[], context: ChartContext, carpet: boolean): Axis {
  const isMonday = (date: string): boolean => new Date(`${date}T00:00Z`).getUTCDay() === 1;
  const isFirst = (date: string): boolean => date.endsWith('-01');
  const style = dates.length <= 31 ? 'weekday' : dates.length <= 100 ? 'dayShort' : 'monthTick';
  const isMarked = (date: string): boolean =>
    dates.length <= 14 || (dates.length <= 100 ? isMonday(date) : isFirst(date));
  const labels = new Map<number, string>();
  for (const [i, date] of dates.entries())
    if (isMarked(date))
      labels.set(
        i + (carpet && style !== 'weekday' ? 0 : 0.5),
        formatLocalDate(
          context.locale,
          date,
          style === 'monthTick' && date.slice(5, 7) === '01' ? 'monthShort' : style,
        ),
      );
  return axisOf(context, dates.length, labels);
}
