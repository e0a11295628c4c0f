import { certificateCases } from '@wattproof/energy';
import { portalCatalogue } from '@wattproof/messages';
import { expect, test } from 'vitest';

test('every case of the certificate has its title and its method in every language', () => {
  for (const [language, messages] of Object.entries(portalCatalogue)) {
    const missing = certificateCases
      .flatMap(({ id }) => [`certificate.caseTitle.${id}`, `certificate.caseMethod.${id}`])
      .filter((key) => !Object.hasOwn(messages, key));
    expect(missing, language).toEqual([]);
  }
});

test('no text is kept for a case that is gone', () => {
  const known = new Set(certificateCases.map(({ id }) => id));
  const orphans = Object.keys(portalCatalogue.en).flatMap((key) => {
    const id = key.match(/^certificate\.case(?:Title|Method)\.(.+)$/)?.[1];
    return id && !known.has(id) ? [key] : [];
  });
  expect(orphans).toEqual([]);
});
