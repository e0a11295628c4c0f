'use client';
import type { AuditDetail, AuditSending, EvidenceBundles, EvidenceState } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { receiptId } from '@wattproof/evidence/receipt';
import { formatMoney, formatQuantity, obligedUnitText, quantityText } from '@wattproof/messages';
import { Bundles } from '../evidence/bundles.tsx';
import { findingText } from '../figure/finding-text.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { LinkButton } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import type { Proof } from '../receipt/proof.ts';
import { Proved } from '../receipt/proved.tsx';
import { AccountTable } from './account-table.tsx';
import styles from './audit.module.css';
import {
  daysLeft,
  dueText,
  isPartlyAudited,
  percent,
  periodOf,
  shareOf,
  verdictTitle,
} from './audit-text.ts';
import { BillMatrix } from './bill-matrix.tsx';
import { CoverageScale } from './coverage-scale.tsx';
import { Documents } from './documents.tsx';
import { MeasuredShare } from './measured-share.tsx';
import { Sending } from './sending.tsx';

/** Energy of a decimal text in kWh. */
export const kwh = (text: string): number => Number(text) * 1000;

/** One legal entity's audit: the obligation, the proof on the basis in force, what it rests on, what is left out. */
export function AuditView({
  audit,
  bundles,
  evidence,
  today,
  timeZone,
  sending,
  mayWrite,
  mayReport,
  maySign,
}: {
  readonly audit: AuditDetail;
  readonly sending: AuditSending;
  readonly bundles: EvidenceBundles['bundles'];
  readonly evidence: EvidenceState;
  readonly today: string;
  readonly timeZone: string;
  readonly mayWrite: boolean;
  /** Makes drafts: whoever may state something for them. */
  readonly mayReport: boolean;
  /** The visitor is the named auditor. */
  readonly maySign: boolean;
}) {
  const t = useTranslator();
  const threshold = Number(audit.rule.threshold);
  const isLate = audit.dueOn !== null && daysLeft(audit.dueOn, today) < 0;
  const left = audit.rows.filter((r) => !r.included && !isPartlyAudited(audit, r));
  const leftSum = left.reduce((sum, r) => sum + kwh(r.energy_kwh), 0);
  const total = audit.rows.reduce((sum, r) => sum + kwh(r.energy_kwh), 0);
  return (
    <>
      <Verdict
        proof={{ member: 'coverage' }}
        title={verdictTitle(audit, t)}
        aside={
          <>
            <p>{audit.legalEntityName}</p>
            <p className={styles.due} data-late={isLate || undefined}>
              {dueText(audit, t, today)}
            </p>
            <p>
              <LinkButton kind="words" href={`/audit/obligations/${audit.legalEntityId}`}>
                {t('obligation.head')}
              </LinkButton>{' '}
              <LinkButton href={`/audit/${audit.id}/scope`}>{t('scope.head')}</LinkButton>
            </p>
          </>
        }
      >
        {t('audit.headline', {
          country: t(`country.${audit.country}` as 'country.FR'),
          basis: t(`audit.basis.${audit.rule.basis}`),
          threshold: percent(t, threshold, 0),
          rule: audit.rule.id,
        })}
        {'. '}
        {t('audit.source', {
          source: audit.rule.source,
          verification: t(`audit.verification.${audit.rule.verification}`),
        })}
        {'; '}
        {t('audit.unit', { unit: obligedUnitText(t, audit.rule.obligedUnit) })}
        {'; '}
        {audit.auditorName === '' ? t('audit.noAuditor') : t('audit.auditor', { name: audit.auditorName })}.
      </Verdict>
      <Section
        proof={{ member: 'coverage' }}
        title={t('audit.coverage')}
        subject={`${t(`country.${audit.country}` as 'country.FR')}, ${t(`audit.basis.${audit.coverage.basis}`)}, ${audit.rule.id}`}
        basis={periodOf(audit, t)}
      >
        <div className={styles.figures}>
          <Figure
            share={audit.coverage.share}
            threshold={threshold}
            proof={{ receipt: receiptId('auditCoverage', { auditId: audit.id, basis: 'rule' }) }}
            text={t('audit.ofBasis', { basis: t(`audit.basis.${audit.coverage.basis}`) })}
            note={[
              ...(audit.coverage.estimatedShare > 0
                ? [t('audit.estimated', { share: percent(t, audit.coverage.estimatedShare) })]
                : []),
              ...rangeNote(audit, t),
            ].join(', ')}
          />
          <Figure
            share={audit.measuredShare}
            proof={{ member: 'measuredShare' }}
            text={t('audit.measuredText')}
            isSecond
          />
          <Figure
            share={audit.guide.share}
            threshold={threshold}
            proof={{ receipt: receiptId('auditCoverage', { auditId: audit.id, basis: 'bill' }) }}
            text={t('audit.guideText')}
            isSecond
          />
        </div>
        <CoverageScale
          share={audit.coverage.share}
          measured={audit.measuredShare}
          threshold={threshold}
          isReached={audit.verdict === 'reached'}
          amount={amountText(audit.coverage.audited, audit.coverage.unit)}
        />
      </Section>
      {audit.findings.length > 0 && (
        <ul className={styles.findings}>
          {audit.findings.map((f) => (
            <li key={`${f.code} ${f.message}`}>
              <Icon name="warning" />
              <span>{findingText(f, t)}</span>
            </li>
          ))}
        </ul>
      )}
      <AccountTable audit={audit} mayWrite={mayWrite} />
      <div className={styles.pair}>
        <BillMatrix
          title={t('audit.matrix')}
          months={audit.months}
          rows={audit.rows
            .filter((r) => r.cells.length > 0)
            .map((r) => ({
              id: r.deliveryPointId ?? r.accountRowId ?? r.name,
              name: r.name,
              carrier: r.carrier,
              cells: r.cells,
            }))}
        />
        <Section
          proof={left.length > 0 ? { member: 'rows' } : undefined}
          title={t('audit.leftOut')}
          basis={
            left.length > 0
              ? t('audit.leftOutSum', {
                  energy: quantityText(formatQuantity(t.locale, leftSum, 'Wh')),
                  share: percent(t, total > 0 ? leftSum / total : null),
                })
              : undefined
          }
        >
          {left.length === 0 ? (
            <p>{t('audit.leftOutNone')}</p>
          ) : (
            <ul className={styles.left}>
              {left.map((r) => (
                <li key={r.deliveryPointId ?? r.accountRowId ?? r.name}>
                  <span>
                    {r.name}
                    <small>{r.reason}</small>
                  </span>
                  <span>
                    <Proved
                      proof={{
                        member: `${entry('rows', { deliveryPointId: r.deliveryPointId, accountRowId: r.accountRowId })}.energy_kwh`,
                      }}
                      label={r.name}
                    >
                      {quantityText(formatQuantity(t.locale, kwh(r.energy_kwh), 'Wh'))}
                    </Proved>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Section>
      </div>
      <MeasuredShare audit={audit} />
      <Documents
        audit={audit}
        timeZone={timeZone}
        mayRequest={mayWrite || mayReport}
        maySign={maySign}
        maySend={mayWrite}
      />
      <Sending auditId={audit.id} sending={sending} today={today} timeZone={timeZone} mayWrite={mayWrite} />
      <Bundles auditId={audit.id} timeZone={timeZone} bundles={bundles} state={evidence} />
    </>
  );

  function amountText(amount: string, unit: string): string {
    return unit === 'kWh'
      ? quantityText(formatQuantity(t.locale, kwh(amount), 'Wh'))
      : formatMoney(t.locale, { amount, currency: unit });
  }
}

/** The range by the meters' limits of error, where it is wider than a figure. */
function rangeNote({ coverage }: AuditDetail, t: ReturnType<typeof useTranslator>): string[] {
  const { range } = coverage;
  if (range === null || range.lowest_percent === range.highest_percent) return [];
  return [
    t('audit.range', {
      lowest: percent(t, Number(range.lowest_percent) / 100, 2),
      highest: percent(t, Number(range.highest_percent) / 100, 2),
    }),
  ];
}

function Figure({
  share,
  threshold = null,
  text,
  note = null,
  isSecond = false,
  proof,
}: {
  readonly share: number | null;
  /** Null for what no threshold decides about. */
  readonly threshold?: number | null;
  readonly text: string;
  readonly proof: Proof;
  readonly note?: string | null;
  readonly isSecond?: boolean;
}) {
  const t = useTranslator();
  return (
    <p className={styles.figure} data-second={isSecond || undefined}>
      <strong>
        {share === null ? (
          percent(t, share)
        ) : (
          <Proved proof={proof} label={text}>
            {threshold === null ? percent(t, share) : shareOf(t, share, threshold)}
          </Proved>
        )}
      </strong>
      <span>{text}</span>
      {note && <small>{note}</small>}
    </p>
  );
}
