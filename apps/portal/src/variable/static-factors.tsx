'use client';
import type { StaticFactor } from '@wattproof/contracts/api';
import { formatInstant, formatLocalDate } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { ReasonField } from '../form/reason-field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './variable.module.css';

/** What does not change routinely: each value from its day on, with its source; a change asks for another baseline. */
export function StaticFactors({
  siteId,
  factors,
  today,
  timeZone,
  mayWrite,
}: {
  readonly siteId: string;
  readonly factors: readonly StaticFactor[];
  readonly today: string;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const [changed, setChanged] = useState<StaticFactor | 'new' | null>(null);
  const latest = (f: StaticFactor) => [...f.values].sort((a, b) => b.validFrom.localeCompare(a.validFrom))[0];
  const history = (f: StaticFactor): string =>
    [...f.values]
      .sort((a, b) => b.validFrom.localeCompare(a.validFrom))
      .slice(1)
      .map((v) =>
        t('factor.before', { value: v.value, from: formatLocalDate(t.locale, v.validFrom, 'date') }),
      )
      .join('; ');
  const columns: Column<StaticFactor>[] = [
    {
      id: 'name',
      head: t('factor.name'),
      phone: 'title',
      cell: (f) => <strong>{f.name}</strong>,
      sort: (f) => f.name,
      text: (f) => f.name,
    },
    {
      id: 'value',
      head: t('factor.value'),
      cell: (f) => `${latest(f)?.value ?? '—'} ${f.unit}`.trim(),
      text: (f) => `${latest(f)?.value ?? ''} ${f.unit}`.trim(),
    },
    {
      id: 'since',
      head: t('proposal.since'),
      cell: (f) => {
        const value = latest(f);
        return value ? formatLocalDate(t.locale, value.validFrom, 'date') : '—';
      },
      sort: (f) => latest(f)?.validFrom ?? null,
      text: (f) => latest(f)?.validFrom ?? '',
    },
    {
      id: 'source',
      head: t('variable.source'),
      cell: (f) => {
        const value = latest(f);
        return value ? (
          <span className={styles.stack}>
            <span>{value.source}</span>
            <small>
              {t('proposal.raised', {
                name: value.recordedBy,
                at: formatInstant(t.locale, timeZone, value.recordedAt, 'dateTime'),
              })}
            </small>
          </span>
        ) : (
          '—'
        );
      },
      text: (f) => latest(f)?.source ?? '',
    },
    {
      id: 'history',
      head: t('factor.history'),
      cell: (f) => <span className={styles.note}>{history(f) || '—'}</span>,
      text: history,
    },
    {
      id: 'act',
      head: t('table.actions'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (f) =>
        mayWrite ? (
          <Button kind="words" onClick={() => setChanged(f)}>
            {t('factor.change', { name: f.name })}
          </Button>
        ) : null,
    },
  ];
  return (
    <Section
      title={t('factor.title')}
      subject={t('factor.subject')}
      basis={
        mayWrite && (
          <Button kind="words" onClick={() => setChanged('new')}>
            {t('factor.add')}
          </Button>
        )
      }
    >
      <DataTable
        id="factors"
        name={t('factor.title')}
        columns={columns}
        rows={factors}
        rowKey={(f) => f.id}
        withTools={factors.length > 8}
        empty={t('factor.none')}
      />
      {changed && (
        <FactorDialog
          siteId={siteId}
          factor={changed === 'new' ? null : changed}
          today={today}
          onClose={() => setChanged(null)}
        />
      )}
    </Section>
  );
}

function FactorDialog({
  siteId,
  factor,
  today,
  onClose,
}: {
  readonly siteId: string;
  readonly factor: StaticFactor | null;
  readonly today: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [name, setName] = useState('');
  const [unit, setUnit] = useState('');
  const [value, setValue] = useState('');
  const [validFrom, setValidFrom] = useState(today);
  const [source, setSource] = useState('');
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const isEmpty = (text: string): boolean => text.trim() === '';
  const isReasonMissing = factor !== null && reason.trim().length < 3;
  const required = (text: string): string | null => (isTried && isEmpty(text) ? t('form.required') : null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isEmpty(value) || isEmpty(source) || validFrom === '' || isReasonMissing) return;
    if (factor === null && isEmpty(name)) return;
    const common = { value: value.trim(), validFrom, source: source.trim() };
    const answer = await (factor
      ? send(`/static-factors/${factor.id}/values`, {
          method: 'POST',
          json: { ...common, reason: reason.trim() },
        })
      : send(`/sites/${siteId}/static-factors`, {
          method: 'POST',
          json: { ...common, name: name.trim(), unit: unit.trim() },
        }));
    if (!answer.ok) return;
    onClose();
    router.refresh();
  };
  return (
    <Dialog title={factor ? t('factor.change', { name: factor.name }) : t('factor.add')} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        {factor ? (
          <p className={styles.note}>{t('factor.changeText')}</p>
        ) : (
          <>
            <Field label={t('factor.name')} help={t('factor.nameHelp')} error={required(name)}>
              {(control) => (
                <input {...control} value={name} maxLength={120} onChange={(e) => setName(e.target.value)} />
              )}
            </Field>
            <Field label={t('variable.unit')}>
              {(control) => (
                <input {...control} value={unit} maxLength={20} onChange={(e) => setUnit(e.target.value)} />
              )}
            </Field>
          </>
        )}
        <Field label={t('factor.value')} error={required(value)}>
          {(control) => (
            <input {...control} value={value} maxLength={200} onChange={(e) => setValue(e.target.value)} />
          )}
        </Field>
        <Field label={t('proposal.since')}>
          {(control) => (
            <input
              {...control}
              type="date"
              required
              value={validFrom}
              onChange={(e) => setValidFrom(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('variable.source')} help={t('factor.sourceHelp')} error={required(source)}>
          {(control) => (
            <input {...control} value={source} maxLength={200} onChange={(e) => setSource(e.target.value)} />
          )}
        </Field>
        {factor && (
          <ReasonField reason={reason} isMissing={isTried && isReasonMissing} onChange={setReason} />
        )}
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
