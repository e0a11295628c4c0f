/** Meter-days against the records that sealed them, and against the tree of the bundle. */
import { daysName, type Manifest, type SiteEntry, type SumEntry } from './bundle-form.ts';
import type { ChainRecord } from './chain.ts';
import { LeafHashes, leafHash, merkleRoot } from './merkle.ts';
import { type MeterDay, meterDayHeader, parseMeterDay, type SealedLine, seriesKey } from './meter-day.ts';
import { MeterDayIndex } from './meter-day-index.ts';
import { type SealedSum, SealedSums } from './sealed-sums.ts';
import { toHex } from './sha256.ts';
import { Differs } from './verification.ts';

/** Deltas of a date's versions, in the order in which they were sealed. */
export type DaysOfSeries = ReadonlyMap<string, readonly (number | null)[]>;

/** The meter-days of a bundle as they are checked: what later checks need of them, in little memory. */
export interface SealedDays {
  readonly leaves: LeafHashes;
  readonly restated: number;
  /** Days of the meters that savings are made of: `meter measurand` → date. */
  readonly bySeries: ReadonlyMap<string, DaysOfSeries>;
  /** What the versions in force add up to, for each of the wanted sums in its order. */
  readonly sums: readonly SealedSum[];
  /** The line of a leaf. */
  readonly lineAt: (position: number) => SealedLine;
}

const lineFeed = 10;

const comma = 44;
const decoder = new TextDecoder();

/** Where each line of a file begins and ends, after its head. */
function* linesOf(file: string, bytes: Uint8Array): Generator<readonly [from: number, to: number]> {
  let from = 0;
  let isHead = true;
  while (from < bytes.length) {
    const to = bytes.indexOf(lineFeed, from);
    if (to < 0) throw new Differs(file, 'its last line has no end: it was cut');
    if (!isHead) yield [from, to];
    else if (decoder.decode(bytes.subarray(from, to)) !== meterDayHeader)
      throw new Differs(file, 'its head is unknown');
    isHead = false;
    from = to + 1;
  }
}

export interface SealBody {
  readonly siteId: string;
  readonly date: string;
  readonly leaves: number;
  readonly root: string;
}
export interface RestatementBody {
  readonly siteId: string;
  readonly meterId: number;
  readonly measurand: string;
  readonly date: string;
  readonly version: number;
  readonly before: { readonly leaf: string };
  readonly after: { readonly leaf: string };
}

export interface SealInput {
  readonly manifest: Manifest;
  readonly sites: readonly SiteEntry[];
  readonly records: readonly ChainRecord[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Series whose days later checks look at, as `seriesKey`. */
  readonly wanted: ReadonlySet<string>;
  readonly sums: readonly SumEntry[];
}

const dayKey = (of: {
  readonly meterId: number;
  readonly measurand: string;
  readonly date: string;
}): string => `${seriesKey(of.meterId, of.measurand)} ${of.date}`;

/**
 * Every record that sealed or restated days of the bundle's sites, against the lines that it sealed: the right number, in
 * order, with the root that it says. A line without its record, and a record without its lines, are named.
 */
export function checkSeals({ manifest, sites, records, files, wanted, sums }: SealInput): SealedDays {
  const leaves = new LeafHashes();
  const index = new MeterDayIndex();
  const bySeries = new Map<string, Map<string, readonly (number | null)[]>>();
  const added = new SealedSums(sums);
  let restated = 0;
  for (const site of [...sites].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const file = daysName(site.id);
    const bytes = files.get(file);
    if (!bytes) throw new Differs(file, 'the file is missing');
    index.begin(bytes);
    const groups = new SealGroups(file, leaves, sealsOf(records, site.id, manifest.days));
    let lineNumber = 1;
    for (const [from, to] of linesOf(file, bytes)) {
      lineNumber++;
      const { seal, day } = parsed(`${file}, line ${lineNumber}`, bytes.subarray(from, to));
      const first = bytes.indexOf(comma, from) + 1;
      groups.next(seal);
      index.add(from);
      const position = leaves.add(leafHash(bytes.subarray(first, to)));
      groups.remember(day, position);
      if (day.version > 1) restated++;
      const series = seriesKey(day.meterId, day.measurand);
      added.add(series, day, groups.isRestated(day));
      if (!wanted.has(series)) continue;
      const dates = bySeries.get(series) ?? new Map<string, readonly (number | null)[]>();
      bySeries.set(series, dates.set(day.date, [...(dates.get(day.date) ?? []), day.delta]));
    }
    groups.end();
  }
  return { leaves, restated, bySeries, sums: added.totals(), lineAt: (position) => index.at(position) };
}

function parsed(place: string, line: Uint8Array): SealedLine {
  try {
    return parseMeterDay(decoder.decode(line));
  } catch (error) {
    throw new Differs(place, error instanceof Error ? error.message : String(error));
  }
}

/** Records that sealed or restated days of a site within the bundle's dates. */
function sealsOf(
  records: readonly ChainRecord[],
  siteId: string,
  days: { readonly from: string; readonly to: string },
): Map<number, ChainRecord> {
  return new Map(
    records.flatMap((record) => {
      const { kind, body } = record;
      if ((kind !== 'daySealed' && kind !== 'restated') || body?.siteId !== siteId) return [];
      const date = String(body.date);
      return date >= days.from && date < days.to ? [[record.seq, record] as const] : [];
    }),
  );
}

/** The lines of a file in the groups that one record each sealed. */
class SealGroups {
  private seal = 0;
  private from = 0;
  /** Leaves of days that were restated, by day and version. */
  private readonly restatedLeaves = new Map<string, string>();
  private readonly restatedDays: ReadonlySet<string>;
  private readonly file: string;
  private readonly leaves: LeafHashes;
  private readonly expected: Map<number, ChainRecord>;

