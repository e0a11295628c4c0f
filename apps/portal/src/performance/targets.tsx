'use client';
import type { EnpiPerformance } from '@wattproof/contracts/api';
import {
  formatLocalDate,
  formatPercent,
  formatQuantity,
  quantityText,
  type ShownUnit,
} from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { parseNumber } from '../form/parse-number.ts';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './performance.module.css';

type TargetState = EnpiPerformance['targets'][number];

/** Targets of an EnPI: what they ask for, what is reached with its band, and what is left. */
export function Targets({
  performance,
  mayWrite,
}: {
  readonly performance: EnpiPerformance;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [isOpen, setOpen] = useState(false);
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  const percent = (v: number): string => quantityText(formatPercent(t.locale, -v / 100, { signed: true }));
  const energy = (wh: number | null, signed = false): string =>
    wh === null ? '—' : quantityText(formatQuantity(t.locale, wh, performance.unit as ShownUnit, { signed }));
  const columns: Column<TargetState>[] = [
    {
      id: 'period',
      head: t('target.period'),
      phone: 'title',
      cell: ({ target }) => (
        <span className={styles.name}>
          <span>
            {t('performance.period', { from: date(target.from), to: date(addDays(target.to, -1)) })}
          </span>
          <small>{t('target.setBy', { name: target.setBy, reason: target.reason })}</small>
        </span>
      ),
      sort: ({ target }) => target.from,
      text: ({ target }) => `${target.from} – ${target.to}`,
    },
    {
      id: 'asked',
      head: t('target.asked'),
      align: 'right',
      proof: { without: 'stated' },
      cell: ({ target }) => percent(target.saving_percent),
      text: ({ target }) => percent(target.saving_percent),
    },
    {
      id: 'reached',
      head: t('target.reached'),
      align: 'right',
      proof: { member: 'reached_percent' },
      cell: ({ reached_percent }) => (reached_percent === null ? '—' : percent(reached_percent)),
      text: ({ reached_percent }) => (reached_percent === null ? '' : percent(reached_percent)),
    },
    {
      id: 'allowed',
      head: t('target.allowed'),
      align: 'right',
      proof: { member: 'allowed_wh' },
      cell: ({ allowed_wh }) => energy(allowed_wh),
      text: ({ allowed_wh }) => energy(allowed_wh),
    },
    {
      id: 'margin',
      head: t('target.margin'),
      align: 'right',
      proof: { member: 'margin_wh' },
      cell: ({ margin_wh, halfWidth_wh }) =>
        margin_wh === null
          ? '—'
          : `${energy(margin_wh, true)}${halfWidth_wh === null ? '' : ` ± ${energy(halfWidth_wh)}`}`,
      text: ({ margin_wh }) => energy(margin_wh, true),
    },
    {
      id: 'state',
      head: t('performance.verdict'),
      cell: ({ state, days }) => (
        <span className={styles.verdict} data-verdict={state === 'missed' ? 'excess' : undefined}>
          {t(`target.state.${state}`)} <small className={styles.small}>{t('target.days', { days })}</small>
        </span>
      ),
      text: ({ state }) => t(`target.state.${state}`),
    },
  ];
  return (
    <Section
      proof={{ without: 'stated' }}
      title={t('target.title')}
      subject={t('target.subject')}
      basis={
        mayWrite && (
          <Button kind="words" onClick={() => setOpen(true)}>
            {t('target.set')}
          </Button>
        )
      }
    >
      <DataTable
        id="targets"
        name={t('target.title')}
        columns={columns}
        rows={performance.targets}
        rowMember={({ target }) =>
          `targets[${performance.targets.findIndex((one) => one.target.id === target.id)}]`
        }
        rowKey={({ target }) => target.id}
        withTools={false}
        empty={t('target.none')}
      />
      {isOpen && (
        <TargetDialog
          enpiId={performance.enpiId}
          reportingFrom={performance.definition.reportingFrom}
          onClose={() => setOpen(false)}
        />
      )}
    </Section>
  );
}

function TargetDialog({
  enpiId,
  reportingFrom,
  onClose,
}: {
  readonly enpiId: string;
  readonly reportingFrom: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [saving, setSaving] = useState('');
  const [from, setFrom] = useState(reportingFrom);
  const [last, setLast] = useState(addDays(reportingFrom, 364));
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const percent = parseNumber(saving);
  const isNumberWrong = percent === null || percent < -100 || percent > 100;
  const isReversed = from > last;
  const isReasonMissing = reason.trim().length < 3;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isNumberWrong || isReversed || isReasonMissing) return;
    const answer = await send(`/enpis/${enpiId}/targets`, {
      method: 'POST',
      json: { from, to: addDays(last, 1), saving_percent: percent, reason: reason.trim() },
    });
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={t('target.set')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <Field
          label={t('target.saving')}
          unit="%"
          help={t('target.savingHelp')}
          error={isTried && isNumberWrong ? t('form.number', { example: '5' }) : null}
        >
          {(control) => (
            <input
              {...control}
              inputMode="decimal"
              value={saving}
              onChange={(e) => setSaving(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('period.from')}>
          {(control) => (
            <input {...control} type="date" required value={from} onChange={(e) => setFrom(e.target.value)} />
          )}
        </Field>
        <Field label={t('period.to')} error={isTried && isReversed ? t('target.reversed') : null}>
          {(control) => (
            <input {...control} type="date" required value={last} onChange={(e) => setLast(e.target.value)} />
          )}
        </Field>
        <ReasonField reason={reason} isMissing={isTried && isReasonMissing} onChange={setReason} />
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button type="submit" kind="primary" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : 'form.save')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
