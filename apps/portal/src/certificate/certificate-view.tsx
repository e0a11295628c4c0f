'use client';
import type { Certificate, CertificateCase, CertificateCheck } from '@wattproof/contracts/api';
import { formatInstant } from '@wattproof/messages';
import { useCallback, useEffect, useState } from 'react';
import { type ClientProblem, request } from '../api/client.ts';
import { Section, Verdict } from '../figure/section.tsx';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { State } from '../state/state.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { caseText } from './case-text.ts';
import styles from './certificate.module.css';
import { allDigits, sizeOf } from './digits.ts';

type Run =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly certificate: Certificate }
  | { readonly state: 'failed'; readonly problem: ClientProblem };

/** The published reference cases, run now on the running version: expected, obtained, difference, verdict, source. */
export function CertificateView({ timeZone }: { readonly timeZone: string }) {
  const t = useTranslator();
  const [run, setRun] = useState<Run>({ state: 'running' });
  const start = useCallback(async (signal?: AbortSignal) => {
    setRun({ state: 'running' });
    const answer = await request<Certificate>('/certificate', signal ? { signal } : {});
    if (signal?.aborted) return;
    setRun(
      answer.ok ? { state: 'done', certificate: answer.value } : { state: 'failed', problem: answer.problem },
    );
  }, []);
  useEffect(() => {
    const leaving = new AbortController();
    void start(leaving.signal);
    return () => leaving.abort();
  }, [start]);

  if (run.state === 'running')
    return (
      <State title={t('certificate.running')}>
        <p role="status">{t('certificate.runningText')}</p>
      </State>
    );
  if (run.state === 'failed')
    return (
      <State
        title={t('certificate.notRun')}
        tone="critical"
        action={<Button onClick={() => void start()}>{t('certificate.again')}</Button>}
      >
        <p>{run.problem.detail}</p>
      </State>
    );
  const { certificate } = run;
  return (
    <>
      <Verdict
        title={
          certificate.passed
            ? t('certificate.passed', { checks: certificate.checks, cases: certificate.cases.length })
            : t('certificate.failed', {
                failed: certificate.cases.filter((one) => !one.passed).length,
                cases: certificate.cases.length,
              })
        }
        aside={<Button onClick={() => void start()}>{t('certificate.again')}</Button>}
      >
        {t('certificate.lead', {
          at: formatInstant(t.locale, timeZone, certificate.ranAt, 'dateTimeShort'),
          seconds: Math.max(1, Math.round(certificate.duration_ms / 1000)),
        })}
      </Verdict>
      <Running certificate={certificate} />
      <Summary certificate={certificate} />
      {certificate.cases.map((one) => (
        <Case key={one.id} one={one} />
      ))}
    </>
  );
}

function Running({ certificate }: { readonly certificate: Certificate }) {
  const t = useTranslator();
  const { version, commit, sourceSha256, runtime } = certificate;
  return (
    <dl className={styles.running}>
      <dt>{t('certificate.version')}</dt>
      <dd>{version}</dd>
      <dt>{t('certificate.commit')}</dt>
      <dd>{commit ? <code>{commit}</code> : t('certificate.noCommit')}</dd>
      <dt>{t('certificate.fingerprint')}</dt>
      <dd>
        <code>{sourceSha256}</code>
      </dd>
      <dt>{t('certificate.runtime')}</dt>
      <dd>{runtime}</dd>
    </dl>
  );
}

function Mark({ passed }: { readonly passed: boolean }) {
  const t = useTranslator();
  return (
    <span className={styles.mark} data-passed={passed}>
      {t(passed ? 'certificate.agrees' : 'certificate.differs')}
    </span>
  );
}

/** Digits that every check of a case shares with the published values. */
const leastDigits = ({ checks }: CertificateCase): number | null => {
  const digits = checks.flatMap((check) => (check.digits === null ? [] : [check.digits]));
  return digits.length === 0 ? null : Math.min(...digits);
};

