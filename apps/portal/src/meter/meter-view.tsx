'use client';
import type {
  MeterDetail,
  MeterEvent,
  MeterStatistics,
  PartialCounter,
  Series,
} from '@wattproof/contracts/api';
import { formatLocalDate, formatMeasurand, formatPercent, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { useLiveMeters } from '../live/live-meters.ts';
import { FigureSource } from '../receipt/figure-source.tsx';
import { useNarrow } from '../shell/narrow.ts';
import { type Period, spanOf } from '../shell/period.ts';
import { sitePath } from '../shell/place.ts';
import { ContactTable } from './contact-table.tsx';
import type { CurveGroup } from './curve-group.ts';
import { Events } from './events.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { Identity } from './identity.tsx';
import styles from './meter.module.css';
import { MeterCurve } from './meter-curve.tsx';
import { readingId } from './meter-proof.ts';
import { currentUnbalance, meterValues, phaseRows } from './meter-value.ts';
import { PartialCounters } from './partial-counters.tsx';
import { PhaseTable } from './phase-table.tsx';
import { contactValues, isPlain, spectraOf, tariffRows } from './rare-value.ts';
import { SpectrumSection } from './spectrum-section.tsx';
import { StatisticsTable } from './statistics-table.tsx';
import { TariffTable } from './tariff-table.tsx';

/** Currents nearer to their mean than this need no words. */
const unbalanceWorthSaying = 0.1;

export interface MeterViewProps {
  readonly meter: MeterDetail;
  readonly timeZone: string;
  readonly now: string;
  readonly period: Period;
  readonly from: string;
  readonly to: string;
  readonly statistics: MeterStatistics;
  /** The answer that the statistics were read from. */
  readonly statisticsPath: string;
  /** Days that the statistics cover where the period is longer than they can. */
  readonly statisticsDays: number | null;
  readonly events: readonly MeterEvent[];
  readonly partialCounters: readonly PartialCounter[];
  readonly groups: readonly CurveGroup[];
  readonly groupId: string | null;
  readonly series: Series | null;
  readonly parentName: string | null;
  readonly mayWrite: boolean;
  readonly mayExport: boolean;
}

/** One meter: its instrument face, its curve, every value over the period, what it is, what happened to it. */
export function MeterView({
  meter,
  timeZone,
  now,
  period,
  from,
  to,
  statistics,
  statisticsPath,
  statisticsDays,
  events,
  partialCounters,
  groups,
  groupId,
  series,
  parentName,
  mayWrite,
  mayExport,
}: MeterViewProps) {
  const t = useTranslator();
  // On a phone the face says most of it; the long list is one touch away.
  const isNarrow = useNarrow();
  const [isExporting, setExporting] = useState(false);
  const list = useMemo(() => [meter], [meter]);
  const { latest } = useLiveMeters(meter.siteId, list);
  const live = latest.get(meter.id);
  const values = useMemo(() => meterValues(live, statistics.measurands), [live, statistics]);
  const rows = phaseRows(values);
  const plain = [...values.values()].filter(isPlain);
  const spectra = spectraOf(values);
  const tariffs = tariffRows(values);
  const contacts = contactValues(values);
  const counters = [...values.values()].filter((v) => v.kind === 'counter').map((v) => v.measurand);
  // The counter that the consumption comes from stands first wherever one is chosen.
  const ownFirst = [
    ...(meter.measurand ? [meter.measurand] : []),
    ...counters.filter((m) => m !== meter.measurand),
  ];
  const power = values.get('active_power_w')?.now;
  const unbalance = currentUnbalance(values);
  const span = spanOf(period);
  const periodText =
    span.from === span.to
      ? formatLocalDate(t.locale, span.from, 'date')
      : t('period.span', {
          from: formatLocalDate(t.locale, span.from, 'dayShort'),
          to: formatLocalDate(t.locale, span.to, 'date'),
        });
  const basis =
    statisticsDays === null
      ? t('meter.statisticsBasis', { period: periodText })
      : t('meter.statisticsCut', { days: statisticsDays });
  const hrefOf = (measurand: string): string =>
    sitePath(meter.siteId, `/explore?meters=${meter.id}&measurand=${measurand}`);
  const isStale = live?.isStale ?? false;
  const table = (
    <StatisticsTable
      meterId={meter.id}
      values={plain}
      isStale={isStale}
      timeZone={timeZone}
      now={now}
      hrefOf={hrefOf}
    />
  );
  return (
    <FigureSource path={statisticsPath}>
      <Verdict
        proof={power ? { receipt: readingId(meter.id, 'active_power_w', power.at) } : undefined}
        title={
          power
            ? t('meter.powerNow', {
                name: meter.name,
                value: quantityText(formatMeasurand(t.locale, power.value, 'active_power_w')),
              })
            : meter.name
        }
        aside={
          <span className={styles.aside}>
            {live && <Age at={live.at} now={now} isStale={isStale} timeZone={timeZone} />}
            {mayWrite && meter.kind === 'virtual' && (
              <Link href={sitePath(meter.siteId, `/structure/calculated?meter=${meter.id}`)}>
                {t('meter.edit')}
              </Link>
            )}
            {mayExport && <Button onClick={() => setExporting(true)}>{t('meter.export')}</Button>}
          </span>
        }
      >
        {t('meter.subtitle', { kind: t(`meterKind.${meter.kind}`), role: t(`meterRole.${meter.role}`) })}{' '}
        {meter.energyUse ? (
          <UseTag use={meter.energyUse} name={t(`use.${meter.energyUse}`)} />
        ) : (
          <CarrierTag carrier={meter.carrier} name={t(`carrier.${meter.carrier}` as 'carrier.gas')} />
        )}{' '}
        {unbalance !== null &&
          unbalance > unbalanceWorthSaying &&
          t('meter.unbalance', {
            share: quantityText(formatPercent(t.locale, unbalance, { decimals: 0 })),
          })}
      </Verdict>
      <div className={styles.sections}>
        {rows.length > 0 && (
          <Section
            proof={{ member: 'measurands' }}
            title={t('meter.electrical')}
            subject={t('meter.electricalSubject')}
            basis={periodText}
          >
            <PhaseTable rows={rows} isStale={isStale} timeZone={timeZone} now={now} hrefOf={hrefOf} />
          </Section>
        )}
        <MeterCurve
          meter={meter}
          groups={groups}
          initialGroupId={groupId}
          initialSeries={series}
          period={period}
          from={from}
          to={to}
          timeZone={timeZone}
        />
        {spectra.length > 0 && (
          <SpectrumSection
            spectra={spectra}
            name={meter.name}
            isStale={isStale}
            timeZone={timeZone}
            now={now}
          />
        )}
        {tariffs.length > 0 && (
          <Section title={t('meter.tariffs')} basis={statisticsDays === null ? periodText : basis}>
            <TariffTable
              meterId={meter.id}
              rows={tariffs}
              isStale={isStale}
              timeZone={timeZone}
              now={now}
              hrefOf={hrefOf}
            />
          </Section>
        )}
        {contacts.length > 0 && (
          <Section title={t('meter.contacts')}>
            <ContactTable values={contacts} isStale={isStale} timeZone={timeZone} now={now} hrefOf={hrefOf} />
          </Section>
        )}
        <Section title={t('meter.latest')} basis={basis}>
          {isNarrow && rows.length > 0 ? (
            <details className={styles.fold}>
              <summary>{t('meter.allValues', { count: plain.length })}</summary>
              {table}
            </details>
          ) : (
            table
          )}
        </Section>
        <div className={styles.grid}>
          <div className={styles.sections}>
            <Events
              meterId={meter.id}
              events={events}
              measurands={meter.kind === 'physical' ? ownFirst : []}
              timeZone={timeZone}
              mayWrite={mayWrite}
            />
            <FigureSource path={`/meters/${meter.id}/partial-counters`}>
              <PartialCounters
                meterId={meter.id}
                counters={partialCounters}
                measurands={ownFirst}
                timeZone={timeZone}
                mayWrite={mayWrite}
              />
            </FigureSource>
          </div>
          <Identity meter={meter} parentName={parentName} />
        </div>
      </div>
      {isExporting && (
        <ExportDialog
          meterId={meter.id}
          name={meter.name}
          from={span.from}
          to={span.to}
          timeZone={timeZone}
          onClose={() => setExporting(false)}
        />
      )}
    </FigureSource>
  );
}
