import { formatNumber, type PortalTranslator } from '@wattproof/messages';

/** A rated current as it stands on a label. */
export const ampere = (t: PortalTranslator, current_a: number): string =>
  `${formatNumber(t.locale, current_a)}\u00a0A`;
