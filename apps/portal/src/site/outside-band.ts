import type { SiteOverview } from '@wattproof/contracts/api';

type Use = SiteOverview['uses'][number];

/** A use that is off by less than this share of the site's power is not worth a word or a colour. */
const worthSaying = 0.01;

/** How far a use is from what is expected, W, where it lies outside its band by an amount that matters to the site; else 0. */
export function outside_w({ power_w, expected }: Use, site_w: number): number {
  if (power_w === null || !expected) return 0;
  if (power_w <= expected.high_w && power_w >= expected.low_w) return 0;
  const off_w = power_w - expected.value_w;
  return Math.abs(off_w) >= worthSaying * Math.abs(site_w) ? off_w : 0;
}
