import type { BalanceNode, BalanceVerdict, SiteBalance } from '@wattproof/contracts/api';
import { describe, expect, test } from 'vitest';
import { balanceRows, countVerdicts, scaleReach } from './balance-rows.ts';

const node = (
  meterId: number,
  verdict: BalanceVerdict | null,
  children: BalanceNode[] = [],
  residual_wh = 10,
): BalanceNode => ({
  meterId,
  name: `T${meterId}`,
  role: 'feeder',
  energyUse: null,
  energy: 1000,
  exported: null,
  quality: { measured: 1, interpolated: 0, estimated: 0, manual: 0, missing: 0 },
  accuracy: [],
  chain_percent: null,
  balance: verdict
    ? {
        inflow_wh: 1000,
        children_wh: 990,
        residual_wh,
        residualShare: residual_wh / 1000,
        tolerance_wh: 20,
        verdict,
        reason: { code: verdict, message: '' },
        findings: [],
        compared: { step: 'hour', count: 168, of: 168 },
      }
    : null,
  children,
});

const site: SiteBalance = {
  from: '2026-11-01',
  to: '2026-11-08',
  carriers: [
    {
      carrier: 'electricity',
      unit: 'Wh',
      roots: [
        node(
          1,
          'unmeteredLoad',
          [node(2, 'loss', [node(3, null)]), node(4, 'unknown', [node(5, null)])],
          400,
        ),
      ],
    },
  ],
};

describe('balance rows', () => {
  test('stand below the meter that feeds them', () => {
    expect(balanceRows(site.carriers[0]?.roots ?? []).map((r) => [r.node.meterId, r.depth])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 1],
      [5, 2],
    ]);
  });

  test('an explained loss is not a bad balance, an unknown one is neither good nor bad', () => {
    expect(countVerdicts(site)).toEqual({ all: 3, bad: 1, unknown: 1 });
  });

  test('the scale holds the largest residual and never grows beyond the whole inflow', () => {
    expect(scaleReach(balanceRows(site.carriers[0]?.roots ?? []))).toBeCloseTo(0.44);
    expect(scaleReach([{ node: node(1, 'excess', [], -5000), depth: 0, member: 'roots[0]' }])).toBe(1);
    expect(scaleReach([])).toBeCloseTo(0.022);
  });
});
