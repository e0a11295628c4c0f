'use client';
import type { EnbCandidate } from '@wattproof/contracts/api';
import { type ShownUnit, type UnitScale, unitScaleOf } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import { HourlyTable } from './hourly-table.tsx';
import { pText, significant, termName, type VariableNames } from './model-text.ts';
import styles from './workbench.module.css';

type Term = EnbCandidate['terms'][number];

/** The model in numbers: coefficient, its error, t and p, and the range outside of which it says nothing. */
export function TermTable(props: TermTableProps) {
  return props.hourly ? (
    <HourlyTable id={props.id} segments={props.hourly} unit={props.unit} />
  ) : (
    <LinearTerms {...props} />
  );
}

interface TermTableProps {
  readonly id: string;
  readonly terms: readonly Term[];
  /** Months of a model of hours; null for the others. */
  readonly hourly: EnbCandidate['hourly'];
  /** Unit of the energy that the coefficients are in. */
  readonly unit: string;
  readonly names: VariableNames;
}

function LinearTerms({ id, terms, unit, names }: TermTableProps) {
  const t = useTranslator();
  // Coefficients in units that people use: kWh a tonne, not Wh a gram.
  const energy = unitScaleOf(unit as ShownUnit, 0);
  const scaleOf = (term: Term): UnitScale => {
    // A coefficient is in energy a unit of its variable, `Wh/g`; that of the constant in energy.
    const variable = term.unit.slice(term.unit.indexOf('/') + 1);
    return term.unit.includes('/')
      ? unitScaleOf(variable as ShownUnit, Math.abs(term.range?.max ?? 0))
      : { factor: 1, unit: '' };
  };
  const shown = (term: Term, value: number): number => (value * scaleOf(term).factor) / energy.factor;
  const perUnit = (term: Term): string => {
    const { unit: x } = scaleOf(term);
    return x === '' ? energy.unit : `${energy.unit} / ${x}`;
  };
  const numeric = (name: string, head: string, value: (term: Term) => number | null): Column<Term> => ({
    id: name,
    head,
    align: 'right',
    proof: 'inCell',
    cell: (term) => {
      const v = value(term);
      return v === null ? '—' : significant(t, v);
    },
    text: (term) => String(value(term) ?? ''),
  });
  const columns: Column<Term>[] = [
    {
      id: 'variable',
      head: t('enpi.variable'),
      phone: 'title',
      cell: (term) => termName(term, t, names),
      text: (term) => termName(term, t, names),
    },
    {
      id: 'coefficient',
      head: t('enpi.coefficient'),
      align: 'right',
      proof: 'inCell',
      cell: (term) => (
        <span className={styles.nowrap}>
          {significant(t, shown(term, term.coefficient))}{' '}
          <span className={styles.small}>{perUnit(term)}</span>
        </span>
      ),
      text: (term) => `${shown(term, term.coefficient)} ${perUnit(term)}`,
    },
    numeric('error', t('enpi.standardError'), (term) =>
      term.standardError === null ? null : shown(term, term.standardError),
    ),
    numeric('t', t('enpi.t'), (term) => term.t),
    {
      id: 'p',
      head: t('enpi.p'),
      align: 'right',
      proof: 'inCell',
      cell: (term) => pText(t, term.p),
      text: (term) => String(term.p ?? ''),
    },
    {
      id: 'range',
      head: t('workbench.range'),
      align: 'right',
      proof: 'inCell',
      cell: (term) => (
        <span className={styles.nowrap}>
          {term.range
            ? t('workbench.rangeOf', {
                low: significant(t, term.range.min / scaleOf(term).factor),
                high: significant(t, term.range.max / scaleOf(term).factor),
                unit: scaleOf(term).unit,
              })
            : '—'}
        </span>
      ),
      text: (term) => (term.range ? `${term.range.min} – ${term.range.max}` : ''),
    },
  ];
  return (
    <DataTable
      id={id}
      name={t('enpi.equation')}
      columns={columns}
      rows={terms}
      rowKey={(term) => `${term.variable} ${term.base_c ?? ''}`}
      withTools={false}
    />
  );
}
