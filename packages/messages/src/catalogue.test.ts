import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { locales } from '@wattproof/energy';
import { describe, expect, test } from 'vitest';
import { createTranslator, portalCatalogue, portalTranslator, reportCatalogue, typeset } from './index.ts';

/** Names of the placeholders and tags of a message, at any depth. */
function placeholdersOf(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((e) => {
    if (e.type === TYPE.plural || e.type === TYPE.select)
      return [e.value, ...Object.values(e.options).flatMap((o) => placeholdersOf(o.value))];
    if (e.type === TYPE.tag) return [`<${e.value}>`, ...placeholdersOf(e.children)];
    return e.type === TYPE.literal || e.type === TYPE.pound ? [] : [e.value];
  });
}
const unique = (list: readonly string[]): string[] => [...new Set(list)].sort();

/** The words of a message without its placeholders; signs that are the same everywhere (CSV, MID, R², kWh) are none. */
function wordsOf(elements: readonly MessageFormatElement[]): string[] {
  return elements.flatMap((e) => {
    if (e.type === TYPE.plural || e.type === TYPE.select)
      return Object.values(e.options).flatMap((o) => wordsOf(o.value));
    if (e.type === TYPE.tag) return wordsOf(e.children);
    if (e.type !== TYPE.literal) return [];
    return (e.value.match(/\p{L}{2,}/gu) ?? []).filter(
      (word) => !/^[A-Z]+$|^(cos|tan|min|mA|mm|km|[kMG]Wh)$/.test(word),
    );
  });
}

const unit =
  /(?<![\p{L}\d])(?:[kMG]?Wh|k?W|k?varh?|k?VAh?|K·d|°C|[kM]B|mm²|t·km|km|kJ\/kg|MPa|ms|mA|m³|m²|Hz)(?![\p{L}\d²³])/gu;
/** The units of a text, which no language translates. */
const unitsOf = (text: string): string => unique(text.match(unit) ?? []).join();

/** Names, the same in every language. */
const names = `CalTRACK Ctrl Ethernet Filip Guideline Longley Modbus NoInt Norris Pareto Parquet Pontius SEnPI StRD SunSpec TimescaleDB
  Wampler Wattproof`;

/** What may stand in another language as it does in English: names, and words that both languages write alike. */
const sharedWords: Readonly<Record<string, ReadonlySet<string>>> = {
  fr: new Set(
    `${names} Action Actions Audit Audits base bits Coefficient Commit Configuration Contact Contradictions Convention Correction Date
    Description distribution Document exception Format France guide Index Installation Interactions interface Latitude Licence Longitude
    management Mode Modules Note Notes Obligations Organisation Pages Performance Phases Photos Port position production Production rail
    ratio Section Signature Site Sites Source station Station Structure Table Topic total Total transaction Transport Type Variable
    Variables ventilation Ventilation Verdict version Version volume Volume Zone Zones`.split(/\s+/),
  ),
  de: new Set(
    `${names} Administrator Audit Auditor Basis Broker Cluster Commit Details Diesel EnPI EnPIs Format Gateway Gateways Hex in
    Installation Lag live Name Organisation Parameter Plan Portfolio Register SEUs Station Tarif Term Topic Transport Variable Version`.split(
      /\s+/,
    ),
  ),
  es: new Set(
    `${names} Auditor auditor Balance base bits Broker byte bytes cable Commit Decimal Factor factor Fundamental Hex Hexadecimal no Plan ratio Topic
    Total total Variable Variables`.split(/\s+/),
  ),
};

type Texts = Readonly<Record<string, string>>;
const catalogues: readonly (readonly [string, Texts, Texts])[] = locales.flatMap((locale) => [
  [`portal ${locale}`, portalCatalogue[locale], portalCatalogue.en],
  [`report ${locale}`, reportCatalogue[locale], reportCatalogue.en],
]);

describe.each(catalogues)('%s', (_, texts, english) => {
  test('has the keys of English', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
  });

  test('has the placeholders of English in every text', () => {
    const differing = Object.entries(texts).filter(
      ([key, text]) =>
        unique(placeholdersOf(parse(text))).join() !==
        unique(placeholdersOf(parse(english[key] as string))).join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('has the units of English', () => {
    const differing = Object.entries(texts).filter(
      ([key, text]) => unitsOf(text) !== unitsOf(english[key] as string),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('has typographic apostrophes and quotes, and no empty text', () => {
    expect(Object.entries(texts).filter(([, text]) => /['"]/.test(text) || text.trim() === '')).toEqual([]);
  });
});

test('the words of a message are those that a person would translate', () => {
  expect(wordsOf(parse('{n, plural, one {# byte} other {# bytes}} as CSV, cos φ'))).toEqual([
    'byte',
    'bytes',
    'as',
  ]);
});

describe.each([
  ['fr', portalCatalogue.fr, portalCatalogue.en],
  ['fr', reportCatalogue.fr, reportCatalogue.en],
  ['de', portalCatalogue.de, portalCatalogue.en],
  ['es', portalCatalogue.es, portalCatalogue.en],
  ['de', reportCatalogue.de, reportCatalogue.en],
  ['es', reportCatalogue.es, reportCatalogue.en],
] as const)(
  '%s',
  (locale, texts: Readonly<Record<string, string>>, english: Readonly<Record<string, string>>) => {
    test('leaves no English text as it was, but for words that are the same', () => {
      const left = Object.entries(texts).filter(
        ([key, text]) =>
          text === english[key] && wordsOf(parse(text)).some((word) => !sharedWords[locale]?.has(word)),
      );
      expect(left).toEqual([]);
    });
  },
);

describe('translator', () => {
  test('counts in the plural of the language', () => {
    const [en, fr] = [portalTranslator('en'), portalTranslator('fr')];
    expect(en('nav.openAlarms', { count: 1 })).toBe('1 open alarm');
    expect(en('nav.openAlarms', { count: 0 })).toBe('0 open alarms');
    expect(fr('nav.openAlarms', { count: 0 })).toBe('0 alarme ouverte');
    expect(fr('nav.openAlarms', { count: 1200 })).toBe('1\u202f200 alarmes ouvertes');
  });

  test('sets tags apart', () => {
    const t = createTranslator({ a: 'Less: <b>{x}</b>.' }, 'en');
    expect(t.rich('a', { x: '3' }, { b: (c) => ({ bold: c }) })).toEqual(['Less: ', { bold: ['3'] }, '.']);
  });

  test('refuses a key that does not exist', () => {
    expect(() => createTranslator({ a: 'x' }, 'en')('b' as 'a')).toThrow('No message b');
  });

  test('keeps together what no line may part', () => {
    expect(typeset('fr', '« Vu » : 3 %')).toBe('«\u202fVu\u202f»\u202f: 3\u202f%');
    expect(typeset('en', 'Seen : 3 %')).toBe('Seen : 3\u00a0%');
    expect(typeset('de', 'alle {every} ms, 1 mm², 4 min, 3 Messwerte')).toBe(
      'alle {every}\u00a0ms, 1\u00a0mm², 4\u00a0min, 3 Messwerte',
    );
  });

  test('reads each language', () => {
    const money = locales.map((locale) => portalTranslator(locale)('nav.money'));
    expect(money).toEqual(['Money', 'Factures', 'Rechnungen', 'Facturas']);
  });
});
