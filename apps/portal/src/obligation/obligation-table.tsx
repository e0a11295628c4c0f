'use client';
import type { ObligationView } from '@wattproof/contracts/api';
import { criterionText, formatLocalDate } from '@wattproof/messages';
import { findingText } from '../figure/finding-text.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './obligation.module.css';
import {
  checkText,
  coverageText,
  daysText,
  decidingCriteria,
  exemptionText,
  isAtStake,
  outcomeText,
  stakeTexts,
} from './obligation-text.ts';

/** What rules ask of one unit: the result, why, by when, and what is at stake. */
export function ObligationTable({
  id,
  name,
  obligations,
  today,
}: {
  readonly id: string;
  readonly name: string;
  readonly obligations: readonly ObligationView[];
  readonly today: string;
}) {
  const t = useTranslator();
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  const why = (o: ObligationView): string[] => [
    ...decidingCriteria(o).map((c) => criterionText(t, c)),
    ...o.exemptions.flatMap((e) => exemptionText(t, e) ?? []),
    ...(o.isSimplified ? [t('obligation.simplified')] : []),
    ...o.findings.map((f) => findingText(f, t)),
  ];
  const columns: Column<ObligationView>[] = [
    {
      id: 'duty',
      head: t('obligation.duty'),
      phone: 'title',
      width: '17%',
      cell: (o) => (
        <span className={styles.two}>
          <strong>{t(`obligation.duty.${o.duty}`)}</strong>
          <small>{o.ruleId}</small>
        </span>
      ),
      sort: (o) => t(`obligation.duty.${o.duty}`),
      text: (o) => `${t(`obligation.duty.${o.duty}`)} ${o.ruleId}`,
    },
    {
      id: 'outcome',
      head: t('obligation.outcome'),
      width: '15%',
      cell: (o) => (
        <span className={styles.two}>
          <span className={styles.outcome} data-outcome={o.isVerdict ? o.outcome : 'open'}>
            {outcomeText(t, o)}
          </span>
          <small>{checkText(t, o)}</small>
        </span>
      ),
      sort: (o) => outcomeText(t, o),
      text: (o) => `${outcomeText(t, o)}, ${checkText(t, o)}`,
    },
    {
      id: 'why',
      head: t('obligation.why'),
      width: '30%',
      cell: (o) => (
        <span className={styles.lines}>
          {why(o).map((line) => (
            <span key={line}>{line}</span>
          ))}
          <small>{o.trigger.source}</small>
        </span>
      ),
      text: (o) => why(o).join('; '),
    },
    {
      id: 'due',
      head: t('obligation.due'),
      width: '14%',
      cell: (o) =>
        ['notObliged', 'notAddressed', 'exempt'].includes(o.outcome) || o.dueOn === null ? (
          t('obligation.dueNone')
        ) : (
          <span className={styles.two}>
            <span className={styles.due} data-late={(o.isVerdict && o.isOverdue) || undefined}>
              {date(o.dueOn)}
            </span>
            <small>
              {[
                daysText(t, o.dueOn, today),
                o.followsAudit ? t('obligation.follows', { date: date(o.followsAudit) }) : '',
                o.deadline?.every_years ? t('obligation.every', { years: o.deadline.every_years }) : '',
                o.judgedOn ? t('obligation.judged', { date: date(o.judgedOn) }) : '',
              ]
                .filter(Boolean)
                .join(', ')}
            </small>
          </span>
        ),
      sort: (o) => o.dueOn,
      text: (o) => o.dueOn ?? '',
    },
    {
      id: 'coverage',
      head: t('obligation.covers'),
      width: '11%',
      cell: (o) =>
        o.duty === 'energyAudit' || o.duty === 'energyManagementSystem' ? coverageText(t, o) : '—',
      text: (o) => coverageText(t, o),
    },
    {
      id: 'stake',
      head: t('obligation.stake'),
      cell: (o) =>
        !isAtStake(o) ? (
          '—'
        ) : (
          <span className={styles.lines}>
            {stakeTexts(t, o).map((line) => (
              <span key={line}>{line}</span>
            ))}
            {o.sanctions.length === 0 && <small>{t('obligation.stakeNone')}</small>}
            {o.sanctions.map((s) => (
              <small key={s.source}>{t(`audit.verification.${s.verification}`)}</small>
            ))}
          </span>
        ),
      text: (o) => (isAtStake(o) ? stakeTexts(t, o).join('; ') : ''),
    },
  ];
  return (
    <DataTable
      id={id}
      name={name}
      columns={columns}
      rows={obligations}
      rowKey={(o) => o.ruleId}
      rowState={(o) => (o.outcome === 'obliged' ? undefined : 'muted')}
      withTools={false}
    />
  );
}
