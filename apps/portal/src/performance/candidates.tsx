'use client';
import type { EnpiDetail } from '@wattproof/contracts/api';
import { formatLocalDate, formatNumber } from '@wattproof/messages';
import Link from 'next/link';
import { findingText } from '../figure/finding-text.ts';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './performance.module.css';
import { variableName } from './variable-name.ts';

type Candidate = EnpiDetail['candidates'][number];

/** Every model that was tried, ranked, with the reason where one was refused; then the one in use, in numbers. */
export function Candidates({ enpi }: { readonly enpi: EnpiDetail }) {
  const t = useTranslator();
  const number = (v: number, decimals: number): string =>
    Number.isFinite(v) ? formatNumber(t.locale, v, { decimals }) : '—';
  const names = (c: Candidate): string =>
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
      cell: (c) => (c.inUse ? <strong>{names(c)}</strong> : names(c)),
      text: names,
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
      title={t('enpi.candidates')}
      subject={
        enpi.baseline
          ? t('enpi.candidatesSubject', { from: date(enpi.baseline.from), to: date(enpi.baseline.to) })
          : undefined
      }
    >
      <DataTable
        id="candidates"
        name={t('enpi.candidates')}
        columns={columns}
        rows={enpi.candidates.slice(0, 8)}
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
      {enpi.model && <Terms model={enpi.model} />}
    </Section>
  );
}

type Term = NonNullable<EnpiDetail['model']>['terms'][number];

function Terms({ model }: { readonly model: NonNullable<EnpiDetail['model']> }) {
  const t = useTranslator();
  const name = (term: Term): string =>
    variableName(
      term.variable,
      t,
      /heat|hdd/i.test(term.variable)
        ? model.heatingBase_c
        : /cool|cdd/i.test(term.variable)
          ? model.coolingBase_c
          : null,
    );
  const small = (v: number): string =>
    formatNumber(t.locale, Number(v.toPrecision(4)), {
      decimals: Math.abs(v) >= 100 ? 0 : Math.abs(v) >= 1 ? 2 : 4,
    });
  const pText = (p: number): string => (p < 0.001 ? '< 0.001' : formatNumber(t.locale, p, { decimals: 3 }));
  const unitOf = (term: Term): string => (term.unit === '' ? 'Wh' : `Wh / ${term.unit}`);
  const columns: Column<Term>[] = [
    { id: 'variable', head: t('enpi.variable'), phone: 'title', cell: name, text: name },
    {
      id: 'coefficient',
      head: t('enpi.coefficient'),
      align: 'right',
      cell: (term) => (
        <>
          {small(term.coefficient)} <span className={styles.small}>{unitOf(term)}</span>
        </>
      ),
      text: (term) => String(term.coefficient),
    },
    {
      id: 'error',
      head: t('enpi.standardError'),
      align: 'right',
      cell: (term) => small(term.standardError),
      text: (term) => String(term.standardError),
    },
    {
      id: 't',
      head: t('enpi.t'),
      align: 'right',
      cell: (term) => small(term.t),
      text: (term) => String(term.t),
    },
    {
      id: 'p',
      head: t('enpi.p'),
      align: 'right',
      cell: (term) => pText(term.p),
      text: (term) => String(term.p),
    },
  ];
  return (
    <div style={{ marginTop: 14 }}>
      <DataTable
        id="terms"
        name={t('enpi.equation')}
        columns={columns}
        rows={model.terms}
        rowKey={(term) => term.variable}
        withTools={false}
      />
    </div>
  );
}
