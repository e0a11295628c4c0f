import type { MeasurandName } from '@wattproof/energy';
import type { Communication } from '../communication.ts';
import { planReads } from '../plan.ts';
import type { DeviceProfile, Point } from '../profile.ts';
import { type RegisterType, registerWords, type WordOrder } from '../register.ts';
import { columnOfHead, type TableColumn } from './table-column.ts';
import {
  measurandNamed,
  measurandOfDescription,
  type UnitFactor,
  unitFactorOf,
  unitFits,
} from './table-measurand.ts';

/** Most rows of a table; the largest published ones have some hundred. */
export const tableLimits = { rows: 2000, points: 500 } as const;

/** What is wrong with one cell, in words for the person who made the table. */
export interface TableError {
  /** Row as a spreadsheet counts it: 1 is the head. */
  readonly row: number;
  readonly field: TableColumn | 'table';
  readonly value: string;
  readonly reason: string;
}

/** What the person says about the device besides its table. */
export interface TableAbout {
  readonly id: string;
  readonly maker: string;
  readonly title: string;
  readonly models: readonly string[];
  /** Which document the table is from. */
  readonly source: string;
  readonly maxWords?: number;
  readonly minimumGap_ms?: number;
  readonly wordOrder?: WordOrder;
  readonly communication?: Communication;
}

export type TableResult =
  | {
      readonly ok: true;
      readonly profile: DeviceProfile;
      /** Registers whose meaning was not recognised: they are read and kept as attributes. */
      readonly attributes: readonly { readonly row: number; readonly description: string }[];
      /** Head lines and empty rows that were passed over. */
      readonly skippedRows: readonly number[];
    }
  | { readonly ok: false; readonly errors: readonly TableError[] };

type Cells = Readonly<Partial<Record<TableColumn, string>>>;

interface ReadRow {
  readonly row: number;
  readonly cells: Cells;
}

/**
 * The profile that a register table makes, or everything that is wrong with it, row by row; nothing is half-applied.
 *
 * `rows` are the cells of the table with its head, as a CSV file, a sheet or a form gives them. Required columns:
 * decimal or hexadecimal address, words, description, type. The measurand follows from the description or from a column
 * `measurand`; without one the register is an attribute. The profile has the lowest trust, and says so.
 */
export function readRegisterTable(rows: readonly (readonly string[])[], about: TableAbout): TableResult {
  const headRow = rows.findIndex((cells) => cells.filter((c) => columnOfHead(c)).length >= 3);
  const wrong = (reason: string): TableResult => ({
    ok: false,
    errors: [{ row: Math.max(1, headRow + 1), field: 'table', value: '', reason }],
  });
  if (rows.length > tableLimits.rows) return wrong(`at most ${tableLimits.rows} rows, not ${rows.length}`);
  if (headRow < 0)
    return wrong(
      'no head was found: the first line names the columns, as "Register address (Dec)", "Dimension (word)", "Description", "Type"',
    );
  const columns = (rows[headRow] ?? []).map(columnOfHead);
  const twice = columns.find((c, i) => c !== undefined && columns.indexOf(c) !== i);
  if (twice) return wrong(`the column ${twice} stands there twice`);
  const missing = (['words', 'description', 'type'] as const).filter((c) => !columns.includes(c));
  if (!columns.includes('decimal') && !columns.includes('hexadecimal'))
    return wrong(
      'a column with the address is missing: "Register address (Dec)" or "Register address (Hex)"',
    );
  if (missing.length > 0) return wrong(`columns are missing: ${missing.join(', ')}`);

  const skippedRows: number[] = [];
  const read: ReadRow[] = [];
  rows.slice(headRow + 1).forEach((values, i) => {
    const row = headRow + 2 + i;
    const cells: Partial<Record<TableColumn, string>> = {};
    columns.forEach((column, at) => {
      if (column) cells[column] = (values[at] ?? '').trim();
    });
    // A section's head has an address and a length, but no type: it describes what follows.
    if (!cells.type) skippedRows.push(row);
    else read.push({ row, cells });
  });
  const errors: TableError[] = [];
  const points: { readonly row: number; readonly point: Point; readonly words: number }[] = [];
  const attributes: { row: number; description: string }[] = [];
  const functionCodes = new Map<number, number>();
  for (const entry of read) {
    const outcome = pointOfRow(entry, about);
    errors.push(...outcome.errors);
    if (outcome.functionCode !== undefined && !functionCodes.has(outcome.functionCode))
      functionCodes.set(outcome.functionCode, entry.row);
    if (!outcome.point) continue;
    points.push({ row: entry.row, point: outcome.point, words: registerWords[outcome.point.type] });
    if (outcome.point.measurand === undefined)
      attributes.push({ row: entry.row, description: entry.cells.description ?? '' });
  }
  errors.push(...conflictsOf(points));
  if (functionCodes.size > 1) {
    const [, second] = [...functionCodes.values()];
    errors.push({
      row: second ?? 1,
      field: 'functionCode',
      value: [...functionCodes.keys()].join(', '),
      reason: 'one table is read with one function code: make a profile of each',
    });
  }
  if (errors.length === 0 && points.length === 0) return wrong('no row has a type: there is nothing to read');
  if (points.length > tableLimits.points)
    return wrong(
      `at most ${tableLimits.points} registers, not ${points.length}: leave out what is not needed`,
    );
  if (errors.length > 0) return { ok: false, errors: errors.sort((a, b) => a.row - b.row) };
  const profile = profileOf(
    about,
    points.map((p) => p.point),
    functionCodes.keys().next().value === 4 ? 4 : 3,
  );
  const unreadable = unreadableReason(profile);
  return unreadable ? wrong(unreadable) : { ok: true, profile, attributes, skippedRows };
}

