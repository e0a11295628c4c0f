'use client';
import type { ReceiptlessReason } from '@wattproof/evidence/receipt';
import { usePathname, useSearchParams } from 'next/navigation';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Button } from '../form/button.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import type { Proof } from '../receipt/proof.ts';
import { Proved } from '../receipt/proved.tsx';
import { withQuery } from '../shell/query.ts';
import { csvText, saveFile } from './csv.ts';
import styles from './data-table.module.css';

/** What proves the figures of a column: their place within the row's entry (empty: all of it), why they have no receipt, or each cell itself. */
export type ColumnProof<Row> =
  | { readonly member: string | ((row: Row) => string | null) }
  | { readonly receipt: (row: Row) => string | null }
  | { readonly without: ReceiptlessReason }
  | 'inCell';

/** Columns that stand at the right hold figures, and say what proves them. */
export type Column<Row> = ColumnForm<Row> &
  (
    | { readonly align?: never; readonly proof?: ColumnProof<Row> }
    | { readonly align: 'right'; readonly proof: ColumnProof<Row> }
    // What is done with a row has no figures.
    | { readonly align: 'right'; readonly isHeadHidden: boolean; readonly proof?: ColumnProof<Row> }
  );

interface ColumnForm<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** What is sorted by; numbers sort as numbers, null comes last. Without it the column does not sort. */
  readonly sort?: (row: Row) => string | number | null;
  /** What is searched and exported; without it the column is not. */
  readonly text?: (row: Row) => string;
  /** On a phone: the first line of the row, or left out. */
  readonly phone?: 'title' | 'hidden';
  /** The head is for screen readers only (actions, icons). */
  readonly isHeadHidden?: boolean;
  readonly width?: string;
}

/** Fewer rows than this are read faster than filtered. */
const filterFrom = 8;

export interface SortOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** Order with null last in both directions; equal rows keep their place. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: SortOrder | null,
): Row[] {
  const key = columns.find((c) => c.id === order?.column)?.sort;
  if (!order || !key) return [...rows];
  const sign = order.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return typeof x === 'number' && typeof y === 'number'
      ? sign * (x - y)
      : sign * String(x).localeCompare(String(y), undefined, { numeric: true });
  });
}

/** Rows that hold every word of the filter somewhere. */
export function filterRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  filter: string,
): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...rows];
  return rows.filter((row) => {
    const text = columns
      .map((c) => c.text?.(row) ?? '')
      .join(' ')
      .toLowerCase();
    return words.every((w) => text.includes(w));
  });
}

const orderOf = (text: string | null): SortOrder | null =>
  text ? { column: text.replace(/^-/, ''), descending: text.startsWith('-') } : null;

/**
 * A ruled table: sorts, filters, exports what is seen, keeps its state in the URL; a two-line list on phones.
 * `name` is said to screen readers and names the file of the export, `id` names the parameters in the URL.
 */