  constructor(file: string, leaves: LeafHashes, expected: Map<number, ChainRecord>) {
    this.file = file;
    this.leaves = leaves;
    this.expected = expected;
    this.restatedDays = new Set(
      [...expected.values()].flatMap(({ kind, body }) =>
        kind === 'restated' ? [dayKey(body as unknown as RestatementBody)] : [],
      ),
    );
  }

  /** Before a line of a record: ends the group of another one. */
  next(seal: number): void {
    if (seal === this.seal) return;
    this.endGroup();
    this.seal = seal;
    this.from = this.leaves.count;
  }

  isRestated(day: MeterDay): boolean {
    return this.restatedDays.size > 0 && this.restatedDays.has(dayKey(day));
  }

  remember(day: MeterDay, position: number): void {
    if (this.isRestated(day))
      this.restatedLeaves.set(`${dayKey(day)} ${day.version}`, toHex(this.leaves.at(position)));
  }

  end(): void {
    this.endGroup();
    for (const { seq } of this.expected.values())
      throw new Differs(`${this.file}, record ${seq}`, `the days that record ${seq} sealed are missing`);
  }

  private endGroup(): void {
    if (this.seal === 0) return;
    const place = `${this.file}, record ${this.seal}`;
    const record = this.expected.get(this.seal);
    if (!record) throw new Differs(place, 'days name a record that did not seal them');
    this.expected.delete(this.seal);
    const count = this.leaves.count - this.from;
    if (record.kind === 'restated') this.checkRestatement(place, record, count);
    else {
      const body = record.body as unknown as SealBody;
      if (count !== body.leaves)
        throw new Differs(place, `${body.leaves} days were sealed, ${count} are here`);
      if (toHex(merkleRoot(this.leaves, this.from)) !== body.root)
        throw new Differs(place, `a meter-day of ${body.date} is not as it was sealed`);
    }
  }

  private checkRestatement(place: string, record: ChainRecord, count: number): void {
    const body = record.body as unknown as RestatementBody;
    if (count !== 1) throw new Differs(place, `a restatement is of one day, not ${count}`);
    if (toHex(this.leaves.at(this.from)) !== body.after.leaf)
      throw new Differs(place, 'the restated day is not the one that was recorded');
    if (this.restatedLeaves.get(`${dayKey(body)} ${body.version - 1}`) !== body.before.leaf)
      throw new Differs(place, 'the day before its restatement is not the one that was recorded');
  }
}
