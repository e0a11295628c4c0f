'use client';
import { type ChartContext, loadCurveOption, stripsHeight } from '@wattproof/charts';
import type { SiteLoad, SiteOverview } from '@wattproof/contracts/api';
import {
  formatDuration,
  formatInstant,
  formatLocalDate,
  formatQuantity,
  quantityText,
} from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart, type ChartTable } from '../chart/chart.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import styles from './overview.module.css';

/** The day's load curve with its band, and below it the quality of each line on the same time axis. */
export function LoadSection({
  load,
  overview,
  isToday,
}: {
  readonly load: SiteLoad;
  readonly overview: SiteOverview;
  readonly isToday: boolean;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const { site, power } = overview;
  const nowAt = isToday && power && !power.stale ? power.at : null;
  const nowValue = power?.value_w ?? null;
  const option = useCallback(
    (context: ChartContext) =>
      loadCurveOption(
        {
          from_ms: Date.parse(load.from),
          to_ms: Date.parse(load.to),
          duration_s: load.duration_s,
          points: load.points.map((p) => ({
            start_ms: Date.parse(p.start),
            mean_w: p.mean_w,
            quality: p.quality,
          })),
          band: load.band.map((b) => ({ ...b, start_ms: Date.parse(b.start) })),
          lines: load.lines.map((l) => ({
            name: l.name,
            runs: l.runs.map((r) => ({
              from_ms: Date.parse(r.from),
              to_ms: Date.parse(r.to),
              quality: r.quality,
            })),
          })),
          now: nowAt !== null && nowValue !== null ? { at_ms: Date.parse(nowAt), value_w: nowValue } : null,
          color: context.theme.carriers.electricity,
        },
        context,
        {
          estimated: t('quality.estimated'),
          expected: t('site.band'),
          missing: (length_s) => t('site.missingLength', { duration: formatDuration(t.locale, length_s) }),
          quality: (quality) => t(`quality.${quality}`),
        },
      ),
    [load, nowAt, nowValue, t],
  );
  const table = useMemo((): ChartTable => {
    const bands = new Map(load.band.map((b) => [b.start, b]));
    const watts = (w: number | null | undefined): string =>
      w == null ? '—' : quantityText(formatQuantity(t.locale, w, 'W'));
    return {
      columns: [t('chart.time'), t('site.powerNow'), t('site.band'), t('chart.quality')],
      rows: () =>
        load.points.map((p) => {
          const band = bands.get(p.start);
          return [
            formatInstant(t.locale, load.timeZone, p.start, 'time'),
            watts(p.mean_w),
            band ? t('figure.between', { low: watts(band.low_w), high: watts(band.high_w) }) : '—',
            p.quality ? t(`quality.${p.quality}`) : '—',
          ];
        }),
    };
  }, [load, t]);
  const known = load.points.map((p) => p.mean_w).filter((v) => v !== null);
  const watts = (w: number): string => quantityText(formatQuantity(t.locale, w, 'W'));
  const date = formatLocalDate(t.locale, load.date, 'day');
  return (
    <Section
      title={isToday ? t('site.loadToday') : t('site.load', { date })}
      subject={t('site.loadSubject', { minutes: load.duration_s / 60 })}
      basis={t('site.loadBasis', { zone: load.timeZone })}
    >
      {known.length === 0 && load.band.length === 0 ? (
        <p>{t('site.loadEmpty')}</p>
      ) : (
        <Chart
          proof={{ member: 'points' }}
          family="line"
          option={option}
          height={isNarrow ? 240 : 268 + stripsHeight(load.lines.length)}
          timeZone={load.timeZone}
          label={t('site.loadLabel', {
            site: site.name,
            date,
            high: watts(Math.max(0, ...known)),
            low: watts(known.length === 0 ? 0 : Math.min(...known)),
            mean: watts(known.reduce((a, b) => a + b, 0) / Math.max(1, known.length)),
          })}
          fileName={`${site.name}-${load.date}`}
          table={table}
          walkedSeries={1}
          legend={
            <div className={styles.legend}>
              {!isNarrow && load.lines.length > 0 && <QualityLegend />}
              {load.bandMethod === 'timeOfWeekTemperature' && (
                <span className={styles.method}>{t('site.bandMethod.timeOfWeekTemperature')}</span>
              )}
            </div>
          }
        />
      )}
    </Section>
  );
}

function QualityLegend() {
  const t = useTranslator();
  return (
    <>
      <span>{t('site.readingsPerLine')}</span>
      <span>
        <svg width="26" height="8" aria-hidden="true">
          <rect width="26" height="8" style={{ fill: 'var(--ctl)' }} />
        </svg>
        {t('quality.measured')}
      </span>
      <span>
        <svg width="26" height="8" aria-hidden="true">
          <path
            d="M0 4L4 0M0 8L8 0M4 8L12 0M8 8L16 0M12 8L20 0M16 8L24 0M20 8L26 2M24 8L26 6"
            style={{ stroke: 'var(--ink-2)', strokeWidth: 1.2, fill: 'none' }}
          />
        </svg>
        {t('quality.estimated')}
      </span>
      <span>
        <svg width="26" height="8" aria-hidden="true">
          <rect x=".5" y=".5" width="25" height="7" style={{ fill: 'none', stroke: 'var(--ctl)' }} />
        </svg>
        {t('quality.missing')}
      </span>
    </>
  );
}
