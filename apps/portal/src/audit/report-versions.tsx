'use client';
import type { AuditDetail, ReportReissue } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { differenceText, factorChangeText, formatInstant, formulaChangeText } from '@wattproof/messages';
import Link from 'next/link';
import { useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { ReissueDialog } from './report-dialogs.tsx';

type Report = AuditDetail['documents'][number];
type Difference = ReportReissue['differences'][number];

/** One report: what it was computed with against what runs, what it replaces and was replaced by, figure by figure. */
export function ReportVersions({
  audit,
  report,
  reissue,
  timeZone,
  mayReissue,
}: {
  readonly audit: Pick<AuditDetail, 'id' | 'legalEntityName'>;
  readonly report: Report;
  readonly reissue: ReportReissue | null;
  readonly timeZone: string;
  readonly mayReissue: boolean;
}) {
  const t = useTranslator();
  const [isAsking, setAsking] = useState(false);
  const { signature, replacedBy, changes } = report;
  const instant = (at: string): string => formatInstant(t.locale, timeZone, at, 'dateTime');
  const isOutdated = changes.formulas.length + changes.factors.length > 0;
  return (
    <>
      <Verdict
        title={report.name}
        aside={
          <>
            <p>{audit.legalEntityName}</p>
            <p className={styles.buttons}>
              <LinkButton kind="words" href={`/audit/${audit.id}`}>
                {t('scope.back')}
              </LinkButton>{' '}
              <LinkButton href={`/api/v1/documents/${report.id}`} download>
                {t('audit.download')}
              </LinkButton>
            </p>
          </>
        }
      >
        {`${instant(report.createdAt)} ${t('audit.by')} ${report.createdBy}, `}
        {signature
          ? t('sign.signed', { name: signature.name, date: instant(signature.at) })
          : t(report.isSigned ? 'sign.draftSigned' : 'sign.draft')}
        {report.replaces !== null && `, ${t('reissue.isReissue')}`}
        {'. '}
        {replacedBy && (
          <Link href={`/audit/${audit.id}/report/${replacedBy.documentId}`}>
            {t('reissue.replacedBy', { date: instant(replacedBy.at) })}
          </Link>
        )}
      </Verdict>
      <p>
        {t('audit.fingerprint')}: <code className={styles.wholeSha}>{report.sha256}</code>
      </p>
      {signature && !replacedBy && (
        <Section title={t('reissue.running')} proof={{ without: 'operation' }} className={styles.block}>
          {isOutdated ? <Changes changes={changes} /> : <p>{t('reissue.current')}</p>}
          {isOutdated && !report.canReissue && <p>{t('reissue.notKept')}</p>}
          {mayReissue && report.canReissue && (
            <p className={styles.act}>
              <Button kind="primary" onClick={() => setAsking(true)}>
                {t('reissue.act')}
              </Button>
            </p>
          )}
        </Section>
      )}
      {!signature && !reissue && <p>{t('reissue.draft')}</p>}
      {reissue && <Differences auditId={audit.id} reissue={reissue} instant={instant} />}
      {isAsking && <ReissueDialog report={report} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Formulas and rules that are others now, with what each version changed. */
function Changes({ changes }: { readonly changes: Report['changes'] }) {
  const t = useTranslator();
  return (
    <ul className={styles.findings}>
      {[
        ...changes.formulas.map((change) => ({ key: change.formula, text: formulaChangeText(t, change) })),
        ...changes.factors.map((change) => ({ key: change.role, text: factorChangeText(t, change) })),
      ].map(({ key, text }) => (
        <li key={key}>
          <Icon name="warning" />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

function Differences({
  auditId,
  reissue,
  instant,
}: {
  readonly auditId: string;
  readonly reissue: ReportReissue;
  readonly instant: (at: string) => string;
}) {
  const t = useTranslator();
  const { replaced, changes, differences, unchanged } = reissue;
  const textOf = (one: Difference) => differenceText(t, one, changes);
  const number = (
    id: 'before' | 'after' | 'difference',
  ): Pick<Column<Difference>, 'id' | 'head' | 'cell' | 'text'> => ({
    id,
    head: t(`reissue.${id}`),
    cell: (one) => textOf(one)[id] || '—',
    text: (one) => textOf(one)[id],
  });
  /** A word is no figure. */
  const memberOf =
    (name: string) =>
    (one: Difference): string | null =>
      one.unit === '' ? null : name;
  const columns: Column<Difference>[] = [
    {
      id: 'figure',
      head: t('reissue.figure'),
      phone: 'title',
      cell: (one) => {
        const { figure, subject } = textOf(one);
        return (
          <span className={styles.two}>
            <span>{figure}</span>
            {subject && <small>{subject}</small>}
          </span>
        );
      },
      sort: (one) => textOf(one).figure,
      text: (one) => [textOf(one).figure, textOf(one).subject].filter(Boolean).join(', '),
    },
    { ...number('before'), align: 'right', proof: { member: memberOf('before') } },
    { ...number('after'), align: 'right', proof: { member: memberOf('after') } },
    { ...number('difference'), align: 'right', proof: { member: memberOf('difference') } },
    { id: 'why', head: t('reissue.why'), cell: (one) => textOf(one).why, text: (one) => textOf(one).why },
  ];
  return (
    <div className={styles.block}>
      <Section
        title={t('reissue.head')}
        basis={t('reissue.sameData')}
        proof={{ member: 'reissue.differences' }}
      >
        <p>{t('reissue.lead', { count: differences.length, unchanged })}</p>
        <p>
          {t('reissue.replaced')}:{' '}
          <Link href={`/audit/${auditId}/report/${replaced.documentId}`}>{replaced.name}</Link>
          {', '}
          {t('sign.signed', { name: replaced.signature.name, date: instant(replaced.signature.at) })}{' '}
          <code className={styles.wholeSha}>{replaced.sha256}</code>
        </p>
        <Changes changes={changes} />
        <DataTable
          id="differences"
          name={t('reissue.differences')}
          columns={columns}
          rows={differences}
          rowMember={({ figure, subject }) => `reissue.${entry('differences', { figure, subject })}`}
          rowKey={({ figure, subject }) => `${figure} ${subject}`}
          empty={t('reissue.nothing')}
        />
      </Section>
    </div>
  );
}
