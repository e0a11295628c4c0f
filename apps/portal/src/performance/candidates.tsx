'use client';
import type { EnbVersion, EnpiDetail } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';
import { formatLocalDate, formatNumber } from '@wattproof/messages';
import Link from 'next/link';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { addDays } from '../shell/period.ts';
import { type Column, DataTable } from '../table/data-table.tsx';
import type { VariableNames } from '../workbench/model-text.ts';
import { TermTable } from '../workbench/term-table.tsx';
import styles from './performance.module.css';
import { variableName } from './variable-name.ts';

type Candidate = EnpiDetail['candidates'][number];

const statistics: Readonly<Record<string, string>> = {
  cv: 'statistics.cvRmse',
  r2: 'statistics.r2',
  bic: 'deltaBic',
  lag: 'statistics.autocorrelation',
};

/** Every model that was tried, ranked, with the reason where one was refused; then the one in use, in numbers. */
export function Candidates({
  enpi,
  inForce,
  unit,
  names,
}: {
  readonly enpi: EnpiDetail;
  /** The version that the result is stated against. */
  readonly inForce: EnbVersion | null;
  readonly unit: string;
  readonly names: VariableNames;
}) {
  const t = useTranslator();
  const number = (v: number, decimals: number): string =>
    Number.isFinite(v) ? formatNumber(t.locale, v, { decimals }) : '—';
  const variablesOf = (c: Candidate): string =>
    c.variables.length === 0
      ? t('enpi.constant')
      : c.variables
          .map((v) =>
            variableName(
              v,
              t,
              c.inUse && /heat|hdd/i.test(v)
                ? (enpi.model?.heatingBase_c ?? null)
                : c.inUse && /cool|cdd/i.test(v)
                  ? (enpi.model?.coolingBase_c ?? null)
                  : null,
            ),
          )
          .join(', ');
  const verdict = (c: Candidate): string =>
    c.inUse
      ? t('enpi.inUse')
      : c.refused[0]
        ? t('enpi.refused', { reason: findingText(c.refused[0], t) })
        : t('enpi.weaker');
  const numeric = (
    id: string,
    head: string,
    value: (c: Candidate) => number,
    decimals: number,
  ): Column<Candidate> => ({
    id,
    head,
    align: 'right',
    proof: { member: statistics[id] ?? '' },
    cell: (c) => number(value(c), decimals),
    sort: value,
    text: (c) => number(value(c), decimals),
  });
  const columns: Column<Candidate>[] = [
    {
      id: 'rank',
      head: t('enpi.rank'),
      cell: (c) => c.rank,
      sort: (c) => c.rank,
      text: (c) => String(c.rank),
    },
    {
      id: 'variables',
      head: t('enpi.variables'),
      phone: 'title',
      cell: (c) => (c.inUse ? <strong>{variablesOf(c)}</strong> : variablesOf(c)),
      text: variablesOf,
    },
    numeric('cv', t('enpi.cv'), (c) => c.statistics.cvRmse * 100, 1),
    numeric('r2', t('enpi.r2'), (c) => c.statistics.r2, 2),
    numeric('bic', t('enpi.deltaBic'), (c) => c.deltaBic, 0),
    numeric('lag', t('enpi.lag'), (c) => c.statistics.autocorrelation, 2),
    {
      id: 'verdict',
      head: t('enpi.modelVerdict'),
      cell: (c) => <span className={styles.small}>{verdict(c)}</span>,
      text: verdict,
    },
  ];
  const date = (d: string): string => formatLocalDate(t.locale, d, 'date');
  return (
    <Section
      proof={{ member: 'candidates' }}
      title={t('enpi.candidates')}
      subject={
        enpi.baseline
          ? t('enpi.candidatesSubject', {
              from: date(enpi.baseline.from),
              to: date(addDays(enpi.baseline.to, -1)),
            })
          : undefined
      }
    >
      <DataTable
        id="candidates"
        name={t('enpi.candidates')}
        columns={columns}
        rows={enpi.candidates.slice(0, 8)}
        rowMember={(c) => entry('candidates', { rank: c.rank })}
        rowKey={(c) => String(c.rank)}
        rowState={(c) => (c.inUse ? 'selected' : c.refused.length > 0 ? 'muted' : undefined)}
        withTools={false}
        empty={
          enpi.model ? (
            <Link href={`/performance/${enpi.id}/baseline`}>{t('enpi.chosenModel')}</Link>
          ) : (
            t('enpi.noModel')
          )
        }
      />
      {inForce && (
        <div className={styles.terms}>
          <TermTable id="terms" terms={inForce.terms} hourly={inForce.hourly} unit={unit} names={names} />
        </div>
      )}
    </Section>
  );
}
