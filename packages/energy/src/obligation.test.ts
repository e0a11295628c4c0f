import { expect, test } from 'vitest';
import { auditRules, guideRule } from './audit-rule.ts';
import { caseProfile, obligationCases } from './obligation.fixture.ts';
import { obligation, obligations } from './obligation.ts';
import { obligationCalendar } from './obligation-calendar.ts';
import { addMonths } from './obligation-deadline.ts';
import { findObligationRule, obligationRules } from './obligation-rules.ts';

const at = (ruleId: string) => {
  const rule = findObligationRule(ruleId);
  if (!rule) throw new Error(`No rule ${ruleId}`);
  return rule;
};

test.each(obligationCases)('$name', ({ unit, on, ruleId, outcome, dueOn, isVerdict }) => {
  const result = obligation(at(ruleId), caseProfile(unit, on), { on });
  expect(result.outcome).toBe(outcome);
  if (dueOn !== undefined) expect(result.due.dueOn).toBe(dueOn);
  if (isVerdict !== undefined) expect(result.isVerdict).toBe(isVerdict);
  if (outcome === 'insufficientData') expect(result.isVerdict).toBe(false);
});

test('a unit sees the rules of its country, the directives of the Union and the guide, and no others', () => {
  const ids = (country: string, on: string) =>
    obligations(caseProfile({ country }, on), on).map(({ rule }) => rule.id);
  expect(ids('FR', '2026-11-22')).toEqual([
    'guide-2012-27-audit',
    'eu-2023-1791-audit',
    'eu-2023-1791-enms',
    'fr-2025-audit',
    'fr-2025-enms',
    'fr-2026-declaration',
  ]);
  expect(ids('FR', '2025-12-31')).not.toContain('fr-2026-declaration');
  expect(ids('FR', '2025-09-30')).toContain('fr-2016-audit');
  expect(ids('GB', '2026-11-22')).toEqual(['guide-2012-27-audit', 'gb-esos-audit']);
  expect(ids('BE', '2026-11-22')).toEqual(['guide-2012-27-audit', 'eu-2023-1791-audit', 'eu-2023-1791-enms']);
});

test('a draft and a directive are never verdicts, even with a reviewer; an unverified law is with one', () => {
  const on = '2014-06-01';
  const unit = caseProfile(
    {
      country: 'FR',
      size: [
        ['10', '80', '10'],
        ['10', '80', '10'],
      ],
    },
    on,
  );
  const reviewers = [{ ruleId: 'fr-2013-audit', name: 'A. Lecteur', date: on }];
  expect(obligation(at('fr-2013-audit'), unit, { on }).isVerdict).toBe(false);
  expect(obligation(at('fr-2013-audit'), unit, { on, reviewers })).toMatchObject({
    isVerdict: true,
    reviewer: { name: 'A. Lecteur' },
  });
  const later = '2026-11-22';
  const german = caseProfile({ country: 'DE', energy_gwh: ['9', '9', '9'] }, later);
  const asked = ['de-draft-2025-audit', 'eu-2023-1791-audit'];
  for (const ruleId of asked)
    expect(
      obligation(at(ruleId), german, { on: later, reviewers: [{ ruleId, name: 'A', date: later }] })
        .isVerdict,
    ).toBe(false);
});

test('what is at stake is a share of the last stated turnover, to the cent', () => {
  const on = '2026-11-22';
  const unit = caseProfile(
    {
      country: 'FR',
      size: [
        ['1', '10', '1'],
        ['1', '61.2345675', '1'],
      ],
      energy_gwh: ['3', '3', '3'],
    },
    on,
  );
  const [sanction] = obligation(at('fr-2025-audit'), unit, { on }).sanctions;
  expect(sanction).toMatchObject({
    exposure: { amount: '1224691.35', currency: 'EUR' },
    repeatExposure: { amount: '2449382.70', currency: 'EUR' },
    year: 2025,
  });
  const unknown = obligation(at('fr-2025-audit'), caseProfile({ country: 'FR' }, on), { on });
  expect(unknown.sanctions[0]?.exposure).toBeNull();
});

test('overdue is told of what is owed, not of what is exempt or unknown', () => {
  const on = '2026-11-22';
  const judge = (energy_gwh: (string | null)[]) =>
    obligation(at('fr-2025-audit'), caseProfile({ country: 'FR', energy_gwh }, on), { on });
  expect(judge(['3', '3', '3']).isOverdue).toBe(true);
  expect(judge(['1', '1', '1']).isOverdue).toBe(false);
  expect(judge([null, '3', '3']).isOverdue).toBe(false);
});

