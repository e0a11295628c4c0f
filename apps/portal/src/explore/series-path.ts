export interface SeriesWish {
  readonly meterIds: readonly number[];
  readonly measurands: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly resolution?: string;
}

/** Path of a series; null where nothing is chosen. */
export function seriesPath({ meterIds, measurands, from, to, resolution }: SeriesWish): string | null {
  if (meterIds.length === 0 || measurands.length === 0) return null;
  const query = new URLSearchParams({
    meters: meterIds.join(','),
    measurands: measurands.join(','),
    from,
    to,
    ...(resolution ? { resolution } : {}),
  });
  return `/series?${query}`;
}