const profileOf = (about: TableAbout, points: readonly Point[], functionCode: 3 | 4): DeviceProfile => ({
  id: about.id,
  maker: about.maker,
  models: about.models,
  title: about.title,
  source: about.source,
  trust: 'documented',
  verified: false,
  notice: 'From an uploaded table, not seen on hardware.',
  functionCode,
  limits: {
    maxWords: about.maxWords ?? 32,
    minimumGap_ms: about.minimumGap_ms ?? 20,
    unreadable: [],
  },
  ...(about.communication ? { communication: about.communication } : {}),
  points,
});

/** Whether requests can be planned at all: the longest value must fit a request. */
function unreadableReason(profile: DeviceProfile): string | undefined {
  const { maxWords } = profile.limits;
  if (!(Number.isInteger(maxWords) && maxWords >= 1 && maxWords <= 125))
    return `a request reads 1 to 125 words, not ${maxWords}`;
  const longest = Math.max(...profile.points.map((p) => registerWords[p.type]));
  if (longest > maxWords) return `a value of ${longest} words does not fit requests of ${maxWords}`;
  planReads(profile);
  return undefined;
}

interface RowOutcome {
  readonly point?: Point;
  readonly functionCode?: number;
  readonly errors: readonly TableError[];
}

function pointOfRow({ row, cells }: ReadRow, about: TableAbout): RowOutcome {
  const errors: TableError[] = [];
  const wrong = (field: TableColumn, reason: string): undefined => {
    errors.push({ row, field, value: cells[field] ?? '', reason });
    return undefined;
  };
  const address = addressOf(cells, wrong);
  const type = typeOf(cells, wrong);
  const factor = factorOf(cells, wrong);
  const functionCode = functionCodeOf(cells, wrong);
  const measurand = measurandOfCells(cells, factor, wrong);
  const range = rangeOf(cells, wrong);
  const wordOrder = wordOrderOf(cells, about, wrong);
  const notAvailable = markersOf(cells, type, wrong);
  if (address !== undefined && type && address + registerWords[type] > 65_536)
    wrong('decimal', 'the value ends beyond address 65 535');
  if (errors.length > 0 || address === undefined || !type || !factor)
    return { errors, ...(functionCode === undefined ? {} : { functionCode }) };
  const { multiply, divide } = factor;
  return {
    errors,
    ...(functionCode === undefined ? {} : { functionCode }),
    point: {
      key: measurand ?? `register_${address}`,
      address,
      type,
      ...(wordOrder === 'lowFirst' ? { wordOrder } : {}),
      ...(measurand ? { measurand } : {}),
      ...(multiply === 1 && divide === 1
        ? {}
        : { scale: { ...(multiply === 1 ? {} : { multiply }), ...(divide === 1 ? {} : { divide }) } }),
      ...(range ? { range: scaledRange(range, cells.unit ?? '') } : {}),
      ...(notAvailable ? { notAvailable } : {}),
    },
  };
}

type Refuse = (field: TableColumn, reason: string) => undefined;

