'use client';
import { formatNumber } from '@wattproof/messages';
import type { ReactNode } from 'react';
import { Section } from '../figure/section.tsx';
import { Field } from '../form/field.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './calculator.module.css';
import type { Numeric } from './numeric.ts';

/** One calculator: its fields, and the result as soon as they are right. */
export function Calculator({
  id,
  title,
  page,
  fields,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly page: string;
  readonly fields: ReactNode;
  /** Null while a field is wrong. */
  readonly children: ReactNode | null;
}) {
  const t = useTranslator();
  return (
    <div id={id}>
      <Section proof={{ without: 'trial' }} title={title} basis={t('calc.guidePage', { page })}>
        <div className={styles.body}>
          <div className={styles.inputs}>{fields}</div>
          <div className={styles.results} role="status" aria-label={t('calc.result')}>
            {children ?? <p className={styles.note}>{t('calc.waiting')}</p>}
          </div>
        </div>
      </Section>
    </div>
  );
}

export function NumberField({
  label,
  numeric,
  unit,
  help,
}: {
  readonly label: string;
  readonly numeric: Numeric;
  readonly unit?: string;
  readonly help?: string;
}) {
  return (
    <Field label={label} error={numeric.error} unit={unit} help={help}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={numeric.text}
          onChange={(event) => numeric.setText(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
  /** Of the label, where it is not that of the page. */
  readonly language?: string | undefined;
}

export function ChoiceField({
  label,
  value,
  onChange,
  options,
  help,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly Option[];
  readonly help?: string;
}) {
  return (
    <Field label={label} help={help}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} lang={option.language}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface Result {
  readonly name: string;
  readonly value: ReactNode;
  readonly unit?: string;
  /** The formula, or what it means. */
  readonly why?: string;
}

export function Results({ rows }: { readonly rows: readonly Result[] }) {
  return (
    <dl className={styles.list}>
      {rows.map(({ name, value, unit, why }) => (
        <div key={name}>
          <dt>
            {name}
            {why && <small>{why}</small>}
          </dt>
          <dd>
            {value}
            {unit && <span className={styles.unit}>{`\u00a0${unit}`}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What speaks against it; errors first. */
export function Findings({
  findings,
}: {
  readonly findings: readonly { readonly severity: 'error' | 'warning'; readonly text: string }[];
}) {
  const inOrder = [...findings].sort((a, b) => a.severity.localeCompare(b.severity));
  return (
    <ul className={styles.findings}>
      {inOrder.map(({ severity, text }) => (
        <li key={text} data-severity={severity}>
          <Icon name={severity === 'error' ? 'critical' : 'warning'} size={16} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Numbers as a calculator shows them: up to so many decimals, none that are not there. */
export function useNumbers(): (value: number, decimals?: number) => string {
  const t = useTranslator();
  return (value, decimals = 2) => formatNumber(t.locale, value, { decimals });
}
