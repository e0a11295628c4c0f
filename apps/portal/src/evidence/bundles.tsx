'use client';
import type { EvidenceBundles, EvidenceState, JobRun } from '@wattproof/contracts/api';
import { formatBytes, formatInstant, formatNumber, quantityText } from '@wattproof/messages';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Section } from '../figure/section.tsx';
import { Button, LinkButton } from '../form/button.tsx';
import { CopyText } from '../form/copy-text.tsx';
import { FormError } from '../form/field.tsx';
import { useSubmit } from '../form/use-submit.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { JobLine } from '../job/job-line.tsx';
import { useJobs } from '../job/jobs.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './evidence.module.css';

type Bundle = EvidenceBundles['bundles'][number];

/** Evidence bundles of an audit, the request for a new one, and what an auditor obtains beside them. */
export function Bundles({
  auditId,
  bundles,
  state,
  timeZone,
}: {
  readonly auditId: string;
  readonly bundles: readonly Bundle[];
  readonly state: EvidenceState;
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const columns: Column<Bundle>[] = [
    { id: 'name', head: t('evidence.bundle'), phone: 'title', cell: (b) => b.name, text: (b) => b.name },
    {
      id: 'made',
      head: t('audit.made'),
      cell: (b) =>
        `${formatInstant(t.locale, timeZone, b.createdAt, 'dateTime')} ${t('audit.by')} ${b.createdBy}`,
      sort: (b) => b.createdAt,
      text: (b) => b.createdAt,
    },
    {
      id: 'days',
      head: t('evidence.meterDays'),
      align: 'right',
      proof: { without: 'count' },
      cell: (b) => formatNumber(t.locale, b.meterDays, { decimals: 0 }),
      sort: (b) => b.meterDays,
      text: (b) => String(b.meterDays),
    },
    {
      id: 'size',
      head: t('audit.size'),
      align: 'right',
      proof: { without: 'operation' },
      cell: (b) => quantityText(formatBytes(t.locale, b.bytes)),
      sort: (b) => b.bytes,
      text: (b) => String(b.bytes),
    },
    {
      id: 'anchor',
      head: t('evidence.anchor'),
      cell: (b) => (
        <code title={b.anchor}>
          {b.anchor.slice(0, 12)} … {b.anchor.slice(-8)}
        </code>
      ),
      text: (b) => b.anchor,
    },
    {
      id: 'action',
      head: t('audit.download'),
      isHeadHidden: true,
      align: 'right',
      proof: 'inCell',
      cell: (b) => (
        <LinkButton kind="words" href={`/api/v1/bundles/${b.id}`} download>
          {t('audit.download')}
        </LinkButton>
      ),
    },
  ];
  return (
    <Section title={t('evidence.bundles')} basis={t('evidence.integrityOnly')}>
      <p className={styles.lead}>{t('evidence.bundlesText')}</p>
      <RequestBundle auditId={auditId} />
      <DataTable
        id="bundles"
        name={t('evidence.bundles')}
        columns={columns}
        rows={bundles}
        rowKey={(b) => b.id}
        initialSort={{ column: 'made', descending: true }}
        withTools={false}
        empty={t('evidence.bundlesNone')}
      />
      <p className={styles.links}>
        <LinkButton kind="words" href="/api/v1/evidence/verifier" download>
          {t('evidence.verifierDownload')}
        </LinkButton>{' '}
        <LinkButton kind="words" href="/audit/verify">
          {t('evidence.verifyHere')}
        </LinkButton>
      </p>
      {(state.fingerprint || state.anchor) && (
        <details className={styles.outside}>
          <summary>{t('evidence.outside')}</summary>
          <p>{t('evidence.outsideText')}</p>
          {state.fingerprint && <CopyText label={t('evidence.fingerprint')} text={state.fingerprint} />}
          {state.anchor && <CopyText label={t('evidence.anchor')} text={state.anchor} />}
        </details>
      )}
    </Section>
  );
}

function RequestBundle({ auditId }: { readonly auditId: string }) {
  const t = useTranslator();
  const router = useRouter();
  const { jobs, follow } = useJobs();
  const { isBusy, error, send } = useSubmit<JobRun>();
  const [jobId, setJobId] = useState<string | null>(null);
  const job = jobs.find((j) => j.id === jobId);
  const isRunning = job?.state === 'waiting' || job?.state === 'running';
  const isDone = job?.state === 'done';
  // The finished bundle stands in the list as soon as its job says so.
  useEffect(() => {
    if (isDone) router.refresh();
  }, [isDone, router]);
  const submit = async (): Promise<void> => {
    const answer = await send(`/audits/${auditId}/bundles`, { method: 'POST' });
    if (!answer.ok) return;
    follow(answer.value);
    setJobId(answer.value.id);
  };
  return (
    <div className={styles.request}>
      <Button onClick={submit} disabled={isBusy || isRunning}>
        {t('evidence.request')}
      </Button>
      <div className={styles.progress} aria-live="polite">
        {error && <FormError>{error}</FormError>}
        {job && <JobLine job={job} />}
      </div>
    </div>
  );
}
