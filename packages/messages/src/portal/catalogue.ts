import type { Locale } from '@wattproof/energy';
import { createTranslator, type Translator } from '../translator.ts';
import { portalDe } from './de/index.ts';
import { portalEn } from './en/index.ts';
import { portalEs } from './es/index.ts';
import { portalFr } from './fr/index.ts';

/** Every text of the portal by key; English is the reference, the other languages have exactly its keys. */
export type PortalKey = keyof typeof portalEn;
export type PortalMessages = Readonly<Record<PortalKey, string>>;
export type PortalTranslator = Translator<PortalKey>;

export const portalCatalogue: Readonly<Record<Locale, PortalMessages>> = {
  en: portalEn,
  fr: portalFr,
  de: portalDe,
  es: portalEs,
};

/** The portal's texts in the language of a locale. */
export const portalMessages = (locale: Locale): PortalMessages => portalCatalogue[locale];

export const portalTranslator = (locale: Locale): PortalTranslator =>
  createTranslator(portalMessages(locale), locale);
