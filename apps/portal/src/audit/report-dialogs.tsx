'use client';
import type { AuditDetail, JobRun } from '@wattproof/contracts/api';
import { type Locale, locales } from '@wattproof/energy';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../form/button.tsx';
import { Dialog, DialogButtons } from '../form/dialog.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { useJobs } from '../job/jobs.tsx';
import styles from './audit.module.css';
import { RecipientsField, recipientsOf } from './recipients-field.tsx';

type Report = AuditDetail['documents'][number];

/** The named auditor signs a draft: under their password, by name and digest of what they have read. */
export function SignDialog({
  auditId,
  report,
  onClose,
}: {
  readonly auditId: string;
  readonly report: Report;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const router = useRouter();
  const { follow } = useJobs();
  const { isBusy, error, problem, send } = useSubmit<JobRun>();
  const [password, setPassword] = useState('');
  const [hasRead, setRead] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/audits/${auditId}/signatures`, {
      method: 'POST',
      json: { documentId: report.id, password },
    });
    setPassword('');
    if (!answer.ok) return;
    follow(answer.value);
    router.refresh();
    onClose();
  };
  const isWrong = problem?.errors.some(({ path }) => path === 'password') ?? false;
  return (
    <Dialog title={t('sign.title', { name: report.name })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t('sign.text')}</p>
        <p>
          <code className={styles.wholeSha}>{report.sha256}</code>
        </p>
        <p>{t('sign.kind')}</p>
        <label className={styles.check}>
          <input type="checkbox" checked={hasRead} onChange={(e) => setRead(e.target.checked)} />
          {t('sign.read')}
        </label>
        <Field label={t('sign.password')} error={isWrong ? t('sign.wrong') : null}>
          {(control) => (
            <input
              {...control}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(e) => setPassword(e.target.value)}
            />
          )}
        </Field>
        {error && !isWrong && <FormError>{problem?.code === 'conflict' ? t('sign.stale') : error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy || !hasRead || password === ''}>
            {t('sign.act')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** The same report in another language. */
export function LanguageDialog({
  report,
  onClose,
}: {
  readonly report: Report;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { follow } = useJobs();
  const { isBusy, error, send } = useSubmit<JobRun>();
  const others = locales.filter((one) => one !== report.locale);
  const [locale, setLocale] = useState<Locale>(others[0] ?? 'en');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/documents/${report.id}/languages`, { method: 'POST', json: { locale } });
    if (!answer.ok) return;
    follow(answer.value);
    onClose();
  };
  return (
    <Dialog title={t('sign.otherTitle', { name: report.name })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t('sign.otherText')}</p>
        <Field label={t('audit.requestLanguage')}>
          {(control) => (
            <select {...control} value={locale} onChange={(e) => setLocale(e.target.value as Locale)}>
              {others.map((one) => (
                <option key={one} value={one}>
                  {t(`locale.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('audit.request')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** A signed report computed again with the formulas that run now, in its language. */
export function ReissueDialog({
  report,
  onClose,
}: {
  readonly report: Report;
  readonly onClose: () => void;
}) {
  const t = useTranslator();
  const { follow } = useJobs();
  const { isBusy, error, send } = useSubmit<JobRun>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/documents/${report.id}/reissues`, {
      method: 'POST',
      json: { locale: report.locale },
    });
    if (!answer.ok) return;
    follow(answer.value);
    onClose();
  };
  return (
    <Dialog title={t('reissue.title', { name: report.name })} onClose={onClose}>
      <form onSubmit={submit}>
        <p>{t('reissue.text')}</p>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('reissue.act')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}

/** Sends a report that was made. */
export function SendDialog({ report, onClose }: { readonly report: Report; readonly onClose: () => void }) {
  const t = useTranslator();
  const router = useRouter();
  const { isBusy, error, send } = useSubmit();
  const [recipients, setRecipients] = useState('');
  const [isAttached, setAttached] = useState(true);
  const [isTried, setTried] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    const { addresses, wrong } = recipientsOf(recipients);
    if (addresses.length === 0 || wrong.length > 0) return;
    const answer = await send(`/documents/${report.id}/mails`, {
      method: 'POST',
      json: { recipients: addresses, isAttached },
    });
    if (!answer.ok) return;
    router.refresh();
    onClose();
  };
  return (
    <Dialog title={t('mail.sendTitle', { name: report.name })} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <RecipientsField value={recipients} isTried={isTried} onChange={setRecipients} />
        <label className={styles.check}>
          <input type="checkbox" checked={isAttached} onChange={(e) => setAttached(e.target.checked)} />
          {t('mail.attach')}
        </label>
        {error && <FormError>{error}</FormError>}
        <DialogButtons>
          <Button kind="primary" type="submit" disabled={isBusy}>
            {t('mail.send')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
