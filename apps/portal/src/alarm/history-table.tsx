'use client';
import type { Alarm } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatDuration, formatInstant } from '@wattproof/messages';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './alarm.module.css';
import { SeverityIcon } from './alarm-table.tsx';
import { howFar } from './alarm-text.ts';

/** Closed alarms, the latest first. */
export function HistoryTable({
  alarms,
  timeZone,
  now,
  onChoose,
}: {
  readonly alarms: readonly Alarm[];
  readonly timeZone: string;
  readonly now: string;
  readonly onChoose: (alarm: Alarm) => void;
}) {
  const t = useTranslator();
  const time = (at: string | null): string =>
    at ? formatInstant(t.locale, timeZone, at, 'dateTimeShort') : '—';
  const lasted = (a: Alarm): number => (Date.parse(a.clearedAt ?? now) - Date.parse(a.raisedAt)) / 1000;
  const columns: Column<Alarm>[] = [
    {
      id: 'what',
      head: t('alarm.what'),
      phone: 'title',
      proof: { without: 'stated' },
      cell: (a) => (
        <span className={styles.what}>
          <SeverityIcon alarm={a} t={t} />
          <span>{a.name}</span>
        </span>
      ),
      sort: (a) => a.name,
      text: (a) => a.name,
    },
    {
      id: 'site',
      head: t('alarm.site'),
      cell: (a) => a.siteName,
      sort: (a) => a.siteName,
      text: (a) => a.siteName,
    },
    {
      id: 'raised',
      head: t('alarm.since'),
      cell: (a) => time(a.raisedAt),
      sort: (a) => a.raisedAt,
      text: (a) => time(a.raisedAt),
    },
    {
      id: 'cleared',
      head: t('alarm.cleared'),
      cell: (a) => time(a.clearedAt),
      sort: (a) => a.clearedAt,
      text: (a) => time(a.clearedAt),
    },
    {
      id: 'duration',
      head: t('alarm.duration'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (a) => formatDuration(t.locale, lasted(a)),
      sort: lasted,
      text: (a) => formatDuration(t.locale, lasted(a)),
    },
    {
      id: 'howFar',
      head: t('alarm.howFar'),
      proof: { member: (a) => (a.kind === 'noData' ? null : 'value') },
      cell: (a) => howFar(a, t, Date.parse(now)),
      text: (a) => howFar(a, t, Date.parse(now)),
    },
    {
      id: 'action',
      head: t('alarm.next'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (a) => (
        <Button kind="words" onClick={() => onChoose(a)}>
          {t('alarm.details')}
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      id="history"
      name={t('alarm.history')}
      columns={columns}
      rows={alarms}
      rowMember={(a) => entry('alarms', { id: a.id })}
      rowKey={(a) => a.id}
      initialSort={{ column: 'raised', descending: true }}
      empty={t('alarm.historyNone')}
    />
  );
}
