import type { ScopeProposalView } from '@wattproof/contracts/api';
import {
  addDecimal,
  compareDecimal,
  type Decimal,
  divideDecimal,
  multiplyDecimal,
  scopeCost,
} from '@wattproof/energy';

type Part = ScopeProposalView['parts'][number];

export interface ScopeSum {
  readonly quantity: Decimal;
  /** Cut off, never rounded up to the threshold; the comparison is exact. */
  readonly share_percent: Decimal;
  readonly reaches: boolean;
  readonly cost: Decimal;
}

/**
 * What a choice of places and uses adds up to; a cluster counts whole from its required members on, and a use adds nothing to
 * a site that counts whole. The way to a site is paid once.
 */
export function scopeSum(
  proposal: Pick<ScopeProposalView, 'parts' | 'clusters' | 'total' | 'threshold' | 'costUnit'>,
  chosen: ReadonlySet<string>,
): ScopeSum {
  const { parts, clusters, total, threshold } = proposal;
  const whole = new Set(
    clusters
      .filter(({ name, required }) => {
        const audited = parts.filter((part) => part.cluster === name && chosen.has(part.id)).length;
        return required !== null && audited >= required;
      })
      .map(({ name }) => name),
  );
  const isWhole = (part: Part): boolean =>
    chosen.has(part.id) || (part.cluster !== null && whole.has(part.cluster));
  const wholeSites = new Set(parts.filter((part) => part.use === null && isWhole(part)).map(({ id }) => id));
  let quantity: Decimal = '0';
  for (const part of parts)
    if (part.use ? chosen.has(part.id) && !wholeSites.has(part.use.siteId) : isWhole(part))
      quantity = addDecimal(quantity, part.quantity);
  const cost = scopeCost(
    parts.map(({ id, cost: own, use, travelCost }) => ({
      id,
      cost: own,
      ...(use ? { useOf: use.siteId, travel: proposal.costUnit === 'days' ? '0' : travelCost } : {}),
    })),
    chosen,
  );
  return {
    quantity,
    cost,
    share_percent:
      Number(total) > 0
        ? divideDecimal(multiplyDecimal(quantity, '100'), total, { digits: 2, rounding: 'down' })
        : '0.00',
    reaches: compareDecimal(quantity, multiplyDecimal(total, threshold)) >= 0,
  };
}

/** A choice with a part put in or taken out: of a site either the whole is chosen or some of its uses. */
export function toggled(
  parts: readonly Pick<Part, 'id' | 'use'>[],
  chosen: ReadonlySet<string>,
  id: string,
): ReadonlySet<string> {
  const next = new Set(chosen);
  if (next.delete(id)) return next;
  next.add(id);
  const site = parts.find((part) => part.id === id)?.use?.siteId;
  if (site !== undefined) next.delete(site);
  for (const part of parts) if (part.use?.siteId === id) next.delete(part.id);
  return next;
}
