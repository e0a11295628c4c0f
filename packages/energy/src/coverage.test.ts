import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AuditRule, auditRules, guideRule } from './audit-rule.ts';
import { billingMatrix } from './billing-matrix.ts';
import {
  type AccountBill,
  type AccountPoint,
  auditCoverage,
  type Coverage,
  type CoverageInput,
} from './coverage.ts';
import { measuredShare } from './measured-share.ts';

const rule = (id: string): AuditRule => {
  const found = auditRules.find((r) => r.id === id);
  if (!found) throw new Error(`No rule ${id}`);
  return found;
};
const period = { from: '2025-01-01', to: '2026-01-01' };
const point = (id: string, rest: Partial<AccountPoint> = {}): AccountPoint => ({
  id,
  carrier: 'electricity',
  siteId: `site-${id}`,
  validFrom: '2020-01-01',
  validTo: null,
  ...rest,
});
const bill = (deliveryPointId: string, energy_kwh: string, rest: Partial<AccountBill> = {}): AccountBill => ({
  id: `bill-${deliveryPointId}-${rest.from ?? ''}`,
  number: `${deliveryPointId}-${rest.from ?? ''}`,
  kind: 'bill',
  corrects: null,
  deliveryPointId,
  ...period,
  energy_kwh,
  calorificBasis: 'none',
  amount: energy_kwh,
  currency: 'EUR',
  estimated: false,
  ...rest,
});
const scope = (...ids: string[]) =>
  ids.map((deliveryPointId) => ({ deliveryPointId, included: true, reason: '' }));
const input = (rest: Partial<CoverageInput>): CoverageInput => ({
  rule: rule('fr-2026-final-energy-80'),
  period,
  points: [],
  bills: [],
  scope: [],
  ...rest,
});
const covered = (rest: Partial<CoverageInput>): Coverage => {
  const result = auditCoverage(input(rest));
  if (!result.ok) throw new Error(JSON.stringify(result.disqualifications));
  return result;
};
const five = {
  points: ['a', 'b', 'c', 'd', 'e'].map((id) => point(id)),
  bills: [bill('a', '50'), bill('b', '20'), bill('c', '15'), bill('d', '10'), bill('e', '5')],
};

test('sites of 50, 20 and 15 of 100 reach 80 %, sites of 50, 20 and 5 do not', () => {
  const yes = covered({ ...five, scope: scope('a', 'b', 'c') });
  expect(yes.onRule).toMatchObject({
    share_percent: '85.00',
    reachesThreshold: true,
    inScope: '85.000',
    total: '100.000',
  });
  expect(yes.verdict).toMatchObject({ outcome: 'reached', isPrintable: true, verification: 'verified' });
  const no = covered({ ...five, scope: scope('a', 'b', 'e') });
  expect(no.onRule).toMatchObject({ share_percent: '75.00', reachesThreshold: false });
  expect(no.verdict.outcome).toBe('notReached');
  expect(no.excluded.map(({ id, reason }) => [id, reason])).toEqual([
    ['c', 'notListed'],
    ['d', 'notListed'],
  ]);
});

test.each([
  ['79995', '20005', '79.99', false],
  ['79999999', '20000001', '79.99', false],
  ['80000', '20000', '80.00', true],
  ['0.3', '0.075', '80.00', true],
])('%s of %s and %s is %s %% and reaches 80 %%: %s', (inside, outside, share_percent, reachesThreshold) => {
  const { onRule } = covered({
    points: [point('a'), point('b')],
    bills: [bill('a', inside), bill('b', outside)],
    scope: scope('a'),
  });
  expect(onRule).toMatchObject({ share_percent, reachesThreshold });
});

test('the guide counts money beside the energy of the rule', () => {
  const result = covered({
    points: [point('a'), point('b')],
    bills: [bill('a', '90', { amount: '500.00' }), bill('b', '10', { amount: '499.99' })],
    scope: scope('a'),
  });
  expect(result.onRule).toMatchObject({ basis: 'finalEnergy', unit: 'kWh', share_percent: '90.00' });
  expect(result.onBill).toMatchObject({
    ruleId: guideRule.id,
    basis: 'energyBill',
    unit: 'EUR',
    share_percent: '50.00',
    reachesThreshold: false,
    total: '999.99',
  });
});

