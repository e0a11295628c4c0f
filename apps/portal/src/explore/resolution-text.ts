import type { Series } from '@wattproof/contracts/api';
import type { PortalTranslator } from '@wattproof/messages';

/** A resolution in words; the base interval is the site's own, 5 to 60 minutes, where it is known. */
export const resolutionText = (
  t: PortalTranslator,
  resolution: Series['resolution'],
  base_s: number | undefined,
): string =>
  resolution === 'base' && base_s !== undefined
    ? t('explore.baseMinutes', { minutes: base_s / 60 })
    : t(`explore.resolution.${resolution}`);
