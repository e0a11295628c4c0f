'use client';
import { type ChartContext, explorerOption, seriesColors, type Theme } from '@wattproof/charts';
import type { Meter, Series } from '@wattproof/contracts/api';
import { type Carrier, type EnergyUse, findMeasurand } from '@wattproof/energy';
import { formatInstant, formatMeasurand, quantityText } from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart, type ChartTable } from '../chart/chart.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';

type MeterHint = Pick<Meter, 'id' | 'carrier' | 'energyUse'>;

/** The colour each series would have on its own: its use's, else its carrier's. */
export function colorsOf(theme: Theme, series: Series, meters: readonly MeterHint[]): string[] {
  return seriesColors(
    theme,
    series.series.map((s) => {
      const meter = meters.find((m) => m.id === s.meterId);
      if (!meter) return null;
      return meter.energyUse
        ? theme.uses[meter.energyUse as EnergyUse]
        : (theme.carriers[meter.carrier as Carrier] ?? null);
    }),
  );
}

/** Values of a series in base units, whichever way it is measured. */
export const valuesOf = (s: Series['series'][number]): readonly (number | null)[] => s.delta ?? s.mean ?? [];

/** One or more series over a window; dragging zooms. */
export function SeriesChart({
  series,
  meters,
  timeZone,
  onZoom,
}: {
  readonly series: Series;
  readonly meters: readonly MeterHint[];
  readonly timeZone: string;
  readonly onZoom?: (from_ms: number, to_ms: number) => void;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const isCounter = findMeasurand(series.measurand)?.kind === 'counter';
  const option = useCallback(
    (context: ChartContext) => {
      const colors = colorsOf(context.theme, series, meters);
      return explorerOption(
        {
          measurand: series.measurand,
          from_ms: Date.parse(series.from),
          to_ms: Date.parse(series.to),
          series: series.series.map((s, i) => ({
            name: s.name,
            color: colors[i] ?? context.theme.colors.ctl,
            start_ms: s.start.map((at) => Date.parse(at)),
            duration_s: s.duration_s,
            value: valuesOf(s),
            // Extremes of several series would cover each other.
            min: series.series.length === 1 ? s.min : undefined,
            max: series.series.length === 1 ? s.max : undefined,
            quality: s.quality,
          })),
        },
        context,
        { quality: (quality) => t(`quality.${quality}`) },
      );
    },
    [series, meters, t],
  );
  const measurand = t(`measurand.${series.measurand}` as 'measurand.active_power_w');
  const table = useMemo((): ChartTable => {
    const text = (value: number | null | undefined): string =>
      value == null ? '—' : quantityText(formatMeasurand(t.locale, value, series.measurand));
    return {
      columns: [t('chart.time'), ...series.series.flatMap((s) => [s.name, t('chart.quality')])],
      rows: () => {
        const longest = series.series.reduce<readonly string[]>(
          (best, s) => (s.start.length > best.length ? s.start : best),
          [],
        );
        const indices = series.series.map((s) => new Map(s.start.map((at, i) => [at, i])));
        return longest.map((at) => [
          formatInstant(t.locale, timeZone, at, 'dateTime'),
          ...series.series.flatMap((s, k) => {
            const i = indices[k]?.get(at);
            return i === undefined
              ? ['—', '—']
              : [text(valuesOf(s)[i]), t(`quality.${s.quality[i] ?? 'missing'}`)];
          }),
        ]);
      },
    };
  }, [series, timeZone, t]);
  const asBars = isCounter && Math.max(0, ...series.series.map((s) => s.start.length)) <= 62;
  return (
    <Chart
      family={asBars ? 'bar' : 'line'}
      option={option}
      height={isNarrow ? 260 : 380}
      timeZone={timeZone}
      label={t('explore.label', {
        measurand,
        meters: series.series.map((s) => s.name).join(', '),
        from: formatInstant(t.locale, timeZone, series.from, 'dateTime'),
        to: formatInstant(t.locale, timeZone, series.to, 'dateTime'),
      })}
      fileName={`${series.measurand}-${series.from.slice(0, 10)}`}
      table={table}
      {...(onZoom ? { onZoom } : {})}
      legend={<span style={{ color: 'var(--ink-3)' }}>{t('explore.hint')}</span>}
    />
  );
}
