import { decode, parseWords, readRegisterTable, type TableResult } from '@wattproof/devices';
import { findMeasurand } from '@wattproof/energy';

/** A value of a register table while it is typed. */
export interface MapRow {
  readonly id: number;
  readonly address: string;
  readonly type: MapType;
  readonly scale: string;
  readonly unit: string;
  readonly measurand: string;
  readonly missing: string;
  /** Words that the device showed, to try the row with. */
  readonly example: string;
}

/** Types as makers' tables name them, with their length in words. */
export const mapTypes = {
  'Unsigned word': 1,
  'Signed word': 1,
  'Unsigned long': 2,
  'Signed long': 2,
  Float: 2,
  'Unsigned double long': 4,
  'Signed double long': 4,
} as const;
export type MapType = keyof typeof mapTypes;

export const mapUnits = [
  '',
  'Wh',
  'kWh',
  'MWh',
  'varh',
  'kvarh',
  'W',
  'kW',
  'var',
  'kvar',
  'VA',
  'kVA',
  'V',
  'mV',
  'A',
  'mA',
  'Hz',
  '%',
  '°C',
  'h',
  's',
  'l',
  'm³',
  'kg',
] as const;

const head = [
  'Register address (Dec)',
  'Dimension (word)',
  'Description',
  'Type',
  'Scale',
  'Unit',
  'Measurand',
  'Not available',
];

/** The rows as the table that a file would hold: one reader checks both. */
export const tableOf = (rows: readonly MapRow[]): string[][] => [
  head,
  ...rows.map((row) => [
    row.address,
    String(mapTypes[row.type]),
    row.measurand || `Register ${row.address}`,
    row.type,
    row.scale,
    row.unit,
    row.measurand,
    row.missing,
  ]),
];

export interface MapAbout {
  readonly maker: string;
  readonly title: string;
  readonly wordOrder: 'highFirst' | 'lowFirst';
}

export const checkRows = (rows: readonly MapRow[], about: MapAbout): TableResult =>
  readRegisterTable(tableOf(rows), { id: 'own-form', models: [], source: '', ...about });

/** What a row makes of the words of its example, in the measurand's unit; null where it says "no value". */
export function meaningOf(
  row: MapRow,
  about: MapAbout,
): { readonly value: number | null; readonly unit: string } | undefined {
  const words = parseWords(row.example, mapTypes[row.type] as 1 | 2 | 4);
  if (row.example.trim() === '' || !words || words.length !== mapTypes[row.type]) return undefined;
  const checked = checkRows([row], about);
  const point = checked.ok ? checked.profile.points[0] : undefined;
  if (!checked.ok || !point) return undefined;
  const { values, attributes } = decode(checked.profile, {
    words: new Map(words.map((word, i) => [point.address + i, word])),
  });
  const [value] = [...Object.values(values), ...Object.values(attributes)];
  return { value: value ?? null, unit: row.measurand ? (findMeasurand(row.measurand)?.unit ?? '') : '' };
}
