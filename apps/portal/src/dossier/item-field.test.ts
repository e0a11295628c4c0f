import { auditDossierContent } from '@wattproof/contracts/api';
import { emptyDossier } from '@wattproof/energy';
import { describe, expect, test } from 'vitest';
import { draftOfItem, itemLists, itemOfDraft } from './item-field.ts';

const filled = {
  visits: { on: '2026-05-04', areas: 'Hall' },
  buildings: { name: 'Hall 1', builtIn: '1987', floorArea_m2: '1 250,5' },
  processes: { name: 'Steam', energy_kwh: '12 000' },
  transport: { name: 'Lorries' },
  opportunities: {
    title: 'Heat recovery',
    saving_kwh_per_year: '1 000,5',
    currency: 'EUR',
    savingPerYear: '120',
    cost: '1000',
    discountRate_percent: '6,5',
  },
} as const;

describe.each(itemLists)('%s', (list) => {
  test('make what the contract takes, and come back as they were typed', () => {
    const result = itemOfDraft(list, { ...draftOfItem(list, null), ...filled[list] });
    if (!result.ok) throw new Error(result.faults.join());
    const content = auditDossierContent.parse({ ...emptyDossier, [list]: [result.item] });
    const again = itemOfDraft(list, draftOfItem(list, content[list][0] ?? null));
    expect(again).toEqual({ ok: true, item: content[list][0] });
  });
});

test('numbers keep their digits, and what is wrong is named', () => {
  const draft = { ...draftOfItem('opportunities', null), ...filled.opportunities };
  expect(itemOfDraft('opportunities', draft)).toMatchObject({
    item: {
      saving_kwh_per_year: '1000.5',
      discountRate_percent: '6.5',
      lifetime_years: 10,
      accuracy_percent: null,
    },
  });
  expect(
    itemOfDraft('opportunities', { ...draft, cost: 'much', lifetime_years: '2.5', state: 'notRetained' }),
  ).toEqual({ ok: false, faults: ['cost', 'lifetime_years', 'reason'] });
});
