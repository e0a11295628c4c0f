import { meterPlan } from '@wattproof/contracts/api';
import { type ConfigurationPlan, findProduct, type MeterPlan } from '@wattproof/devices';

/** Most rows of a table: as many meters as a gateway reads. */
export const meterTableLimit = 2000;

/** Columns in the order in which an example is written. What else a head names is a setting, such as `ct_ratio`. */
export const meterTableColumns = [
  'line',
  'key',
  'name',
  'address',
  'product',
  'profile',
  'period_s',
  'carrier',
  'use',
  'measurand',
  'zone',
  'circuit',
] as const;
type Column = (typeof meterTableColumns)[number];

export interface MeterTableError {
  readonly row: number;
  readonly field: string;
  readonly value: string;
  readonly reason: string;
}
export interface PlaceNames {
  readonly zones: readonly { readonly id: string; readonly name: string }[];
  readonly circuits: readonly { readonly id: string; readonly name: string }[];
}
export type MeterTableResult =
  | { readonly ok: true; readonly meters: readonly { readonly line: string; readonly meter: MeterPlan }[] }
  | { readonly ok: false; readonly errors: readonly MeterTableError[] };

/**
 * The meters that a table names, or everything that is wrong with it, row by row. A product without a profile takes the first
 * that serves it; zones and circuits are named as on the site.
 */
export function readMeterTable(
  rows: readonly (readonly string[])[],
  lineKeys: readonly string[],
  places: PlaceNames,
): MeterTableResult {
  const head = (rows[0] ?? []).map((cell) => cell.trim());
  const wrong = (reason: string): MeterTableResult => ({
    ok: false,
    errors: [{ row: 1, field: 'table', value: '', reason }],
  });
  const missing = (['line', 'key', 'name', 'address'] as const).filter((column) => !head.includes(column));
  if (missing.length > 0) return wrong(`columns are missing: ${missing.join(', ')}`);
  const twice = head.find((column, i) => column !== '' && head.indexOf(column) !== i);
  if (twice) return wrong(`the column ${twice} stands there twice`);
  if (rows.length - 1 > meterTableLimit)
    return wrong(`at most ${meterTableLimit} rows, not ${rows.length - 1}`);
  const errors: MeterTableError[] = [];
  const meters: { line: string; meter: MeterPlan }[] = [];
  const rowOfKey = new Map<string, number>();
  rows.slice(1).forEach((cells, i) => {
    const row = i + 2;
    if (cells.every((cell) => cell.trim() === '')) return;
    const found = meterOfRow(head, cells, { lineKeys, places });
    if (!found.ok) {
      errors.push(...found.errors.map((error) => ({ row, ...error })));
      return;
    }
    const first = rowOfKey.get(found.meter.key);
    if (first !== undefined)
      errors.push({ row, field: 'key', value: found.meter.key, reason: `row ${first} has that key` });
    rowOfKey.set(found.meter.key, row);
    meters.push({ line: found.line, meter: found.meter });
  });
  if (errors.length > 0) return { ok: false, errors };
  return meters.length > 0 ? { ok: true, meters } : wrong('no row names a meter');
}

type CellError = Omit<MeterTableError, 'row'>;

