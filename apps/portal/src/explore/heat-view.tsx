'use client';
import { type ChartContext, heatColor, heatMapHeight, heatMapOption, heatRange } from '@wattproof/charts';
import type { HeatMap, Meter } from '@wattproof/contracts/api';
import {
  formatLocalDate,
  formatQuantity,
  quantityText,
  type ShownUnit,
  unitScaleOf,
} from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart, type ChartTable } from '../chart/chart.tsx';
import { useTheme } from '../chart/theme.ts';
import { QualityMark } from '../figure/quality-mark.tsx';
import { FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { Proved } from '../receipt/proved.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { State } from '../state/state.tsx';
import styles from './explore.module.css';
import { colorOfMeter } from './series-chart.tsx';
import { useLoaded } from './use-series.ts';

/** Quarter hours are legible up to so many days; beyond that hours tell the same. */
const mostBaseDays = 31;

/** When a meter works: days against the hours of the clock. */
export function HeatView({
  meter,
  measurand,
  from,
  to,
  days,
  timeZone,
}: {
  readonly meter: Meter;
  readonly measurand: string;
  /** Local dates, half-open. */
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const theme = useTheme();
  const slot = days <= mostBaseDays && !isNarrow ? 'base' : 'hour';
  const query = new URLSearchParams({ meter: String(meter.id), measurand, from, to, slot });
  const path = `/series/heat-map?${query}`;
  const { value: map, error, isLoading } = useLoaded<HeatMap>(path);
  const values = useMemo(() => map?.values.flat() ?? [], [map]);
  const range = useMemo(() => heatRange(values), [values]);
  const unit = (map?.unit ?? 'W') as ShownUnit;
  const scale = unitScaleOf(unit, Math.max(Math.abs(range?.low ?? 0), Math.abs(range?.high ?? 0)));
  const text = useCallback(
    (value: number | null): string =>
      value === null ? '—' : quantityText(formatQuantity(t.locale, value, unit, { scale })),
    [t, unit, scale],
  );
  const option = useCallback(
    (context: ChartContext) =>
      heatMapOption(
        {
          unit,
          dates: map?.days ?? [],
          slots_min: (map?.slots ?? []).map(minuteOf),
          value: values,
          quality: map?.quality.flat() ?? [],
          color: colorOf(context.theme, meter),
        },
        context,
        { quality: (quality) => t(`quality.${quality}`) },
      ),
    [map, meter, values, unit, t],
  );
  const table = useMemo(
    (): ChartTable => ({
      columns: [t('period.day'), ...(map?.slots ?? [])],
      rows: () =>
        (map?.days ?? []).map((day, i) => [
          formatLocalDate(t.locale, day, 'date'),
          ...(map?.values[i] ?? []).map((v, k) => (map?.quality[i]?.[k] === null ? '' : text(v))),
        ]),
    }),
    [map, text, t],
  );
  if (error) return <FormError>{error}</FormError>;
  if (!map) return <div className={styles.chart} data-loading aria-busy="true" />;
  if (!range) return <State title={t('explore.emptyMeter', { meter: meter.name })} level={3} />;
  const end = (found: HeatMap['highest']): string =>
    found
      ? t('explore.heatAt', {
          value: text(found.value),
          day: formatLocalDate(t.locale, found.day, 'weekday'),
          slot: found.slot,
        })
      : '—';
  return (
    <FigureSource path={path}>
      <div className={styles.chart} data-loading={isLoading || undefined} aria-busy={isLoading}>
        <p className={styles.says}>
          <Proved proof={{ member: map.highest ? 'highest' : 'values' }} label={meter.name}>
            {t('explore.heatSays', { highest: end(map.highest), lowest: end(map.lowest) })}
          </Proved>{' '}
          <Proved proof={{ member: 'shares' }} label={t('site.quality')}>
            <QualityMark quality={map.shares} t={t} />
          </Proved>
        </p>
        <Chart
          proof={{ member: 'values' }}
          family="line"
          option={option}
          height={heatMapHeight(map.days.length, isNarrow)}
          timeZone={timeZone}
          label={t('explore.heatLabel', {
            meter: meter.name,
            highest: end(map.highest),
            lowest: end(map.lowest),
          })}
          fileName={`heat-map-${meter.id}-${from}`}
          table={table}
          walkedRow={map.slots.length}
          isCarpet={map.days.length > 45 && !isNarrow}
          legend={
            <span className={styles.legend}>
              <span className={styles.heatScale}>
                {range.isLowCut && '≤ '}
                {text(range.low)}
                <svg width="90" height="10" aria-hidden="true">
                  {[0, 1, 2, 3, 4].map((i) => (
                    <rect
                      key={i}
                      x={i * 18}
                      width="18"
                      height="10"
                      fill={heatColor(theme, colorOf(theme, meter), i / 4)}
                    />
                  ))}
                </svg>
                {range.isHighCut && '≥ '}
                {text(range.high)}
              </span>
              {map.clockChanges.map((change) => (
                <span key={`${change.day} ${change.slot}`}>
                  {t('explore.clockChange', {
                    day: formatLocalDate(t.locale, change.day, 'dayShort'),
                    slot: change.slot,
                    direction:
                      change.duration_s === 0 ? 'skipped' : change.duration_s > map.slot_s ? 'twice' : 'cut',
                  })}
                </span>
              ))}
              <span>{t('explore.heatHint')}</span>
            </span>
          }
        />
      </div>
    </FigureSource>
  );
}

const minuteOf = (clock: string): number => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return hour * 60 + minute;
};

const colorOf = (theme: ChartContext['theme'], meter: Meter): string =>
  colorOfMeter(theme, meter) ?? theme.carriers.electricity;
