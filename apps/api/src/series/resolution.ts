import { seriesLimits } from '@wattproof/contracts/api';
import { AppError } from '@wattproof/runtime';

export type Resolution = 'raw' | 'base' | 'hour' | 'day' | 'month';

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
  /** Single readings say something by themselves: those of gauges; a counter's are indices. */
  readonly mayBeRaw: boolean;
  /** Shortest base interval of the sites. */
  readonly base_s: number;
  /** Points that fill the screen. */
  readonly points: number;
  /** Most points of one series. */
  readonly limit: number;
}

/** Most points of one series where so many are answered together. */
export const pointsOfEach = (series: number): number =>
  Math.min(seriesLimits.points, Math.floor(seriesLimits.pointsInAll / Math.max(1, series)));

/**
 * The tier that series are read from: as wished, or the coarsest that still fills the screen.
 * @throws AppError invalid where the tier wished for would give more points than one series may have.
 */
export function chooseResolution(wanted: ResolutionWish): Resolution {
  const { wish, length_s, mayBeRaw, base_s, limit } = wanted;
  const steps = step_s(base_s);
  if (wish === 'raw') return wish;
  if (wish !== 'auto') {
    const points = Math.ceil(length_s / steps[wish]);
    if (points > limit)
      throw new AppError('invalid', `${wish} would give ${points} points; at most ${limit} are answered`, {
        points,
        limit,
      });
    return wish;
  }
  if (mayBeRaw && length_s <= longestRaw_s) return 'raw';
  const points = (tier: keyof typeof steps): number => length_s / steps[tier];
  const allowed = (['month', 'day', 'hour', 'base'] as const).filter((tier) => points(tier) <= limit);
  return allowed.find((tier) => points(tier) >= wanted.points) ?? allowed.at(-1) ?? 'month';
}

/** Widths that a site's base interval may have. */
const baseWidths_s = [300, 600, 900, 1_800, 3_600];

/**
 * The tier where it follows from the wish alone, whatever the base intervals of the sites; undefined where the meters must
 * be known first. @throws AppError invalid as `chooseResolution` does.
 */
export function resolutionOfWish(
  wanted: Omit<ResolutionWish, 'base_s'>,
): Exclude<Resolution, 'raw'> | undefined {
  const { wish, limit, length_s } = wanted;
  if (wish === 'raw' || (wish === 'base' && length_s / Math.min(...baseWidths_s) > limit)) return undefined;
  const [first, ...others] = baseWidths_s.map((base_s) => chooseResolution({ ...wanted, base_s }));
  return first !== 'raw' && others.every((one) => one === first) ? first : undefined;
}
