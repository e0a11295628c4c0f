'use client';
import { type ChartContext, durationCurveOption, seriesColors } from '@wattproof/charts';
import type { DurationCurves, Meter } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import {
  formatInstant,
  formatNumber,
  formatPercent,
  formatQuantity,
  quantityText,
  type ShownUnit,
  unitScaleOf,
} from '@wattproof/messages';
import { useCallback, useMemo } from 'react';
import { Chart, type ChartTable } from '../chart/chart.tsx';
import { QualityMark } from '../figure/quality-mark.tsx';
import { FormError } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { FigureSource } from '../receipt/figure-source.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './explore.module.css';
import { colorOfMeter } from './series-chart.tsx';
import { useLoaded } from './use-series.ts';

type Curve = DurationCurves['curves'][number];

/** Shares of the time that are named on the curve: the highest hundredth, half of the time, nearly always. */
const named = [0.01, 0.5, 0.95] as const;

/** How long a load is reached: the sorted values of up to six meters. */
export function DurationView({
  meters,
  measurand,
  from,
  to,
  timeZone,
}: {
  readonly meters: readonly Meter[];
  readonly measurand: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const isNarrow = useNarrow();
  const query = new URLSearchParams({ meters: meters.map((m) => m.id).join(','), measurand, from, to });
  const path = `/series/duration-curve?${query}`;
  const { value, error, isLoading } = useLoaded<DurationCurves>(path);
  const curves = useMemo(() => value?.curves.filter((c) => c.value.length > 0) ?? [], [value]);
  const unit = (curves[0]?.unit ?? 'W') as ShownUnit;
  const scale = unitScaleOf(unit, Math.max(0, ...curves.map((c) => Math.abs(c.highest?.value ?? 0))));
  const text = useCallback(
    (v: number | null): string =>
      v === null ? '—' : quantityText(formatQuantity(t.locale, v, unit, { scale })),
    [t, unit, scale],
  );
  const hours = useCallback(
    (h: number): string => `${formatNumber(t.locale, h, { decimals: h < 10 ? 1 : 0 })}\u00a0h`,
    [t],
  );
  const option = useCallback(
    (context: ChartContext) => {
      const colors = colorsFor(context, curves, meters);
      const [first] = curves;
      return durationCurveOption(
        {
          unit,
          series: curves.map((c, i) => ({
            name: c.name,
            color: colors[i] ?? context.theme.colors.ctl,
            share: c.hours.map((h) => (c.known_h === 0 ? 0 : Math.min(1, h / c.known_h))),
            value: c.value,
            known_s: c.known_h * 3600,
          })),
          marks:
            curves.length === 1 && first
              ? named.flatMap((share) => {
                  const found = first.quantiles.find((q) => Math.abs(q.share - share) < 1e-9);
                  return found
                    ? [
                        {
                          ...found,
                          label: t('explore.durationMark', {
                            value: text(found.value),
                            share: quantityText(formatPercent(t.locale, share, { decimals: 0 })),
                          }),
                        },
                      ]
                    : [];
                })
              : [],
        },
        context,
        { reached: (s, share) => t('explore.reached', { hours: hours(s / 3600), share }) },
      );
    },
    [curves, meters, unit, hours, text, t],
  );
  const table = useMemo(
    (): ChartTable => ({
      columns: [t('explore.hours'), ...curves.map((c) => c.name)],
      rows: () => {
        const [first] = curves;
        return (first?.hours ?? []).map((h, i) => [hours(h), ...curves.map((c) => text(c.value[i] ?? null))]);
      },
    }),
    [curves, hours, text, t],
  );
  if (error) return <FormError>{error}</FormError>;
  if (!value) return <div className={styles.chart} data-loading aria-busy="true" />;
  if (curves.length === 0) return <State title={t('explore.emptyAll')} level={3} />;
  const columns: Column<Curve>[] = [
    {
      id: 'meter',
      head: t('explore.meters'),
      phone: 'title',
      cell: (c) => c.name,
      sort: (c) => c.name,
      text: (c) => c.name,
    },
    ...(['highest', 'lowest'] as const).map(
      (which): Column<Curve> => ({
        id: which,
        head: t(`explore.${which}`),
        align: 'right',
        proof: { member: (c) => (c[which] ? `${which}.value` : null) },
        cell: (c) => (
          <span className={styles.stack}>
            {text(c[which]?.value ?? null)}
            {c[which] && <small>{formatInstant(t.locale, timeZone, c[which].start, 'dateTimeShort')}</small>}
          </span>
        ),
        sort: (c) => c[which]?.value ?? null,
        text: (c) => text(c[which]?.value ?? null),
      }),
    ),
    {
      id: 'mean',
      head: t('explore.mean'),
      align: 'right',
      proof: { member: 'mean' },
      cell: (c) => text(c.mean),
      sort: (c) => c.mean,
      text: (c) => text(c.mean),
    },
    {
      id: 'factor',
      head: t('explore.loadFactor'),
      align: 'right',
      proof: { member: 'loadFactor' },
      cell: (c) => (c.loadFactor === null ? '—' : quantityText(formatPercent(t.locale, c.loadFactor))),
      sort: (c) => c.loadFactor,
      text: (c) => (c.loadFactor === null ? '' : quantityText(formatPercent(t.locale, c.loadFactor))),
    },
    {
      id: 'known',
      head: t('explore.known'),
      align: 'right',
      proof: { member: 'known_h' },
      cell: (c) => hours(c.known_h),
      sort: (c) => c.known_h,
      text: (c) => hours(c.known_h),
    },
    {
      id: 'missing',
      head: t('explore.unknown'),
      align: 'right',
      proof: { member: 'missing_h' },
      cell: (c) => hours(c.missing_h),
      sort: (c) => c.missing_h,
      text: (c) => hours(c.missing_h),
    },
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      proof: { member: 'shares' },
      cell: (c) => <QualityMark quality={c.shares} t={t} />,
      text: (c) => quantityText(formatPercent(t.locale, c.shares.measured)),
    },
  ];
  return (
    <FigureSource path={path}>
      <div className={styles.chart} data-loading={isLoading || undefined} aria-busy={isLoading}>
        <Chart
          proof={{ member: 'curves' }}
          family="line"
          option={option}
          height={isNarrow ? 250 : 360}
          timeZone={timeZone}
          label={t('explore.durationLabel', { meters: curves.map((c) => c.name).join(', ') })}
          fileName={`duration-curve-${from.slice(0, 10)}`}
          table={table}
          legend={<span className={styles.legend}>{t('explore.durationHint')}</span>}
        />
        <div className={styles.summary}>
          <DataTable
            id="durations"
            name={t('explore.summary')}
            columns={columns}
            rows={curves}
            rowMember={(c) => entry('curves', { meterId: c.meterId })}
            rowKey={(c) => String(c.meterId)}
            withTools={false}
          />
        </div>
      </div>
    </FigureSource>
  );
}

const colorsFor = ({ theme }: ChartContext, curves: readonly Curve[], meters: readonly Meter[]): string[] =>
  seriesColors(
    theme,
    curves.map((c) => {
      const meter = meters.find((m) => m.id === c.meterId);
      return meter ? colorOfMeter(theme, meter) : null;
    }),
  );