function meterOfRow(
  head: readonly string[],
  cells: readonly string[],
  { lineKeys, places }: { readonly lineKeys: readonly string[]; readonly places: PlaceNames },
):
  | { readonly ok: true; readonly line: string; readonly meter: MeterPlan }
  | { readonly ok: false; readonly errors: readonly CellError[] } {
  const errors: CellError[] = [];
  const text = (column: Column): string => (cells[head.indexOf(column)] ?? '').trim();
  const wrong = (field: string, value: string, reason: string): undefined => {
    errors.push({ field, value, reason });
    return undefined;
  };
  const line = text('line');
  if (!lineKeys.includes(line)) wrong('line', line, `no line has that key; there are ${lineKeys.join(', ')}`);
  const numberOf = (field: string, value: string): number | undefined => {
    const number = Number(value.replace(',', '.'));
    return value !== '' && Number.isFinite(number) ? number : wrong(field, value, 'a number is expected');
  };
  const named = (column: 'zone' | 'circuit', list: PlaceNames['zones']): string | null => {
    const name = text(column);
    if (name === '') return null;
    const fitting = list.filter((place) => place.name === name);
    if (fitting.length === 1) return fitting[0]?.id ?? null;
    wrong(
      column,
      name,
      fitting.length === 0 ? `the site has no ${column} of that name` : 'several have that name',
    );
    return null;
  };
  const settings: Record<string, number> = {};
  head.forEach((column, at) => {
    const value = (cells[at] ?? '').trim();
    if (column === '' || value === '' || (meterTableColumns as readonly string[]).includes(column)) return;
    const number = numberOf(column, value);
    if (number !== undefined) settings[column] = number;
  });
  const product = text('product');
  const [serving] = product === '' ? [] : (findProduct(product)?.profileIds ?? []);
  const profileId = text('profile') || serving;
  if (!profileId)
    wrong(
      'profile',
      product,
      product === '' ? 'a product or a profile is expected' : 'no profile serves that product',
    );
  const period = text('period_s');
  const parsed = meterPlan.safeParse({
    key: text('key'),
    name: text('name'),
    unit: numberOf('address', text('address')),
    product: product || null,
    profileId,
    settings,
    period_s: period === '' ? null : numberOf('period_s', period),
    ...(text('carrier') ? { carrier: text('carrier') } : {}),
    energyUse: text('use') || null,
    measurand: text('measurand') || 'active_energy_import_wh',
    zoneId: named('zone', places.zones),
    circuitId: named('circuit', places.circuits),
  });
  const columnOf: Readonly<Record<string, string>> = {
    unit: 'address',
    energyUse: 'use',
    profileId: 'profile',
  };
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const path = String(issue.path[0] ?? 'table');
      const field = columnOf[path] ?? path;
      if (!errors.some((error) => error.field === field))
        wrong(field, (cells[head.indexOf(field)] ?? '').trim(), issue.message);
    }
  if (errors.length > 0 || !parsed.success) return { ok: false, errors };
  return { ok: true, line, meter: parsed.data };
}

/** A plan with the meters of a table in it: those of the same key take the place of the old ones. */
export function withMeters(
  plan: ConfigurationPlan,
  table: readonly { readonly line: string; readonly meter: MeterPlan }[],
  mode: 'add' | 'replace',
): {
  readonly plan: ConfigurationPlan;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
} {
  const keys = new Set(table.map(({ meter }) => meter.key));
  const named = new Set(table.map(({ line }) => line));
  const before = new Map(plan.lines.flatMap((line) => line.meters.map((m) => [m.key, m] as const)));
  const lines = plan.lines.map((line) => ({
    ...line,
    meters: [
      ...line.meters.filter((m) => !keys.has(m.key) && !(mode === 'replace' && named.has(line.key))),
      ...table.filter((entry) => entry.line === line.key).map(({ meter }) => meter),
    ],
  }));
  const after = new Set(lines.flatMap((line) => line.meters.map((m) => m.key)));
  return {
    plan: { ...plan, lines },
    added: [...keys].filter((key) => !before.has(key)).length,
    changed: [...keys].filter((key) => before.has(key)).length,
    removed: [...before.keys()].filter((key) => !after.has(key)).length,
  };
}

/** The meters of a plan as a table that can be changed and uploaded again. */
export function meterTable(plan: ConfigurationPlan, { zones, circuits }: PlaceNames): string {
  const meters = plan.lines.flatMap((line) => line.meters.map((meter) => ({ line, meter })));
  const settings = [...new Set(meters.flatMap(({ meter }) => Object.keys(meter.settings)))].sort();
  const nameOf = (list: PlaceNames['zones'], id: string | null): string =>
    list.find((place) => place.id === id)?.name ?? '';
  const rows = meters.map(({ line, meter }) => [
    line.key,
    meter.key,
    meter.name,
    String(meter.unit),
    meter.product ?? '',
    meter.profileId,
    meter.period_s === null ? '' : String(meter.period_s),
    meter.carrier,
    meter.energyUse ?? '',
    meter.measurand ?? '',
    nameOf(zones, meter.zoneId),
    nameOf(circuits, meter.circuitId),
    ...settings.map((key) => String(meter.settings[key] ?? '')),
  ]);
  return `${[[...meterTableColumns, ...settings], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A cell that begins like a formula is text to every spreadsheet. */
function cell(value: string): string {
  const safe = /^[=+@\t]|^-\D/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
