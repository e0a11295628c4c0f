import {
  type AuditRule,
  addDecimal,
  auditCost,
  cheapestScope,
  type Decimal,
  type Disqualified,
  type Finding,
  fewestParts,
  finding,
  negateDecimal,
  requiredMembers,
  type ScopeChoice,
  type ScopeWish,
} from '@wattproof/energy';
import type { AuditEffort } from './audit-effort.queries.ts';
import type { AuditRow, ComputedAudit } from './computed-audit.ts';

/** A site, or a delivery point that belongs to none (own fleet), as something to audit or to leave out. */
export interface ProposalPart {
  readonly id: string;
  readonly kind: 'site' | 'point';
  readonly name: string;
  /** In the unit of the rule's basis. */
  readonly quantity: Decimal;
  readonly auditorDays: Decimal;
  readonly travelCost: Decimal;
  readonly cost: Decimal;
  readonly isMandatory: boolean;
  readonly clusterId: string | null;
  /** Whether it is audited by the scope as it stands. */
  readonly isIncluded: boolean;
}

export interface ScopeProposal {
  readonly unit: string;
  /** `days`, or the currency of the costs. */
  readonly costUnit: string;
  readonly total: Decimal;
  readonly threshold: Decimal;
  readonly parts: readonly ProposalPart[];
  readonly cheapest: ScopeChoice | Disqualified;
  readonly fewest: ScopeChoice | Disqualified;
  readonly findings: readonly Finding[];
}

/** Quantity of a row as the rule counts it: with its sign, in money or energy; null where it does not count. */
function countedQuantity(row: AuditRow, rule: AuditRule): Decimal | null {
  const how = rule.account[row.kind];
  const quantity = rule.basis === 'energyBill' ? (row.amount?.amount ?? null) : row.energy_kwh;
  if (how === 'ignore' || quantity === null) return null;
  return how === 'deduct' ? negateDecimal(quantity) : quantity;
}

function partsOf(computed: ComputedAudit, effort: AuditEffort): readonly ProposalPart[] {
  const byPlace = Map.groupBy(
    computed.rows.filter((row) => row.siteId !== null || row.deliveryPointId !== null),
    (row) => row.siteId ?? row.deliveryPointId ?? '',
  );
  return [...byPlace].map(([id, rows]) => {
    const own = effort.sites.find(({ siteId }) => siteId === id);
    const [first] = rows;
    const auditorDays = own?.auditorDays ?? '1.00';
    const travelCost = own?.travelCost ?? '0.00';
    let quantity: Decimal = '0';
    for (const row of rows) quantity = addDecimal(quantity, countedQuantity(row, computed.rule) ?? '0');
    return {
      id,
      kind: first?.siteId ? ('site' as const) : ('point' as const),
      name: first?.siteName ?? first?.name ?? '',
      quantity,
      auditorDays,
      travelCost,
      cost:
        Number(effort.ratePerDay) > 0
          ? auditCost({ auditor_days: auditorDays, travel: travelCost, ratePerDay: effort.ratePerDay })
          : auditorDays,
      isMandatory: own?.isMandatory ?? false,
      clusterId: own?.clusterId ?? null,
      isIncluded: rows.some((row) => row.included),
    };
  });
}

/** What to audit to reach the threshold: at the least cost, and with the fewest places. */
export function scopeProposal(computed: ComputedAudit, effort: AuditEffort): ScopeProposal | Disqualified {
  const { detail, rule } = computed;
  if (!detail) return { ok: false, disqualifications: computed.findings };
  const parts = partsOf(computed, effort);
  const currencies = [...new Set(computed.sites.map(({ currency }) => currency))];
  const clusters = effort.clusters.flatMap((cluster) => {
    const sampleSize = requiredMembers(cluster, rule);
    return sampleSize === null || cluster.justification.trim() === '' ? [] : [{ id: cluster.id, sampleSize }];
  });
  const known = new Set(clusters.map(({ id }) => id));
  const wish: ScopeWish = {
    parts: parts.map(({ id, quantity, cost, isMandatory, clusterId }) => ({
      id,
      quantity,
      cost,
      isMandatory,
      clusterId: clusterId !== null && known.has(clusterId) ? clusterId : null,
    })),
    clusters,
    total: detail.onRule.total,
    threshold: rule.threshold,
  };
  const isPriced = Number(effort.ratePerDay) > 0;
  return {
    unit: detail.onRule.unit,
    costUnit: isPriced ? (currencies[0] ?? '') : 'days',
    total: detail.onRule.total,
    threshold: rule.threshold,
    parts,
    cheapest: cheapestScope(wish),
    fewest: fewestParts(wish),
    findings: [
      ...(effort.sites.length === 0
        ? [finding('effortNotEntered', 'No effort is entered: every place counts as one day')]
        : []),
      ...(isPriced && currencies.length > 1
        ? [finding('currencyMixed', 'Amounts in several currencies are not added', { currencies })]
        : []),
    ],
  };
}
