'use client';
import type { MeterEventPreview } from '@wattproof/contracts/api';
import { formatLocalDate, formatMeasurand, measurandText, quantityText } from '@wattproof/messages';
import { findingText } from '../figure/finding-text.ts';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './meter.module.css';

type Day = MeterEventPreview['days'][number];

/** The days whose energy would differ, before it is saved: before, after, difference. */
export function ChangedDays({ preview }: { readonly preview: MeterEventPreview }) {
  const t = useTranslator();
  const amount = (value: number | null, measurand: string, signed = false): string =>
    value === null ? '—' : quantityText(formatMeasurand(t.locale, value, measurand, { signed }));
  const change = (d: Day): number | null =>
    d.before === null || d.after === null ? null : d.after - d.before;
  const date = (d: Day): string => formatLocalDate(t.locale, d.date, 'day');
  const name = (d: Day): string => measurandText(t, d.measurand);
  const number = (id: string, head: string, text: (d: Day) => string): Column<Day> => ({
    id,
    head,
    align: 'right',
    proof: { without: 'operation' },
    cell: text,
    text,
  });
  const columns: Column<Day>[] = [
    { id: 'date', head: t('period.day'), phone: 'title', cell: date, text: date },
    ...(new Set(preview.days.map((d) => d.measurand)).size > 1
      ? [{ id: 'measurand', head: t('meter.measurand'), cell: name, text: name }]
      : []),
    number('before', t('meter.change.before'), (d) => amount(d.before, d.measurand)),
    number('after', t('meter.change.after'), (d) => amount(d.after, d.measurand)),
    number('difference', t('site.difference'), (d) => amount(change(d), d.measurand, true)),
  ];
  return (
    <div className={styles.preview} role="status">
      <h3>{t('meter.change.title', { count: preview.days.length })}</h3>
      {preview.days.length > 0 && (
        <div className={styles.scroll}>
          <DataTable
            id="changed"
            name={t('meter.change.name')}
            columns={columns}
            rows={preview.days}
            rowKey={(d) => `${d.date} ${d.measurand}`}
            withTools={preview.days.length > 8}
          />
        </div>
      )}
      {preview.findings.length > 0 && (
        <ul className={styles.findings}>
          {preview.findings.map((f) => (
            <li key={`${f.code} ${f.at} ${f.measurand}`}>{findingText(f, t)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
