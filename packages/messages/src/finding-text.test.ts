import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locales } from '@wattproof/energy';
import { expect, test } from 'vitest';
import { portalCatalogue } from './index.ts';

const folder = join(import.meta.dirname, '../../energy/src');
/** Codes that arithmetic writes as text: `finding('code'` and the short forms around it. */
const written = /\b(?:finding|refuse|lacks|count)\(\s*'([a-z]\w+)'/g;
/** Put together from a name: `unitMixed`, `kindMixed`, `confidenceMixed`. */
const composed = ['unitMixed', 'kindMixed', 'confidenceMixed'];

test('whatever arithmetic finds is said in every language', () => {
  const codes = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(written)].map(([, code]) => code as string),
    );
  expect(codes.length).toBeGreaterThan(100);
  for (const locale of locales) {
    const texts: Readonly<Record<string, string>> = portalCatalogue[locale];
    const silent = [...new Set([...codes, ...composed])].filter((code) => !texts[`finding.${code}`]);
    expect(silent, locale).toEqual([]);
  }
});
