'use client';
import type { ObligationRulesView } from '@wattproof/contracts/api';
import { formatLocalDate } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section, Verdict } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './obligation.module.css';

type Rule = ObligationRulesView['rules'][number];

/** Every rule on record with the source of each clause, and who answers for it. */
export function RulesView({
  rules,
  today,
  mayWrite,
}: {
  readonly rules: readonly Rule[];
  readonly today: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const withdrawing = useSubmit();
  const [reviewing, setReviewing] = useState<Rule | null>(null);
  const date = (text: string): string => formatLocalDate(t.locale, text, 'date');
  const inForce = (rule: Rule): string =>
    [
      rule.effectiveFrom ? t('obligation.since', { from: date(rule.effectiveFrom) }) : '',
      rule.effectiveTo ? t('obligation.until', { to: date(rule.effectiveTo) }) : '',
    ]
      .filter(Boolean)
      .join(' ') || t('obligation.always');
  const clauses = (rule: Rule) => [
    rule.trigger,
    ...(rule.deadline ? [rule.deadline] : []),
    ...rule.exemptions,
    ...rule.sanctions,
  ];
  const withdraw = async (rule: Rule): Promise<void> => {
    const answer = await withdrawing.send(`/rule-reviews/${rule.id}`, { method: 'DELETE' });
    if (answer.ok) router.refresh();
  };
  const columns: Column<Rule>[] = [
    {
      id: 'rule',
      head: t('obligation.ruleId'),
      phone: 'title',
      width: '22%',
      cell: (r) => (
        <span className={styles.two}>
          <strong>{r.id}</strong>
          <small>
            {t(`obligation.duty.${r.duty}`)}, {t(`obligation.standing.${r.standing}`)}
          </small>
        </span>
      ),
      sort: (r) => r.id,
      text: (r) => r.id,
    },
    {
      id: 'inForce',
      head: t('obligation.inForce'),
      width: '16%',
      cell: inForce,
      sort: (r) => r.effectiveFrom,
      text: inForce,
    },
    {
      id: 'source',
      head: t('obligation.source'),
      cell: (r) => (
        <span className={styles.lines}>
          {clauses(r).map((clause) => (
            <span key={clause.source}>
              {clause.source} <small>({t(`audit.verification.${clause.verification}`)})</small>
            </span>
          ))}
        </span>
      ),
      text: (r) =>
        clauses(r)
          .map((c) => c.source)
          .join('; '),
    },
    {
      id: 'reviewer',
      head: t('obligation.reviewer'),
      width: '16%',
      cell: (r) =>
        r.reviewer ? (
          <span className={styles.two}>
            <span>{r.reviewer.name}</span>
            <small>{date(r.reviewer.date)}</small>
          </span>
        ) : (
          '—'
        ),
      text: (r) => r.reviewer?.name ?? '',
    },
    ...(mayWrite
      ? [
          {
            id: 'action',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (r: Rule) =>
              r.standing !== 'law' ? null : (
                <Button
                  kind="words"
                  disabled={withdrawing.isBusy}
                  aria-label={`${t(r.reviewer ? 'obligation.withdraw' : 'obligation.review')}: ${r.id}`}
                  onClick={() => (r.reviewer ? void withdraw(r) : setReviewing(r))}
                >
                  {t(r.reviewer ? 'obligation.withdraw' : 'obligation.review')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <Verdict
        title={t('obligation.rulesTitle', { count: rules.length })}
        aside={
          <LinkButton kind="words" href="/audit/obligations">
            {t('obligation.all')}
          </LinkButton>
        }
      >
        {t('obligation.rulesText')}
      </Verdict>
      {withdrawing.error && <FormError>{withdrawing.error}</FormError>}
      <Section proof={{ without: 'limit' }} title={t('obligation.rules')}>
        <DataTable
          id="rules"
          name={t('obligation.rules')}
          columns={columns}
          rows={rules}
          rowKey={(r) => r.id}
        />
      </Section>
      {reviewing && <ReviewDialog rule={reviewing} today={today} onClose={() => setReviewing(null)} />}
    </>
  );
}

function ReviewDialog({
  rule,
  today,
  onClose,
}: {
  readonly rule: Rule;
  readonly today: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [name, setName] = useState('');
  const [day, setDay] = useState(today);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/rule-reviews/${rule.id}`, { method: 'PUT', json: { name, date: day } });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <Dialog title={t('obligation.reviewTitle', { rule: rule.id })} onClose={onClose}>
      <form onSubmit={submit} className={styles.form}>
        <p className={styles.note}>{t('obligation.reviewText')}</p>
        <Field label={t('obligation.reviewer')}>
          {(control) => (
            <input
              {...control}
              value={name}
              required
              minLength={3}
              maxLength={200}
              onChange={(e) => setName(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('obligation.reviewed')}>
          {(control) => (
            <input
              {...control}
              type="date"
              value={day}
              max={today}
              required
              onChange={(e) => setDay(e.target.value)}
            />
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('obligation.review')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
