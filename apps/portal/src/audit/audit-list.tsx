'use client';
import type { AuditSummary } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { receiptId } from '@wattproof/evidence/receipt';
import Link from 'next/link';
import { Section, Verdict } from '../figure/section.tsx';
import { LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { CoverageBar } from '../portfolio/coverage-bar.tsx';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { daysLeft, dueText, percent, periodOf, shareOf } from './audit-text.ts';

/** What must be proved and by when, one row per legal entity. */
export function AuditList({
  audits,
  today,
}: {
  readonly audits: readonly AuditSummary[];
  readonly today: string;
}) {
  const t = useTranslator();
  if (audits.length === 0)
    return (
      <State
        title={t('audit.empty')}
        action={<LinkButton href="/audit/obligations">{t('obligation.head')}</LinkButton>}
      >
        <p>{t('audit.emptyText')}</p>
      </State>
    );
  const columns: Column<AuditSummary>[] = [
    {
      id: 'entity',
      head: t('audit.entity'),
      phone: 'title',
      cell: (a) => (
        <span className={styles.two}>
          <Link href={`/audit/${a.id}`}>{a.legalEntityName}</Link>
          <small>{periodOf(a, t)}</small>
        </span>
      ),
      sort: (a) => a.legalEntityName,
      text: (a) => `${a.legalEntityName}, ${a.name}`,
    },
    {
      id: 'rule',
      proof: { without: 'limit' },
      head: t('audit.rule'),
      cell: (a) => (
        <span className={styles.two}>
          <span>
            {t(`country.${a.country}` as 'country.FR')}, {t(`audit.basis.${a.rule.basis}`)} ≥{' '}
            {percent(t, Number(a.rule.threshold), 0)}
          </span>
          <small>{a.rule.id}</small>
        </span>
      ),
      sort: (a) => a.country,
      text: (a) => a.rule.id,
    },
    {
      id: 'bar',
      head: t('audit.coverage'),
      width: '20%',
      phone: 'hidden',
      cell: (a) => (
        <CoverageBar
          share={a.coverage.share}
          threshold={Number(a.rule.threshold)}
          isReached={a.verdict === 'reached'}
        />
      ),
    },
    {
      id: 'coverage',
      head: t('audit.coverage'),
      align: 'right',
      proof: { receipt: (a) => receiptId('auditCoverage', { auditId: a.id, basis: 'rule' }) },
      cell: (a) => <strong>{shareOf(t, a.coverage.share, Number(a.rule.threshold))}</strong>,
      sort: (a) => a.coverage.share,
      text: (a) => shareOf(t, a.coverage.share, Number(a.rule.threshold)),
    },
    {
      id: 'verdict',
      head: t('audit.verdict'),
      cell: (a) => (
        <span data-verdict={a.verdict} className={styles.verdict}>
          {t(`verdict.${a.verdict}`)}
        </span>
      ),
      sort: (a) => a.verdict,
      text: (a) => t(`verdict.${a.verdict}`),
    },
    {
      id: 'guide',
      head: t('audit.guide'),
      align: 'right',
      proof: { receipt: (a) => receiptId('auditCoverage', { auditId: a.id, basis: 'bill' }) },
      cell: (a) => shareOf(t, a.guide.share, Number(a.rule.threshold)),
      sort: (a) => a.guide.share,
      text: (a) => shareOf(t, a.guide.share, Number(a.rule.threshold)),
    },
    {
      id: 'measured',
      head: t('audit.measured'),
      align: 'right',
      proof: { member: 'measuredShare' },
      cell: (a) => percent(t, a.measuredShare),
      sort: (a) => a.measuredShare,
      text: (a) => percent(t, a.measuredShare),
    },
    {
      id: 'due',
      head: t('audit.due'),
      cell: (a) => (
        <span className={styles.due} data-late={(a.dueOn && daysLeft(a.dueOn, today) < 0) || undefined}>
          {dueText(a, t, today)}
        </span>
      ),
      sort: (a) => a.dueOn,
      text: (a) => a.dueOn ?? '',
    },
  ];
  return (
    <>
      <Verdict
        title={t('audit.title', {
          reached: audits.filter((a) => a.verdict === 'reached').length,
          all: audits.length,
        })}
        aside={<LinkButton href="/audit/obligations">{t('obligation.head')}</LinkButton>}
      />
      <Section title={t('audit.list')} basis={t('audit.listBasis')}>
        <DataTable
          id="audits"
          name={t('audit.list')}
          columns={columns}
          rows={audits}
          rowMember={(a) => entry('audits', { id: a.id })}
          rowKey={(a) => a.id}
          initialSort={{ column: 'due', descending: false }}
        />
      </Section>
    </>
  );
}
