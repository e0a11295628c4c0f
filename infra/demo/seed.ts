import { join } from 'node:path';
import { upTopic } from '@wattproof/contracts/mqtt';
import { AppError } from '@wattproof/runtime';
import {
  type DemoPlant,
  defaultPlantOptions,
  demoPlant,
  type LinePlaces,
  type PlantOptions,
  readPlantFile,
  step_ms,
  writePlantFile,
} from '@wattproof/simulator';
import pg from 'pg';
import type { SeedDemoOptions, SeededDemo } from '../demo-seed.ts';
import { storeBills } from './bill-files.ts';
import { demoApiKeys, type Places, storeCredentials } from './credentials.ts';
import { type DemoClock, demoClock, readDemoOrigin, writeDemoOrigin } from './demo-clock.ts';
import type { DemoSecrets } from './demo-secrets.ts';
import { ringWorkers } from './doorbell.ts';
import { gatewayConfigurationOf } from './gateway-configuration.ts';
import { storeGovernance } from './governance.ts';
import { storeOrganisations } from './organisations.ts';
import { demoPeople } from './people.ts';
import { gatewaysOf, partitionsOf } from './plant-gateways.ts';
import { fillReadings } from './readings.ts';

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
    await storeOrganisations(client, { plant, clock, places });
    const secrets = await storeCredentials(client, await placesOf(client, plant), options);
    progress('bills');
    await storeBills(client, plant, now_ms);
    const fill = (to_ms: number): Promise<void> =>
      fillReadings(client, {
        plant,
        from_ms: clock.historyFrom_ms,
        to_ms,
        databaseUrlOf: options.databaseUrlOf,
        progress,
      });
    await fill(now_ms);
    // The history took its time: the quarter hours that passed meanwhile are filled too.
    if (options.end === undefined && Math.floor(Date.now() / step_ms) > Math.floor(now_ms / step_ms))
      await fill(Date.now());
    progress('baselines, significant uses and targets');
    await storeGovernance(client, { databaseUrlOf: options.databaseUrlOf, now_ms });
    await ringWorkers(options.redisUrl);
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

export async function placesOf(client: pg.Client, plant: DemoPlant): Promise<Places> {
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
