import type { Locale } from '@wattproof/energy';
import { writtenLocaleOf } from '../locale.ts';
import { createTranslator, type Translator } from '../translator.ts';
import { portalEn } from './en/index.ts';
import { portalFr } from './fr/index.ts';

/** Every text of the portal by key; English is the reference, the other languages have exactly its keys. */
export type PortalKey = keyof typeof portalEn;
export type PortalMessages = Readonly<Record<PortalKey, string>>;
export type PortalTranslator = Translator<PortalKey>;

export const portalCatalogue: Readonly<Record<'en' | 'fr', PortalMessages>> = { en: portalEn, fr: portalFr };

/** The portal's texts in the written language of a locale. */
export const portalMessages = (locale: Locale): PortalMessages => portalCatalogue[writtenLocaleOf(locale)];

export const portalTranslator = (locale: Locale): PortalTranslator =>
  createTranslator(portalMessages(locale), locale);
