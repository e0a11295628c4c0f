'use client';
import type { MeterDetail, Series } from '@wattproof/contracts/api';
import { findMeasurand } from '@wattproof/energy';
import { formatInstant, formatMeasurand, formatNumber, quantityText } from '@wattproof/messages';
import Link from 'next/link';
import { useMemo } from 'react';
import { SeriesChart } from '../explore/series-chart.tsx';
import { Section, Verdict } from '../figure/section.tsx';
import { CarrierTag, UseTag } from '../figure/tag.tsx';
import { Trust } from '../figure/trust.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Age } from '../live/age.tsx';
import { useLiveMeters } from '../live/live-meters.ts';
import { sitePath } from '../shell/place.ts';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './structure.module.css';

type Value = {
  readonly measurand: string;
  readonly value: number;
  readonly at: string;
  readonly quality: string;
};

const readingWords = new Set([
  'good',
  'stale',
  'timeout',
  'exception',
  'outOfRange',
  'notAvailable',
  'wiringSuspect',
  'counterReset',
]);

/** One meter: what it says now, its curve, what it is, what happened to it. */
export function MeterView({
  meter,
  timeZone,
  now,
  series,
  parentName,
}: {
  readonly meter: MeterDetail;
  readonly timeZone: string;
  readonly now: string;
  readonly series: Series | null;
  readonly parentName: string | null;
}) {
  const t = useTranslator();
  const list = useMemo(() => [meter], [meter]);
  const { latest } = useLiveMeters(meter.siteId, list);
  const live = latest.get(meter.id);
  const values: Value[] = [...(live?.values ?? [])]
    .map(([measurand, v]) => ({ measurand, ...v }))
    .sort((a, b) => (findMeasurand(a.measurand)?.id ?? 0) - (findMeasurand(b.measurand)?.id ?? 0));
  const power = live?.values.get('active_power_w');
  const nameOf = (name: string): string => t(`measurand.${name}` as 'measurand.active_power_w');
  const valueText = (v: Value): string =>
    v.measurand === 'breaker_position'
      ? t(v.value === 2 ? 'breaker.fault' : v.value === 1 ? 'breaker.closed' : 'breaker.open')
      : quantityText(formatMeasurand(t.locale, v.value, v.measurand));
  const qualityText = (quality: string): string =>
    readingWords.has(quality) ? t(`readingQuality.${quality}` as 'readingQuality.good') : quality;
  const columns: Column<Value>[] = [
    {
      id: 'measurand',
      head: t('meter.measurand'),
      phone: 'title',
      cell: (v) => nameOf(v.measurand),
      sort: (v) => nameOf(v.measurand),
      text: (v) => nameOf(v.measurand),
    },
    { id: 'value', head: t('meter.value'), align: 'right', cell: valueText, text: valueText },
    {
      id: 'quality',
      head: t('meter.quality'),
      cell: (v) => qualityText(v.quality),
      sort: (v) => v.quality,
      text: (v) => qualityText(v.quality),
    },
    {
      id: 'age',
      head: t('meter.age'),
      cell: (v) => (
        <Age at={v.at} now={now} isStale={live?.isStale ?? false} timeZone={timeZone} withTime={false} />
      ),
      sort: (v) => v.at,
      text: (v) => formatInstant(t.locale, timeZone, v.at, 'dateTime'),
    },
  ];
  return (
    <>
      <Verdict
        title={
          power
            ? t('meter.powerNow', {
                name: meter.name,
                value: quantityText(formatMeasurand(t.locale, power.value, 'active_power_w')),
              })
            : meter.name
        }
        aside={live && <Age at={live.at} now={now} isStale={live.isStale} timeZone={timeZone} />}
      >
        {t('meter.subtitle', { kind: t(`meterKind.${meter.kind}`), role: t(`meterRole.${meter.role}`) })}{' '}
        {meter.energyUse ? (
          <UseTag use={meter.energyUse} name={t(`use.${meter.energyUse}`)} />
        ) : (
          <CarrierTag carrier={meter.carrier} name={t(`carrier.${meter.carrier}` as 'carrier.gas')} />
        )}
      </Verdict>
      {series && (
        <Section
          title={t('meter.curve')}
          subject={nameOf(series.measurand)}
          basis={
            <Link href={sitePath(meter.siteId, `/explore?meters=${meter.id}&measurand=${series.measurand}`)}>
              {t('meter.explore')}
            </Link>
          }
        >
          <SeriesChart series={series} meters={list} timeZone={timeZone} />
        </Section>
      )}
      <div className={styles.grid}>
        <Section title={t('meter.latest')} basis={t('meter.latestBasis')}>
          <DataTable
            id="values"
            name={t('meter.latest')}
            columns={columns}
            rows={values}
            rowKey={(v) => v.measurand}
            withTools={values.length > 6}
            empty={
              <State title={t('meter.none')} level={3}>
                <p>{t('meter.noneText')}</p>
              </State>
            }
          />
        </Section>
        <div>
          <Identity meter={meter} parentName={parentName} />
          <Events meter={meter} timeZone={timeZone} />
        </div>
      </div>
    </>
  );
}

