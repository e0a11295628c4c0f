'use client';
import type { AuditDetail, JobRun } from '@wattproof/contracts/api';
import { type Locale, locales } from '@wattproof/energy';
import { formatInstant, formatNumber } from '@wattproof/messages';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { Field, FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { JobLine } from '../job/job-line.tsx';
import { useJobs } from '../job/jobs.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './audit.module.css';
import { LanguageDialog, SendDialog, SignDialog } from './report-dialogs.tsx';

type Document = AuditDetail['documents'][number];

/** Reports that were made, and the request for a new one with its progress. */
export function Documents({
  audit,
  timeZone,
  mayRequest,
  maySign,
  maySend,
}: {
  readonly audit: AuditDetail;
  readonly timeZone: string;
  readonly mayRequest: boolean;
  /** The visitor is the named auditor. */
  readonly maySign: boolean;
  readonly maySend: boolean;
}) {
  const t = useTranslator();
  const [act, setAct] = useState<{
    readonly kind: 'sign' | 'language' | 'send';
    readonly report: Document;
  } | null>(null);
  const close = (): void => setAct(null);
  const offer = (kind: 'sign' | 'language' | 'send', report: Document, label: string) => (
    <Button kind="words" aria-label={`${label}: ${report.name}`} onClick={() => setAct({ kind, report })}>
      {label}
    </Button>
  );
  const instant = (at: string): string => formatInstant(t.locale, timeZone, at, 'dateTime');
  const stateText = ({ signature, isSigned }: Document): string =>
    signature
      ? t('sign.signed', { name: signature.name, date: instant(signature.at) })
      : t(isSigned ? 'sign.draftSigned' : 'sign.draft');
  /** What else has to be known before somebody hands it on. */
  const noteText = ({ replaces, replacedBy, changes }: Document): string =>
    [
      replaces === null ? '' : t('reissue.isReissue'),
      replacedBy ? t('reissue.replacedBy', { date: instant(replacedBy.at) }) : '',
      changes.formulas.length + changes.factors.length > 0 ? t('reissue.outdated') : '',
    ]
      .filter(Boolean)
      .join(', ');
  const columns: Column<Document>[] = [
    {
      id: 'name',
      head: t('audit.document'),
      phone: 'title',
      cell: (d) => <Link href={`/audit/${audit.id}/report/${d.id}`}>{d.name}</Link>,
      sort: (d) => d.name,
      text: (d) => d.name,
    },
    {
      id: 'state',
      head: t('sign.state'),
      cell: (d) => (
        <span className={styles.two}>
          <span data-signed={d.signature !== null || undefined} className={styles.signed}>
            {stateText(d)}
          </span>
          {noteText(d) && <small>{noteText(d)}</small>}
        </span>
      ),
      sort: stateText,
      text: (d) => [stateText(d), noteText(d)].filter(Boolean).join(', '),
    },
    {
      id: 'made',
      head: t('audit.made'),
      cell: (d) => `${instant(d.createdAt)} ${t('audit.by')} ${d.createdBy}`,
      sort: (d) => d.createdAt,
      text: (d) => d.createdAt,
    },
    {
      id: 'language',
      head: t('audit.language'),
      cell: (d) => t(`locale.${d.locale}`),
      sort: (d) => d.locale,
      text: (d) => d.locale,
    },
    {
      id: 'size',
      head: t('audit.size'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (d) => `${formatNumber(t.locale, d.bytes / 1000, { decimals: 0 })}\u00a0kB`,
      sort: (d) => d.bytes,
      text: (d) => String(d.bytes),
    },
    {
      id: 'sha',
      head: t('audit.fingerprint'),
      cell: (d) => (
        <code className={styles.sha} title={d.sha256}>
          {d.sha256.slice(0, 8)} … {d.sha256.slice(-8)}
        </code>
      ),
      text: (d) => d.sha256,
    },
    {
      id: 'action',
      head: t('audit.download'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (d) => (
        <span className={styles.acts}>
          {maySign && d.signature === null && !d.isSigned && offer('sign', d, t('sign.act'))}
          {offer('language', d, t('sign.other'))}
          {maySend && offer('send', d, t('mail.send'))}
          <LinkButton kind="words" href={`/api/v1/documents/${d.id}`} download>
            {t('audit.download')}
          </LinkButton>
        </span>
      ),
    },
  ];
  return (
    <div className={styles.block}>
      <Section title={t('audit.documents')} basis={t('audit.draft')}>
        <p className={styles.buttons}>
          <LinkButton href={`/audit/${audit.id}/report`}>{t('dossier.head')}</LinkButton>
        </p>
        {mayRequest && <RequestReport auditId={audit.id} />}
        <DataTable
          id="documents"
          name={t('audit.documents')}
          columns={columns}
          rows={audit.documents}
          rowKey={(d) => d.id}
          initialSort={{ column: 'made', descending: true }}
          withTools={false}
          empty={t('audit.documentsNone')}
        />
      </Section>
      {act?.kind === 'sign' && <SignDialog auditId={audit.id} report={act.report} onClose={close} />}
      {act?.kind === 'language' && <LanguageDialog report={act.report} onClose={close} />}
      {act?.kind === 'send' && <SendDialog report={act.report} onClose={close} />}
    </div>
  );
}

function RequestReport({ auditId }: { readonly auditId: string }) {
  const t = useTranslator();
  const { jobs, follow } = useJobs();
  const { isBusy, error, send } = useSubmit<JobRun>();
  const [locale, setLocale] = useState<Locale>(t.locale);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = jobs.find((j) => j.id === jobId);
  const isRunning = job?.state === 'waiting' || job?.state === 'running';
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const answer = await send(`/audits/${auditId}/reports`, { method: 'POST', json: { locale } });
    if (!answer.ok) return;
    follow(answer.value);
    setJobId(answer.value.id);
  };
  return (
    <form onSubmit={submit} className={styles.request}>
      <Field label={t('audit.requestLanguage')}>
        {(control) => (
          <select {...control} value={locale} onChange={(e) => setLocale(e.target.value as Locale)}>
            {locales.map((l) => (
              <option key={l} value={l}>
                {t(`locale.${l}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Button kind="primary" type="submit" disabled={isBusy || isRunning}>
        {t('audit.request')}
      </Button>
      <div className={styles.progress} aria-live="polite">
        {error && <FormError>{error}</FormError>}
        {job && <JobLine job={job} />}
      </div>
    </form>
  );
}
