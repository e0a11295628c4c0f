import { join } from 'node:path';
import { upTopic } from '@wattproof/contracts/mqtt';
import { rebuildIntervals } from '@wattproof/database';
import { localDate } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import {
  type DemoPlant,
  defaultPlantOptions,
  demoPlant,
  type LinePlaces,
  type PlantOptions,
  plantModelOf,
  readPlantFile,
  writePlantFile,
} from '@wattproof/simulator';
import pg from 'pg';
import type { SeedDemoOptions, SeededDemo } from '../demo-seed.ts';
import { storeAudits } from './audits.ts';
import { demoApiKeys, type Places, storeCredentials } from './credentials.ts';
import { type DemoClock, demoClock, demoZone, readDemoOrigin, writeDemoOrigin } from './demo-clock.ts';
import type { DemoSecrets } from './demo-secrets.ts';
import { gatewayConfigurationOf } from './gateway-configuration.ts';
import { fillHistory } from './history.ts';
import type { HistoryPart } from './history-worker.ts';
import { demoPeople } from './people.ts';
import { storeRules } from './rules.ts';
import { storeOrganisation } from './structure.ts';

/** Topic partitions that the demo's gateways are spread over. */
const partitions = 4;

/**
 * Fills the demo: structure, people, gateways, rules, bills, history and its intervals. A later start finds what is
 * there, hands out the same credentials, and fills the readings of the time it was off.
 */
export async function seedDemo(options: SeedDemoOptions): Promise<SeededDemo> {
  const { progress } = options;
  const now_ms = options.end === undefined ? Date.now() : Date.parse(options.end);
  const client = new pg.Client({ connectionString: options.adminDatabaseUrl });
  await client.connect();
  try {
    const { plant, clock } = await fixPlant(client, options, now_ms);
    const places: LinePlaces = {
      modbusPort: options.ports.MODBUS,
      serialFolder: join(options.stateFolder, 'serial'),
    };
    progress('organisations and meters');
    await storeStructure(client, { plant, clock, places });
    const secrets = await storeCredentials(client, await placesOf(client, plant), options);
    await fillReadings(client, { options, plant, from_ms: clock.historyFrom_ms, to_ms: now_ms });
    return seededDemo(plant, places, secrets);
  } finally {
    await client.end();
  }
}

interface FixedPlant {
  readonly plant: DemoPlant;
  readonly clock: DemoClock;
}

/** The plant and its dates as the first start fixed them; with an empty database this is the first start. */
async function fixPlant(
  client: pg.Client,
  { stateFolder, seed, months }: SeedDemoOptions,
  now_ms: number,
): Promise<FixedPlant> {
  const { rows } = await client.query<{ created_at: Date }>(
    'SELECT created_at FROM organisation WHERE slug = ANY ($1) ORDER BY created_at LIMIT 1',
    [demoPlant(defaultPlantOptions).organisations.map((o) => o.slug)],
  );
  const made = rows[0]?.created_at;
  const origin = (made && readDemoOrigin(stateFolder)) ?? { madeAt_ms: made?.getTime() ?? now_ms, months };
  const clock = demoClock(origin.madeAt_ms, origin.months);
  const fixed: PlantOptions = (made && readPlantFile(stateFolder)) ?? {
    seed,
    start_ms: clock.plantStart_ms,
    reportingFrom_ms: clock.reportingFrom_ms,
  };
  writeDemoOrigin(stateFolder, origin);
  writePlantFile(stateFolder, fixed);
  return { plant: demoPlant(fixed), clock };
}

async function storeStructure(
  client: pg.Client,
  { plant, clock, places }: FixedPlant & { readonly places: LinePlaces },
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
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  }
}

interface PlantGateway {
  readonly id: string;
  readonly organisationKey: string;
}

/** Gateways in the plant's order, those of customers' own after the site's. */
const gatewaysOf = (plant: DemoPlant): readonly PlantGateway[] =>
  plant.organisations.flatMap((o) =>
    o.sites.flatMap((s) =>
      [s.gatewayId, ...(s.customGateway ? [s.customGateway.id] : [])].map((id) => ({
        id,
        organisationKey: o.key,
      })),
    ),
  );

async function placesOf(client: pg.Client, plant: DemoPlant): Promise<Places> {
  const { rows } = await client.query<{
    slug: string;
    organisation_id: number;
    site_id: string;
    name: string;
  }>(
    `SELECT o.slug, o.id AS organisation_id, s.id AS site_id, s.name
     FROM organisation o JOIN site s ON s.organisation_id = o.id WHERE o.slug = ANY ($1)`,
    [plant.organisations.map((o) => o.slug)],
  );
  const organisationIds = new Map<string, number>();
  const siteIds = new Map<string, string>();
  for (const organisation of plant.organisations)
    for (const site of organisation.sites) {
      const row = rows.find((r) => r.slug === organisation.slug && r.name === site.name);
      if (!row)
        throw new AppError('conflict', `the demo's database has no site ${site.name}: start with --fresh`);
      organisationIds.set(organisation.key, row.organisation_id);
      siteIds.set(`${organisation.key} ${site.key}`, row.site_id);
    }
  return {
    organisationIds,
    siteIds,
    gateways: gatewaysOf(plant).map((g) => ({
      id: g.id,
      organisationId: organisationIds.get(g.organisationKey) ?? 0,
    })),
  };
}

