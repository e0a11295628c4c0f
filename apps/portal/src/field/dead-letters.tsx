'use client';
import type { DeadLetter, Gateway } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import { useState } from 'react';
import { request } from '../api/client.ts';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { FormError } from '../form/field.tsx';
import { problemText } from '../form/problem.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { DeadLetterDialog } from './dead-letter-dialog.tsx';
import styles from './field.module.css';
import { usePolled } from './polled.ts';

interface Page {
  readonly deadLetters: readonly DeadLetter[];
  readonly open: number;
  readonly next: string | null;
}

/** What could not be stored, with its reason, until somebody says what was done about it. */
export function DeadLetters({
  initial,
  gateways,
  siteId,
  timeZoneOf,
  mayWrite,
}: {
  readonly initial: Page;
  readonly gateways: readonly Gateway[];
  readonly siteId: string | null;
  readonly timeZoneOf: (gatewayId: string | null) => string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const { value, set } = usePolled<Page>('/dead-letters?limit=50', initial);
  const [older, setOlder] = useState<Page | null>(null);
  const [isOnlyOpen, setOnlyOpen] = useState(true);
  const [shown, setShown] = useState<DeadLetter | null>(null);
  const [error, setError] = useState<string | null>(null);

  const ofSite = new Set(gateways.filter((g) => g.siteId === siteId).map((g) => g.id));
  const newest = new Set(value.deadLetters.map((d) => d.id));
  const letters = [
    ...value.deadLetters,
    ...(older?.deadLetters ?? []).filter((d) => !newest.has(d.id)),
  ].filter((d) => siteId === null || (d.gatewayId !== null && ofSite.has(d.gatewayId)));
  const rows = isOnlyOpen ? letters.filter((d) => d.resolvedAt === null) : letters;
  const next = older ? older.next : value.next;
  const more = async (): Promise<void> => {
    const answer = await request<Page>(`/dead-letters?limit=50&before=${next}`);
    if (!answer.ok) return setError(problemText(t, answer.problem));
    setError(null);
    setOlder({ ...answer.value, deadLetters: [...(older?.deadLetters ?? []), ...answer.value.deadLetters] });
  };
  const replace = (page: Page, letter: DeadLetter): Page => ({
    ...page,
    deadLetters: page.deadLetters.map((d) => (d.id === letter.id ? letter : d)),
  });
  const onResolved = (letter: DeadLetter): void => {
    // What is taken after all is open until ingestion has stored it.
    set({ ...replace(value, letter), open: Math.max(0, value.open - (letter.resolvedAt ? 1 : 0)) });
    if (older) setOlder(replace(older, letter));
    setShown(null);
  };
  const gatewayName = (d: DeadLetter): string =>
    gateways.find((g) => g.id === d.gatewayId)?.name ?? d.gatewayId ?? '—';
  const time = (d: DeadLetter, at: string): string =>
    formatInstant(t.locale, timeZoneOf(d.gatewayId), at, 'dateTimeShort');
  const state = (d: DeadLetter): string =>
    d.resolvedAt ? t('field.deadResolved', { time: time(d, d.resolvedAt) }) : t('field.deadOpen');
  const columns: Column<DeadLetter>[] = [
    {
      id: 'reason',
      head: t('field.deadReason'),
      phone: 'title',
      width: '44%',
      cell: (d) => (
        <span className={styles.reason}>
          <strong>{t(`rejection.${d.code}`)}</strong>
          <small>{d.message}</small>
        </span>
      ),
      sort: (d) => t(`rejection.${d.code}`),
      text: (d) => `${t(`rejection.${d.code}`)}: ${d.message}`,
    },
    {
      id: 'received',
      head: t('field.deadReceived'),
      cell: (d) => time(d, d.receivedAt),
      sort: (d) => d.receivedAt,
      text: (d) => d.receivedAt,
    },
    { id: 'gateway', head: t('field.deadGateway'), cell: gatewayName, sort: gatewayName, text: gatewayName },
    {
      id: 'meter',
      head: t('field.deadMeter'),
      cell: (d) => <span className={styles.code}>{d.meterKey ?? '—'}</span>,
      sort: (d) => d.meterKey,
      text: (d) => d.meterKey ?? '',
    },
    { id: 'state', head: t('field.deadState'), cell: state, sort: (d) => d.resolvedAt, text: state },
    {
      id: 'action',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (d) => (
        <Button kind="words" onClick={() => setShown(d)} aria-label={`${t('field.deadShow')}: ${d.message}`}>
          {t('field.deadShow')}
        </Button>
      ),
    },
  ];
  return (
    <Section
      title={t('field.dead')}
      subject={t('field.deadSubject', {
        open: siteId === null ? value.open : letters.filter((d) => d.resolvedAt === null).length,
      })}
      basis={
        letters.some((d) => d.resolvedAt !== null) ? (
          <label className={styles.switch}>
            <input
              type="checkbox"
              checked={isOnlyOpen}
              onChange={(event) => setOnlyOpen(event.target.checked)}
            />
            {t('field.deadOnlyOpen')}
          </label>
        ) : (
          t('field.deadBasis')
        )
      }
    >
      <DataTable
        id="dead"
        name={t('field.dead')}
        columns={columns}
        rows={rows}
        rowKey={(d) => d.id}
        rowState={(d) => (d.resolvedAt ? 'muted' : undefined)}
        withTools={rows.length > 6}
        empty={letters.length === 0 ? t('field.deadNone') : t('field.deadNoneOpen')}
      />
      {error && <FormError>{error}</FormError>}
      {next !== null && (
        <div className={styles.older}>
          <Button onClick={() => void more()}>{t('field.deadOlder')}</Button>
        </div>
      )}
      {shown && (
        <DeadLetterDialog
          letter={shown}
          gatewayName={gatewayName(shown)}
          timeZone={timeZoneOf(shown.gatewayId)}
          mayWrite={mayWrite}
          onResolved={onResolved}
          onClose={() => setShown(null)}
        />
      )}
    </Section>
  );
}
