import type { SiteOverview } from '@wattproof/contracts/api';
import {
  formatInstant,
  formatPercent,
  formatQuantity,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';
import { outside_w } from './outside-band.ts';

/** The title of a site's page and its sentences of proof. */
export interface SiteVerdict {
  readonly title: string;
  readonly proof: readonly string[];
}

type Use = SiteOverview['uses'][number];

/** What is happening now and whether it is normal, in words. */
export function siteVerdict(overview: SiteOverview, t: PortalTranslator): SiteVerdict {
  const { power, deviation, site } = overview;
  const watts = (w: number): string => quantityText(formatQuantity(t.locale, w, 'W', { decimals: 0 }));
  const clock = (at: string): string => formatInstant(t.locale, site.timeZone, at, 'time');
  if (!power) return { title: t('site.noPower'), proof: [t('site.noPowerText')] };
  if (power.stale)
    return {
      title: t('site.stale', { time: formatInstant(t.locale, site.timeZone, power.at, 'dateTimeShort') }),
      proof: [t('site.staleText')],
    };
  const title = deviation
    ? t(deviation.value_w > 0 ? 'site.above' : 'site.below', {
        power: watts(Math.abs(deviation.value_w)),
        time: clock(deviation.since),
      })
    : t(power.expected ? 'site.inside' : 'site.noExpectation', { power: watts(power.value_w) });
  return { title, proof: [...usesProof(overview, t, watts), ...monthProof(overview, t)] };
}

function usesProof(
  { uses, power, deviation }: SiteOverview,
  t: PortalTranslator,
  watts: (w: number) => string,
): string[] {
  if (!power?.expected) return [t('site.noBand')];
  const sign = deviation && deviation.value_w < 0 ? -1 : 1;
  const named = uses.filter((u) => u.use !== null && !u.stale);
  const off_w = (u: Use): number => outside_w(u, power.value_w);
  const out = named.filter((u) => off_w(u) * sign > 0).sort((a, b) => sign * (off_w(b) - off_w(a)));
  const [first] = out;
  if (!first) return named.some((u) => u.expected) ? [t('site.usesInside')] : [];
  const name = (u: Use): string => t(`use.${u.use ?? 'unexplained'}`);
  return out.length === 1 && deviation
    ? [t('site.explains', { use: name(first), power: watts(Math.abs(off_w(first))) })]
    : [t('site.explainsSome', { uses: out.map(name).join(', ') })];
}

function monthProof({ soFar, site }: SiteOverview, t: PortalTranslator): string[] {
  const row = soFar.find((r) => r.period === 'month');
  if (!row?.againstBaseline) return [];
  const { value, halfWidth } = row.againstBaseline;
  const month = formatInstant(t.locale, site.timeZone, row.to, 'monthName');
  const said = month.charAt(0).toUpperCase() + month.slice(1);
  if (halfWidth !== null && Math.abs(value) <= halfWidth) return [t('site.monthEven', { month: said })];
  const share = quantityText(formatPercent(t.locale, Math.abs(value)));
  return [t(value < 0 ? 'site.monthBelow' : 'site.monthAbove', { month: said, share })];
}
