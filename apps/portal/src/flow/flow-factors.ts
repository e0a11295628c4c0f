import type { SiteBalance, SiteUses } from '@wattproof/contracts/api';

export interface FlowFactors {
  /** What one unit of the carrier's meters is in Wh and in money; null where the period does not tell. */
  readonly [carrier: string]: { readonly energy: number | null; readonly cost: number | null };
}

/**
 * What one unit of each carrier's meters is in Wh and in money over the period. Meters of energy count in Wh already; a
 * volume becomes energy by the site's own figures, energy ÷ volume, so the flow uses the same dated factors. Money is
 * the carrier's cost ÷ its metered total: the mean price of the period.
 */
export function flowFactors(balance: SiteBalance, uses: SiteUses): FlowFactors {
  return Object.fromEntries(
    balance.carriers.map(({ carrier, unit }) => {
      const total = uses.totals.find((row) => row.carrier === carrier);
      const metered = unit === 'Wh' ? total?.energy_wh : total?.volume_l;
      const per = (amount: number | null | undefined): number | null =>
        amount == null || !metered ? null : amount / metered;
      return [
        carrier,
        {
          // Water carries no energy: its total has none either.
          energy: unit === 'Wh' ? 1 : per(total?.energy_wh),
          cost: per(total?.cost ? Number(total.cost.amount) : null),
        },
      ];
    }),
  );
}
