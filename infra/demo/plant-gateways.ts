import type { DemoPlant } from '@wattproof/simulator';

/** Topic partitions that the demo's gateways are spread over. */
const partitions = 4;

export interface PlantGateway {
  readonly id: string;
  readonly organisationKey: string;
}

/** Gateways in the plant's order, those of customers' own after the site's. */
export const gatewaysOf = (plant: DemoPlant): readonly PlantGateway[] =>
  plant.organisations.flatMap((o) =>
    o.sites.flatMap((s) =>
      [s.gatewayId, ...(s.customGateway ? [s.customGateway.id] : [])].map((id) => ({
        id,
        organisationKey: o.key,
      })),
    ),
  );

/** Gateways are dealt out over the partitions in turn. */
export function partitionsOf(plant: DemoPlant): (gatewayId: string) => number {
  const ids = gatewaysOf(plant).map((g) => g.id);
  return (id) => ids.indexOf(id) % partitions;
}
