import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { locales } from '@wattproof/energy';
import { describe, expect, test } from 'vitest';
import { createTranslator, portalCatalogue, portalTranslator, typeset } from './index.ts';

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

describe.each(Object.entries(portalCatalogue))('%s', (locale, messages) => {
  test('has the keys of English', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(portalCatalogue.en).sort());
  });

  test('has the placeholders of English in every text', () => {
    const differing = Object.entries(messages).filter(([key, text]) => {
      const english = portalCatalogue.en[key as keyof typeof messages];
      return unique(placeholdersOf(parse(text))).join() !== unique(placeholdersOf(parse(english))).join();
    });
    expect(differing.map(([key]) => `${locale} ${key}`)).toEqual([]);
  });

  test('has typographic apostrophes and no empty text', () => {
    expect(Object.entries(messages).filter(([, text]) => text.includes("'") || text.trim() === '')).toEqual(
      [],
    );
  });
});

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

  test('sets French punctuation with a narrow no-break space', () => {
    expect(typeset('fr', '« Vu » : 3 %')).toBe('«\u202fVu\u202f»\u202f: 3\u202f%');
    expect(typeset('en', 'Seen : 3 %')).toBe('Seen : 3 %');
  });

  test('reads English for languages that are still to be written', () => {
    for (const locale of locales) expect(portalTranslator(locale)('nav.site')).toBe('Site');
    expect(portalTranslator('de')('nav.money')).toBe('Money');
    expect(portalTranslator('fr')('nav.money')).toBe('Factures');
  });
});
