'use client';
import type { Alarm } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatInstant, formatMoney, type PortalTranslator } from '@wattproof/messages';
import Link from 'next/link';
import { UseTag } from '../figure/tag.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { sitePath } from '../shell/place.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './alarm.module.css';
import { byCost, howFar, sinceText, stateText } from './alarm-text.ts';

/** An icon and words: severity never rests on colour alone. */
export function SeverityIcon({ alarm, t }: { readonly alarm: Alarm; readonly t: PortalTranslator }) {
  const name = alarm.kind === 'noData' ? 'silent' : alarm.severity;
  return (
    <span className={styles.icon} data-severity={alarm.severity}>
      <Icon name={name === 'critical' ? 'critical' : name === 'silent' ? 'silent' : 'warning'} />
      <span className="visually-hidden">{t(`severity.${alarm.severity}`)}</span>
    </span>
  );
}

/** Alarms as rows: what, use, since, how far, the cost of waiting, the next step. */
export function AlarmTable({
  alarms,
  timeZone,
  now,
  withSite,
  withTools = true,
  name,
  id = 'alarms',
  action,
}: {
  readonly alarms: readonly Alarm[];
  readonly timeZone: string;
  readonly now: string;
  readonly withSite: boolean;
  readonly withTools?: boolean;
  readonly name: string;
  readonly id?: string;
  readonly action?: (alarm: Alarm) => React.ReactNode;
}) {
  const t = useTranslator();
  const now_ms = Date.parse(now);
  const columns: Column<Alarm>[] = [
    {
      id: 'what',
      head: t('alarm.what'),
      phone: 'title',
      proof: { without: 'stated' },
      cell: (a) => (
        <span className={styles.what} data-open={a.state === 'unacknowledged' || undefined}>
          <SeverityIcon alarm={a} t={t} />
          <span>
            {a.name}
            {withTools && <small>{stateText(a, t)}</small>}
          </span>
        </span>
      ),
      sort: (a) => a.name,
      text: (a) => a.name,
    },
    ...(withSite
      ? [
          {
            id: 'site',
            head: t('alarm.site'),
            cell: (a: Alarm) => (
              <Link href={sitePath(a.siteId)} className={styles.quiet}>
                {a.siteName}
              </Link>
            ),
            sort: (a: Alarm) => a.siteName,
            text: (a: Alarm) => a.siteName,
          },
        ]
      : []),
    {
      id: 'use',
      head: t('alarm.use'),
      cell: (a) =>
        a.energyUse ? <UseTag use={a.energyUse} name={t(`use.${a.energyUse}` as 'use.process')} /> : '',
      sort: (a) => a.energyUse,
      text: (a) => (a.energyUse ? t(`use.${a.energyUse}` as 'use.process') : ''),
    },
    {
      id: 'since',
      head: t('alarm.since'),
      cell: (a) => sinceText(a, t, timeZone, now_ms),
      sort: (a) => a.raisedAt,
      text: (a) => formatInstant(t.locale, timeZone, a.raisedAt, 'dateTime'),
    },
    {
      id: 'howFar',
      head: t('alarm.howFar'),
      proof: { member: (a) => (a.kind === 'noData' ? null : 'value') },
      cell: (a) => howFar(a, t, now_ms),
      text: (a) => howFar(a, t, now_ms),
    },
    {
      id: 'cost',
      head: t('alarm.waiting'),
      align: 'right',
      proof: { member: (a) => (a.costPerDay ? 'costPerDay.amount' : null) },
      cell: (a) =>
        a.costPerDay ? (
          <span className={styles.cost}>
            <strong>{formatMoney(t.locale, a.costPerDay)}</strong> <small>{t('alarm.aDay')}</small>
          </span>
        ) : (
          <span className={styles.cost}>
            — <small>{t('alarm.notPriced')}</small>
          </span>
        ),
      sort: (a) => (a.costPerDay ? Number(a.costPerDay.amount) : null),
      text: (a) => (a.costPerDay ? formatMoney(t.locale, a.costPerDay, { decimals: 2 }) : ''),
    },
    ...(action
      ? [
          {
            id: 'action',
            head: t('alarm.next'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: action,
          },
        ]
      : []),
  ];
  return (
    <DataTable
      id={id}
      name={name}
      columns={columns}
      rows={[...alarms].sort(byCost)}
      rowMember={(a) => entry('alarms', { id: a.id })}
      rowKey={(a) => a.id}
      withTools={withTools}
    />
  );
}