test('the audit of each rule has the coverage of its day', () => {
  const coverage = (ruleId: string, country: string, on: string) =>
    obligation(at(ruleId), caseProfile({ country }, on), { on }).coverageRule?.id ?? null;
  expect(coverage('fr-2025-audit', 'FR', '2026-11-22')).toBe('fr-2026-final-energy-80');
  expect(coverage('fr-2016-audit', 'FR', '2018-01-01')).toBe('fr-2015-energy-bill-80');
  expect(coverage('gb-esos-audit', 'GB', '2019-01-01')).toBe('gb-esos-total-energy-90');
  expect(coverage('gb-esos-audit', 'GB', '2026-11-22')).toBe('gb-esos-total-energy-95');
  expect(coverage('it-dlgs102-audit', 'IT', '2026-11-22')).toBeNull();
});

test('Germany takes a declaration up to 500 000 kWh', () => {
  const on = '2026-11-22';
  const judge = (gwh: string | null) =>
    obligation(at('de-edlg-audit'), caseProfile({ country: 'DE', energy_gwh: [null, null, gwh] }, on), { on })
      .isSimplified;
  expect([judge('0.5'), judge('0.500001'), judge(null)]).toEqual([true, false, null]);
});

test('mixed calorific bases and negative energy leave the energy unknown, with the reason', () => {
  const on = '2026-11-22';
  const unit = caseProfile({ country: 'FR', energy_gwh: ['3', '3', '3'] }, on);
  const row = { year: 2025, kind: 'purchased', energy_kwh: '1', source: '' } as const;
  const judge = (energy: typeof unit.energy) => {
    const { outcome, findings } = obligation(at('fr-2025-audit'), { ...unit, energy }, { on });
    return [outcome, findings[0]?.code];
  };
  expect(
    judge([
      ...unit.energy,
      { ...row, carrier: 'gas', calorificBasis: 'gross' },
      { ...row, carrier: 'diesel', calorificBasis: 'net' },
    ]),
  ).toEqual(['insufficientData', 'calorificBasisMixed']);
  expect(
    judge([...unit.energy, { ...row, carrier: 'electricity', calorificBasis: 'none', energy_kwh: '-5' }]),
  ).toEqual(['insufficientData', 'energyNegative']);
});

test('recorded rules are consistent data', () => {
  expect(new Set(obligationRules.map(({ id }) => id)).size).toBe(obligationRules.length);
  const known = new Set([...auditRules, guideRule].map(({ id }) => id));
  for (const rule of obligationRules) {
    expect(rule.coverageRuleIds.filter((id) => !known.has(id))).toEqual([]);
    expect(
      rule.effectiveFrom === null || rule.effectiveTo === null || rule.effectiveFrom < rule.effectiveTo,
    ).toBe(true);
    for (const clause of [rule.unit, rule.trigger, rule.deadline, ...rule.exemptions, ...rule.sanctions])
      if (clause) expect(clause.source.length).toBeGreaterThan(5);
  }
});

test('months are added to the last day of a shorter month', () => {
  expect([addMonths('2024-02-29', 48), addMonths('2024-02-29', 12), addMonths('2026-12-31', 2)]).toEqual([
    '2028-02-29',
    '2025-02-28',
    '2027-02-28',
  ]);
});

test('the calendar holds what is owed by law, with reminders, and ends of certificates', () => {
  const on = '2026-11-22';
  const unit = caseProfile(
    {
      country: 'FR',
      energy_gwh: ['24', '24', '24'],
      audits: ['2024-03-15'],
      certificate: { standard: 'iso14001', validTo: '2027-06-01' },
    },
    on,
  );
  const entries = obligationCalendar(obligations(unit, on), unit, { on, reminders_days: [30, 90] });
  expect(entries.map(({ date, ruleId, kind, isPast }) => [date, ruleId, kind, isPast])).toEqual([
    ['2027-06-01', null, 'certificateEnds', false],
    ['2027-10-11', 'fr-2025-enms', 'due', false],
    ['2028-03-15', 'fr-2025-audit', 'due', false],
  ]);
  expect(entries[1]?.remindOn).toEqual(['2027-07-13', '2027-09-11']);
  const british = caseProfile(
    { country: 'GB', kind: 'group', size: [['250', '1', '1']], currency: 'GBP' },
    on,
  );
  expect(
    obligationCalendar(obligations(british, on), british, { on }).map(({ date, kind }) => [date, kind]),
  ).toEqual([
    ['2026-12-31', 'judged'],
    ['2027-12-05', 'due'],
  ]);
});