function Summary({ certificate }: { readonly certificate: Certificate }) {
  const t = useTranslator();
  const columns: Column<CertificateCase>[] = [
    {
      id: 'case',
      head: t('certificate.case'),
      phone: 'title',
      cell: (one) => <a href={`#${one.id}`}>{caseText(one, t).title}</a>,
      sort: (one) => caseText(one, t).title,
      text: (one) => caseText(one, t).title,
    },
    {
      id: 'checks',
      head: t('certificate.checks'),
      align: 'right',
      proof: { without: 'count' },
      cell: (one) => `${one.checks.filter((check) => check.passed).length}/${one.checks.length}`,
      sort: (one) => one.checks.length,
      text: (one) => String(one.checks.length),
    },
    {
      id: 'digits',
      head: t('certificate.leastDigits'),
      align: 'right',
      proof: { without: 'trial' },
      cell: (one) => leastDigits(one)?.toFixed(0) ?? '—',
      sort: leastDigits,
      text: (one) => leastDigits(one)?.toFixed(0) ?? '',
    },
    {
      id: 'verdict',
      head: t('certificate.verdict'),
      cell: (one) => <Mark passed={one.passed} />,
      sort: (one) => (one.passed ? 1 : 0),
      text: (one) => t(one.passed ? 'certificate.agrees' : 'certificate.differs'),
    },
  ];
  return (
    <Section title={t('certificate.cases')}>
      <DataTable
        id="certificate-cases"
        name={t('certificate.cases')}
        columns={columns}
        rows={certificate.cases}
        rowKey={(one) => one.id}
      />
    </Section>
  );
}

function Case({ one }: { readonly one: CertificateCase }) {
  const t = useTranslator();
  const { locale } = t;
  const text = caseText(one, t);
  const number = (value: number | null): string =>
    value === null ? t('certificate.noNumber') : allDigits(locale, value);
  const tolerance = (check: CertificateCheck): string =>
    check.tolerance.kind === 'digits'
      ? t('certificate.digits', { digits: check.tolerance.least })
      : check.tolerance.kind === 'absolute'
        ? `± ${sizeOf(locale, check.tolerance.greatest)}`
        : t('certificate.exact');
  const columns: Column<CertificateCheck>[] = [
    {
      id: 'quantity',
      head: t('certificate.quantity'),
      phone: 'title',
      cell: ({ name }) => name,
      text: ({ name }) => name,
    },
    {
      id: 'expected',
      head: t('certificate.expected'),
      align: 'right',
      proof: { without: 'trial' },
      cell: ({ expected }) => number(expected),
      text: ({ expected }) => String(expected),
    },
    {
      id: 'obtained',
      head: t('certificate.obtained'),
      align: 'right',
      proof: { without: 'trial' },
      cell: ({ obtained }) => number(obtained),
      text: ({ obtained }) => String(obtained ?? ''),
    },
    {
      id: 'difference',
      head: t('certificate.difference'),
      align: 'right',
      proof: { without: 'trial' },
      cell: ({ difference }) => (difference === null ? '—' : sizeOf(locale, difference)),
      text: ({ difference }) => String(difference ?? ''),
    },
    {
      id: 'tolerance',
      head: t('certificate.tolerance'),
      align: 'right',
      proof: { without: 'trial' },
      cell: tolerance,
      text: tolerance,
    },
    {
      id: 'verdict',
      head: t('certificate.verdict'),
      cell: ({ passed }) => <Mark passed={passed} />,
      text: ({ passed }) => t(passed ? 'certificate.agrees' : 'certificate.differs'),
    },
  ];
  return (
    <div id={one.id} className={styles.case}>
      <Section title={text.title} basis={text.method}>
        {one.failure ? <p className={styles.failure}>{one.failure}</p> : null}
        {one.checks.length > 0 && (
          <DataTable
            id={`certificate-${one.id}`}
            name={text.title}
            columns={columns}
            rows={one.checks}
            rowKey={({ name }) => name}
          />
        )}
        <p className={styles.source}>
          {t('certificate.source', { source: one.source, licence: one.licence })}
        </p>
      </Section>
    </div>
  );
}