test('self-consumed energy counts, passed-on energy is deducted, but not on the bill basis', () => {
  const row = {
    carrier: 'pv',
    siteId: 'site-a',
    calorificBasis: 'none',
    limit_percent: null,
    reason: '',
  } as const;
  const result = covered({
    points: [point('a'), point('b')],
    bills: [bill('a', '60'), bill('b', '40')],
    rows: [
      { ...row, id: 'pv', kind: 'selfConsumed', energy_kwh: '20', included: true },
      { ...row, id: 'tenant', kind: 'passedOn', energy_kwh: '10', included: false },
    ],
    scope: scope('a'),
  });
  expect(result.onRule).toMatchObject({ inScope: '80.000', total: '110.000', share_percent: '72.72' });
  expect(result.onBill).toMatchObject({ inScope: '60.00', total: '100.00' });
});

test('a bill that reaches over the end of the period counts by days, exactly', () => {
  const { onRule, lines } = covered({
    points: [point('a'), point('b')],
    bills: [
      bill('a', '90', { from: '2024-12-22', to: '2025-01-31' }),
      bill('a', '730', { from: '2025-01-31', to: '2026-01-31' }),
      bill('b', '0'),
    ],
    scope: scope('a'),
  });
  // 90 · 30/40 + 730 · 335/365
  expect(lines[0]?.energy_kwh).toBe('737.500');
  expect(onRule.total).toBe('737.500');
});

test('an empty month blocks the verdict, not the figure', () => {
  const result = covered({
    points: [point('a'), point('b', { validFrom: '2025-07-01' })],
    bills: [bill('a', '90', { to: '2025-12-01' }), bill('b', '10', { from: '2025-07-01' })],
    scope: scope('a'),
  });
  expect(result.onRule.reachesThreshold).toBe(true);
  expect(result.verdict).toMatchObject({ outcome: 'insufficientData', isPrintable: false });
  expect(result.verdict.blocking).toMatchObject([
    { deliveryPointId: 'a', month: '2025-12', state: 'missing', missingDays: 31 },
  ]);
});

test('a month billed twice blocks the verdict too', () => {
  const result = covered({
    points: [point('a')],
    bills: [bill('a', '90'), bill('a', '1', { from: '2025-03-01', to: '2025-03-02' })],
    scope: scope('a'),
  });
  expect(result.verdict.blocking).toMatchObject([
    { month: '2025-03', state: 'overlapping', overlappingDays: 1 },
  ]);
});

test('an unverified rule gives no verdict without a reviewer', () => {
  const german = { ...five, rule: rule('de-edlg-total-energy-90'), scope: scope('a', 'b', 'c', 'd') };
  expect(covered(german).verdict).toMatchObject({
    outcome: 'reached',
    verification: 'unverified',
    isPrintable: false,
  });
  const reviewer = { name: 'A. Prüferin', date: '2026-11-01' };
  expect(covered({ ...german, reviewer }).verdict).toMatchObject({ isPrintable: true, reviewer });
});

test('gross and net, and currencies on a bill basis, are never added', () => {
  const codes = (rest: Partial<CoverageInput>) => {
    const result = auditCoverage(input(rest));
    return result.ok ? [] : result.disqualifications.map(({ code }) => code);
  };
  const points = [point('a'), point('b')];
  expect(
    codes({
      points,
      bills: [bill('a', '1', { calorificBasis: 'gross' }), bill('b', '1', { calorificBasis: 'net' })],
    }),
  ).toEqual(['calorificBasisMixed']);
  const currencies = [bill('a', '1'), bill('b', '1', { currency: 'GBP' })];
  expect(codes({ points, bills: currencies, rule: rule('fr-2015-energy-bill-80') })).toEqual([
    'currencyMixed',
  ]);
  const onEnergy = covered({ points, bills: currencies, scope: scope('a') });
  expect([onEnergy.onBill, onEnergy.findings[0]?.code]).toEqual([null, 'currencyMixed']);
  expect(codes({ points })).toEqual(['noEnergy']);
  expect(codes({ points, bills: [bill('z', '1')] })).toEqual(['billOfUnknownPoint']);
  expect(codes({ points, bills: [bill('a', '1', { to: '2024-01-01' })] })).toEqual(['billPeriodReversed']);
});

test('the estimated share is told', () => {
  const { onRule, matrix } = covered({
    points: [point('a'), point('b')],
    bills: [bill('a', '2', { estimated: true }), bill('b', '1')],
    scope: scope('a'),
  });
  expect(onRule.estimated_percent).toBe('66.67');
  expect(matrix.filter(({ state }) => state === 'estimated')).toHaveLength(12);
});

test('the matrix expects bills only while a point belongs to the entity', () => {
  const cells = billingMatrix([point('a', { validFrom: '2025-02-15', validTo: '2025-04-10' })], [], period);
  expect(cells.map(({ month, expectedDays }) => [month, expectedDays])).toEqual([
    ['2025-02', 14],
    ['2025-03', 31],
    ['2025-04', 9],
  ]);
});

