'use client';
import {
  type ChartContext,
  cusumOption,
  monthBarsOption,
  residualsOption,
  signatureOption,
  type Theme,
} from '@wattproof/charts';
import type { EnpiDetail, EnpiPerformance } from '@wattproof/contracts/api';
import {
  formatLocalDate,
  formatNumber,
  formatQuantity,
  quantityText,
  type UnitScale,
  unitScaleOf,
} from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart } from '../chart/chart.tsx';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { signatureFit } from './signature-fit.ts';

interface Props {
  readonly enpi: EnpiDetail;
}

const colorOf = (theme: Theme): string => theme.carriers.electricity;
const chartHeight = 320;

/** The unit that fits a day's energy; days of a site lie close together. */
const dayScale = (enpi: EnpiDetail): UnitScale => {
  const values = enpi.days.flatMap((d) => (d.actual_wh === null ? [] : [d.actual_wh]));
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  return mean >= 2e6 ? { factor: 1e6, unit: 'MWh' } : { factor: 1e3, unit: 'kWh' };
};

export function Signature({ enpi }: Props) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const fit = useMemo(() => signatureFit(enpi), [enpi]);
  const scale = useMemo(() => dayScale(enpi), [enpi]);
  const isProduction = fit?.variable === 'production';
  const points = useMemo(
    () =>
      enpi.days.flatMap((d) => {
        const x = isProduction ? (d.production_g === null ? null : d.production_g / 1e6) : d.temperature_c;
        return x === null || d.actual_wh === null || d.phase === 'between'
          ? []
          : [{ x, y: d.actual_wh, phase: d.phase, date: d.date }];
      }),
    [enpi, isProduction],
  );
  const option = useCallback(
    (context: ChartContext) =>
      signatureOption(
        {
          points: points.map((p) => ({ ...p, label: formatLocalDate(t.locale, p.date, 'date') })),
          fit: (fit?.line ?? []).map((f) => ({ ...f, x: isProduction ? f.x / 1e6 : f.x })),
          scale,
          color: colorOf(context.theme),
          changePoints:
            fit?.changePoint_c == null
              ? []
              : [
                  {
                    x: fit.changePoint_c,
                    halfWidth: null,
                    label: quantityText(formatQuantity(t.locale, fit.changePoint_c, '°C')),
                  },
                ],
        },
        context,
        {
          baseline: t('enpi.phaseBaseline'),
          reporting: t('enpi.phaseReporting'),
          fit: t('enpi.fit'),
        },
      ),
    [points, fit, scale, isProduction, t],
  );
  const variable = t(isProduction ? 'enpi.production' : 'enpi.temperature');
  if (points.length === 0) return null;
  return (
    <Section
      proof={{ member: 'days' }}
      title={t('enpi.signature')}
      subject={t('enpi.signatureSubject', { unit: scale.unit, variable })}
      basis={t('enpi.signatureBasis')}
    >
      <Chart
        proof={{ member: 'days' }}
        family="scatter"
        option={option}
        height={isNarrow ? 260 : chartHeight}
        timeZone="UTC"
        label={t('enpi.chartLabel', { title: t('enpi.signature'), name: enpi.name })}
        fileName={`${enpi.name}-signature`}
        walkedSeries={2}
        table={{
          columns: [t('enpi.date'), variable, t('enpi.actual')],
          rows: () =>
            points.map((p) => [
              formatLocalDate(t.locale, p.date, 'date'),
              formatNumber(t.locale, p.x, { decimals: 1 }),
              quantityText(formatQuantity(t.locale, p.y, 'Wh')),
            ]),
        }}
      />
    </Section>
  );
}

export function Cusum({ enpi, changes }: Props & { readonly changes: EnpiPerformance['changes'] }) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const days = useMemo(
    () =>
      enpi.days.flatMap((d) =>
        d.cusum_wh === null ? [] : [{ date: d.date, cusum_wh: d.cusum_wh, band_wh: d.cusumBand_wh }],
      ),
    [enpi],
  );
  const scale = useMemo(
    () => unitScaleOf('Wh', Math.max(0, ...days.map((d) => Math.abs(d.cusum_wh)))),
    [days],
  );
  const option = useCallback(
    (context: ChartContext) =>
      cusumOption(
        {
          days,
          scale,
          color: colorOf(context.theme),
          changes: changes.map((c) => ({
            date: c.since,
            // The change began somewhere between the day it seems to begin and the day it was seen.
            between: [c.since, c.detectedOn],
            label: t(`enpi.change.${c.direction}`, { date: formatLocalDate(t.locale, c.since, 'dayShort') }),
          })),
        },
        context,
        { noChange: t('enpi.noChange') },
      ),
    [days, scale, changes, t],
  );
  const last = days[days.length - 1];
  if (!last) return null;
  return (
    <Section
      proof={{ member: 'days' }}
      title={t('enpi.cusum')}
      subject={t('enpi.cusumSubject', { unit: scale.unit })}
      basis={changes.length > 0 ? t('enpi.changes', { count: changes.length }) : t('enpi.noChangeFound')}
    >
      <Chart
        proof={{ member: 'days' }}
        family="line"
        option={option}
        height={isNarrow ? 260 : chartHeight}
        timeZone="UTC"
        label={t('enpi.cusumLabel', {
          name: enpi.name,
          value: quantityText(formatQuantity(t.locale, last.cusum_wh, 'Wh', { signed: true })),
          date: formatLocalDate(t.locale, last.date, 'date'),
        })}
        fileName={`${enpi.name}-cusum`}
        walkedSeries={1}
        table={{
          columns: [t('enpi.date'), t('enpi.cusum'), '±'],
          rows: () =>
            days.map((d) => [
              formatLocalDate(t.locale, d.date, 'date'),
              quantityText(formatQuantity(t.locale, d.cusum_wh, 'Wh', { signed: true })),
              d.band_wh === null ? '—' : quantityText(formatQuantity(t.locale, d.band_wh, 'Wh')),
            ]),
        }}
      />
    </Section>
  );
}

