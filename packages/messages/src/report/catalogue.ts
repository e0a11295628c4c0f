import type { Locale } from '@wattproof/energy';
import { createTranslator, type Translator } from '../translator.ts';
import { reportDe } from './de.ts';
import { reportEn } from './en.ts';
import { reportEs } from './es.ts';
import { reportFr } from './fr.ts';

/** Every text of the audit report by key; English is the reference, the other languages have exactly its keys. */
export type ReportKey = keyof typeof reportEn;
export type ReportTranslator = Translator<ReportKey>;

export const reportCatalogue: Readonly<Record<Locale, Readonly<Record<ReportKey, string>>>> = {
  en: reportEn,
  fr: reportFr,
  de: reportDe,
  es: reportEs,
};

export const isReportKey = (key: string): key is ReportKey => Object.hasOwn(reportEn, key);

export const reportTranslator = (locale: Locale): ReportTranslator =>
  createTranslator(reportCatalogue[locale], locale);
