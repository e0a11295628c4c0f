import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { portalCatalogue, reportCatalogue } from './index.ts';

/** The table "Terms in four languages" of the glossary: what each language says, and does not say. */
const glossary = readFileSync(join(import.meta.dirname, '../../../GLOSSARY.md'), 'utf8');
const section = glossary.slice(glossary.indexOf('## Terms in four languages'), glossary.indexOf('## Units'));
const rows = section
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6 && !cells[1]?.startsWith('---') && cells[1] !== 'English')
  .map(([, en = '', fr = '', de = '', es = '']) => ({ en, fr, de, es }));
const terms = rows.filter(({ en }) => en !== '*Not*');
const refused = rows.find(({ en }) => en === '*Not*');

const textsOf = (locale: 'fr' | 'de' | 'es'): readonly (readonly [key: string, text: string])[] => [
  ...Object.entries<string>(portalCatalogue[locale]),
  ...Object.entries<string>(reportCatalogue[locale]),
];

/** A word without what it is bent by: *relevante* stands for *relevanten*, *wesentlicher* for *wesentliche*, plurals for one. */
const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:er|en|es|e|s|n)$/u, '') : word);
const patternOf = (term: string): RegExp =>
  new RegExp(
    term
      .split(' ')
      .map((word) => stem(word).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join(String.raw`\p{L}*\s+`),
    'iu',
  );

/** Term and its sign in brackets: `indicateur … (IPÉ), in short référence`. */
const wordsOf = (cell: string): readonly string[] => {
  const [, term = cell, sign] = /^(.*?)(?: \(([^)]+)\))?(?:, in short .*)?$/u.exec(cell) ?? [];
  return sign && !sign.startsWith('of ') ? [term, sign] : [term];
};

test('the glossary has a table of terms', () => {
  expect(terms.length).toBeGreaterThan(30);
  expect(refused?.fr).toContain('compte d’énergie');
});

describe.each(['fr', 'de', 'es'] as const)('%s', (locale) => {
  const texts = textsOf(locale);

  test.each(terms.flatMap((row) => wordsOf(row[locale]).map((term) => [term] as const)))(
    'says %s',
    (term) => {
      expect(texts.some(([, text]) => patternOf(term).test(text))).toBe(true);
    },
  );

  test.each((refused?.[locale] ?? '').split(', ').map((word) => [word] as const))(
    'does not say %s',
    (word) => {
      const pattern = new RegExp(`(?<!\\p{L})${word}`, 'iu');
      expect(texts.filter(([, text]) => pattern.test(text)).map(([key]) => key)).toEqual([]);
    },
  );
});
