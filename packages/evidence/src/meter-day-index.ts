import { parseMeterDay, type SealedLine } from './meter-day.ts';

const lineFeed = 10;
const decoder = new TextDecoder();

/** Where the line of each leaf stands in files of meter-days: the lines themselves stay where they are. */
export class MeterDayIndex {
  private readonly files: { readonly bytes: Uint8Array; readonly first: number }[] = [];
  private readonly starts: number[] = [];

  /** The lines that follow are of this file. */
  begin(bytes: Uint8Array): void {
    this.files.push({ bytes, first: this.starts.length });
  }

  /** A line of the file, from its first byte. */
  add(from: number): void {
    this.starts.push(from);
  }

  at(position: number): SealedLine {
    const file = this.files.findLast(({ first }) => first <= position);
    const from = this.starts[position];
    if (!file || from === undefined) throw new RangeError(`There is no leaf ${position}`);
    return parseMeterDay(decoder.decode(file.bytes.subarray(from, file.bytes.indexOf(lineFeed, from))));
  }
}
