import { locales } from '@wattproof/energy';
import { englishWords, type SpreadsheetWord } from '@wattproof/evidence';
import { expect, test } from 'vitest';
import { spreadsheetWords } from './spreadsheet-words.ts';

const words = Object.keys(englishWords) as SpreadsheetWord[];

test.each(locales)('has every word of the spreadsheet in %s', (locale) => {
  const known = spreadsheetWords(locale);
  expect(words.filter((word) => !known[word])).toEqual([]);
});

test('a bundle without words reads as one in English does', () => {
  const english = spreadsheetWords('en');
  const ofTable = words.filter((word) => !/^(kind|use)\./.test(word));
  expect(ofTable.map((word) => english[word])).toEqual(ofTable.map((word) => englishWords[word]));
});