export function DataTable<Row>({
  id,
  name,
  columns,
  rows,
  rowKey,
  rowState,
  rowMember,
  empty,
  initialSort = null,
  withTools = true,
  foot,
}: {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowState?: (row: Row) => 'selected' | 'muted' | undefined;
  /** Place of a row's entry in the answer that the table shows; the columns' members lie within it. */
  readonly rowMember?: (row: Row) => string;
  readonly empty?: ReactNode;
  readonly initialSort?: SortOrder | null;
  readonly withTools?: boolean;
  readonly foot?: ReactNode;
}) {
  const t = useTranslator();
  const pathname = usePathname();
  const search = useSearchParams();
  const [order, setOrder] = useState(() => orderOf(search.get(`${id}.sort`)) ?? initialSort);
  const [filter, setFilter] = useState(() => search.get(`${id}.filter`) ?? '');

  // The table's state goes to the URL without a new page, and not on every key stroke.
  useEffect(() => {
    const timer = setTimeout(() => {
      const isInitial =
        order?.column === initialSort?.column && order?.descending === initialSort?.descending;
      const next = withQuery(window.location.search, {
        [`${id}.sort`]: order && !isInitial ? `${order.descending ? '-' : ''}${order.column}` : null,
        [`${id}.filter`]: filter || null,
      });
      if (next !== window.location.search) window.history.replaceState(null, '', `${pathname}${next}`);
    }, 250);
    return () => clearTimeout(timer);
  }, [order, filter, id, pathname, initialSort]);

  const shown = useMemo(
    () => sortRows(filterRows(rows, columns, filter), columns, order),
    [rows, columns, filter, order],
  );
  const toggle = (column: string): void =>
    setOrder((o) =>
      o?.column === column ? { column, descending: !o.descending } : { column, descending: false },
    );
  const exported = columns.filter((c) => c.text);
  const exportCsv = (): void =>
    saveFile(
      `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.csv`,
      'text/csv',
      csvText([exported.map((c) => c.head), ...shown.map((row) => exported.map((c) => c.text?.(row) ?? ''))]),
    );
  if (rows.length === 0 && empty) return <div className={styles.empty}>{empty}</div>;
  return (
    <div className={styles.wrap}>
      {withTools && (
        <div className={styles.tools}>
          {rows.length > filterFrom && (
            <input
              type="search"
              className={styles.filter}
              placeholder={t('table.filter')}
              aria-label={t('table.filterLabel', { name })}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
          <span className={styles.count} role="status">
            {shown.length === rows.length
              ? t('table.rows', { shown: shown.length })
              : t('table.rowsOf', { shown: shown.length, all: rows.length })}
          </span>
          <Button kind="words" onClick={exportCsv}>
            {t('table.export')}
          </Button>
        </div>
      )}
      <table className={styles.table}>
        <caption className="visually-hidden">{name}</caption>
        <thead>
          <tr>
            {columns.map((column) => {
              const direction = order?.column === column.id ? order.descending : null;
              return (
                <th
                  key={column.id}
                  scope="col"
                  data-align={column.align}
                  style={column.width ? { width: column.width } : undefined}
                  aria-sort={direction === null ? undefined : direction ? 'descending' : 'ascending'}
                >
                  {column.isHeadHidden ? (
                    <span className="visually-hidden">{column.head}</span>
                  ) : column.sort ? (
                    <button
                      type="button"
                      onClick={() => toggle(column.id)}
                      title={t('table.sortBy', { column: column.head })}
                    >
                      {column.head}
                      <span aria-hidden="true" className={styles.arrow}>
                        {direction === null ? '' : direction ? ' ↓' : ' ↑'}
                      </span>
                    </button>
                  ) : (
                    column.head
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)} data-state={rowState?.(row)}>
              {columns.map((column) => (
                <td
                  key={column.id}
                  data-align={column.align}
                  data-phone={column.phone}
                  data-head={column.isHeadHidden ? undefined : column.head}
                >
                  <ProvedCell column={column} row={row} rowMember={rowMember} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
      {shown.length === 0 && rows.length > 0 && (
        <p className={styles.none}>
          {t('table.empty', { filter })}{' '}
          <Button kind="words" onClick={() => setFilter('')}>
            {t('table.clear')}
          </Button>
        </p>
      )}
    </div>
  );
}

/** What proves a cell; null where the column leaves it to its cells, or this cell has no figure. */
function cellProof<Row>(
  { proof }: Column<Row>,
  row: Row,
  rowMember: ((row: Row) => string) | undefined,
): Proof | null {
  if (proof === undefined || proof === 'inCell') return null;
  if ('without' in proof) return proof;
  if ('receipt' in proof) {
    const receipt = proof.receipt(row);
    return receipt === null ? null : { receipt };
  }
  const member = typeof proof.member === 'string' ? proof.member : proof.member(row);
  if (member === null) return null;
  return { member: rowMember ? [rowMember(row), member].filter(Boolean).join('.') : member };
}

function ProvedCell<Row>({
  column,
  row,
  rowMember,
}: {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly rowMember: ((row: Row) => string) | undefined;
}) {
  const content = column.cell(row);
  const proof = cellProof(column, row, rowMember);
  if (proof === null || content === '—' || content === '') return content;
  return (
    <Proved proof={proof} label={column.head}>
      {content}
    </Proved>
  );
}
