import type { ObligedUnit } from '@wattproof/contracts/api';
import { expect, test } from 'vitest';
import { draftOf, isBadNumber, profileOf } from './profile-draft.ts';

const stated: NonNullable<ObligedUnit['stated']> = {
  accountingYears: [
    { year: 2025, staff: '120', turnover: { amount: '61.5', currency: 'EUR' }, balance: null },
  ],
  energy: [
    {
      year: 2025,
      carrier: 'gas',
      kind: 'purchased',
      energy_kwh: '2700000.125',
      calorificBasis: 'gross',
      source: 'bills',
    },
  ],
  wholeYears: [2025],
  certificates: [],
  audits: ['2024-03-01'],
  obligedSince: null,
  isEnergyIntensive: false,
  reminders_days: [30],
  note: 'From the accounts',
};
const unit = { stated } as ObligedUnit;

test('what is stated comes through the form unchanged', () => {
  expect(profileOf(draftOf(unit, '2026-11-22', 'EUR'))).toEqual(stated);
});

test('numbers are read as people write them, exactly, and what is none keeps the profile from being sent', () => {
  const draft = draftOf(unit, '2026-11-22', 'EUR');
  const [first] = draft.years;
  if (!first) throw new Error('no year');
  const typed = { ...draft, years: [{ ...first, staff: '1 250,5' }] };
  expect(profileOf(typed)?.accountingYears[0]?.staff).toBe('1250.5');
  expect(profileOf({ ...draft, years: [{ ...first, staff: '-3' }] })).toBeNull();
  expect(profileOf({ ...draft, reminders: '30 soon' })).toBeNull();
  expect([isBadNumber(''), isBadNumber('x'), isBadNumber('1.5')]).toEqual([false, true, false]);
});
