import { type NewAccountRow, newAccountRow } from '@wattproof/contracts/api';
import type { Rejection, TableForm, TableLine } from '@wattproof/database';
import { isDecimal } from '@wattproof/energy';

/** Columns of a table of account rows; the guide docs/guides/import-account-rows.md describes them. */
const required = ['legal_entity', 'kind', 'carrier', 'reason', 'source'] as const;
const optional = [
  'site',
  'meter',
  'energy_kwh',
  'calorific_basis',
  'valid_from',
  'valid_to',
  'limit_percent',
  'counterpart',
] as const;
type Column = (typeof required)[number] | (typeof optional)[number];

export const accountRowForm: TableForm<Column> = {
  required,
  optional,
  dates: new Set(['valid_from', 'valid_to']),
  limits: { bytes: 2_000_000, rows: 2_000 },
};

/** What the cells of a table may name. */
export interface AccountNames {
  readonly legalEntities: readonly {
    readonly id: string;
    readonly name: string;
    readonly registrationNumber: string;
  }[];
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly meters: readonly { readonly id: number; readonly name: string; readonly siteId: string }[];
}

export interface ReadAccountRow {
  readonly row: number;
  readonly wish: NewAccountRow;
}

/** Column of each member that a row is refused for. */
const columns: Readonly<Record<string, Column>> = {
  legalEntityId: 'legal_entity',
  kind: 'kind',
  carrier: 'carrier',
  siteId: 'site',
  meterId: 'meter',
  energy_kwh: 'energy_kwh',
  calorificBasis: 'calorific_basis',
  validFrom: 'valid_from',
  validTo: 'valid_to',
  limit_percent: 'limit_percent',
  counterpartEntityId: 'counterpart',
  reason: 'reason',
  source: 'source',
};

const orNull = (cell: string): string | null => (cell === '' ? null : cell);
const isNamed = (name: string, cell: string): boolean => name.toLowerCase() === cell.toLowerCase();

/** Names in cells become what they name; where they name nothing, or two things, the row is refused. */
function lookUp<Item>(
  items: readonly Item[],
  cell: string,
  { what, matches }: { readonly what: string; readonly matches: (item: Item) => boolean },
): Item | string | null {
  if (cell === '') return null;
  const [found, other] = items.filter(matches);
  if (!found) return `there is no ${what} of this name`;
  return other ? `there are several ${what}s of this name` : found;
}

/** One line as a row of the account, checked as one that is typed in, or everything that is wrong with it. */
export function readAccountRow(
  { row, cells }: TableLine<Column>,
  { legalEntities, sites, meters }: AccountNames,
): ReadAccountRow | readonly Rejection[] {
  const rejections: Rejection[] = [];
  const fault = (column: Column, message: string): void => {
    if (!rejections.some((known) => known.column === column))
      rejections.push({ row, column, value: cells[column].slice(0, 100), message });
  };
  const named = <Item>(column: Column, found: Item | string | null): Item | null => {
    if (typeof found !== 'string') return found;
    fault(column, found);
    return null;
  };
  const entity = (column: 'legal_entity' | 'counterpart') =>
    named(
      column,
      lookUp(legalEntities, cells[column], {
        what: 'legal entity',
        matches: (one) => isNamed(one.name, cells[column]) || one.registrationNumber === cells[column],
      }),
    );
  const owner = entity('legal_entity');
  const counterpart = entity('counterpart');
  const site = named(
    'site',
    lookUp(sites, cells.site, { what: 'site', matches: (one) => isNamed(one.name, cells.site) }),
  );
  const meter = named(
    'meter',
    lookUp(meters, cells.meter, {
      what: 'meter',
      matches: (one) =>
        (isNamed(one.name, cells.meter) || String(one.id) === cells.meter) &&
        (site === null || one.siteId === site.id),
    }),
  );
  for (const column of ['energy_kwh', 'limit_percent'] as const)
    if (cells[column] !== '' && !isDecimal(cells[column]))
      fault(column, 'must be a number with a point and no spaces, such as 1234.5');
  const wish = newAccountRow.safeParse({
    legalEntityId: owner?.id ?? null,
    kind: cells.kind,
    carrier: cells.carrier,
    siteId: site?.id ?? null,
    meterId: meter?.id ?? null,
    energy_kwh: orNull(cells.energy_kwh),
    calorificBasis: cells.calorific_basis.toLowerCase() || 'none',
    validFrom: orNull(cells.valid_from),
    validTo: orNull(cells.valid_to),
    limit_percent: orNull(cells.limit_percent),
    counterpartEntityId: counterpart?.id ?? null,
    reason: cells.reason,
    source: cells.source,
  });
  for (const issue of wish.error?.issues ?? []) {
    const { path } = issue;
    const message =
      issue.code === 'invalid_value' ? `must be one of ${issue.values.join(', ')}` : issue.message;
    const column = columns[String(path[0])] ?? 'legal_entity';
    // Follows from a meter that was named and not found.
    if (column === 'energy_kwh' && cells.meter !== '' && meter === null) continue;
    fault(column, cells[column] === '' && path[0] === 'legalEntityId' ? 'must name a legal entity' : message);
  }
  return wish.success && rejections.length === 0 ? { row, wish: wish.data } : rejections;
}

/** The same row, however its numbers are written. */
export const accountRowKey = (row: NewAccountRow): string =>
  JSON.stringify([
    row.legalEntityId,
    row.kind,
    row.carrier,
    row.siteId,
    row.meterId,
    row.energy_kwh === null ? null : Number(row.energy_kwh),
    row.calorificBasis,
    row.validFrom,
    row.validTo,
    row.limit_percent === null ? null : Number(row.limit_percent),
    row.counterpartEntityId,
    row.reason,
    row.source,
  ]);

/** Rows that stand in the file twice. */
export function repeatedRows(rows: readonly ReadAccountRow[]): Rejection[] {
  const firstRows = new Map<string, number>();
  return rows.flatMap(({ row, wish }) => {
    const key = accountRowKey(wish);
    const first = firstRows.get(key);
    if (first === undefined) {
      firstRows.set(key, row);
      return [];
    }
    return [
      { row, column: 'source', value: wish.source, message: `is in the file already, in row ${first}` },
    ];
  });
}
