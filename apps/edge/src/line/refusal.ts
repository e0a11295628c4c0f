import type { AddressRange } from '@wattproof/devices';

/** A range that a device answered with exception 2 or 3 when it was asked for alone. */
export interface Refusal extends AddressRange {
  /** Tried again from then on. */
  readonly until_ms: number;
  readonly pause_ms: number;
}

const firstPause_ms = 3_600_000;
const longestPause_ms = 86_400_000;
/** More than this of one device is a wrong profile, not a hole. */
const most = 64;

const same = (a: AddressRange, b: AddressRange): boolean => a.address === b.address && a.words === b.words;

/** Remembers a refused range for an hour, and for twice as long each time it turns out to be refused still, up to a day. */
export function withRefusal(list: readonly Refusal[], range: AddressRange, now_ms: number): Refusal[] {
  const known = list.find((r) => same(r, range));
  const pause_ms = known ? Math.min(longestPause_ms, 2 * known.pause_ms) : firstPause_ms;
  const { address, words } = range;
  return [
    ...list.filter((r) => !same(r, range)),
    { address, words, pause_ms, until_ms: now_ms + pause_ms },
  ].slice(-most);
}

/** Forgets what lies in a range that was just read. */
export const withoutRefusals = (list: readonly Refusal[], read: AddressRange): readonly Refusal[] =>
  list.some((r) => read.address <= r.address && r.address + r.words <= read.address + read.words)
    ? list.filter((r) => !(read.address <= r.address && r.address + r.words <= read.address + read.words))
    : list;

export const refusedNow = (list: readonly Refusal[], now_ms: number): readonly Refusal[] =>
  list.filter((r) => r.until_ms > now_ms);

/**
 * Most words that a device takes in one request, as far as one poll shows: a range that was refused whole and then read in
 * pieces without anything missing was too long for it, unless it answered one as long. Half of that is what it is asked
 * for then; never less than the longest piece that it answered. Undefined where the poll shows nothing of the kind.
 */
export function lengthTaken_words(
  refused: readonly AddressRange[],
  answered: readonly AddressRange[],
): number | undefined {
  const longest = Math.max(0, ...answered.map((range) => range.words));
  const read = new Set(
    answered.flatMap(({ address, words }) => Array.from({ length: words }, (_, i) => address + i)),
  );
  const tooLong = refused.filter(
    ({ address, words }) =>
      words > longest && Array.from({ length: words }, (_, i) => address + i).every((at) => read.has(at)),
  );
  if (tooLong.length === 0) return undefined;
  return Math.max(longest, Math.ceil(Math.min(...tooLong.map((range) => range.words)) / 2));
}
