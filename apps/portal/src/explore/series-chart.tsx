'use client';
import {
  type ChartContext,
  explorerOption,
  isBarChart,
  seriesColors,
  stripsHeight,
  type Theme,
} from '@wattproof/charts';
import type { Meter, Series } from '@wattproof/contracts/api';
import type { Carrier, EnergyUse } from '@wattproof/energy';
import { formatInstant, formatMeasurand, measurandText, quantityText } from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart, type ChartTable } from '../chart/chart.tsx';
import { useTheme } from '../chart/theme.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { type Compared, valuesOf } from './compared-series.ts';
import styles from './explore.module.css';

type MeterHint = Pick<Meter, 'id' | 'carrier' | 'energyUse'>;

/** The colour of a meter on its own: its use's, else its carrier's. */
export const colorOfMeter = (theme: Theme, meter: MeterHint): string | null =>
  meter.energyUse
    ? theme.uses[meter.energyUse as EnergyUse]
    : (theme.carriers[meter.carrier as Carrier] ?? null);

/** The colour each series would have on its own: its use's, else its carrier's; phases of one meter take the next free. */
export function colorsOf(theme: Theme, series: Series, meters: readonly MeterHint[]): string[] {
  const hasPhases = new Set(series.series.map((s) => s.measurand)).size > 1;
  return seriesColors(
    theme,
    series.series.map((s) => {
      const meter = meters.find((m) => m.id === s.meterId);
      return !meter || hasPhases ? null : colorOfMeter(theme, meter);
    }),
  );
}

/** One or more series over a window; dragging zooms. All have one unit. */
export function SeriesChart({
  series,
  meters,
  timeZone,
  compared = null,
  isNamed = false,
  onZoom,
}: {
  readonly series: Series;
  readonly meters: readonly MeterHint[];
  readonly timeZone: string;
  readonly compared?: Compared | null;
  /** Whether the curves are named below the chart, where nothing beside it does. */
  readonly isNamed?: boolean;
  readonly onZoom?: (from_ms: number, to_ms: number) => void;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const theme = useTheme();
  const colors = colorsOf(theme, series, meters);
  const hasPhases = new Set(series.series.map((s) => s.measurand)).size > 1;
  const nameOf = useCallback(
    (s: Series['series'][number]): string => (hasPhases ? measurandText(t, s.measurand) : s.name),
    [hasPhases, t],
  );
  const option = useCallback(
    (context: ChartContext) => {
      const colors = colorsOf(context.theme, series, meters);
      return explorerOption(
        {
          measurand: series.measurand,
          from_ms: Date.parse(series.from),
          to_ms: Date.parse(series.to),
          series: series.series.map((s, i) => ({
            name: nameOf(s),
            color: colors[i] ?? context.theme.colors.ctl,
            start_ms: s.start.map((at) => Date.parse(at)),
            duration_s: s.duration_s,
            value: valuesOf(s),
            // Extremes of several series would cover each other.
            min: series.series.length === 1 ? s.min : undefined,
            max: series.series.length === 1 ? s.max : undefined,
            quality: s.quality,
            compared: compared?.seriesOf(s),
          })),
        },
        context,
        { quality: (quality) => t(`quality.${quality}`), compared: compared?.name },
      );
    },
    [series, meters, compared, nameOf, t],
  );
  const measurand = measurandText(t, series.measurand);
  const table = useMemo((): ChartTable => {
    const text = (value: number | null | undefined): string =>
      value == null ? '—' : quantityText(formatMeasurand(t.locale, value, series.measurand));
    return {
      columns: [
        t('chart.time'),
        ...series.series.flatMap((s) => [
          nameOf(s),
          t('chart.quality'),
          ...(compared ? [`${nameOf(s)}, ${compared.name}`] : []),
        ]),
      ],
      rows: () => {
        const longest = series.series.reduce<readonly string[]>(
          (best, s) => (s.start.length > best.length ? s.start : best),
          [],
        );
        const indices = series.series.map((s) => new Map(s.start.map((at, i) => [at, i])));
        const before = series.series.map((s) => {
          const other = compared?.seriesOf(s);
          return new Map(other?.start_ms.map((at, i) => [at, other.value[i]]));
        });
        return longest.map((at) => [
          formatInstant(t.locale, timeZone, at, 'dateTime'),
          ...series.series.flatMap((s, k) => {
            const i = indices[k]?.get(at);
            return [
              ...(i === undefined
                ? ['—', '—']
                : [text(valuesOf(s)[i]), t(`quality.${s.quality[i] ?? 'missing'}`)]),
              ...(compared ? [text(before[k]?.get(Date.parse(at)))] : []),
            ];
          }),
        ]);
      },
    };
  }, [series, compared, nameOf, timeZone, t]);
  const asBars = isBarChart(series.measurand, series.series);
  return (
    <Chart
      proof={{ member: 'series' }}
      family={asBars ? 'bar' : 'line'}
      option={option}
      height={(isNarrow ? 250 : 360) + stripsHeight(asBars ? 0 : series.series.length)}
      timeZone={timeZone}
      label={t('explore.label', {
        measurand,
        meters: series.series.map(nameOf).join(', '),
        from: formatInstant(t.locale, timeZone, series.from, 'dateTime'),
        to: formatInstant(t.locale, timeZone, series.to, 'dateTime'),
      })}
      fileName={`${series.measurand}-${series.from.slice(0, 10)}`}
      table={table}
      // Layers that lie behind the first curve come first: envelopes and compared periods.
      walkedSeries={series.series.reduce(
        (count, s) =>
          count +
          (series.series.length === 1 && s.min && s.max && s.delta === undefined ? 1 : 0) +
          (compared?.seriesOf(s) ? 1 : 0),
        0,
      )}
      {...(onZoom ? { onZoom } : {})}
      legend={
        <span className={styles.legend}>
          {isNamed &&
            series.series.map((s, i) => (
              <span key={`${s.meterId} ${s.measurand}`} className={styles.chip}>
                <span className={styles.line} style={{ background: colors[i] }} />
                {nameOf(s)}
              </span>
            ))}
          {compared && (
            <span className={styles.comparedMark}>
              <svg width="26" height="8" aria-hidden="true">
                <rect x=".5" y=".5" width="25" height="7" />
              </svg>
              {compared.error ?? compared.name}
            </span>
          )}
          {onZoom && <span>{t('explore.hint')}</span>}
        </span>
      }
    />
  );
}
