'use client';
import type { BillImport } from '@wattproof/contracts/api';
import { formatInstant, formatNumber } from '@wattproof/messages';
import { Section } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { type Column, DataTable } from '../table/data-table.tsx';
import styles from './money.module.css';

/** Files that were sent, and what became of their rows. */
export function ImportHistory({
  imports,
  timeZone,
}: {
  readonly imports: readonly BillImport[];
  readonly timeZone: string;
}) {
  const t = useTranslator();
  const at = (i: BillImport): string =>
    i.importedAt ? formatInstant(t.locale, timeZone, i.importedAt, 'dateTime') : '—';
  const count = (
    id: string,
    head: 'money.rowsIn' | 'money.stored' | 'money.unchanged' | 'money.rejectedCount',
    of: (i: BillImport) => number,
  ): Column<BillImport> => ({
    id,
    head: t(head),
    align: 'right',
    proof: { without: 'count' },
    cell: (i) => (
      <span className={id === 'rejected' && of(i) > 0 ? styles.missing : undefined}>
        {formatNumber(t.locale, of(i))}
      </span>
    ),
    sort: of,
    text: (i) => String(of(i)),
  });
  const columns: Column<BillImport>[] = [
    {
      id: 'file',
      head: t('money.fileName'),
      phone: 'title',
      cell: (i) => i.fileName,
      sort: (i) => i.fileName,
      text: (i) => i.fileName,
    },
    { id: 'at', head: t('money.importedAt'), cell: at, sort: (i) => i.importedAt, text: at },
    {
      id: 'by',
      head: t('money.importedBy'),
      cell: (i) => i.importedBy ?? '—',
      sort: (i) => i.importedBy,
      text: (i) => i.importedBy ?? '',
    },
    count('rows', 'money.rowsIn', (i) => i.rows),
    count('stored', 'money.stored', (i) => i.stored),
    count('unchanged', 'money.unchanged', (i) => i.unchanged),
    count('rejected', 'money.rejectedCount', (i) => i.rejected.length),
  ];
  return (
    <Section title={t('money.imports')}>
      <DataTable
        id="imports"
        name={t('money.imports')}
        columns={columns}
        rows={imports}
        rowKey={(i) => i.id ?? `${i.fileName} ${i.importedAt}`}
        withTools={imports.length > 6}
        empty={t('money.importsNone')}
      />
    </Section>
  );
}
