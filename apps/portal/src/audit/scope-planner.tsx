'use client';
import type { AuditSummary, ScopeProposalView } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatMoney, formatNumber, formatQuantity, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { findingText } from '../figure/finding-text.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { percent, periodOf, siteUseName } from './audit-text.ts';
import { kwh } from './audit-view.tsx';
import { CoverageScale } from './coverage-scale.tsx';
import { EffortForm } from './effort-form.tsx';
import { scopeSum, toggled } from './scope-sum.ts';

type Part = ScopeProposalView['parts'][number];

/** What to audit to reach the threshold: the cheapest set with its proof, the fewest beside it, and a live gauge. */
export function ScopePlanner({
  audit,
  proposal,
  mayWrite,
}: {
  readonly audit: AuditSummary;
  readonly proposal: ScopeProposalView;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const { parts, cheapest, fewest, threshold, unit } = proposal;
  const current = parts.filter(({ isIncluded }) => isIncluded).map(({ id }) => id);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(cheapest?.partIds ?? current));
  const [isApplying, setApplying] = useState(false);
  const sum = scopeSum(proposal, chosen);
  const thresholdText = percent(t, Number(threshold), 0);
  const costText = (cost: string): string =>
    proposal.costUnit === 'days'
      ? t('scope.days', { days: Number(cost) })
      : formatMoney(t.locale, { amount: cost, currency: proposal.costUnit });
  const quantity = (text: string): string =>
    unit === 'kWh'
      ? quantityText(formatQuantity(t.locale, kwh(text), 'Wh'))
      : formatMoney(t.locale, { amount: text, currency: unit });
  const share = (cut_percent: string): string =>
    `${formatNumber(t.locale, cut_percent, { decimals: 2 })}\u00a0%`;
  const toggle = (id: string): void => setChosen((before) => toggled(parts, before, id));
  const nameOf = ({ name, use }: Part): string => (use ? siteUseName(t, name, use) : name);
  const columns: Column<Part>[] = [
    {
      id: 'audit',
      head: t('scope.audit'),
      cell: (p) => (
        <input
          type="checkbox"
          checked={chosen.has(p.id)}
          onChange={() => toggle(p.id)}
          aria-label={`${t('scope.audit')}: ${nameOf(p)}`}
        />
      ),
      sort: (p) => Number(chosen.has(p.id)),
      text: (p) => t(chosen.has(p.id) ? 'audit.in' : 'audit.out'),
    },
    {
      id: 'place',
      head: t('scope.place'),
      phone: 'title',
      cell: (p) => (
        <span className={styles.two}>
          <span>{nameOf(p)}</span>
          {(p.isMandatory || p.cluster || p.use) && (
            <small>
              {[p.isMandatory ? t('scope.mandatory') : '', p.cluster ?? '', p.use ? t('scope.oneUse') : '']
                .filter(Boolean)
                .join(', ')}
            </small>
          )}
        </span>
      ),
      sort: nameOf,
      text: nameOf,
    },
    {
      id: 'quantity',
      head: t('scope.quantity'),
      align: 'right',
      proof: { member: 'quantity' },
      cell: (p) => quantity(p.quantity),
      sort: (p) => Number(p.quantity),
      text: (p) => `${p.quantity} ${unit}`,
    },
    {
      id: 'share',
      head: t('scope.share'),
      align: 'right',
      proof: { member: 'share_percent' },
      cell: (p) => share(p.share_percent),
      sort: (p) => Number(p.share_percent),
      text: (p) => p.share_percent,
    },
    {
      id: 'days',
      head: t('scope.auditorDays'),
      align: 'right',
      proof: { without: 'stated' },
      cell: (p) => formatNumber(t.locale, p.auditorDays, { decimals: 2 }),
      sort: (p) => Number(p.auditorDays),
      text: (p) => p.auditorDays,
    },
    {
      id: 'cost',
      head: t('scope.cost'),
      align: 'right',
      proof: { member: 'cost' },
      cell: (p) => costText(p.cost),
      sort: (p) => Number(p.cost),
      text: (p) => p.cost,
    },
  ];
  const basis = t(`audit.basis.${proposal.basis}`);
  return (
    <>
      <Verdict
        proof={{ member: 'cheapest' }}
        title={
          cheapest
            ? t('scope.title', {
                count: cheapest.partIds.length,
                share: share(cheapest.share_percent),
                cost: costText(cheapest.cost),
              })
            : parts.length === 0
              ? t('scope.titleUnknown')
              : t('scope.titleNone', { threshold: thresholdText })
        }
        aside={
          <LinkButton kind="words" href={`/audit/${audit.id}`}>
            {t('scope.back')}
          </LinkButton>
        }
      >
        {t('scope.text', { basis, threshold: thresholdText })}{' '}
        {cheapest &&
          (cheapest.isOptimal
            ? t('scope.proved')
            : t('scope.notProved', { least: costText(cheapest.leastCost) }))}{' '}
        {fewest && t('scope.fewest', { count: fewest.partIds.length, cost: costText(fewest.cost) })}
      </Verdict>
      {proposal.findings.length > 0 && (
        <ul className={styles.findings}>
          {proposal.findings.map((f) => (
            <li key={f.code}>
              <Icon name="warning" />
              <span>{findingText(f, t)}</span>
            </li>
          ))}
        </ul>
      )}
      {parts.length > 0 && (
        <div className={styles.block}>
          <Section
            proof={{ member: 'parts' }}
            title={t('scope.chosen')}
            subject={periodOf(audit, t)}
            basis={t('scope.chosenBasis')}
          >
            <p className={styles.figure} aria-live="polite">
              <strong>{share(sum.share_percent)}</strong>
              <span>
                {t(sum.reaches ? 'scope.reachedBy' : 'scope.missedBy', {
                  share: share(sum.share_percent),
                  threshold: thresholdText,
                })}
                {', '}
                {costText(sum.cost)}
              </span>
            </p>
            <CoverageScale
              share={Number(sum.share_percent) / 100}
              measured={null}
              threshold={Number(threshold)}
              isReached={sum.reaches}
              amount={quantity(sum.quantity)}
            />
            <div className={styles.buttons}>
              {cheapest && (
                <Button onClick={() => setChosen(new Set(cheapest.partIds))}>
                  {t('scope.takeCheapest')}
                </Button>
              )}
              {fewest && (
                <Button onClick={() => setChosen(new Set(fewest.partIds))}>{t('scope.takeFewest')}</Button>
              )}
              <Button kind="words" onClick={() => setChosen(new Set(current))}>
                {t('scope.takeCurrent')}
              </Button>
              {mayWrite && (
                <Button kind="primary" disabled={chosen.size === 0} onClick={() => setApplying(true)}>
                  {t('scope.apply')}
                </Button>
              )}
            </div>
            <DataTable
              id="scope"
              name={t('scope.head')}
              columns={columns}
              rows={parts}
              rowMember={(p) => entry('parts', { id: p.id })}
              rowKey={(p) => p.id}
              rowState={(p) => (chosen.has(p.id) ? undefined : 'muted')}
              initialSort={largestFirst}
            />
          </Section>
        </div>
      )}
      {mayWrite && parts.length > 0 && <EffortForm auditId={audit.id} proposal={proposal} />}
      {isApplying && (
        <ApplyDialog
          auditId={audit.id}
          partIds={[...chosen]}
          share={share(sum.share_percent)}
          basis={basis}
          onClose={() => setApplying(false)}
        />
      )}
    </>
  );
}

const largestFirst = { column: 'quantity', descending: true } as const;

function ApplyDialog({
  auditId,
  partIds,
  share,
  basis,
  onClose,
}: {
  readonly auditId: string;
  readonly partIds: readonly string[];
  readonly share: string;
  readonly basis: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [reason, setReason] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/audits/${auditId}/scope`, { method: 'PUT', json: { partIds, reason } });
    if (!answer.ok) return;
    router.push(`/audit/${auditId}`);
    router.refresh();
  };
  return (
    <Dialog title={t('scope.applyTitle')} onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <p>{t('scope.applyText', { count: partIds.length, share, basis })}</p>
        <Field label={t('scope.applyReason')} help={t('audit.reasonHelp')}>
          {(control) => (
            <textarea
              {...control}
              value={reason}
              required
              maxLength={500}
              onChange={(e) => setReason(e.target.value)}
            />
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('scope.apply')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
