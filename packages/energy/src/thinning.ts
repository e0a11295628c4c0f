/**
 * Readings of a gauge for a screen: where they are too many, neighbours are put into stretches of equal width that keep
 * their lowest and highest value, so that no peak and no dip disappears.
 */
export interface ThinnedReadings {
  /** Instant of the first reading of each point. */
  readonly start_ms: number[];
  /** 0 for a single reading. */
  readonly duration_s: number[];
  readonly mean: number[];
  readonly min: number[];
  readonly max: number[];
  /** Worst row code of the point's readings. */
  readonly quality: number[];
}

export interface ThinnableReadings {
  /** Ascending. */
  readonly at_ms: ArrayLike<number>;
  /** NaN where absent: such readings are left out. */
  readonly value: ArrayLike<number>;
  /** Row codes. */
  readonly quality: ArrayLike<number>;
}

/**
 * At most `limit` points over [from_ms, to_ms): every reading by itself where they are no more than that, else one point
 * for each stretch of (to − from) / limit that holds any, with the plain mean, the lowest and the highest of its readings.
 * O(readings). Throws RangeError where limit is below 1.
 */
export function thinReadings(
  { at_ms, value, quality }: ThinnableReadings,
  range: { readonly from_ms: number; readonly to_ms: number; readonly limit: number },
): ThinnedReadings {
  const { from_ms, to_ms, limit } = range;
  if (!(limit >= 1)) throw new RangeError('At least one point must be allowed');
  const out: ThinnedReadings = { start_ms: [], duration_s: [], mean: [], min: [], max: [], quality: [] };
  let present = 0;
  for (let i = 0; i < at_ms.length; i++) if (!Number.isNaN(value[i] as number)) present++;
  const width_ms = present <= limit ? 0 : (to_ms - from_ms) / limit;
  let stretch = Number.NaN;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < at_ms.length; i++) {
    const v = value[i] as number;
    if (Number.isNaN(v)) continue;
    const at = at_ms[i] as number;
    const code = quality[i] as number;
    const own = width_ms === 0 ? i : Math.floor((at - from_ms) / width_ms);
    const last = out.mean.length - 1;
    if (own !== stretch) {
      stretch = own;
      sum = v;
      count = 1;
      out.start_ms.push(at);
      out.duration_s.push(width_ms / 1000);
      out.mean.push(v);
      out.min.push(v);
      out.max.push(v);
      out.quality.push(code);
      continue;
    }
    sum += v;
    count++;
    out.mean[last] = sum / count;
    if (v < (out.min[last] as number)) out.min[last] = v;
    if (v > (out.max[last] as number)) out.max[last] = v;
    if (code > (out.quality[last] as number)) out.quality[last] = code;
  }
  return out;
}
