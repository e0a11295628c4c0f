import { describe, expect, test } from 'vitest';
import { type AuditRule, auditRules, guideRule } from './audit-rule.ts';
import { auditCoverage, coverageVersions, runningCoverage } from './coverage.ts';
import { factorChanges, factorsInUse } from './factor-use.ts';
import {
  formulaChanges,
  formulaHistory,
  formulaNames,
  formulasOn,
  runningFormulas,
  runningVersion,
} from './formula.ts';
import { isChanged, versionChanges } from './report-version.ts';

describe('the history of formulas', () => {
  test.each(formulaNames)(
    '%s counts from one, in the order of its days, and says what each version changed',
    (name) => {
      const history = formulaHistory[name];
      expect(history.map(({ version }) => version)).toEqual(history.map((_, i) => i + 1));
      expect(history.map(({ since }) => since)).toEqual(history.map(({ since }) => since).toSorted());
      expect(history.map(({ change }) => change !== null)).toEqual(history.map((_, i) => i > 0));
    },
  );

  test('the coverage has the arithmetic of each of its versions at hand', () => {
    expect([...coverageVersions]).toEqual(formulaHistory.auditCoverage.map(({ version }) => version));
    expect(runningCoverage).toBe(runningVersion('auditCoverage'));
  });

  test('a report is computed with what ran on its day, and its changes name every version since', () => {
    const old = formulasOn('2026-11-22');
    expect(old.auditCoverage).toBe(1);
    expect(formulasOn('2020-01-01').investment).toBe(1);
    expect(formulasOn('2099-01-01')).toEqual(runningFormulas());
    const [coverage] = formulaChanges(old);
    expect(coverage).toMatchObject({ formula: 'auditCoverage', from: 1, to: 2, steps: [{ version: 2 }] });
    expect(formulaChanges(runningFormulas())).toEqual([]);
  });
});

describe('the rules behind a report', () => {
  const used = factorsInUse('FR', '2026-12-31');

  test('are the one in force and the guide’s, whole', () => {
    expect(used.map(({ role, rule }) => [role, rule.id])).toEqual([
      ['auditRule', 'fr-2026-final-energy-80'],
      ['guideRule', guideRule.id],
    ]);
    expect(factorsInUse('XX', '2026-12-31').map(({ role }) => role)).toEqual(['guideRule']);
  });

  test('a correction is told by the members that decide; where it was read changes nothing', () => {
    const rule = used[0]?.rule as AuditRule;
    const stored = JSON.parse(JSON.stringify(used));
    expect(factorChanges(stored, used)).toEqual([]);
    const corrected: AuditRule = {
      ...rule,
      source: 'elsewhere',
      threshold: '0.85',
      account: { ...rule.account, ambientHeat: 'count' },
    };
    expect(
      factorChanges(used, [{ role: 'auditRule', rule: { ...rule, source: 'elsewhere' } }, ...used.slice(1)]),
    ).toEqual([]);
    expect(factorChanges(used, [{ role: 'auditRule', rule: corrected }, ...used.slice(1)])).toEqual([
      {
        role: 'auditRule',
        id: rule.id,
        runningId: rule.id,
        members: [
          { member: 'threshold', before: '0.80', after: '0.85' },
          { member: 'account.ambientHeat', before: 'ignore', after: 'count' },
        ],
      },
    ]);
    expect(factorChanges(used, used.slice(1))).toMatchObject([{ runningId: null }]);
  });

  test('nothing changed is nothing to re-issue; a report of before versions were kept is judged by its day', () => {
    const now = { formulas: runningFormulas(), factors: used };
    expect(isChanged(versionChanges({ ...now, createdAt: '2026-11-22T10:00:00Z' }, now))).toBe(false);
    expect(versionChanges({ createdAt: '2026-11-22T10:00:00Z' }, now).formulas[0]?.formula).toBe(
      'auditCoverage',
    );
  });
});

