import type { Locale } from '@wattproof/energy';
import { englishWords, type SpreadsheetWord, type SpreadsheetWords } from '@wattproof/evidence';
import { portalCatalogue, reportCatalogue } from '@wattproof/messages';

/** Words of a bundle's spreadsheet in the language of its report; kinds of rows and uses as the report names them. */
export function spreadsheetWords(locale: Locale): SpreadsheetWords {
  const texts: Readonly<Record<string, string>> = { ...portalCatalogue[locale], ...reportCatalogue[locale] };
  const wordOf = (word: SpreadsheetWord): string => {
    const key = word.startsWith('use.')
      ? word
      : word.startsWith('kind.')
        ? `report.${word}`
        : `report.sheet.${word}`;
    const text = texts[key];
    if (text === undefined) throw new Error(`The catalogue has no ${key}`);
    return text;
  };
  const words = Object.keys(englishWords) as SpreadsheetWord[];
  return Object.fromEntries(words.map((word) => [word, wordOf(word)])) as SpreadsheetWords;
}
