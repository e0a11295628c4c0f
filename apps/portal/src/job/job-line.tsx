'use client';
import type { JobRun } from '@wattproof/contracts/api';
import { formatDuration, formatInstant, type PortalTranslator } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './job-line.module.css';

/** One job: name, step, bar, percentage and time left; when it is over, its end and what it made. */
export function JobLine({ job }: { readonly job: JobRun }) {
  const t = useTranslator();
  const percent = Math.round(job.percent);
  if (job.state === 'done')
    return (
      <span className={styles.line} role="status">
        <Icon name="check" className={styles.done} />
        <span>
          {t('job.done', {
            title: job.title,
            time: formatInstant(t.locale, browserZone(), job.finishedAt ?? job.createdAt, 'time'),
          })}
        </span>
        <DocumentLink job={job} />
      </span>
    );
  if (job.state === 'failed')
    return (
      <span className={styles.line} role="alert">
        <Icon name="critical" className={styles.failed} />
        <span>{t('job.failed', { title: job.title, error: job.error ?? '' })}</span>
      </span>
    );
  return (
    <span className={styles.line}>
      <Icon name="busy" className={styles.busy} />
      <span className={styles.text}>
        {job.state === 'waiting'
          ? t('job.waiting', { title: job.title })
          : t('job.step', {
              title: job.title,
              step: job.stepNumber,
              steps: job.stepCount,
              name: stepText(t, job.step),
            })}
      </span>
      <progress className={styles.bar} max={100} value={percent} aria-label={job.title} />
      <strong data-receiptless="operation">{t('job.percent', { percent })}</strong>
      {job.remaining_s !== null && job.state === 'running' && (
        <span className={styles.left}>
          {t('job.left', { duration: formatDuration(t.locale, job.remaining_s) })}
        </span>
      )}
    </span>
  );
}

/** Steps are codes; one that has no text yet shows itself. */
const stepKeys = [
  'readAccount',
  'readPerformance',
  'drawDocument',
  'storeDocument',
  'sealDays',
  'readMeterDays',
  'drawSample',
  'signBundle',
  'storeBundle',
] as const;
function stepText(t: PortalTranslator, step: string): string {
  const known = stepKeys.find((k) => k === step);
  return known ? t(`job.stepName.${known}`) : step;
}

function DocumentLink({ job }: { readonly job: JobRun }) {
  const t = useTranslator();
  const documentId = job.result?.documentId;
  if (typeof documentId !== 'string') return null;
  return (
    <a href={`/api/v1/documents/${documentId}`} download>
      {t('job.download')}
    </a>
  );
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
