'use client';
import type { AuditSending } from '@wattproof/contracts/api';
import { type Locale, locales } from '@wattproof/energy';
import { formatInstant, formatLocalDate } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { RecipientsField, recipientsOf } from './recipients-field.tsx';

type Schedule = AuditSending['schedules'][number];
type Mail = AuditSending['mails'][number];
const intervals = ['week', 'month', 'quarter', 'year'] as const;

/** To whom reports go, when, and what became of each mail. */
export function Sending({
  auditId,
  sending,
  today,
  timeZone,
  mayWrite,
}: {
  readonly auditId: string;
  readonly sending: AuditSending;
  readonly today: string;
  readonly timeZone: string;
  readonly mayWrite: boolean;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [isAdding, setAdding] = useState(false);
  const act = async (path: string, method: 'POST' | 'DELETE'): Promise<void> => {
    const answer = await send(path, { method });
    if (answer.ok) router.refresh();
  };
  const instant = (at: string): string => formatInstant(t.locale, timeZone, at, 'dateTime');
  const schedules: Column<Schedule>[] = [
    {
      id: 'to',
      head: t('mail.recipients'),
      phone: 'title',
      cell: (s) => s.recipients.join(', '),
      text: (s) => s.recipients.join(', '),
    },
    { id: 'every', head: t('mail.every'), cell: (s) => t(`mail.every.${s.every}`), text: (s) => s.every },
    {
      id: 'next',
      head: t('mail.next'),
      cell: (s) => formatLocalDate(t.locale, s.nextOn, 'date'),
      sort: (s) => s.nextOn,
      text: (s) => s.nextOn,
    },
    {
      id: 'language',
      head: t('audit.language'),
      cell: (s) => t(`locale.${s.locale}`),
      text: (s) => s.locale,
    },
    {
      id: 'last',
      head: t('mail.last'),
      cell: (s) =>
        s.lastRun ? (
          <span className={styles.two}>
            <span>
              {t(`mail.run.${s.lastRun.state}`)}, {instant(s.lastRun.at)}
            </span>
            {s.lastRun.error && <small>{s.lastRun.error}</small>}
          </span>
        ) : (
          '–'
        ),
      text: (s) => s.lastRun?.state ?? '',
    },
    ...(mayWrite
      ? [
          {
            id: 'end',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            cell: (s: Schedule) => (
              <Button
                kind="words"
                disabled={isBusy}
                aria-label={t('mail.end', { recipients: s.recipients.join(', ') })}
                onClick={() => act(`/report-schedules/${s.id}`, 'DELETE')}
              >
                {t('dossier.removeShort')}
              </Button>
            ),
          },
        ]
      : []),
  ];
  const mails: Column<Mail>[] = [
    {
      id: 'to',
      head: t('mail.recipients'),
      phone: 'title',
      cell: (m) => m.recipient,
      sort: (m) => m.recipient,
      text: (m) => m.recipient,
    },
    { id: 'subject', head: t('mail.subject'), cell: (m) => m.subject, text: (m) => m.subject },
    {
      id: 'state',
      head: t('mail.state'),
      cell: (m) => (
        <span className={styles.two}>
          <span className={styles.mailState} data-state={m.state}>
            {m.state === 'sent'
              ? t('mail.state.sent', { date: m.sentAt ? instant(m.sentAt) : '' })
              : t(m.state === 'failed' ? 'mail.state.failed' : 'mail.state.waiting')}
          </span>
          {m.error && <small>{m.error === 'noServer' ? t('mail.error.noServer') : m.error}</small>}
          {m.state === 'waiting' && m.attempts > 0 && (
            <small>{t('mail.tries', { count: m.attempts, date: instant(m.nextTryAt) })}</small>
          )}
        </span>
      ),
      sort: (m) => m.state,
      text: (m) => m.state,
    },
    ...(mayWrite
      ? [
          {
            id: 'retry',
            head: t('table.actions'),
            isHeadHidden: true,
            align: 'right' as const,
            cell: (m: Mail) =>
              m.state === 'sent' ? null : (
                <Button
                  kind="words"
                  disabled={isBusy}
                  aria-label={t('mail.retry', { recipient: m.recipient })}
                  onClick={() => act(`/mails/${m.id}/retry`, 'POST')}
                >
                  {t('mail.retryShort')}
                </Button>
              ),
          },
        ]
      : []),
  ];
  return (
    <div className={styles.block}>
      <Section title={t('mail.head')} basis={t('mail.basis')}>
        {mayWrite && (
          <div className={styles.buttons}>
            <Button onClick={() => setAdding(true)}>{t('mail.addSchedule')}</Button>
          </div>
        )}
        {error && <FormError>{error}</FormError>}
        <h3 className={styles.tableHead}>{t('mail.schedules')}</h3>
        <DataTable
          id="schedules"
          name={t('mail.schedules')}
          columns={schedules}
          rows={sending.schedules}
          rowKey={(s) => s.id}
          withTools={false}
          empty={t('mail.schedulesNone')}
        />
        <h3 className={styles.tableHead}>{t('mail.mails')}</h3>
        <DataTable
          id="mails"
          name={t('mail.mails')}
          columns={mails}
          rows={sending.mails}
          rowKey={(m) => m.id}
          withTools={false}
          empty={t('mail.mailsNone')}
        />
      </Section>
      {isAdding && <ScheduleDialog auditId={auditId} today={today} onClose={() => setAdding(false)} />}
    </div>
  );
}

function ScheduleDialog({
  auditId,
  today,
  onClose,
}: {
  readonly auditId: string;
  readonly today: string;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [recipients, setRecipients] = useState('');
  const [every, setEvery] = useState<(typeof intervals)[number]>('month');
  const [locale, setLocale] = useState<Locale>(t.locale);
  const [firstOn, setFirstOn] = useState(today);
  const [isAttached, setAttached] = useState(true);
  const [isTried, setTried] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    const { addresses, wrong } = recipientsOf(recipients);
    if (addresses.length === 0 || wrong.length > 0 || firstOn === '') return;
    const answer = await send(`/audits/${auditId}/schedules`, {
      method: 'POST',
      json: { recipients: addresses, every, locale, firstOn, isAttached },
    });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <Dialog title={t('mail.addScheduleTitle')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <RecipientsField value={recipients} isTried={isTried} onChange={setRecipients} />
        <Field label={t('mail.every')}>
          {(control) => (
            <select
              {...control}
              value={every}
              onChange={(e) => setEvery(intervals.find((one) => one === e.target.value) ?? 'month')}
            >
              {intervals.map((one) => (
                <option key={one} value={one}>
                  {t(`mail.every.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('mail.firstOn')} error={isTried && firstOn === '' ? t('form.required') : null}>
          {(control) => (
            <input
              {...control}
              type="date"
              min={today}
              value={firstOn}
              onChange={(e) => setFirstOn(e.target.value)}
            />
          )}
        </Field>
        <Field label={t('audit.requestLanguage')}>
          {(control) => (
            <select {...control} value={locale} onChange={(e) => setLocale(e.target.value as Locale)}>
              {locales.map((one) => (
                <option key={one} value={one}>
                  {t(`locale.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label className={styles.check}>
          <input type="checkbox" checked={isAttached} onChange={(e) => setAttached(e.target.checked)} />
          {t('mail.attach')}
        </label>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('mail.addSchedule')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
