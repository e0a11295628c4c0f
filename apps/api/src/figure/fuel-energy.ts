/** Placeholder removed once the factor table is in place. */
export const grossEnergyPerLitre_wh = (_carrier: string): number | null => null;
