import { Injectable } from '@nestjs/common';
import type { Site, SiteStructure } from '@wattproof/contracts/api';
import {
  findSite,
  listMeters,
  listSites,
  type MeterRow,
  readStructure,
  type Scope,
  type SiteRow,
  type Structure,
} from '@wattproof/database/queries';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { MeterService } from '../meter/meter.service.ts';
import { Resources } from '../resources.ts';

export function siteView({ baseInterval_s: _, ...site }: SiteRow): Site {
  return site;
}

/** @throws AppError notFound, also where the site is another organisation's or outside the membership. */
export async function requireSite(client: PoolClient, scope: Scope, siteId: string): Promise<SiteRow> {
  const site = await findSite(client, scope, siteId);
  if (!site) throw new AppError('notFound', `There is no site ${siteId}`);
  return site;
}

@Injectable()
export class SiteService {
  constructor(
    private readonly resources: Resources,
    private readonly meters: MeterService,
  ) {}

  list(scope: Scope): Promise<Site[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) =>
      (await listSites(client, scope)).map(siteView),
    );
  }

  structure(scope: Scope, siteId: string): Promise<SiteStructure> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireSite(client, scope, siteId);
      const rows = await listMeters(client, scope, { siteId });
      const structure = await readStructure(client, scope, siteId);
      return { ...treeOf(structure, rows), meters: await this.meters.withLatest(client, scope, rows) };
    });
  }
}

function treeOf(
  { zones, panels, circuits }: Structure,
  meters: readonly MeterRow[],
): Omit<SiteStructure, 'meters'> {
  const meterIds = (belongs: (meter: MeterRow) => boolean): number[] =>
    meters.filter(belongs).map((m) => m.id);
  return {
    zones: zones.map((zone) => ({
      id: zone.id,
      name: zone.name,
      panels: panels
        .filter((panel) => panel.zoneId === zone.id)
        .map((panel) => ({
          id: panel.id,
          name: panel.name,
          circuits: circuits
            .filter((circuit) => circuit.panelId === panel.id)
            .map(({ id, name, ratedCurrent_a, energyUse }) => ({
              id,
              name,
              ratedCurrent_a,
              energyUse:
                energyUse as SiteStructure['zones'][number]['panels'][number]['circuits'][number]['energyUse'],
              meterIds: meterIds((m) => m.circuitId === id),
            })),
        })),
      meterIds: meterIds((m) => m.circuitId === null && m.zoneId === zone.id),
    })),
    meterIds: meterIds((m) => m.circuitId === null && m.zoneId === null),
  };
}
