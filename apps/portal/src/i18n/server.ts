import 'server-only';
import type { Locale } from '@wattproof/energy';
import { isLocale, negotiateLocale, type PortalTranslator, portalTranslator } from '@wattproof/messages';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';

/** Chosen language (cookie), else the browser's. The person's own locale becomes the cookie at sign-in. */
export const currentLocale = cache(async (): Promise<Locale> => {
  const chosen = (await cookies()).get('locale')?.value;
  if (isLocale(chosen)) return chosen;
  return negotiateLocale((await headers()).get('accept-language'));
});

export const getTranslator = cache(
  async (): Promise<PortalTranslator> => portalTranslator(await currentLocale()),
);
