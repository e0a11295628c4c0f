import { expect, test } from 'vitest';
import { scopeSum, toggled } from './scope-sum.ts';

const part = (id: string, quantity: string, cluster: string | null = null) => ({
  id,
  kind: 'site' as const,
  use: null,
  name: id,
  quantity,
  share_percent: '0.00',
  auditorDays: '1',
  travelCost: '0',
  cost: '1.5',
  isMandatory: false,
  cluster,
  isIncluded: false,
});
const proposal = {
  parts: [part('a', '79995'), part('b', '5'), part('c', '10000', 'k'), part('d', '10000', 'k')],
  clusters: [{ id: 'k', name: 'k', required: 1 }],
  total: '100000',
  threshold: '0.80',
  costUnit: 'EUR',
};

test('79.995 % does not reach 80 %, and 80 % does', () => {
  expect(scopeSum(proposal, new Set(['a']))).toMatchObject({
    reaches: false,
    share_percent: '79.99',
    cost: '1.50',
  });
  expect(scopeSum(proposal, new Set(['a', 'b']))).toMatchObject({
    reaches: true,
    quantity: '80000',
    share_percent: '80.00',
  });
});

test('a cluster counts whole from its required members on', () => {
  expect(scopeSum(proposal, new Set(['c'])).quantity).toBe('20000');
  const two = { ...proposal, clusters: [{ id: 'k', name: 'k', required: 2 }] };
  expect(scopeSum(two, new Set(['c'])).quantity).toBe('10000');
  expect(
    scopeSum({ ...proposal, clusters: [{ id: 'k', name: 'k', required: null }] }, new Set(['c'])).quantity,
  ).toBe('10000');
});

test('of a site the whole or some uses are chosen, and the way to it is paid once', () => {
  const use = (name: 'lighting' | 'cooling', quantity: string) => ({
    ...part(`b/${name}`, quantity),
    kind: 'use' as const,
    travelCost: '10',
    use: { siteId: 'b', carrier: 'electricity' as const, energyUse: name },
  });
  const parts = [part('a', '50'), part('b', '40'), use('lighting', '20'), use('cooling', '10')];
  const wish = { ...proposal, parts, clusters: [], total: '100' };
  expect(scopeSum(wish, new Set(['a', 'b/lighting', 'b/cooling']))).toMatchObject({
    quantity: '80',
    cost: '14.50',
    reaches: true,
  });
  expect([...toggled(parts, new Set(['b/lighting', 'b/cooling']), 'b')]).toEqual(['b']);
  expect([...toggled(parts, new Set(['a', 'b']), 'b/cooling')]).toEqual(['a', 'b/cooling']);
  expect([...toggled(parts, new Set(['a']), 'a')]).toEqual([]);
});
