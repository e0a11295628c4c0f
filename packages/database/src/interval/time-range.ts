/** A stretch of time, half-open, in epoch milliseconds. */
export interface TimeRange {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Ranges in order, those that touch or lie up to `gap_ms` apart made one. */
export function mergeRanges(ranges: readonly TimeRange[], gap_ms = 0): TimeRange[] {
  const merged: { from_ms: number; to_ms: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.from_ms - b.from_ms)) {
    const last = merged[merged.length - 1];
    if (last && range.from_ms <= last.to_ms + gap_ms) last.to_ms = Math.max(last.to_ms, range.to_ms);
    else merged.push({ from_ms: range.from_ms, to_ms: range.to_ms });
  }
  return merged;
}

/** The range in pieces of at most `longest_ms`. */
export function sliceRange({ from_ms, to_ms }: TimeRange, longest_ms: number): TimeRange[] {
  const slices: TimeRange[] = [];
  for (let from = from_ms; from < to_ms; from += longest_ms)
    slices.push({ from_ms: from, to_ms: Math.min(to_ms, from + longest_ms) });
  return slices.length > 0 ? slices : [{ from_ms, to_ms }];
}

/** The instant as SQL text; series queries carry literal bounds so that chunks are left out when planning. */
export const instantText = (at_ms: number): string => new Date(at_ms).toISOString();
