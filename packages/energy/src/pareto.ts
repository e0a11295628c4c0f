/** Pareto ranking: what is largest first, running shares, and the smallest set that reaches a threshold. */
export interface ParetoItem {
  readonly key: string;
  /** null where unknown: it is not ranked, and no share is stated of it. */
  readonly value: number | null;
}

export interface RankedItem {
  readonly key: string;
  readonly rank: number | null;
  readonly share: number | null;
  readonly cumulativeShare: number | null;
  /** Within the smallest set of the largest whose shares reach the threshold. */
  readonly isWithinThreshold: boolean;
}

/**
 * Ranks by value, equal ones by key. Shares are of the sum of the known values above zero; an unknown item has no rank,
 * since it might be the largest. Errors: RangeError where the threshold is not in (0, 1].
 */
export function pareto(items: readonly ParetoItem[], threshold: number): readonly RankedItem[] {
  if (!(threshold > 0 && threshold <= 1)) throw new RangeError(`${threshold} is no share`);
  const known = items
    .filter((item): item is { key: string; value: number } => item.value !== null && item.value > 0)
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
  const total = known.reduce((sum, { value }) => sum + value, 0);
  let running = 0;
  const ranked = known.map(({ key, value }, i): RankedItem => {
    const before = running / total;
    running += value;
    return {
      key,
      rank: i + 1,
      share: value / total,
      cumulativeShare: running / total,
      // One part in 10¹² is the rounding of the sum.
      isWithinThreshold: before < threshold - 1e-12,
    };
  });
  const rest = items
    .filter(({ key }) => !ranked.some((item) => item.key === key))
    .map(
      ({ key }): RankedItem => ({
        key,
        rank: null,
        share: null,
        cumulativeShare: null,
        isWithinThreshold: false,
      }),
    );
  return [...ranked, ...rest];
}

export interface RankChange {
  readonly key: string;
  readonly change: 'added' | 'removed' | 'up' | 'down';
  readonly rankBefore: number | null;
  readonly rankAfter: number | null;
}

/** What changed between two decisions about which uses are significant, by key. */
export function rankChanges(
  before: readonly { readonly key: string; readonly rank: number | null }[],
  after: readonly { readonly key: string; readonly rank: number | null }[],
): readonly RankChange[] {
  const ranksBefore = new Map(before.map(({ key, rank }) => [key, rank]));
  const ranksAfter = new Map(after.map(({ key, rank }) => [key, rank]));
  const keys = [...new Set([...ranksBefore.keys(), ...ranksAfter.keys()])].sort();
  return keys.flatMap((key): RankChange[] => {
    const rankBefore = ranksBefore.get(key) ?? null;
    const rankAfter = ranksAfter.get(key) ?? null;
    if (!ranksBefore.has(key)) return [{ key, change: 'added', rankBefore, rankAfter }];
    if (!ranksAfter.has(key)) return [{ key, change: 'removed', rankBefore, rankAfter }];
    if (rankBefore === null || rankAfter === null || rankBefore === rankAfter) return [];
    return [{ key, change: rankAfter < rankBefore ? 'up' : 'down', rankBefore, rankAfter }];
  });
}
