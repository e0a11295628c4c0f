/**
 * A sealed meter-day: what one counter of one meter counted on one local day, with the register's index at both ends, the
 * quality of its intervals and the hash of the readings and intervals behind it. One line of text; the line is the leaf of
 * the Merkle tree, so that what a person reads is what is hashed.
 */
import { leafHash } from './merkle.ts';

export interface MeterDay {
  /** 1 when the day was sealed, one more with each restatement. */
  readonly version: number;
  readonly meterId: number;
  readonly measurand: string;
  /** Local date `YYYY-MM-DD` of the site. */
  readonly date: string;
  /** First instant of the day, ISO 8601 in UTC. */
  readonly start: string;
  /** 82,800, 86,400 or 90,000. */
  readonly duration_s: number;
  /** What the register showed at the ends of the day, interpolated and rounded once; null where unknown. */
  readonly indexStart: number | null;
  readonly indexEnd: number | null;
  /** Counted on the day, in the base unit; a lower bound where intervals are missing; null for gauges and where unknown. */
  readonly delta: number | null;
  /** Mean of a gauge; null for counters. */
  readonly mean: number | null;
  readonly n_measured: number;
  readonly n_interpolated: number;
  readonly n_estimated: number;
  readonly n_manual: number;
  readonly n_missing: number;
  /** SHA-256 of the day's readings and intervals in canonical form (`sealed-content.ts`), hexadecimal. */
  readonly contentHash: string;
}

export const meterDayColumns = [
  'version',
  'meter',
  'measurand',
  'date',
  'start',
  'duration_s',
  'index_start',
  'index_end',
  'delta',
  'mean',
  'measured',
  'interpolated',
  'estimated',
  'manual',
  'missing',
  'content_sha256',
] as const;

/** Head of a file of meter-days: the record of the chain that sealed the day stands before it. */
export const meterDayHeader = ['seal', ...meterDayColumns].join(',');

const optional = (value: number | null): string => (value === null ? '' : String(value));

/** The canonical line of a meter-day, without the record that sealed it. */
export const meterDayText = (day: MeterDay): string =>
  [
    day.version,
    day.meterId,
    day.measurand,
    day.date,
    day.start,
    day.duration_s,
    optional(day.indexStart),
    optional(day.indexEnd),
    optional(day.delta),
    optional(day.mean),
    day.n_measured,
    day.n_interpolated,
    day.n_estimated,
    day.n_manual,
    day.n_missing,
    day.contentHash,
  ].join(',');

/** Name of a counter of a meter. */
export const seriesKey = (meterId: number, measurand: string): string => `${meterId} ${measurand}`;

const encoder = new TextEncoder();

/** Leaf of the tree. */
export const meterDayLeaf = (text: string): Uint8Array => leafHash(encoder.encode(text));

export interface SealedLine {
  /** Record of the chain. */
  readonly seal: number;
  readonly text: string;
  readonly day: MeterDay;
}

const number = (text: string): number => {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new RangeError(`"${text}" is no number`);
  return value;
};
const numberOrNull = (text: string): number | null => (text === '' ? null : number(text));

/**
 * Reads a line of a file of meter-days.
 * @throws RangeError where it is not the one way to write its content.
 */
export function parseMeterDay(line: string): SealedLine {
  const comma = line.indexOf(',');
  const text = line.slice(comma + 1);
  const cells = text.split(',');
  if (comma < 1 || cells.length !== meterDayColumns.length)
    throw new RangeError(`not ${meterDayColumns.length + 1} columns`);
  const cell = (i: number): string => cells[i] as string;
  const day: MeterDay = {
    version: number(cell(0)),
    meterId: number(cell(1)),
    measurand: cell(2),
    date: cell(3),
    start: cell(4),
    duration_s: number(cell(5)),
    indexStart: numberOrNull(cell(6)),
    indexEnd: numberOrNull(cell(7)),
    delta: numberOrNull(cell(8)),
    mean: numberOrNull(cell(9)),
    n_measured: number(cell(10)),
    n_interpolated: number(cell(11)),
    n_estimated: number(cell(12)),
    n_manual: number(cell(13)),
    n_missing: number(cell(14)),
    contentHash: cell(15),
  };
  if (meterDayText(day) !== text) throw new RangeError('not written canonically');
  return { seal: number(line.slice(0, comma)), text, day };
}

/**
 * What the day counted beyond the difference of its indices: 0 on an ordinary day; a rollover, a replacement or a missing
 * stretch otherwise. Null where an index is unknown.
 */
export const correctionOf = ({ indexStart, indexEnd, delta }: MeterDay): number | null =>
  indexStart === null || indexEnd === null || delta === null ? null : delta - (indexEnd - indexStart);
