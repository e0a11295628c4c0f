import { portalCatalogue } from '@wattproof/messages';
import { expect, test } from 'vitest';
import { portalSources } from './sources.ts';

/** The portal's own code, and the texts that the catalogue puts together itself. */
const text = [
  '{app,src}/**/*.{ts,tsx}',
  '../../packages/messages/src/portal/criterion-text.ts',
  '../../packages/messages/src/portal/measurand-text.ts',
  '../../packages/messages/src/portal/obliged-unit-text.ts',
  '../../packages/messages/src/portal/version-text.ts',
]
  .flatMap(portalSources)
  .map((s) => s.text)
  .join('\n');
const quoted = new Set([...text.matchAll(/'([\w.]+)'/g)].map((m) => m[1] as string));
/** `t(`use.${x}`)` uses every key that begins with `use.`. */
const prefixes = [...text.matchAll(/`([a-zA-Z]+\.(?:[a-zA-Z]+\.)*)\$\{/g)].map((m) => m[1] as string);

test('every text of the catalogue is used by the portal', () => {
  const unused = Object.keys(portalCatalogue.en).filter(
    (key) => !quoted.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  expect(unused).toEqual([]);
});
