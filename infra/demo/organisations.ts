import { localDate } from '@wattproof/energy';
import { type DemoPlant, type LinePlaces, plantModelOf } from '@wattproof/simulator';
import type pg from 'pg';
import { storeAudits } from './audits.ts';
import { type DemoClock, demoZone } from './demo-clock.ts';
import { storeObligations } from './obligations.ts';
import { partitionsOf } from './plant-gateways.ts';
import { storeRules } from './rules.ts';
import { storeOrganisation } from './structure.ts';

/** Stores the organisations that are not there yet, each in one transaction with all that is set up for it. */
export async function storeOrganisations(
  client: pg.ClientBase,
  {
    plant,
    clock,
    places,
  }: { readonly plant: DemoPlant; readonly clock: DemoClock; readonly places: LinePlaces },
): Promise<void> {
  const model = plantModelOf(plant);
  for (const organisation of plant.organisations) {
    const known = await client.query('SELECT 1 FROM organisation WHERE slug = $1', [organisation.slug]);
    if (known.rowCount) continue;
    await client.query('BEGIN');
    try {
      const stored = await storeOrganisation(client, organisation, {
        modelOf: model.site,
        places,
        partitionOf: partitionsOf(plant),
        since_ms: plant.start_ms,
      });
      await storeRules(client, stored, clock);
      await storeAudits(client, stored, { clock, validFrom: localDate(demoZone, plant.start_ms) });
      await storeObligations(client, stored, clock);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  }
}
