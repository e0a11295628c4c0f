'use client';
import type { ConfigurationVersion } from '@wattproof/contracts/api';
import { formatInstant, type PortalTranslator } from '@wattproof/messages';
import Link from 'next/link';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './configuration.module.css';
import { returnText } from './finding-text.ts';

/** What became of a version, in words; of the one that counts now "in force". */
export const stateText = (
  t: PortalTranslator,
  { state, version }: Pick<ConfigurationVersion, 'state' | 'version'>,
  inForce: number | null,
): string => (version === inForce ? t('configuration.state.inForce') : t(`configuration.state.${state}`));

/** Every version that was sent, newest first. */
export function History({
  gatewayId,
  versions,
  inForce,
  timeZone,
}: {
  readonly gatewayId: string;
  readonly versions: readonly ConfigurationVersion[];
  readonly inForce: number | null;
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const instant = (at: string | null): string =>
    at === null ? '—' : formatInstant(t.locale, timeZone, at, 'dateTime');
  const columns: Column<ConfigurationVersion>[] = [
    {
      id: 'version',
      head: t('configuration.version'),
      phone: 'title',
      cell: (v) => (
        <Link href={`/field/${encodeURIComponent(gatewayId)}/configuration/${v.version}`}>
          {t('configuration.version')} {v.version}
        </Link>
      ),
      sort: (v) => v.version,
      text: (v) => String(v.version),
    },
    {
      id: 'state',
      head: t('configuration.state'),
      cell: (v) => (
        <span className={styles.name}>
          <span className={v.state === 'returned' ? styles.warn : undefined}>{stateText(t, v, inForce)}</span>
          {v.reason && <small>{returnText(t, v)}</small>}
        </span>
      ),
      sort: (v) => v.state,
      text: (v) => stateText(t, v, inForce),
    },
    { id: 'note', head: t('configuration.note'), cell: (v) => v.note || '—', text: (v) => v.note },
    {
      id: 'by',
      head: t('configuration.by'),
      cell: (v) => v.sentBy ?? v.createdBy,
      sort: (v) => v.sentBy,
      text: (v) => v.sentBy ?? '',
    },
    {
      id: 'sent',
      head: t('configuration.sent'),
      cell: (v) => instant(v.sentAt),
      sort: (v) => v.sentAt,
      text: (v) => v.sentAt ?? '',
    },
    {
      id: 'settled',
      head: t('configuration.settled'),
      phone: 'hidden',
      cell: (v) => instant(v.settledAt),
      sort: (v) => v.settledAt,
      text: (v) => v.settledAt ?? '',
    },
    {
      id: 'size',
      head: t('configuration.size'),
      align: 'right',
      proof: { without: 'count' },
      phone: 'hidden',
      cell: (v) => `${v.lines}, ${v.meters}`,
      text: (v) => `${v.lines}, ${v.meters}`,
    },
  ];
  return (
    <DataTable
      id="versions"
      name={t('configuration.history')}
      columns={columns}
      rows={versions}
      rowKey={(v) => String(v.version)}
      withTools={versions.length > 8}
      empty={t('configuration.historyNone')}
    />
  );
}