test('the figure of the rule is that of a sum in whole numbers', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.boolean()), { minLength: 1, maxLength: 12 }),
      (sites) => {
        fc.pre(sites.some(([kwh]) => kwh > 0));
        const result = covered({
          points: sites.map((_, i) => point(`${i}`)),
          bills: sites.map(([kwh], i) => bill(`${i}`, String(kwh))),
          scope: sites.flatMap(([, included], i) => (included ? scope(`${i}`) : [])),
        });
        const inside = sites.filter(([, included]) => included).reduce((sum, [kwh]) => sum + BigInt(kwh), 0n);
        const total = sites.reduce((sum, [kwh]) => sum + BigInt(kwh), 0n);
        expect(result.onRule.reachesThreshold).toBe(inside * 100n >= total * 80n);
      },
    ),
  );
});

test('the measured share is by site and use, and tells double counting', () => {
  const site = { siteId: 's', carrier: 'electricity', total_wh: 1000, totalFrom: 'mainMeters' } as const;
  const use = (energyUse: 'lighting' | 'process' | null, energy_wh: number) =>
    ({ siteId: 's', carrier: 'electricity', energyUse, energy_wh }) as const;
  const result = measuredShare(
    [site],
    [use('process', 500), use('lighting', 100), use('process', 100), use(null, 50)],
  );
  expect(result.rows[0]).toMatchObject({ measured_wh: 750, share: 0.75, unmeasured_wh: 250 });
  expect(result.rows[0]?.uses.map((u) => [u.energyUse, u.share])).toEqual([
    ['process', 0.6],
    ['lighting', 0.1],
    [null, 0.05],
  ]);
  expect(result.carriers).toEqual([
    { carrier: 'electricity', total_wh: 1000, measured_wh: 750, share: 0.75 },
  ]);
  expect(measuredShare([site], [use('process', 1100)]).findings[0]?.code).toBe('measuredAboveTotal');
  expect(measuredShare([], [use('process', 1)]).findings[0]?.code).toBe('measuredWithoutTotal');
  expect(measuredShare([{ ...site, total_wh: 0 }], []).rows[0]?.share).toBeNull();
});

test('one account in France, Germany, Spain and Britain: four answers', () => {
  const outcome = (ruleId: string) => {
    const points = [point('a'), point('b')];
    const bills = [bill('a', '86'), bill('b', '14')];
    const { onRule } = covered({ points, bills, scope: scope('a'), rule: rule(ruleId) });
    return [onRule.share_percent, onRule.threshold, onRule.reachesThreshold];
  };
  expect(outcome('fr-2026-final-energy-80')).toEqual(['86.00', '0.80', true]);
  expect(outcome('de-edlg-total-energy-90')).toEqual(['86.00', '0.90', false]);
  expect(outcome('es-rd56-2016-final-energy-85')).toEqual(['86.00', '0.85', true]);
  expect(outcome('gb-esos-total-energy-95')).toEqual(['86.00', '0.95', false]);
});

test('five of seventeen alike sites count as all of them in Germany, four do not', () => {
  const ids = Array.from({ length: 17 }, (_, i) => `s${i}`);
  const points = [...ids.map((id) => point(id)), point('plant')];
  const bills = [...ids.map((id) => bill(id, '5')), bill('plant', '9')];
  const cluster = {
    id: 'k',
    name: 'Shops',
    siteIds: ids.map((id) => `site-${id}`),
    justification: 'Same building, same use, same hours',
    statedSize: null,
  };
  const audited = (n: number, ruleId: string, clusters = [cluster]) =>
    covered({ points, bills, scope: scope(...ids.slice(0, n)), clusters, rule: rule(ruleId) });
  const five = audited(5, 'de-edlg-total-energy-90');
  expect(five.onRule).toMatchObject({ share_percent: '90.42', reachesThreshold: true });
  expect(five.lines.filter(({ clusterId }) => clusterId === 'k')).toHaveLength(12);
  const four = audited(4, 'de-edlg-total-energy-90');
  expect(four.onRule.share_percent).toBe('21.27');
  expect(four.findings).toMatchObject([
    { code: 'sampleTooSmall', data: { required: 5, audited: 4, of: 17 } },
  ]);
  expect(audited(5, 'es-rd56-2016-final-energy-85').findings[0]?.code).toBe('samplingUnknown');
  expect(audited(5, 'fr-2026-final-energy-80').findings[0]?.code).toBe('sampleSizeUnstated');
  const stated = audited(5, 'fr-2026-final-energy-80', [{ ...cluster, statedSize: 5 } as never]);
  expect(stated.onRule.share_percent).toBe('90.42');
  expect(stated.verdict).toMatchObject({ isPrintable: false, verification: 'unverified' });
  expect(audited(5, 'de-edlg-total-energy-90', [{ ...cluster, justification: ' ' }]).findings[0]?.code).toBe(
    'clusterUnjustified',
  );
});