function addressOf(cells: Cells, wrong: Refuse): number | undefined {
  const decimal = cells.decimal ? wholeNumber(cells.decimal) : undefined;
  if (cells.decimal && decimal === undefined) return wrong('decimal', 'a whole number is expected');
  const digits = cells.hexadecimal?.replace(/^0x/i, '').replace(/h$/i, '');
  const hexadecimal = digits && /^[0-9a-f]{1,4}$/i.test(digits) ? Number.parseInt(digits, 16) : undefined;
  if (digits && hexadecimal === undefined)
    return wrong('hexadecimal', 'up to four hexadecimal digits are expected');
  const address = decimal ?? hexadecimal;
  if (address === undefined) return wrong('decimal', 'the address is missing');
  if (address > 65_535) return wrong('decimal', 'addresses end at 65 535');
  if (hexadecimal !== undefined && hexadecimal !== address)
    return wrong(
      'hexadecimal',
      `${address} is ${address.toString(16).toUpperCase().padStart(4, '0')}h, not ${digits}`,
    );
  if (cells.number) {
    const number = wholeNumber(cells.number);
    if (number !== address + 1)
      return wrong('number', `a register's number is its address + 1: ${address + 1} is expected`);
  }
  return address;
}

const wholeNumber = (text: string): number | undefined =>
  /^\d{1,9}$/.test(text.replace(/[\s\u202f\u00a0]/g, ''))
    ? Number(text.replace(/[\s\u202f\u00a0]/g, ''))
    : undefined;

const integerTypes: Readonly<
  Record<number, readonly [unsigned: RegisterType, signed: RegisterType | undefined]>
> = {
  1: ['u16', 's16'],
  2: ['u32', 's32'],
  3: ['u48', undefined],
  4: ['u64', 's64'],
};
/** Words that a name of a type says by itself. */
const saidWords: readonly (readonly [RegExp, number])[] = [
  [/double long|long long|(int|s|u)64/, 4],
  [/long|(int|s|u)32|dword/, 2],
  [/word|short|(int|s|u)16/, 1],
];

function typeOf(cells: Cells, wrong: Refuse): RegisterType | undefined {
  const words = cells.words ? wholeNumber(cells.words) : undefined;
  if (words === undefined || words < 1 || words > 4) return wrong('words', 'a value has 1 to 4 words');
  const text = (cells.type ?? '').toLowerCase();
  if (/float|real|ieee/.test(text))
    return words === 2 ? 'f32' : wrong('words', `a float has 2 words, not ${words}`);
  const said = saidWords.find(([pattern]) => pattern.test(text))?.[1];
  const isUnsigned = /unsigned|^u(int)?\d|^word$|^bitmap|^enum/.test(text);
  const isSigned = !isUnsigned && /signed|^s(int)?\d|^int\d/.test(text);
  if (!isUnsigned && !isSigned)
    return wrong(
      'type',
      '"unsigned word", "signed word", "unsigned long", "signed long" or "float" is expected',
    );
  if (said !== undefined && said !== words)
    return wrong('words', `"${cells.type}" has ${said} ${said === 1 ? 'word' : 'words'}, not ${words}`);
  const type = integerTypes[words]?.[isSigned ? 1 : 0];
  return type ?? wrong('type', `a signed value of ${words} words is not known`);
}

/** `0.01`, `1`, `10`, `1/100`, with decimal comma or point, as a fraction of integers. */
function scaleOf(text: string): { readonly multiply: number; readonly divide: number } | undefined {
  const bare = text.replace(/\s/g, '').replace(',', '.');
  const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(bare) ?? [];
  if (numerator && denominator) {
    const fraction = { multiply: Number(numerator), divide: Number(denominator) };
    return fraction.multiply > 0 && fraction.divide > 0 ? fraction : undefined;
  }
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(bare)) return undefined;
  const divide = 10 ** (bare.split('.')[1]?.length ?? 0);
  const multiply = Math.round(Number(bare) * divide);
  return multiply > 0 ? { multiply, divide } : undefined;
}

