import type { QualityShares } from '@wattproof/contracts/api';
import type { SiteRow } from '@wattproof/database/queries';
import { addQualityCounts, type QualityCounts, qualityShares } from '@wattproof/energy';

export const noCounts: QualityCounts = {
  n_measured: 0,
  n_interpolated: 0,
  n_estimated: 0,
  n_manual: 0,
  n_missing: 0,
};

export const sumOfCounts = (counts: readonly QualityCounts[]): QualityCounts =>
  counts.reduce(addQualityCounts, noCounts);

/** Shares by class; where nothing was expected all of it is missing. */
export function sharesOf(counts: QualityCounts): QualityShares {
  const shares = qualityShares(counts);
  return shares ? { ...shares } : { measured: 0, interpolated: 0, estimated: 0, manual: 0, missing: 1 };
}

/** What an interval takes at most from its end until it is stored. */
const settling_ms = 60_000;

/**
 * Shares by class of what a stretch has brought by `now_ms`. Null while its first base interval is not over (today just
 * after midnight): nothing was expected of a meter yet, so nothing is missing.
 */
export function sharesSoFar(
  counts: QualityCounts,
  { from_ms, now_ms, site }: StretchSoFar,
): QualityShares | null {
  const isUnderWay = now_ms >= from_ms + site.baseInterval_s * 1_000 + settling_ms;
  return isUnderWay || qualityShares(counts) !== null ? sharesOf(counts) : null;
}

export interface StretchSoFar {
  /** Start of the stretch, which is the start of a base interval. */
  readonly from_ms: number;
  readonly now_ms: number;
  readonly site: Pick<SiteRow, 'baseInterval_s'>;
}