test('a verdict that the meters’ limits could turn is no verdict', () => {
  const row = { carrier: 'pv', calorificBasis: 'none', kind: 'selfConsumed', reason: '' } as const;
  const rows = (limit_percent: string | null) => [
    { ...row, id: 'in', siteId: 'site-a', energy_kwh: '20', included: true, limit_percent },
    { ...row, id: 'out', siteId: 'site-b', energy_kwh: '10', included: false, limit_percent },
  ];
  const judged = (limit_percent: string | null) =>
    covered({
      points: [point('a'), point('b')],
      bills: [bill('a', '60.4'), bill('b', '10')],
      rows: rows(limit_percent),
      scope: scope('a'),
    });
  // 80.4/100.4 = 80.07 %; at 1 %: (80.4 − 0.2)/(100.4 − 0.2 + 0.1) = 79.96 %, (80.4 + 0.2)/(100.4 + 0.2 − 0.1) = 80.19 %.
  expect(judged('1').onRule.range).toEqual({
    lowest_percent: '79.96',
    highest_percent: '80.19',
    isDecided: false,
  });
  expect(judged('1').verdict).toMatchObject({ outcome: 'insufficientData', isPrintable: false });
  expect(judged('0.1').verdict.outcome).toBe('reached');
  expect(judged(null).onRule.range).toMatchObject({ lowest_percent: '80.07', highest_percent: '80.07' });
});

test('a credit note takes its bill back, and the bill that replaces it fills the month', () => {
  const march = { from: '2025-03-01', to: '2025-04-01' };
  const points = [point('a', { validFrom: march.from, validTo: march.to })];
  const wrong = bill('a', '100', { ...march, number: 'B1' });
  const note = bill('a', '-100', { ...march, number: 'C1', kind: 'creditNote', corrects: 'B1' });
  const right = bill('a', '80', { ...march, number: 'B2' });
  const judged = (...bills: AccountBill[]) => covered({ points, bills, scope: scope('a') });
  expect(judged(wrong, note, right)).toMatchObject({
    onRule: { total: '80.000' },
    verdict: { outcome: 'reached' },
  });
  expect(judged(wrong, right).verdict.blocking[0]?.state).toBe('overlapping');
  const part = { ...note, energy_kwh: '-20', amount: '-20' };
  expect(judged(wrong, part)).toMatchObject({ onRule: { total: '80.000' }, verdict: { outcome: 'reached' } });
  const below = judged({ ...wrong, energy_kwh: '90', amount: '-3' });
  expect(below.verdict.blockingFindings[0]).toMatchObject({ code: 'billNegative', data: { bills: ['B1'] } });
});

test('a site that changed hands in the year counts for each entity by its days, and waits for a reading', () => {
  const year = bill('a', '365');
  const sold = covered({
    points: [point('a', { validTo: '2025-07-01' })],
    bills: [year],
    scope: scope('a'),
  });
  expect(sold.onRule.total).toBe('181.000');
  expect(sold.verdict.blockingFindings[0]?.code).toBe('billAcrossEntities');
  const bought = covered({
    points: [point('a', { validFrom: '2025-07-01' })],
    bills: [bill('a', '184', { from: '2025-07-01' })],
    scope: scope('a'),
  });
  expect(bought.verdict.outcome).toBe('reached');
});

test('energy received from another entity counts here, and is deducted there', () => {
  const row = {
    carrier: 'electricity',
    siteId: 'site-a',
    calorificBasis: 'none',
    limit_percent: null,
    reason: '',
  } as const;
  const judged = (kind: 'received' | 'passedOn' | 'converted' | 'ambientHeat') =>
    covered({
      points: [point('a')],
      bills: [bill('a', '100')],
      rows: [{ ...row, id: 'x', kind, energy_kwh: '30', included: true }],
      scope: scope('a'),
    }).onRule.total;
  expect(
    ['received', 'passedOn', 'converted', 'ambientHeat'].map((kind) => judged(kind as 'received')),
  ).toEqual(['130.000', '70.000', '100.000', '100.000']);
});
