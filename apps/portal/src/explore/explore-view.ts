/** Ways to look at the same values: over time, by day and hour, sorted. */
export const exploreViews = ['curve', 'heat', 'duration'] as const;
export type ExploreView = (typeof exploreViews)[number];

export const shownResolutions = ['auto', 'raw', 'base', 'hour', 'day', 'month'] as const;
export type ShownResolution = (typeof shownResolutions)[number];
