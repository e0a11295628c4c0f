import type { CatalogueProduct } from '@wattproof/contracts/api';
import { formatNumber, type PortalTranslator } from '@wattproof/messages';

/** Titles, cautions and sources that come with the product are English in every language of the portal. */
export const productLanguage = 'en';

/** Language of a register map's own words: those of an organisation's map are as it wrote them. */
export const languageOf = (profileId: string): typeof productLanguage | undefined =>
  profileId.startsWith('own-') ? undefined : productLanguage;

/** The text of a key with a code of the API in it; the code itself where the catalogue lacks it. */
export const textOf = (t: PortalTranslator, key: string): string =>
  t.has(key) ? t(key) : key.slice(key.lastIndexOf('.') + 1);

export const plainNumber = (t: PortalTranslator, value: number): string =>
  formatNumber(t.locale, value, { decimals: String(value).split('.')[1]?.length ?? 0 });

/** How a device can be set, in a line. */
export function settingsText(t: PortalTranslator, communication: CatalogueProduct['communication']): string {
  if (!communication) return t('catalogue.none');
  const { modes, bauds, parities, addresses, turnaround_ms } = communication;
  return [
    modes.map((mode) => mode.toUpperCase()).join('/'),
    bauds.map((baud) => plainNumber(t, baud)).join(', '),
    parities.map((parity) => t(`calc.line.parity.${parity}`)).join('/'),
    t('catalogue.addresses', { min: addresses.min, max: addresses.max }),
    ...(turnaround_ms === null ? [] : [t('catalogue.turnaround', { ms: turnaround_ms })]),
  ].join('; ');
}
