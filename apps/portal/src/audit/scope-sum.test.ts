import { expect, test } from 'vitest';
import { scopeSum } from './scope-sum.ts';

const part = (id: string, quantity: string, cluster: string | null = null) => ({
  id,
  kind: 'site' as const,
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
};

test('79.995 % does not reach 80 %, and 80 % does', () => {
  expect(scopeSum(proposal, new Set(['a']))).toMatchObject({ reaches: false, cost: '1.5' });
  expect(scopeSum(proposal, new Set(['a', 'b']))).toMatchObject({
    reaches: true,
    quantity: '80000',
    share: 0.8,
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
