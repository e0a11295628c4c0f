import {
  type AuditRule,
  addDecimal,
  auditCost,
  cheapestScope,
  compareDecimal,
  type Decimal,
  type Disqualified,
  drawnFrom,
  type Finding,
  fewestParts,
  finding,
  multiplyDecimal,
  negateDecimal,
  requiredMembers,
  roundDecimal,
  type ScopeChoice,
  type ScopePart,
  type ScopeWish,
  scopeCost,
} from '@wattproof/energy';
import type { AuditUseRecord } from './audit.queries.ts';
import type { AuditEffort } from './audit-effort.queries.ts';
import { cutShare } from './compute-audit.ts';
import type { AuditRow, ComputedAudit } from './computed-audit.ts';

/** A use that meters see at a site, whether or not somebody states what auditing it costs. */
export interface MeasuredUseOfSite extends AuditUseRecord {
  readonly id: string;
  readonly siteName: string;
  /** In the unit of the rule's basis: measured share of what the site has of the carrier. */
  readonly quantity: Decimal;
  /** 0 to 1, cut off. */
  readonly share: Decimal;
}

/** A site, a use of one, or a delivery point that belongs to none (own fleet), as something to audit or to leave out. */
export interface ProposalPart {
  readonly id: string;
  readonly kind: 'site' | 'point' | 'use';
  /** Of a use: its site and what it is. */
  readonly use: AuditUseRecord | null;
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
  /** Uses that could be parts. */
  readonly uses: readonly MeasuredUseOfSite[];
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
      use: null,
      name: first?.siteName ?? first?.name ?? '',
      quantity,
      auditorDays,
      travelCost,
      cost: priceOf(effort, { auditorDays, travelCost }),
      isMandatory: own?.isMandatory ?? false,
      clusterId: own?.clusterId ?? null,
      isIncluded: rows.some((row) => row.included),
    };
  });
}

export const idOfUse = ({ siteId, carrier, energyUse }: AuditUseRecord): string =>
  `${siteId}/${carrier}/${energyUse}`;

/** Uses that meters see at the sites, each with its measured share of what the rule counts there of its carrier. */
export function measuredUses({ rows, rule, measured, sites }: ComputedAudit): readonly MeasuredUseOfSite[] {
  return measured.byCarrier.rows.flatMap(({ siteId, carrier, uses }) => {
    let whole: Decimal = '0';
    for (const row of rows)
      if (row.siteId === siteId && drawnFrom(row.carrier) === carrier && rule.account[row.kind] === 'count')
        whole = addDecimal(whole, countedQuantity(row, rule) ?? '0');
    return uses.flatMap(({ energyUse, share }): MeasuredUseOfSite[] => {
      if (energyUse === null || share === null || share <= 0 || compareDecimal(whole, '0') <= 0) return [];
      const use = { siteId, carrier, energyUse };
      const cut = cutShare(share);
      return [
        {
          ...use,
          id: idOfUse(use),
          siteName: sites.find(({ id }) => id === siteId)?.name ?? '',
          quantity: roundDecimal(multiplyDecimal(whole, cut), 3, 'down'),
          share: cut,
        },
      ];
    });
  });
}

/** Uses whose auditing was priced, or that are audited already, as parts of their own beside their site. */
function partsOfUses(
  uses: readonly MeasuredUseOfSite[],
  {
    computed,
    effort,
    sites,
  }: {
    readonly computed: ComputedAudit;
    readonly effort: AuditEffort;
    readonly sites: readonly ProposalPart[];
  },
): readonly ProposalPart[] {
  return uses.flatMap((use): ProposalPart[] => {
    const own = effort.uses.find((one) => idOfUse(one) === use.id);
    const site = sites.find(({ id }) => id === use.siteId);
    const isIncluded = (computed.account.uses ?? []).some((one) => idOfUse(one) === use.id);
    if (!site || (!own && !isIncluded)) return [];
    const { siteId, carrier, energyUse } = use;
    const auditorDays = own?.auditorDays ?? '1.00';
    return [
      {
        id: use.id,
        kind: 'use',
        use: { siteId, carrier, energyUse },
        name: use.siteName,
        quantity: use.quantity,
        auditorDays,
        travelCost: site.travelCost,
        cost: priceOf(effort, { auditorDays, travelCost: '0' }),
        isMandatory: false,
        clusterId: null,
        isIncluded,
      },
    ];
  });
}

const isPriced = ({ ratePerDay }: AuditEffort): boolean => Number(ratePerDay) > 0;

/** In money, or in days where no rate is stated. */
const priceOf = (
  effort: AuditEffort,
  { auditorDays, travelCost }: { readonly auditorDays: Decimal; readonly travelCost: Decimal },
): Decimal =>
  isPriced(effort)
    ? auditCost({ auditor_days: auditorDays, travel: travelCost, ratePerDay: effort.ratePerDay })
    : auditorDays;

/** Cost of a set of parts, and its days. */
export const costOfParts = (
  { parts, costUnit }: Pick<ScopeProposal, 'parts' | 'costUnit'>,
  ids: readonly string[],
): Decimal =>
  scopeCost(
    parts.map((part) => scopePart(part, costUnit !== 'days')),
    new Set(ids),
  );

/** A part as the search takes it. */
const scopePart = (
  { id, quantity, cost, travelCost, isMandatory, clusterId, use }: ProposalPart,
  withTravel: boolean,
): ScopePart => ({
  id,
  quantity,
  cost,
  isMandatory,
  clusterId,
  ...(use ? { useOf: use.siteId, travel: withTravel ? travelCost : '0' } : {}),
});

/** What to audit to reach the threshold: at the least cost, and with the fewest places. */
export function scopeProposal(computed: ComputedAudit, effort: AuditEffort): ScopeProposal | Disqualified {
  const { detail, rule } = computed;
  if (!detail) return { ok: false, disqualifications: computed.findings };
  const sites = partsOf(computed, effort);
  const uses = measuredUses(computed);
  const parts = [...sites, ...partsOfUses(uses, { computed, effort, sites })];
  const currencies = [...new Set(computed.sites.map(({ currency }) => currency))];
  const clusters = effort.clusters.flatMap((cluster) => {
    const sampleSize = requiredMembers(cluster, rule);
    return sampleSize === null || cluster.justification.trim() === '' ? [] : [{ id: cluster.id, sampleSize }];
  });
  const known = new Set(clusters.map(({ id }) => id));
  const wish: ScopeWish = {
    parts: parts.map((part) => ({
      ...scopePart(part, isPriced(effort)),
      clusterId: part.clusterId !== null && known.has(part.clusterId) ? part.clusterId : null,
    })),
    clusters,
    total: detail.onRule.total,
    threshold: rule.threshold,
  };
  return {
    unit: detail.onRule.unit,
    costUnit: isPriced(effort) ? (currencies[0] ?? '') : 'days',
    total: detail.onRule.total,
    threshold: rule.threshold,
    parts,
    uses,
    cheapest: cheapestScope(wish),
    fewest: fewestParts(wish),
    findings: [
      ...(effort.sites.length === 0
        ? [finding('effortNotEntered', 'No effort is entered: every place counts as one day')]
        : []),
      ...(isPriced(effort) && currencies.length > 1
        ? [finding('currencyMixed', 'Amounts in several currencies are not added', { currencies })]
        : []),
    ],
  };
}
