import type { AddressRange, DeviceProfile, Point } from './profile.ts';
import { type RateGroup, rateGroupOf } from './rate-group.ts';
import { wordsOf } from './register.ts';
import { pointsOfScale } from './scale.ts';

/** One read request. */
export interface ReadBlock extends AddressRange {
  readonly functionCode: 3 | 4;
}

/**
 * What one more request costs, counted in words on the wire: its own bytes and the device's turn-around.
 * 29 words = 20 ms of turn-around at 19 200 baud: ⌊(20·t_c + T) ÷ (2·t_c)⌋ with t_c = 10 bits ÷ baud.
 */
export const requestCost_words = 29;

/**
 * What one more request costs on a line, in words: its bytes and the silence around them with the device's turn-around,
 * `⌊(20·t_c + T) ÷ (2·t_c)⌋`, t_c = time of a character, T = turn-around and gap. Reading that many words in vain costs
 * as much as asking once more.
 */
export const requestCostOf_words = (character_ms: number, pause_ms: number): number =>
  Math.floor((20 * character_ms + pause_ms) / (2 * character_ms));

export interface PlanOptions {
  /** Read only these rate groups, and what their values need; all points where it is left out. */
  readonly groups?: ReadonlySet<RateGroup>;
  /** What one more request costs; default `requestCost_words`. */
  readonly cost_words?: number;
  /** What the device has turned out to refuse, beyond what its profile says: not asked for, values in it left out. */
  readonly refused?: readonly AddressRange[];
  /** Most words in one request, where the device takes fewer than its profile says; a longer value is asked for alone. */
  readonly maxWords?: number;
}

/**
 * The read requests that cover a device's points (of the given inputs) at the lowest cost.
 *
 * Exact dynamic programme over the points by address: a request spans consecutive points and the gap between them,
 * never more than `maxWords`, never an unreadable range, and never splits a point. Cost = words read + `cost_words`
 * a request. The identity point is left out: `planIdentity` reads it, when it is wanted.
 * @throws Error where a point is longer than the device lets one request be, or lies in a range that its own profile
 * calls unreadable.
 */
export function planReads(
  profile: DeviceProfile,
  inputs: ReadonlySet<number> = new Set(),
  options: PlanOptions = {},
): ReadBlock[] {
  const { refused = [], cost_words = requestCost_words } = options;
  const most_words = options.maxWords ?? profile.limits.maxWords;
  const limits = { ...profile.limits, unreadable: [...profile.limits.unreadable, ...refused] };
  const spans = pointsToRead(profile, inputs, options.groups)
    .map((p) => ({ start: p.address, end: p.address + wordsOf(p.type) }))
    .filter(({ start, end }) => !refused.some((r) => start < r.address + r.words && r.address < end))
    .sort((a, b) => a.start - b.start);
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let last = 0; last < spans.length; last++) {
    let chosen = { cost: Number.POSITIVE_INFINITY, from: last };
    for (let first = last; first >= 0; first--) {
      const block = blockOf(spans, first, last);
      if (!allowed({ limits }, block) || (first < last && block.words > most_words)) break;
      const cost = (best[first]?.cost ?? 0) + block.words + cost_words;
      if (cost <= chosen.cost) chosen = { cost, from: first };
    }
    if (chosen.cost === Number.POSITIVE_INFINITY)
      throw new Error(`${profile.id}: no request can read the point at ${spans[last]?.start}`);
    best.push(chosen);
  }
  const blocks: ReadBlock[] = [];
  for (let end = spans.length; end > 0; ) {
    const from = best[end]?.from ?? 0;
    blocks.unshift({ ...blockOf(spans, from, end - 1), functionCode: profile.functionCode });
    end = from;
  }
  return blocks;
}

