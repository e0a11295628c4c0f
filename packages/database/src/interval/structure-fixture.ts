import type { Client, ClientBase } from 'pg';
import { addReading, createReadingBatch, type NewReading } from '../series/reading-batch.ts';
import { commitReadings } from '../series/reading-writer.ts';

/** For tests: an organisation with one site, made by the superuser. */
export interface TestSite {
  readonly organisationId: number;
  readonly legalEntityId: string;
  readonly siteId: string;
}

export interface TestMeter {
  readonly kind?: 'physical' | 'virtual' | 'manual';
  readonly role?: string;
  readonly carrier?: string;
  readonly energyUse?: string;
  readonly measurand?: string | null;
  readonly modulus?: number;
  readonly rateMax_per_s?: number;
  readonly readingPeriod_s?: number;
  readonly lineId?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

async function one<Row extends object>(client: ClientBase, sql: string, values: unknown[]): Promise<Row> {
  const { rows } = await client.query<Row>(sql, values);
  const [row] = rows;
  if (!row) throw new Error('No row came back');
  return row;
}

export async function createSite(
  client: ClientBase,
  {
    slug = 'belleroche',
    country = 'FR',
    timeZone = 'Europe/Paris',
  }: { readonly slug?: string; readonly country?: string; readonly timeZone?: string } = {},
): Promise<TestSite> {
  const { id: organisationId } = await one<{ id: number }>(
    client,
    'INSERT INTO organisation (name, slug) VALUES ($1, $1) RETURNING id',
    [slug],
  );
  const { id: legalEntityId } = await one<{ id: string }>(
    client,
    'INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, $2, $3) RETURNING id',
    [organisationId, `${slug} SAS`, country],
  );
  const { id: siteId } = await one<{ id: string }>(
    client,
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [organisationId, legalEntityId, 'Laval', country, timeZone],
  );
  return { organisationId, legalEntityId, siteId };
}

export async function createMeter(
  client: ClientBase,
  site: TestSite,
  meter: TestMeter = {},
): Promise<number> {
  const { id } = await one<{ id: number }>(
    client,
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, energy_use, measurand,
       counter_modulus, rate_max_per_s, reading_period_s, line_id, settings)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id`,
    [
      site.organisationId,
      site.siteId,
      'meter',
      meter.kind ?? 'physical',
      meter.role ?? 'use',
      meter.carrier ?? 'electricity',
      meter.energyUse ?? null,
      meter.measurand === undefined ? 'active_energy_import_wh' : meter.measurand,
      meter.modulus ?? null,
      meter.rateMax_per_s ?? null,
      meter.readingPeriod_s ?? 10,
      meter.lineId ?? null,
      meter.settings ?? {},
    ],
  );
  return id;
}

export async function addTerm(
  client: ClientBase,
  site: TestSite,
  {
    meterId,
    sourceId,
    sign = 1,
    measurand = 'active_energy_import_wh',
  }: {
    readonly meterId: number;
    readonly sourceId: number;
    readonly sign?: 1 | -1;
    readonly measurand?: string;
  },
): Promise<void> {
  await client.query(
    `INSERT INTO virtual_term (organisation_id, meter_id, source_meter_id, source_measurand, sign)
     VALUES ($1, $2, $3, $4, $5)`,
    [site.organisationId, meterId, sourceId, measurand, sign],
  );
}

export type TestReading = Pick<NewReading, 'meterId' | 'at_ms' | 'values'> & Partial<NewReading>;

/** Writes readings as ingestion does. */
export async function storeReadings(
  client: Client,
  site: TestSite,
  readings: readonly TestReading[],
): Promise<void> {
  const batch = createReadingBatch(Math.max(16, readings.length));
  for (const reading of readings)
    addReading(batch, {
      organisationId: site.organisationId,
      receivedAt_ms: reading.at_ms,
      skew_ms: 0,
      quality: 0,
      exceptions: {},
      ...reading,
    });
  await commitReadings(client, batch);
}
