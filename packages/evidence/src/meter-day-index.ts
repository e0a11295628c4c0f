import { parseMeterDay, type SealedLine } from './meter-day.ts';

const decoder = new TextDecoder();

/** A file of meter-days, in memory or elsewhere. */
export interface MeterDayFile {
  readonly length: number;
  /** Bytes [from, to). */
  readonly slice: (from: number, to: number) => Uint8Array;
}

/** Where the line of each leaf stands in files of meter-days: the lines themselves stay where they are. */
export class MeterDayIndex {
  private readonly files: { readonly file: MeterDayFile; readonly first: number }[] = [];
  private readonly starts: number[] = [];

  /** The lines that follow are of this file, one after the other to its end. */
  begin(file: MeterDayFile): void {
    this.files.push({ file, first: this.starts.length });
  }

  /** A line of the file, from its first byte. */
  add(from: number): void {
    this.starts.push(from);
  }

  at(position: number): SealedLine {
    const of = this.files.findLastIndex(({ first }) => first <= position);
    const { file } = this.files[of] ?? {};
    const from = this.starts[position];
    if (!file || from === undefined) throw new RangeError(`There is no leaf ${position}`);
    const isLast = this.files[of + 1]?.first === position + 1;
    const next = isLast ? undefined : this.starts[position + 1];
    // A line ends with a line feed.
    return parseMeterDay(decoder.decode(file.slice(from, (next ?? file.length) - 1)));
  }
}
