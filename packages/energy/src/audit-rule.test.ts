import { expect, test } from 'vitest';
import { auditRules, guideRule, ruleInForce } from './audit-rule.ts';

test.each([
  ['FR', '2015-12-04', 'fr-2014-energy-bill-65', 'energyBill', '0.65', 'verified'],
  ['FR', '2025-12-31', 'fr-2015-energy-bill-80', 'energyBill', '0.80', 'verified'],
  ['FR', '2026-01-01', 'fr-2026-final-energy-80', 'finalEnergy', '0.80', 'verified'],
  ['DE', '2026-11-22', 'de-edlg-total-energy-90', 'totalEnergy', '0.90', 'unverified'],
  ['ES', '2026-11-22', 'es-rd56-2016-final-energy-85', 'finalEnergy', '0.85', 'secondary'],
])('%s on %s is %s', (country, date, id, basis, threshold, verification) => {
  expect(ruleInForce(country, date)).toMatchObject({
    ok: true,
    rule: { id, basis, threshold, verification },
  });
});

test('a country without a recorded rule has none, and the guide is no law', () => {
  expect(ruleInForce('IT', '2026-01-01')).toMatchObject({
    ok: false,
    disqualifications: [{ code: 'noAuditRule' }],
  });
  expect(ruleInForce('*', '2026-01-01', [...auditRules, guideRule]).ok).toBe(false);
});

test('rules of a country follow each other without gap or overlap', () => {
  for (const country of new Set(auditRules.map((r) => r.country))) {
    const rules = auditRules.filter((r) => r.country === country);
    rules.slice(1).forEach((rule, i) => {
      expect(rule.effectiveFrom).toBe(rules[i]?.effectiveTo);
    });
  }
  expect(new Set(auditRules.map((r) => r.id)).size).toBe(auditRules.length);
});
