import { enterScope, importBills } from '@wattproof/database';
import { localDate } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import {
  type DemoPlant,
  type PlantLegalEntity,
  type PlantOrganisation,
  plantModelOf,
} from '@wattproof/simulator';
import type pg from 'pg';
import { billsCsv, billsOf, monthsBetween } from './bills.ts';
import { demoZone, monthBefore } from './demo-clock.ts';
import { demoPeople } from './people.ts';

/** Sends each legal entity's bills of the full months that are not stored yet through the import, as its clerk would. */
export async function storeBills(client: pg.ClientBase, plant: DemoPlant, now_ms: number): Promise<void> {
  const model = plantModelOf(plant);
  const today = localDate(demoZone, now_ms);
  for (const organisation of plant.organisations)
    for (const entity of organisation.legalEntities) {
      const owner = await ownerOf(client, organisation, entity);
      const from = owner.billedTo ?? localDate(demoZone, plant.start_ms);
      const months = monthsBetween(from, monthBefore(today, 0));
      if (months.length === 0) continue;
      const text = billsCsv(billsOf(organisation, entity, { months, modelOf: model.site }));
      await sendFile(client, {
        organisation,
        owner,
        text,
        today,
        name: fileName(organisation, entity, months),
      });
    }
}

interface Owner {
  readonly organisationId: number;
  /** First day that no bill covers; null where there is none. */
  readonly billedTo: string | null;
}

async function ownerOf(
  client: pg.ClientBase,
  organisation: PlantOrganisation,
  entity: PlantLegalEntity,
): Promise<Owner> {
  const { rows } = await client.query<{ id: number; billed_to: string | null }>(
    `SELECT o.id, max(b.period_to)::text AS billed_to FROM organisation o
     JOIN legal_entity e ON e.organisation_id = o.id AND e.name = $2
     LEFT JOIN delivery_point p ON p.legal_entity_id = e.id LEFT JOIN bill b ON b.delivery_point_id = p.id
     WHERE o.slug = $1 GROUP BY o.id`,
    [organisation.slug, entity.name],
  );
  const [row] = rows;
  if (!row) throw new AppError('conflict', `the demo's database has no ${entity.name}: start with --fresh`);
  return { organisationId: row.id, billedTo: row.billed_to };
}

const fileName = (
  organisation: PlantOrganisation,
  entity: PlantLegalEntity,
  months: readonly string[],
): string => `${organisation.slug}-${entity.key}-${months[0]?.slice(0, 7)}-${months.at(-1)?.slice(0, 7)}.csv`;

async function sendFile(
  client: pg.ClientBase,
  file: {
    readonly organisation: PlantOrganisation;
    readonly owner: Owner;
    readonly text: string;
    readonly name: string;
    readonly today: string;
  },
): Promise<void> {
  const { organisationId } = file.owner;
  const clerk = demoPeople.find(
    (p) => p.organisationKey === file.organisation.key && p.role === 'energyManager',
  );
  await client.query('BEGIN');
  try {
    await enterScope(client, organisationId);
    const outcome = await importBills(client, {
      organisationId,
      siteIds: null,
      fileName: file.name,
      content: Buffer.from(file.text),
      importedBy: clerk?.displayName ?? 'Import',
      dryRun: false,
      today: file.today,
    });
    const [fault] = outcome.rejected;
    if (fault)
      throw new AppError(
        'conflict',
        `${file.name}, row ${fault.row}, ${fault.column} "${fault.value}" ${fault.message}`,
      );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
