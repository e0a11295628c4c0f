'use client';
import type { BillImport } from '@wattproof/contracts/api';
import { formatNumber } from '@wattproof/messages';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './money.module.css';

type Outcome = Pick<BillImport, 'fileName' | 'dryRun' | 'rows' | 'stored' | 'unchanged' | 'rejected'>;
type Rejection = Outcome['rejected'][number];

/** What became of a table that was sent: counted, and each cell that is wrong by row and column. */
export function ImportOutcome({ outcome }: { readonly outcome: Outcome }) {
  const t = useTranslator();
  const counts = {
    file: outcome.fileName,
    rows: formatNumber(t.locale, outcome.rows),
    stored: formatNumber(t.locale, outcome.stored),
    unchanged: formatNumber(t.locale, outcome.unchanged),
    rejected: formatNumber(t.locale, outcome.rejected.length),
  };
  const rejectionColumns: Column<Rejection>[] = [
    {
      id: 'row',
      head: t('money.row'),
      phone: 'title',
      cell: (r) => formatNumber(t.locale, r.row),
      sort: (r) => r.row,
      text: (r) => String(r.row),
    },
    {
      id: 'column',
      head: t('money.column'),
      cell: (r) => r.column,
      sort: (r) => r.column,
      text: (r) => r.column,
    },
    {
      id: 'value',
      head: t('money.value'),
      cell: (r) => <span className={styles.value}>{r.value || '—'}</span>,
      text: (r) => r.value,
    },
    { id: 'reason', head: t('money.reason'), cell: (r) => r.message, text: (r) => r.message },
  ];
  return (
    <div className={styles.outcome} role="status">
      <p className={styles.counts} data-rejected={outcome.rejected.length > 0 || undefined}>
        <Icon name={outcome.rejected.length > 0 ? 'critical' : 'check'} />
        <span>
          {t(outcome.dryRun ? 'money.checkedRows' : 'money.storedRows', counts)}
          {'. '}
          {outcome.rejected.length > 0
            ? t('money.mendFirst')
            : outcome.dryRun
              ? t('money.nothingStored')
              : ''}
        </span>
      </p>
      {outcome.rejected.length > 0 && (
        <DataTable
          id="rejected"
          name={t('money.rejected')}
          columns={rejectionColumns}
          rows={outcome.rejected}
          rowKey={(r) => `${r.row} ${r.column} ${r.message}`}
          withTools={outcome.rejected.length > 6}
        />
      )}
    </div>
  );
}
