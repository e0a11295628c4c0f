import type { ArchiveEntry } from './archive.ts';
import { parseMeterDay, type SealedLine } from './meter-day.ts';

const lineFeed = 10;
const decoder = new TextDecoder();
type Content = Pick<ArchiveEntry, 'bytes'>;

/** Where the line of each leaf stands in files of meter-days: the lines themselves stay where they are. */
export class MeterDayIndex {
  private readonly files: { readonly content: Content; readonly first: number }[] = [];
  private readonly starts: number[] = [];

  /** The lines that follow are of this file. */
  begin(content: Content): void {
    this.files.push({ content, first: this.starts.length });
  }

  /** A line of the file, from its first byte. */
  add(from: number): void {
    this.starts.push(from);
  }

  at(position: number): SealedLine {
    const file = this.files.findLast(({ first }) => first <= position);
    const from = this.starts[position];
    if (!file || from === undefined) throw new RangeError(`There is no leaf ${position}`);
    const { bytes } = file.content;
    return parseMeterDay(decoder.decode(bytes.subarray(from, bytes.indexOf(lineFeed, from))));
  }
}
