'use client';
import { formatNumber } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from './data-table.tsx';

export interface RowError {
  readonly row: number;
  readonly field: string;
  readonly value: string;
  readonly reason: string;
}

/** What stops a table that was sent from being stored: row, field, value and reason. */
export function RowErrors({ name, errors }: { readonly name: string; readonly errors: readonly RowError[] }) {
  const t = useTranslator();
  const columns: Column<RowError>[] = [
    {
      id: 'row',
      head: t('catalogue.row'),
      phone: 'title',
      cell: (e) => formatNumber(t.locale, e.row),
      sort: (e) => e.row,
      text: (e) => String(e.row),
    },
    {
      id: 'field',
      head: t('catalogue.field'),
      cell: (e) => e.field,
      sort: (e) => e.field,
      text: (e) => e.field,
    },
    { id: 'value', head: t('catalogue.value'), cell: (e) => e.value || '—', text: (e) => e.value },
    { id: 'reason', head: t('catalogue.reason'), cell: (e) => e.reason, text: (e) => e.reason },
  ];
  return (
    <DataTable
      id="rowErrors"
      name={name}
      columns={columns}
      rows={errors}
      rowKey={(e) => `${e.row} ${e.field} ${e.reason}`}
      withTools={errors.length > 6}
    />
  );
}