/** The points that one read of some rate groups takes: their own and those that these follow from. */
export function pointsToRead(
  profile: DeviceProfile,
  inputs: ReadonlySet<number>,
  groups?: ReadonlySet<RateGroup>,
): readonly Point[] {
  const present = profile.points.filter(
    (p) => p.key !== profile.identity?.point && (p.input === undefined || inputs.has(p.input)),
  );
  if (!groups) return present;
  const wanted = new Set(present.filter((p) => groups.has(rateGroupOf(p))));
  const needed = (point: Point): Point[] => {
    const keys = [
      ...(point.signFrom ? [point.signFrom.point] : []),
      ...(point.scale ? pointsOfScale(point.scale) : []),
      ...(typeof point.measurand === 'object' ? [point.measurand.from] : []),
    ];
    return present.filter(
      (p) => keys.includes(p.key) && (p.input === undefined || p.input === point.input) && !wanted.has(p),
    );
  };
  for (const point of wanted) for (const more of needed(point)) wanted.add(more);
  return [...wanted];
}

/** The request that reads the device's identity constant, or undefined where it has none. */
export function planIdentity(profile: DeviceProfile): ReadBlock | undefined {
  const point = profile.points.find((p) => p.key === profile.identity?.point);
  return point && { address: point.address, words: wordsOf(point.type), functionCode: profile.functionCode };
}

function blockOf(
  spans: readonly { readonly start: number; readonly end: number }[],
  first: number,
  last: number,
): AddressRange {
  const address = spans[first]?.start ?? 0;
  let end = address;
  for (let i = first; i <= last; i++) end = Math.max(end, spans[i]?.end ?? 0);
  return { address, words: end - address };
}

/** Whether a device can be asked for this range in one request. */
export const allowed = (profile: Pick<DeviceProfile, 'limits'>, { address, words }: AddressRange): boolean =>
  words >= 1 &&
  words <= Math.min(125, profile.limits.maxWords) &&
  address + words <= 65_536 &&
  !profile.limits.unreadable.some(
    (hole) => address < hole.address + hole.words && hole.address < address + words,
  );

/** A request in two, between values and as near to its middle as can be; undefined where it holds one value only. */
export function halve(profile: DeviceProfile, block: ReadBlock): readonly [ReadBlock, ReadBlock] | undefined {
  const middle = block.address + block.words / 2;
  const cuts = profile.points
    .flatMap((p) => [p.address, p.address + wordsOf(p.type)])
    .filter((cut) => cut > block.address && cut < block.address + block.words && !splitsPoint(profile, cut))
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  const [cut] = cuts;
  if (cut === undefined) return undefined;
  const head = { ...block, words: cut - block.address };
  return [head, { ...block, address: cut, words: block.words - head.words }];
}

/**
 * The same range in requests of other lengths: a late reply to a request of a forbidden length can then not pass for an
 * answer, since a serial reply carries no address, only its length. Splits between words of one value are avoided.
 * Undefined where no other length is possible.
 */
export function relength(
  profile: DeviceProfile,
  block: ReadBlock,
  forbidden: ReadonlySet<number>,
): ReadBlock[] | undefined {
  if (!forbidden.has(block.words)) return [block];
  const end = block.address + block.words;
  for (let cut = end - 1; cut > block.address; cut--) {
    const head = { ...block, words: cut - block.address };
    const tail = { ...block, address: cut, words: end - cut };
    if (forbidden.has(head.words) || forbidden.has(tail.words) || head.words === tail.words) continue;
    if (!splitsPoint(profile, cut)) return [head, tail];
  }
  for (let words = block.words + 1; words <= block.words + 3; words++) {
    const longer = { ...block, words };
    if (!forbidden.has(words) && allowed(profile, longer) && covered(profile, longer)) return [longer];
  }
  return undefined;
}

const splitsPoint = (profile: DeviceProfile, cut: number): boolean =>
  profile.points.some((p) => p.address < cut && cut < p.address + wordsOf(p.type));

/** Whether every word belongs to a point: only then is it known that the device serves it. */
function covered(profile: DeviceProfile, range: AddressRange): boolean {
  for (let word = range.address; word < range.address + range.words; word++)
    if (!profile.points.some((p) => p.address <= word && word < p.address + wordsOf(p.type))) return false;
  return true;
}
