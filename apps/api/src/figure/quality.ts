import type { QualityShares } from '@wattproof/contracts/api';
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
