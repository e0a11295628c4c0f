import type { BalanceNode } from '@wattproof/contracts/api';
import { describe, expect, test } from 'vitest';
import { type SiteFlow, siteFlow } from './site-flow.ts';

const quality = { measured: 1, interpolated: 0, estimated: 0, manual: 0, missing: 0 };
let nextId = 0;
const node = (name: string, energy: number | null, more: Partial<BalanceNode> = {}): BalanceNode => {
  nextId += 1;
  return {
    meterId: nextId,
    name,
    role: 'feeder',
    energyUse: null,
    energy,
    exported: null,
    quality,
    accuracy: [],
    chain_percent: null,
    balance: null,
    children: [],
    ...more,
  };
};
const style = { isShort: false, unexplained: 'not explained', nameOfUse: (use: string) => use };
const electricity = (roots: BalanceNode[]) => [{ carrier: 'electricity' as const, unit: 'Wh', roots }];
const flowOf = (flow: SiteFlow, from: string, to: string): number => {
  const id = (label: string): string | undefined => flow.nodes.find((n) => n.label === label)?.id;
  return flow.links.find((l) => l.from === id(from) && l.to === id(to))?.value ?? 0;
};
const sums = (flow: SiteFlow, id: string) => ({
  in: flow.links.filter((l) => l.to === id).reduce((s, l) => s + l.value, 0),
  out: flow.links.filter((l) => l.from === id).reduce((s, l) => s + l.value, 0),
});

const plant = () => [
  node('Mains', 800, {
    role: 'main',
    exported: 50,
    children: [
      node('PV', 250, { role: 'generation' }),
      node('Panel A', 600, {
        children: [
          node('A1', 400, { energyUse: 'refrigeration' }),
          node('A2', 150, { energyUse: 'lighting' }),
        ],
      }),
      node('B', 300, { energyUse: 'process' }),
    ],
  }),
];

describe('a flow from mains and generation to uses', () => {
  const flow = siteFlow(electricity(plant()), () => 1, style);

  test('what no meter explains is the rest at every level', () => {
    // 800 in, 250 made of which 50 go back: 1000; panels see 900. Below panel A 50 of 600 are not seen.
    expect(flowOf(flow, 'Panel A', 'not explained')).toBeCloseTo(50);
    expect(flowOf(flow, 'Mains', 'not explained') + flowOf(flow, 'PV', 'not explained')).toBeCloseTo(100);
  });

  test('generation joins in proportion: a fifth of everything that leaves the main', () => {
    expect(flowOf(flow, 'PV', 'Panel A')).toBeCloseTo(120);
    expect(flowOf(flow, 'Mains', 'Panel A')).toBeCloseTo(480);
    expect(flow.links.find((l) => l.carrier === 'pv')).toBeDefined();
  });

  test('between supply and use every box gives out what it takes in', () => {
    for (const { id } of flow.nodes.filter((n) => n.kind === 'meter')) {
      const { in: taken, out } = sums(flow, id);
      expect(out).toBeCloseTo(taken, 9);
    }
    const supplied = flow.nodes
      .filter((n) => n.kind === 'supply')
      .reduce((s, n) => s + sums(flow, n.id).out, 0);
    const ended = flow.nodes
      .filter((n) => n.kind === 'use' || n.kind === 'unexplained')
      .reduce((s, n) => s + sums(flow, n.id).in, 0);
    expect(supplied).toBeCloseTo(1000, 9);
    expect(ended).toBeCloseTo(1000, 9);
  });

  test('without the meters between them supplies and uses keep their sums', () => {
    const short = siteFlow(electricity(plant()), () => 1, { ...style, isShort: true });
    expect(short.nodes.map((n) => n.kind)).not.toContain('meter');
    const toUse = (f: SiteFlow, label: string): number =>
      f.nodes.filter((n) => n.label === label).reduce((s, n) => s + sums(f, n.id).in, 0);
    for (const label of ['refrigeration', 'lighting', 'process', 'not explained'])
      expect(toUse(short, label)).toBeCloseTo(toUse(flow, label), 9);
  });
});

test('a carrier without a factor is left out and said, not drawn as nothing', () => {
  const gas = { carrier: 'gas' as const, unit: 'l', roots: [node('Gas', 10, { energyUse: 'boilers' })] };
  const flow = siteFlow([...electricity([node('Mains', 5)]), gas], (c) => (c === 'gas' ? null : 1), style);
  expect(flow.leftOut).toEqual(['gas']);
  expect(flow.links).toHaveLength(1);
});

test('meters that see more than the one above are said; an unknown main is not a zero', () => {
  const over = node('Mains', 100, { role: 'main', children: [node('A', 130, { energyUse: 'process' })] });
  const flow = siteFlow(electricity([over, node('Second', null)]), () => 2, style);
  expect(flow.excess).toEqual([{ name: 'Mains', value: 60 }]);
  expect(flow.nodes.some((n) => n.label === 'Second')).toBe(false);
});

test('a meter below a hundredth of the site has no box, and its use still has its energy', () => {
  const main = node('Mains', 1000, {
    role: 'main',
    children: [node('Big', 995, { energyUse: 'process' }), node('Small', 5, { energyUse: 'lighting' })],
  });
  const flow = siteFlow(electricity([main]), () => 1, style);
  expect(flow.nodes.map((n) => n.label)).not.toContain('Small');
  expect(flowOf(flow, 'Mains', 'lighting')).toBe(5);
});