function Identity({
  meter,
  parentName,
}: {
  readonly meter: MeterDetail;
  readonly parentName: string | null;
}) {
  const t = useTranslator();
  return (
    <Section title={t('meter.identity')}>
      <dl className={styles.identity}>
        {meter.serialNumber !== '' && (
          <>
            <dt>{t('meter.serial')}</dt>
            <dd>{meter.serialNumber}</dd>
          </>
        )}
        {meter.profile && (
          <>
            <dt>{t('meter.profile')}</dt>
            <dd>
              {meter.profile.name} {meter.profile.note}
            </dd>
            <dt>{t('meter.trust')}</dt>
            <dd>
              <Trust rung={meter.profile.trust} t={t} />
            </dd>
          </>
        )}
        {meter.line && (
          <>
            <dt>{t('meter.line')}</dt>
            <dd>
              {t('meter.lineText', {
                name: meter.line.name,
                transport: meter.line.transport,
                address: meter.line.unitAddress ?? '—',
              })}
            </dd>
          </>
        )}
        {meter.accuracy.length > 0 && (
          <>
            <dt>{t('meter.accuracy')}</dt>
            <dd>
              {meter.accuracy
                .map((a) => t('meter.class', { part: a.part, class: formatNumber(t.locale, a.class) }))
                .join(', ')}
            </dd>
          </>
        )}
        {meter.keys.map((key) => (
          <IdentityKey
            key={`${key.gatewayId} ${key.meterKey}`}
            gateway={key.gatewayId}
            meterKey={key.meterKey}
          />
        ))}
        {meter.parentId !== null && (
          <>
            <dt>{t('meter.parent')}</dt>
            <dd>
              <Link href={sitePath(meter.siteId, `/meters/${meter.parentId}`)}>
                {parentName ?? meter.parentId}
              </Link>
            </dd>
          </>
        )}
        {meter.terms.length > 0 && (
          <>
            <dt>{t('meter.terms')}</dt>
            <dd>
              <ul>
                {meter.terms.map((term) => (
                  <li key={term.sourceMeterId}>
                    {term.sign === 1 ? '+ ' : '\u2212 '}
                    <Link href={sitePath(meter.siteId, `/meters/${term.sourceMeterId}`)}>
                      {term.sourceName}
                    </Link>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </Section>
  );
}

function IdentityKey({ gateway, meterKey }: { readonly gateway: string; readonly meterKey: string }) {
  const t = useTranslator();
  return (
    <>
      <dt>{t('meter.key')}</dt>
      <dd>{t('meter.keyText', { gateway, key: meterKey })}</dd>
    </>
  );
}

type MeterEvent = MeterDetail['events'][number];

function Events({ meter, timeZone }: { readonly meter: MeterDetail; readonly timeZone: string }) {
  const t = useTranslator();
  const index = (e: MeterEvent, value: number | null): string =>
    value === null ? '—' : quantityText(formatMeasurand(t.locale, value, e.measurand));
  const kinds = ['replacement', 'reset', 'ratioChange'];
  const kind = (e: MeterEvent): string =>
    kinds.includes(e.kind) ? t(`meter.event.${e.kind}` as 'meter.event.reset') : e.kind;
  const origin = (e: MeterEvent): string =>
    e.origin === 'detected' ? t('meter.event.detected') : t('meter.event.declared');
  const columns: Column<MeterEvent>[] = [
    { id: 'kind', head: t('meter.event.kind'), phone: 'title', cell: kind, sort: kind, text: kind },
    {
      id: 'at',
      head: t('meter.event.at'),
      cell: (e) => formatInstant(t.locale, timeZone, e.at, 'dateTimeShort'),
      sort: (e) => e.at,
      text: (e) => e.at,
    },
    {
      id: 'closing',
      head: t('meter.event.closing'),
      align: 'right',
      cell: (e) => index(e, e.closingIndex),
      text: (e) => index(e, e.closingIndex),
    },
    {
      id: 'opening',
      head: t('meter.event.opening'),
      align: 'right',
      cell: (e) => index(e, e.openingIndex),
      text: (e) => index(e, e.openingIndex),
    },
    {
      id: 'origin',
      head: t('meter.event.origin'),
      cell: (e) => (e.note === '' ? origin(e) : `${origin(e)}: ${e.note}`),
      text: origin,
    },
  ];
  return (
    <div style={{ marginTop: 18 }}>
      <Section title={t('meter.events')}>
        <DataTable
          id="events"
          name={t('meter.events')}
          columns={columns}
          rows={meter.events}
          rowKey={(e) => `${e.at} ${e.measurand} ${e.kind}`}
          withTools={false}
          empty={t('meter.eventsNone')}
        />
      </Section>
    </div>
  );
}
