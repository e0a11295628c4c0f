'use client';
import type { PartialCounter, StartPartialCounter } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatInstant, formatMeasurand, measurandText, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { QualityMark } from '../figure/quality-mark.tsx';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './meter.module.css';

/** Counters that a person starts and resets; the meter's own register goes on untouched. */
export function PartialCounters({
  meterId,
  counters,
  measurands,
  timeZone,
  mayWrite,
}: {
  readonly meterId: number;
  readonly counters: readonly PartialCounter[];
  readonly measurands: readonly string[];
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  /** Empty: a new counter; a name: that one begins anew. */
  const [starting, setStarting] = useState<PartialCounter | 'new' | null>(null);
  const value = (c: PartialCounter): string =>
    c.value === null ? '—' : quantityText(formatMeasurand(t.locale, c.value, c.measurand));
  const span = (c: PartialCounter): string =>
    c.stoppedAt === null
      ? t('meter.partial.since', { time: formatInstant(t.locale, timeZone, c.startedAt, 'dateTime') })
      : t('period.span', {
          from: formatInstant(t.locale, timeZone, c.startedAt, 'dateTime'),
          to: formatInstant(t.locale, timeZone, c.stoppedAt, 'dateTime'),
        });
  const columns: Column<PartialCounter>[] = [
    {
      id: 'name',
      head: t('meter.partial.name'),
      phone: 'title',
      cell: (c) => (
        <span className={styles.stack}>
          {c.name}
          <small>{measurandText(t, c.measurand)}</small>
        </span>
      ),
      sort: (c) => c.name,
      text: (c) => c.name,
    },
    { id: 'span', head: t('site.period'), cell: span, sort: (c) => c.startedAt, text: span },
    {
      id: 'value',
      head: t('meter.value'),
      align: 'right',
      proof: { member: 'value' },
      cell: value,
      sort: (c) => c.value,
      text: value,
    },
    {
      id: 'quality',
      head: t('site.quality'),
      align: 'right',
      proof: { member: 'quality' },
      cell: (c) => <QualityMark quality={c.quality} t={t} />,
      text: (c) => String(c.quality.measured),
    },
    ...(mayWrite
      ? [
          {
            id: 'act',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            proof: 'inCell' as const,
            cell: (c: PartialCounter) =>
              c.stoppedAt === null && (
                <Button kind="words" onClick={() => setStarting(c)}>
                  {t('meter.partial.reset')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <Section
      title={t('meter.partials')}
      basis={
        mayWrite &&
        measurands.length > 0 && (
          <Button kind="words" onClick={() => setStarting('new')}>
            {t('meter.partial.start')}
          </Button>
        )
      }
    >
      <DataTable
        id="partials"
        name={t('meter.partials')}
        columns={columns}
        rows={counters}
        rowMember={(c) => entry('partialCounters', { id: c.id })}
        rowKey={(c) => c.id}
        rowState={(c) => (c.stoppedAt === null ? undefined : 'muted')}
        withTools={counters.length > 6}
        empty={t('meter.partialsNone')}
      />
      {starting && (
        <StartDialog
          meterId={meterId}
          counter={starting === 'new' ? null : starting}
          measurands={measurands}
          onStarted={() => {
            setStarting(null);
            router.refresh();
          }}
          onClose={() => setStarting(null)}
        />
      )}
    </Section>
  );
}

function StartDialog({
  meterId,
  counter,
  measurands,
  onStarted,
  onClose,
}: {
  readonly meterId: number;
  readonly counter: PartialCounter | null;
  readonly measurands: readonly string[];
  readonly onStarted: () => void;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { isBusy, error, send } = useSubmit();
  const [name, setName] = useState(counter?.name ?? '');
  const [measurand, setMeasurand] = useState(counter?.measurand ?? measurands[0] ?? '');
  const [isTried, setTried] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '') return;
    const wish: StartPartialCounter = { name: name.trim(), measurand };
    const answer = await send(`/meters/${meterId}/partial-counter`, { method: 'POST', json: wish });
    if (answer.ok) onStarted();
  };
  return (
    <Dialog
      title={counter ? t('meter.partial.resetTitle', { name: counter.name }) : t('meter.partial.startTitle')}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <p>{t(counter ? 'meter.partial.resetText' : 'meter.partial.startText')}</p>
        {!counter && (
          <>
            <Field
              label={t('meter.partial.name')}
              help={t('meter.partial.nameHelp')}
              error={isTried && name.trim() === '' ? t('form.required') : null}
            >
              {(control) => (
                <input
                  {...control}
                  value={name}
                  maxLength={80}
                  required
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Field label={t('meter.measurand')}>
              {(control) => (
                <select {...control} value={measurand} onChange={(event) => setMeasurand(event.target.value)}>
                  {measurands.map((m) => (
                    <option key={m} value={m}>
                      {measurandText(t, m)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </>
        )}
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t(isBusy ? 'form.saving' : counter ? 'meter.partial.reset' : 'meter.partial.start')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
