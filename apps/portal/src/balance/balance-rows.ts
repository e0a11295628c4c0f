import type { BalanceNode, SiteBalance } from '@wattproof/contracts/api';
import { entry } from '@wattproof/evidence/figure-member';

/** A node of the measured tree as a row, below the meter that feeds it. */
export interface BalanceRow {
  readonly node: BalanceNode;
  readonly depth: number;
  /** Its place in the answer. */
  readonly member: string;
}

/** The tree from its roots down, each meter before those it feeds. */
export function balanceRows(roots: readonly BalanceNode[], place = '', depth = 0): BalanceRow[] {
  const list = depth === 0 ? 'roots' : 'children';
  return roots.flatMap((node) => {
    const member = [place, entry(list, { meterId: node.meterId })].filter(Boolean).join('.');
    return [{ node, depth, member }, ...balanceRows(node.children, member, depth + 1)];
  });
}

/** How many balances there are, and how they end. A loss that follows the load is explained, so it is not counted as bad. */
export function countVerdicts(balance: SiteBalance): {
  readonly all: number;
  readonly bad: number;
  readonly unknown: number;
} {
  const verdicts = balance.carriers
    .flatMap((c) => balanceRows(c.roots))
    .flatMap((row) => row.node.balance?.verdict ?? []);
  const unknown = verdicts.filter((v) => v === 'unknown').length;
  const good = verdicts.filter((v) => v === 'withinTolerance' || v === 'loss').length;
  return { all: verdicts.length, bad: verdicts.length - good - unknown, unknown };
}

/** Half-length of the common scale, as a share of the inflow: every residual and tolerance fits, small ones stay visible. */
export function scaleReach(rows: readonly BalanceRow[]): number {
  const shares = rows.flatMap(({ node: { balance } }) => {
    if (!balance?.inflow_wh || balance.residual_wh === null) return [];
    return [
      Math.abs(balance.residual_wh / balance.inflow_wh),
      (balance.tolerance_wh ?? 0) / Math.abs(balance.inflow_wh),
    ];
  });
  const most = Math.max(0.02, ...shares);
  return Math.min(1, most * 1.1);
}