test('version 1 of the coverage counts all days of a bill in the period, version 2 those of the entity', () => {
  const rule = auditRules.find(({ id }) => id === 'fr-2026-final-energy-80') as AuditRule;
  const point = (id: string, validTo: string | null) =>
    ({ id, carrier: 'electricity', siteId: null, validFrom: '2020-01-01', validTo }) as const;
  const bill = (deliveryPointId: string, kwh: string) =>
    ({
      id: deliveryPointId,
      deliveryPointId,
      number: deliveryPointId,
      kind: 'bill',
      corrects: null,
      from: '2026-09-01',
      to: '2026-10-01',
      energy_kwh: kwh,
      calorificBasis: 'none',
      amount: '10',
      currency: 'EUR',
      estimated: false,
    }) as const;
  const input = {
    rule,
    period: { from: '2026-09-01', to: '2026-10-01' },
    points: [point('in', '2026-09-16'), point('out', null)],
    bills: [bill('in', '900'), bill('out', '100')],
    scope: [{ deliveryPointId: 'in', included: true, reason: '' }],
  };
  // 900 of 1000; 15 of 30 days: 450 of 550.
  expect(auditCoverage(input, 1)).toMatchObject({
    onRule: { inScope: '900.000', total: '1000.000', share_percent: '90.00' },
    verdict: { outcome: 'reached' },
  });
  expect(auditCoverage(input)).toMatchObject({
    onRule: { inScope: '450.000', total: '550.000', share_percent: '81.81' },
    verdict: { outcome: 'insufficientData' },
  });
});

test('audited uses count with their measured share of what their site does not count already', () => {
  const rule = auditRules.find(({ id }) => id === 'fr-2026-final-energy-80') as AuditRule;
  const point = (id: string, siteId: string) =>
    ({ id, carrier: 'electricity', siteId, validFrom: '2020-01-01', validTo: null }) as const;
  const bill = (deliveryPointId: string, energy_kwh: string, amount: string) =>
    ({
      id: deliveryPointId,
      deliveryPointId,
      number: deliveryPointId,
      kind: 'bill',
      corrects: null,
      from: '2026-09-01',
      to: '2026-10-01',
      energy_kwh,
      calorificBasis: 'none',
      amount,
      currency: 'EUR',
      estimated: false,
    }) as const;
  const use = (energyUse: 'refrigeration' | 'lighting', share: string) =>
    ({ siteId: 'b', carrier: 'electricity', energyUse, share, limit_percent: '2' }) as const;
  const input = {
    rule,
    period: { from: '2026-09-01', to: '2026-10-01' },
    points: [point('a', 'a'), point('b', 'b')],
    bills: [bill('a', '600', '60'), bill('b', '400', '80')],
    scope: [{ deliveryPointId: 'a', included: true, reason: '' }],
    uses: [use('refrigeration', '0.5')],
  };
  // 600 + 0.5 · 400 of 1000; on the bill 60 + 0.5 · 80 of 140; the meters may err by 2 % of 200.
  expect(auditCoverage(input)).toMatchObject({
    onRule: {
      inScope: '800.000',
      total: '1000.000',
      share_percent: '80.00',
      range: { lowest_percent: '79.60', highest_percent: '80.40', isDecided: false },
    },
    onBill: { inScope: '100.00', total: '140.00' },
    verdict: { outcome: 'insufficientData' },
  });
  // Meters that see more than the whole add no more than the whole; a site that is audited adds nothing twice.
  const all = auditCoverage({ ...input, uses: [use('refrigeration', '0.7'), use('lighting', '0.7')] });
  expect(all).toMatchObject({ onRule: { inScope: '1000.000' } });
  const whole = [...input.scope, { deliveryPointId: 'b', included: true, reason: '' }];
  expect(auditCoverage({ ...input, scope: whole })).toMatchObject({ onRule: { inScope: '1000.000' } });
});
