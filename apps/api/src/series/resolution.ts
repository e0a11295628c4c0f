import type { MeasurandKind } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';

export type Resolution = 'raw' | 'base' | 'hour' | 'day' | 'month';

/** Most points of one series. */
export const pointLimit = 5_000;
/** Points that fill the width of a chart. */
const enoughPoints = 300;
/** Single readings are shown up to here; they may come every second. */
const longestRaw_s = 6 * 3_600;

const step_s = (base_s: number): Readonly<Record<Exclude<Resolution, 'raw'>, number>> => ({
  base: base_s,
  hour: 3_600,
  day: 86_400,
  month: 28 * 86_400,
});

export interface ResolutionWish {
  readonly wish: Resolution | 'auto';
  readonly length_s: number;
  readonly kind: MeasurandKind;
  readonly base_s: number;
}

/**
 * The tier that a series is read from: as wished, or the coarsest that still fills a screen. A counter's readings are
 * indices, not consumption, so `auto` never chooses them.
 * @throws AppError invalid where the tier wished for would give more points than one series may have.
 */
export function chooseResolution({ wish, length_s, kind, base_s }: ResolutionWish): Resolution {
  const steps = step_s(base_s);
  if (wish === 'raw') return wish;
  if (wish !== 'auto') {
    const points = Math.ceil(length_s / steps[wish]);
    if (points > pointLimit)
      throw new AppError(
        'invalid',
        `${wish} would give ${points} points; at most ${pointLimit} are answered`,
        {
          points,
          limit: pointLimit,
        },
      );
    return wish;
  }
  if (kind === 'gauge' && length_s <= longestRaw_s) return 'raw';
  const points = (tier: keyof typeof steps): number => length_s / steps[tier];
  const allowed = (['month', 'day', 'hour', 'base'] as const).filter((tier) => points(tier) <= pointLimit);
  return allowed.find((tier) => points(tier) >= enoughPoints) ?? allowed.at(-1) ?? 'month';
}

/** Width of the buckets that raw readings of a stretch are put into; below a second they stay single. */
export const bucketWidth_s = (length_s: number): number => Math.max(1, Math.ceil(length_s / pointLimit));
