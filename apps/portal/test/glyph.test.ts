import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { carrierCodes, useCodes } from '@wattproof/charts';
import { locales } from '@wattproof/energy';
import {
  formatDuration,
  formatInstant,
  formatMoney,
  formatNumber,
  portalCatalogue,
  portalTranslator,
} from '@wattproof/messages';
import { expect, test } from 'vitest';
import { codePointsOf } from './woff2.ts';

const require = createRequire(import.meta.url);
const plex = '@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans';
const shipped = new Set(
  [
    require.resolve(`${plex}-latin-wdth-normal.woff2`),
    require.resolve(`${plex}-greek-wdth-normal.woff2`),
    new URL('../src/fonts/ibm-plex-sans-pi.woff2', import.meta.url),
  ].flatMap((file) => [...codePointsOf(readFileSync(file))]),
);

const missing = (text: string): string[] =>
  [...new Set(text)].filter((c) => !/[\n\r]/.test(c) && !shipped.has(c.codePointAt(0) as number));

test('the reader of the fonts tells what is there and what is not', () => {
  expect(missing('Aé€σΔφ≥≤→₂\u202f\u2212')).toEqual([]);
  expect(missing('漢‰')).toEqual(['漢', '‰']);
});

test.each(Object.entries(portalCatalogue))('every character of the %s texts has a glyph', (_, messages) => {
  expect(missing(Object.values(messages).join(''))).toEqual([]);
});

test.each(locales)('every character that formatting writes in %s has a glyph', (locale) => {
  const months = Array.from({ length: 12 }, (_, m) =>
    formatInstant(locale, 'Europe/Paris', Date.UTC(2026, m, 15), 'month'),
  );
  const texts = [
    formatNumber(locale, -1_234_567.891),
    formatMoney(locale, { amount: '-12345.60', currency: 'EUR' }, { decimals: 2 }),
    formatInstant(locale, 'Europe/Paris', 0, 'day'),
    formatDuration(locale, 100_000),
    portalTranslator(locale)('state.loadingPage'),
    ...months,
  ];
  expect(missing(texts.join(''))).toEqual([]);
});

test('every code on a tag has a glyph', () => {
  expect(missing([...Object.values(carrierCodes), ...Object.values(useCodes)].join(''))).toEqual([]);
});