/** Readings up to now, then everything that follows from them. */
async function fillReadings(
  client: pg.Client,
  {
    options,
    plant,
    from_ms,
    to_ms,
  }: {
    readonly options: SeedDemoOptions;
    readonly plant: DemoPlant;
    readonly from_ms: number;
    readonly to_ms: number;
  },
): Promise<void> {
  const { progress, databaseUrlOf } = options;
  await fillHistory({
    databaseUrl: databaseUrlOf('wattproof_ingestion'),
    plant,
    to_ms,
    parts: await historyParts(client, plant, from_ms),
    onProgress: (done, all) => progress(`history ${Math.round((100 * done) / all)} %`),
  });
  const pool = new pg.Pool({ connectionString: databaseUrlOf('wattproof_worker'), max: 3 });
  try {
    const failures: Error[] = [];
    await rebuildIntervals(pool, {
      onProgress: ({ done, meters }) =>
        progress(`intervals ${Math.min(100, Math.round((100 * done) / Math.max(1, meters)))} %`),
      onError: (error) => failures.push(error),
    });
    if (failures[0]) throw failures[0];
  } finally {
    await pool.end();
  }
}

interface StoredMeterRow {
  readonly gateway_id: string;
  readonly meter_key: string;
  readonly meter_id: number;
  readonly organisation_id: number;
  readonly at: Date | null;
}

/** Each meter of the plant, from the reading after its last stored one. */
async function historyParts(client: pg.Client, plant: DemoPlant, from_ms: number): Promise<HistoryPart[]> {
  const { rows } = await client.query<StoredMeterRow>(
    `SELECT k.gateway_id, k.meter_key, k.meter_id, k.organisation_id, l.at
     FROM gateway_meter k LEFT JOIN store.latest l ON l.meter_id = k.meter_id WHERE k.gateway_id = ANY ($1)`,
    [gatewaysOf(plant).map((g) => g.id)],
  );
  const stored = new Map(rows.map((row) => [`${row.gateway_id} ${row.meter_key}`, row]));
  return plant.organisations.flatMap((o) =>
    o.sites.flatMap((site) =>
      site.meters.map((meter): HistoryPart => {
        const row = stored.get(`${site.gatewayId} ${meter.key}`);
        if (!row)
          throw new AppError(
            'conflict',
            `the demo's database has no meter ${site.key} ${meter.key}: start with --fresh`,
          );
        return {
          siteKey: site.key,
          meterKey: meter.key,
          meterId: row.meter_id,
          organisationId: row.organisation_id,
          from_ms: row.at ? row.at.getTime() + 1 : from_ms,
        };
      }),
    ),
  );
}

function seededDemo(plant: DemoPlant, places: LinePlaces, secrets: DemoSecrets): SeededDemo {
  const partitionOf = partitionsOf(plant);
  const secretOf = (group: keyof DemoSecrets, key: string): string => {
    const secret = secrets[group][key];
    if (secret === undefined) throw new Error(`the demo handed out nothing for ${key}`);
    return secret;
  };
  const nameOf = (key: string): string => plant.organisations.find((o) => o.key === key)?.name ?? key;
  const sites = plant.organisations.flatMap((o) => o.sites);
  const custom = sites.map((s) => s.customGateway).find((g) => g !== undefined);
  if (!custom) throw new Error('the demo has no gateway of a customer');
  return {
    accounts: demoPeople.map(({ role, organisationKey, email }) => ({
      role,
      organisation: nameOf(organisationKey),
      email,
      password: secretOf('people', email),
    })),
    apiKeys: demoApiKeys.map(({ organisationKey, scope }) => ({
      organisation: nameOf(organisationKey),
      scope,
      key: secretOf('apiKeys', `${organisationKey} ${scope}`),
    })),
    gateways: sites.map((site) => ({
      gatewayId: site.gatewayId,
      partition: partitionOf(site.gatewayId),
      username: site.gatewayId,
      password: secretOf('gateways', site.gatewayId),
      configuration: gatewayConfigurationOf(site, places),
    })),
    customGateway: {
      id: custom.id,
      username: custom.id,
      password: secretOf('gateways', custom.id),
      topic: upTopic(partitionOf(custom.id), custom.id, 'readings'),
      meters: custom.meters.map((m) => m.key),
    },
  };
}

/** Gateways are dealt out over the partitions in turn. */
function partitionsOf(plant: DemoPlant): (gatewayId: string) => number {
  const ids = gatewaysOf(plant).map((g) => g.id);
  return (id) => ids.indexOf(id) % partitions;
}