export function Residuals({ enpi }: Props) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const days = useMemo(
    () =>
      enpi.days.flatMap((d) =>
        d.actual_wh === null || d.expected_wh === null || d.phase === 'between'
          ? []
          : [{ date: d.date, residual_wh: d.actual_wh - d.expected_wh, phase: d.phase }],
      ),
    [enpi],
  );
  const scale = useMemo(() => dayScale(enpi), [enpi]);
  const statistics = enpi.model?.statistics ?? null;
  const halfWidth_wh = useMemo(() => {
    if (!statistics) return null;
    const actual = enpi.days.flatMap((d) =>
      d.phase === 'baseline' && d.actual_wh !== null ? [d.actual_wh] : [],
    );
    return (1.96 * statistics.cvRmse * actual.reduce((a, b) => a + b, 0)) / Math.max(1, actual.length);
  }, [enpi, statistics]);
  const option = useCallback(
    (context: ChartContext) =>
      residualsOption({ days, halfWidth_wh, scale, color: colorOf(context.theme) }, context, {
        mean: (value) => t('enpi.residualMean', { value }),
      }),
    [days, halfWidth_wh, scale, t],
  );
  if (days.length === 0) return null;
  return (
    <Section
      proof={{ member: 'days' }}
      title={t('enpi.residuals')}
      subject={t('enpi.residualsSubject', { unit: scale.unit })}
      basis={
        statistics
          ? t('enpi.residualsBasis', {
              lag: formatNumber(t.locale, statistics.autocorrelation, { decimals: 2 }),
              n: statistics.n,
              effective: Math.round(statistics.effectiveN),
            })
          : undefined
      }
    >
      <Chart
        proof={{ member: 'days' }}
        family="scatter"
        option={option}
        height={isNarrow ? 220 : 260}
        timeZone="UTC"
        label={t('enpi.chartLabel', { title: t('enpi.residuals'), name: enpi.name })}
        fileName={`${enpi.name}-residuals`}
        walkedSeries={2}
        table={{
          columns: [t('enpi.date'), t('enpi.difference')],
          rows: () =>
            days.map((d) => [
              formatLocalDate(t.locale, d.date, 'date'),
              quantityText(formatQuantity(t.locale, d.residual_wh, 'Wh', { signed: true })),
            ]),
        }}
      />
    </Section>
  );
}

export function Months({ enpi }: Props) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const scale = useMemo(
    () => unitScaleOf('Wh', Math.max(0, ...enpi.months.map((m) => m.actual_wh ?? 0))),
    [enpi],
  );
  const option = useCallback(
    (context: ChartContext) =>
      monthBarsOption(
        {
          months: enpi.months.map((m) => ({
            ...m,
            estimatedShare: Math.min(1, m.quality.estimated + m.quality.interpolated),
          })),
          scale,
          color: colorOf(context.theme),
        },
        context,
        { missing: t('quality.missing'), expected: t('enpi.expected') },
      ),
    [enpi, scale, t],
  );
  if (enpi.months.length === 0) return null;
  const text = (wh: number | null): string =>
    wh === null ? '—' : quantityText(formatQuantity(t.locale, wh, 'Wh', { scale, decimals: 1 }));
  return (
    <Section
      proof={{ member: 'months' }}
      title={t('enpi.months')}
      subject={t('enpi.monthsSubject', { unit: scale.unit })}
    >
      <Chart
        proof={{ member: 'months' }}
        family="bar"
        option={option}
        height={isNarrow ? 220 : 240}
        timeZone="UTC"
        label={t('enpi.chartLabel', { title: t('enpi.months'), name: enpi.name })}
        fileName={`${enpi.name}-months`}
        table={{
          columns: [t('enpi.month'), t('enpi.actual'), t('enpi.expected'), '±'],
          rows: () =>
            enpi.months.map((m) => [
              formatLocalDate(t.locale, m.month, 'month'),
              text(m.actual_wh),
              text(m.expected_wh),
              text(m.halfWidth_wh),
            ]),
        }}
      />
    </Section>
  );
}
