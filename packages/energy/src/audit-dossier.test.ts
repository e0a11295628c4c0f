import { expect, test } from 'vitest';
import { type AuditDossier, conductFields, emptyDossier, openStatementsOf } from './audit-dossier.ts';

const conduct = Object.fromEntries(conductFields.map((field) => [field, 'stated']));
const whole: AuditDossier = {
  ...emptyDossier,
  conduct,
  texts: { opportunities: 'None was found.' },
  visits: [{ siteId: null, on: '2026-05-04', areas: 'Hall', people: 'A. B.', notes: '' }],
  processes: [{ siteId: null, name: 'Steam', kind: 'steam', description: '', energy_kwh: null }],
};

test('an empty dossier lacks everything but reasons', () => {
  expect(openStatementsOf(emptyDossier)).toEqual([
    ...conductFields,
    'visits',
    'describedParts',
    'opportunities',
  ]);
});

test('a whole one lacks nothing; blanks are no statement', () => {
  expect(openStatementsOf(whole)).toEqual([]);
  expect(openStatementsOf({ ...whole, conduct: { ...conduct, independence: ' \n' } })).toEqual([
    'independence',
  ]);
});
