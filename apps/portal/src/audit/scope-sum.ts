import type { ScopeProposalView } from '@wattproof/contracts/api';
import { addDecimal, compareDecimal, type Decimal, multiplyDecimal } from '@wattproof/energy';

export interface ScopeSum {
  readonly quantity: Decimal;
  /** For the gauge; the comparison is exact. */
  readonly share: number;
  readonly reaches: boolean;
  readonly cost: Decimal;
}

/** What a choice of places adds up to; a cluster counts whole from its required members on. */
export function scopeSum(
  proposal: Pick<ScopeProposalView, 'parts' | 'clusters' | 'total' | 'threshold'>,
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
  let quantity: Decimal = '0';
  let cost: Decimal = '0';
  for (const part of parts) {
    const isAudited = chosen.has(part.id);
    if (isAudited) cost = addDecimal(cost, part.cost);
    if (isAudited || (part.cluster !== null && whole.has(part.cluster)))
      quantity = addDecimal(quantity, part.quantity);
  }
  return {
    quantity,
    cost,
    share: Number(total) > 0 ? Number(quantity) / Number(total) : 0,
    reaches: compareDecimal(quantity, multiplyDecimal(total, threshold)) >= 0,
  };
}
