/** Committed batches of one sequence: all up to `upTo`, and the ranges [from, to, from, to, …] beyond it. */
export interface Watermark {
  readonly upTo: number;
  /** Ascending, neither touching nor overlapping, the first beginning after `upTo + 1`. */
  readonly beyond: readonly number[];
}
export interface BatchRange {
  readonly from: number;
  readonly to: number;
}

export const emptyWatermark: Watermark = { upTo: 0, beyond: [] };

/** Ranges beyond the mark that are remembered; batches further out are not noted, so that they come again. */
const rangesMax = 1_000;

/** The mark after these batches were committed, in any order and any number of times. */
export function advance(mark: Watermark, seqs: readonly number[]): Watermark {
  const ranges: BatchRange[] = seqs.map((seq) => ({ from: seq, to: seq }));
  for (let i = 0; i + 1 < mark.beyond.length; i += 2)
    ranges.push({ from: mark.beyond[i] as number, to: mark.beyond[i + 1] as number });
  ranges.sort((a, b) => a.from - b.from);
  let upTo = mark.upTo;
  const beyond: number[] = [];
  for (const { from, to } of ranges) {
    const last = beyond.length - 1;
    if (from <= upTo + 1) upTo = Math.max(upTo, to);
    else if (last > 0 && from <= (beyond[last] as number) + 1)
      beyond[last] = Math.max(beyond[last] as number, to);
    else beyond.push(from, to);
  }
  return { upTo, beyond: beyond.slice(0, 2 * rangesMax) };
}

/** The batches that are missing below the highest committed one. */
export function missingRanges({ upTo, beyond }: Watermark): BatchRange[] {
  const missing: BatchRange[] = [];
  let last = upTo;
  for (let i = 0; i + 1 < beyond.length; i += 2) {
    missing.push({ from: last + 1, to: (beyond[i] as number) - 1 });
    last = beyond[i + 1] as number;
  }
  return missing;
}

/** The mark that takes everything up to the first committed range as settled: its gap will never be filled. */
export function skipFirstGap(mark: Watermark): Watermark {
  const [from, to, ...rest] = mark.beyond;
  return from === undefined || to === undefined ? mark : advance({ upTo: to, beyond: rest }, []);
}