function factorOf(cells: Cells, wrong: Refuse): UnitFactor | undefined {
  const scale = scaleOf(cells.scale || '1');
  if (!scale) return wrong('scale', 'a positive number is expected, like 0.01, 1 or 1/100');
  const unit = unitFactorOf(cells.unit ?? '');
  if (!unit)
    return wrong('unit', 'the unit is not known; V, mA, kW, kvarh, Hz, %, °C, h, m³ and their like are');
  const [multiply, divide] = [scale.multiply * unit.multiply, scale.divide * unit.divide];
  const common = greatestDivisor(multiply, divide);
  return { unit: unit.unit, multiply: multiply / common, divide: divide / common };
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

function functionCodeOf(cells: Cells, wrong: Refuse): number | undefined {
  if (!cells.functionCode) return undefined;
  const code = wholeNumber(cells.functionCode);
  return code === 3 || code === 4 ? code : wrong('functionCode', 'registers are read with function 3 or 4');
}

function measurandOfCells(
  cells: Cells,
  factor: UnitFactor | undefined,
  wrong: Refuse,
): MeasurandName | undefined {
  const named = cells.measurand ? measurandNamed(cells.measurand) : undefined;
  if (cells.measurand && !named) return wrong('measurand', 'no measurand has that name');
  const measurand = named ?? measurandOfDescription(cells.description ?? '');
  if (measurand && factor && !unitFits(measurand, factor)) {
    if (named) return wrong('unit', `${measurand} is not measured in ${cells.unit || 'no unit'}`);
    return wrong(
      'unit',
      `"${cells.description}" reads as ${measurand}, which is not measured in ${cells.unit || 'no unit'}`,
    );
  }
  return measurand;
}

function rangeOf(cells: Cells, wrong: Refuse): { readonly min: number; readonly max: number } | undefined {
  if (!cells.range || cells.range === '-') return undefined;
  const [, from, to] =
    /^\[?\s*([-−]?[\d.,]+)\s*(?:\.\.\.?|…|÷|;|to|\/|–)\s*([-−]?[\d.,]+)\s*\]?$/i.exec(cells.range) ?? [];
  const number = (text: string | undefined): number =>
    text === undefined ? Number.NaN : Number(text.replace('−', '-').replace(',', '.'));
  const range = { min: number(from), max: number(to) };
  return Number.isFinite(range.min) && Number.isFinite(range.max) && range.min < range.max
    ? range
    : wrong('range', 'two numbers are expected, the smaller first, like 0 .. 100');
}

/** A range is printed in the table's unit; the profile wants the measurand's. */
function scaledRange(
  { min, max }: { readonly min: number; readonly max: number },
  unit: string,
): { readonly min: number; readonly max: number } {
  const { multiply, divide } = unitFactorOf(unit) ?? { multiply: 1, divide: 1 };
  return { min: (min * multiply) / divide, max: (max * multiply) / divide };
}

function wordOrderOf(cells: Cells, about: TableAbout, wrong: Refuse): WordOrder | undefined {
  const text = cells.wordOrder?.toLowerCase();
  if (!text) return about.wordOrder;
  if (['highfirst', 'high first', 'abcd', 'big'].includes(text)) return 'highFirst';
  if (['lowfirst', 'low first', 'cdab', 'little'].includes(text)) return 'lowFirst';
  return wrong('wordOrder', '"high first" (ABCD) or "low first" (CDAB) is expected');
}

function markersOf(
  cells: Cells,
  type: RegisterType | undefined,
  wrong: Refuse,
): readonly number[] | undefined {
  if (!cells.notAvailable) return undefined;
  const markers = cells.notAvailable.split(/[,;]\s*/).map((text) => {
    const digits = text.trim().replace(/^0x/i, '').replace(/h$/i, '');
    return /^[0-9a-f]{1,12}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
  });
  if (markers.some((m) => !Number.isSafeInteger(m)))
    return wrong('notAvailable', 'hexadecimal contents are expected, like FFFFFFFF');
  if (type && markers.some((m) => m >= 2 ** (16 * registerWords[type])))
    return wrong('notAvailable', `longer than the register of ${registerWords[type]} words`);
  return markers;
}

/** Addresses that overlap, and measurands that two registers claim. */
function conflictsOf(
  points: readonly { readonly row: number; readonly point: Point; readonly words: number }[],
): TableError[] {
  const errors: TableError[] = [];
  const byWord = new Map<number, number>();
  const byMeasurand = new Map<string, number>();
  for (const { row, point, words } of points) {
    for (let word = point.address; word < point.address + words; word++) {
      const earlier = byWord.get(word);
      if (earlier !== undefined) {
        errors.push({
          row,
          field: 'decimal',
          value: String(point.address),
          reason: `address ${word} belongs to row ${earlier} already`,
        });
        break;
      }
      byWord.set(word, row);
    }
    if (typeof point.measurand !== 'string') continue;
    const earlier = byMeasurand.get(point.measurand);
    if (earlier === undefined) byMeasurand.set(point.measurand, row);
    else
      errors.push({
        row,
        field: 'measurand',
        value: point.measurand,
        reason: `row ${earlier} is ${point.measurand} already; leave one out or name another measurand`,
      });
  }
  return errors;
}
