'use client';
import type { Gateway, JobRun } from '@wattproof/contracts/api';
import { formatInstant, formatNumber } from '@wattproof/messages';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useId, useState } from 'react';
import { request } from '../api/client.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { JobLine } from '../job/job-line.tsx';
import { useJobs } from '../job/jobs.tsx';
import { siteIdOf } from './place.ts';
import { serverNow_ms } from './server-clock.tsx';
import type { Visitor } from './shell.tsx';
import styles from './status-bar.module.css';

/** The foot of every page: running work at the left, the state of the data at the right. */
export function StatusBar({ visitor }: { readonly visitor: Visitor }) {
  const t = useTranslator();
  const { jobs } = useJobs();
  const id = useId();
  const shown = jobs.find((j) => j.state === 'running' || j.state === 'waiting') ?? recent(jobs);
  const offlineSince = useOffline();
  return (
    <footer className={styles.bar}>
      {offlineSince !== null ? (
        <div className={styles.offline} role="alert">
          <Icon name="offline" />
          <span>
            {t('status.offline', {
              time: new Date(offlineSince).toLocaleTimeString(t.locale, {
                hour: '2-digit',
                minute: '2-digit',
              }),
            })}
          </span>
          <button type="button" onClick={() => window.location.reload()}>
            {t('status.tryNow')}
          </button>
        </div>
      ) : (
        shown && (
          <div className={styles.job}>
            <JobLine job={shown} />
            <button type="button" className={styles.details} popoverTarget={id}>
              {t('job.details')}
            </button>
          </div>
        )
      )}
      <div id={id} popover="auto" className={styles.tray}>
        <h2>{t('job.tray')}</h2>
        {jobs.length === 0 && <p>{t('job.none')}</p>}
        <ul>
          {jobs.slice(0, 8).map((job) => (
            <li key={job.id}>
              <JobLine job={job} />
              <small>
                {t('job.requestedBy', {
                  name: job.requestedBy,
                  time: formatInstant(t.locale, browserZone(), job.createdAt, 'dateTimeShort'),
                })}
              </small>
            </li>
          ))}
        </ul>
      </div>
      {visitor.permissions.includes('field:read') && <FieldState />}
    </footer>
  );
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A finished job stays in sight for ten minutes. */
const recent = (jobs: readonly JobRun[]): JobRun | undefined =>
  jobs.find((j) => j.finishedAt && serverNow_ms() - Date.parse(j.finishedAt) < 600_000);

function useOffline(): number | null {
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    const lost = (): void => setSince((at) => at ?? Date.now());
    const back = (): void => setSince(null);
    window.addEventListener('offline', lost);
    window.addEventListener('online', back);
    return () => {
      window.removeEventListener('offline', lost);
      window.removeEventListener('online', back);
    };
  }, []);
  return since;
}

interface Counts {
  readonly gateways: readonly [number, number];
  readonly lines: readonly [number, number];
  readonly meters: readonly [number, number];
  readonly deadLetters: number;
}

function FieldState() {
  const t = useTranslator();
  const siteId = siteIdOf(usePathname());
  const [gateways, setGateways] = useState<readonly Gateway[] | null>(null);
  const [deadLetters, setDeadLetters] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const [g, d] = await Promise.all([
        request<{ gateways: Gateway[] }>('/gateways', { signal: abort.signal }),
        request<{ open: number }>('/dead-letters?limit=1', { signal: abort.signal }),
      ]);
      if (g.ok) setGateways(g.value.gateways);
      if (d.ok) setDeadLetters(d.value.open);
    };
    void read();
    const timer = setInterval(() => void read(), 30_000);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, []);
  if (!gateways) return <div className={styles.field} />;
  const c = countsOf(
    gateways.filter((g) => g.revokedAt === null && (siteId === null || g.siteId === siteId)),
    deadLetters,
  );
  const item = (
    key: 'status.gateways' | 'status.lines' | 'status.meters',
    [online, all]: readonly [number, number],
  ) => (
    <span data-warn={online < all || undefined}>
      {t(key, { online: formatNumber(t.locale, online), all: formatNumber(t.locale, all) })}
    </span>
  );
  return (
    <Link href="/field" className={styles.field}>
      {item('status.gateways', c.gateways)}
      {item('status.lines', c.lines)}
      {item('status.meters', c.meters)}
      <span data-warn={c.deadLetters > 0 || undefined}>
        {t('status.deadLetters', { count: c.deadLetters })}
      </span>
    </Link>
  );
}

function countsOf(gateways: readonly Gateway[], deadLetters: number): Counts {
  const lines = gateways.flatMap((g) => g.lines);
  const meters = gateways.flatMap((g) => g.meters);
  return {
    gateways: [gateways.filter((g) => g.online).length, gateways.length],
    lines: [lines.filter((l) => l.state === null || l.state === 'running').length, lines.length],
    meters: [meters.filter((m) => !m.stale).length, meters.length],
    deadLetters,
  };
}
