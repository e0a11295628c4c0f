'use client';
import type { MeterEvent } from '@wattproof/contracts/api';
import { formatInstant, formatMeasurand, formatNumber, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { EventDialog } from './event-dialog.tsx';
import styles from './meter.module.css';
import { RemovalDialog } from './removal-dialog.tsx';

type Open =
  | { readonly kind: 'new'; readonly detected: MeterEvent | null }
  | { readonly kind: 'removal'; readonly event: MeterEvent };

/** What happened to the meter. A detected event counts for nothing until a person explains it. */
export function Events({
  meterId,
  events,
  measurands,
  timeZone,
  mayWrite,
}: {
  readonly meterId: number;
  readonly events: readonly MeterEvent[];
  readonly measurands: readonly string[];
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const [open, setOpen] = useState<Open | null>(null);
  const kind = (e: MeterEvent): string => t(`meter.event.${e.kind}`);
  const indexes = (e: MeterEvent, which: 'closingIndex' | 'openingIndex'): string[] =>
    e.counters.map((c) => {
      const value = c[which];
      return value === null ? '—' : quantityText(formatMeasurand(t.locale, value, c.measurand));
    });
  const detail = (e: MeterEvent): string[] => [
    ...(e.serialNumberAfter
      ? [t('meter.event.serials', { before: e.serialNumberBefore ?? '—', after: e.serialNumberAfter })]
      : []),
    ...(e.ratioBefore !== null && e.ratioAfter !== null
      ? [
          t('meter.event.ratios', {
            before: formatNumber(t.locale, e.ratioBefore),
            after: formatNumber(t.locale, e.ratioAfter),
          }),
        ]
      : []),
    ...(e.note === '' ? [] : [e.note]),
  ];
  const origin = (e: MeterEvent): string =>
    e.origin === 'detected'
      ? t('meter.event.detected')
      : e.createdBy
        ? t('meter.event.by', {
            name: e.createdBy,
            date: formatInstant(t.locale, timeZone, e.createdAt, 'date'),
          })
        : t('meter.event.declared');
  const columns: Column<MeterEvent>[] = [
    {
      id: 'kind',
      head: t('meter.event.kind'),
      phone: 'title',
      cell: (e) => (
        <span className={styles.stack}>
          {kind(e)}
          {detail(e).map((line) => (
            <small key={line}>{line}</small>
          ))}
        </span>
      ),
      sort: kind,
      text: (e) => [kind(e), ...detail(e)].join('; '),
    },
    {
      id: 'at',
      head: t('meter.event.at'),
      cell: (e) => formatInstant(t.locale, timeZone, e.at, 'dateTime'),
      sort: (e) => e.at,
      text: (e) => e.at,
    },
    ...(['closingIndex', 'openingIndex'] as const).map(
      (which): Column<MeterEvent> => ({
        id: which,
        head: t(which === 'closingIndex' ? 'meter.event.closing' : 'meter.event.opening'),
        align: 'right',
        proof: { without: 'stated' },
        cell: (e) => (
          <span className={styles.stack}>
            {e.counters.map((c, i) => (
              <span key={c.measurand}>{indexes(e, which)[i]}</span>
            ))}
          </span>
        ),
        text: (e) => indexes(e, which).join(', '),
      }),
    ),
    {
      id: 'origin',
      head: t('meter.event.origin'),
      cell: (e) => <span className={e.origin === 'detected' ? styles.warn : undefined}>{origin(e)}</span>,
      sort: origin,
      text: origin,
    },
    ...(mayWrite
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (e: MeterEvent) => (
              <Button
                kind="words"
                onClick={() =>
                  setOpen(
                    e.origin === 'detected' ? { kind: 'new', detected: e } : { kind: 'removal', event: e },
                  )
                }
              >
                {t(e.origin === 'detected' ? 'meter.event.explain' : 'meter.event.takeBack')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    router.refresh();
  };
  return (
    <Section
      title={t('meter.events')}
      basis={
        mayWrite &&
        measurands.length > 0 && (
          <Button kind="words" onClick={() => setOpen({ kind: 'new', detected: null })}>
            {t('meter.event.new')}
          </Button>
        )
      }
    >
      <DataTable
        id="events"
        name={t('meter.events')}
        columns={columns}
        rows={events}
        rowKey={(e) => e.id}
        withTools={events.length > 6}
        empty={t('meter.eventsNone')}
      />
      {open?.kind === 'new' && (
        <EventDialog
          meterId={meterId}
          measurands={measurands}
          timeZone={timeZone}
          detected={open.detected}
          onSaved={done}
          onClose={close}
        />
      )}
      {open?.kind === 'removal' && (
        <RemovalDialog meterId={meterId} event={open.event} onRemoved={done} onClose={close} />
      )}
    </Section>
  );
}
