/** Lengths of kept intervals: the site's base interval, and local hours, days and months. */
export const tiers = ['base', 'hour', 'day', 'month'] as const;
export type Tier = (typeof tiers)[number];
