import { measurandOf } from '@wattproof/energy';
import type pg from 'pg';
import { syntheticDays } from '../../packages/energy/src/synthetic-site.fixture.ts';
import { baselineDays, monthDays } from './work.ts';

export const metersOfSite = 20;
/** First day of the baseline. */
export const firstDate = '2024-01-01';
const energy = measurandOf('active_energy_import_wh').id;
/** Variables of each site, as meters: their measurand and the column of the interval that they fill. */
const siteMeters = [
  { key: 'production', carrier: 'production', measurand: 'production_g', quantity: 'amount', combine: 'sum' },
  { key: 'hours', carrier: 'production', measurand: 'production_g', quantity: 'amount', combine: 'sum' },
  {
    key: 'outdoor',
    carrier: 'weather',
    measurand: 'outdoor_temperature_c',
    quantity: 'temperature',
    combine: 'mean',
  },
] as const;

export interface EnpiPlant {
  readonly siteIds: readonly string[];
  /** Of each site, in its order: ids of its variables by key. */
  readonly variableIds: readonly Readonly<Record<string, string>>[];
  readonly meterIds: readonly (readonly number[])[];
}

/** An organisation of sites with twenty metered uses each, production, hours and weather, and an EnPI for every use. */
export async function seedEnpis(admin: pg.Client, meters: number): Promise<EnpiPlant> {
  const { rows: own } = await admin.query<{ id: number }>(
    `INSERT INTO organisation (name, slug) VALUES ('Bench', 'bench') RETURNING id`,
  );
  const organisationId = own[0]?.id as number;
  const { rows: entity } = await admin.query<{ id: string }>(
    `INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Bench', 'FR') RETURNING id`,
    [organisationId],
  );
  const plant = {
    siteIds: [] as string[],
    variableIds: [] as Record<string, string>[],
    meterIds: [] as number[][],
  };
  for (let site = 0; site * metersOfSite < meters; site++) {
    const { rows } = await admin.query<{ id: string }>(
      `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       VALUES ($1, $2, $3, 'FR', 'Europe/Paris') RETURNING id`,
      [organisationId, entity[0]?.id, `Site ${site}`],
    );
    const siteId = rows[0]?.id as string;
    plant.siteIds.push(siteId);
    const uses = Math.min(metersOfSite, meters - site * metersOfSite);
    const seeded = await seedSite(admin, { organisationId, siteId, site, uses });
    plant.variableIds.push(seeded.variableIds);
    plant.meterIds.push(seeded.meterIds);
  }
  await admin.query('VACUUM ANALYZE store.interval_day');
  await admin.query('ANALYZE');
  return plant;
}

async function seedSite(
  admin: pg.Client,
  site: {
    readonly organisationId: number;
    readonly siteId: string;
    readonly site: number;
    readonly uses: number;
  },
): Promise<{ readonly variableIds: Record<string, string>; readonly meterIds: number[] }> {
  const { organisationId, siteId } = site;
  const days = syntheticDays({ seed: site.site + 1, from: 0, days: baselineDays + monthDays });
  const production = Array.from(days.given.production ?? [], (tonnes) => Math.round(tonnes * 1e6));
  const series: Readonly<Record<string, readonly number[]>> = {
    production,
    hours: production.map((grams, i) => Math.round(grams / 5 + 1e6 * ((i * 7919) % 11))),
    outdoor: Array.from(days.temperature_c ?? []),
  };
  const variableIds: Record<string, string> = {};
  for (const { key, carrier, measurand, quantity, combine } of siteMeters) {
    const meterId = await insertMeter(admin, site, { name: key, role: 'variable', carrier, measurand });
    await insertDays(
      admin,
      { meterId, organisationId, measurand: measurandOf(measurand).id },
      series[key] ?? [],
      quantity,
    );
    const { rows } = await admin.query<{ id: string }>(
      `INSERT INTO relevant_variable (organisation_id, site_id, key, name, unit, source, quantity, combine, meter_id, measurand)
       VALUES ($1, $2, $3, $3, $4, 'meter', $5, $6, $7, $8) RETURNING id`,
      [
        organisationId,
        siteId,
        key,
        quantity === 'amount' ? 'g' : '°C',
        quantity,
        combine,
        meterId,
        measurand,
      ],
    );
    variableIds[key] = rows[0]?.id as string;
  }
  const meterIds: number[] = [];
  for (let use = 0; use < site.uses; use++) {
    const meterId = await insertMeter(admin, site, {
      name: `Use ${use}`,
      role: 'use',
      carrier: 'electricity',
      measurand: 'active_energy_import_wh',
    });
    meterIds.push(meterId);
    // Each use follows the site with a scatter of its own.
    const values = Array.from(days.energy_wh, (wh, day) =>
      Math.round(wh * (0.3 + 0.05 * use) + 2e5 * (((day * 104_729 + use * 7919) % 1000) / 1000)),
    );
    await insertDays(admin, { meterId, organisationId, measurand: energy }, values, 'amount');
    await admin.query(
      `WITH made AS (INSERT INTO enpi (organisation_id, site_id, name, meter_id, measurand, baseline_from, baseline_to,
         reporting_from, confidence) VALUES ($1, $2, $3, $4, 'active_energy_import_wh', $5::date, $5::date + $6::int, $5::date + $6::int, 0.9)
         RETURNING id)
       INSERT INTO enpi_variable (enpi_id, variable_id, organisation_id)
       SELECT made.id, v, $1 FROM made, unnest($7::uuid[]) v`,
      [
        organisationId,
        siteId,
        `Use ${use} of site ${site.site}`,
        meterId,
        firstDate,
        baselineDays,
        [variableIds.production, variableIds.outdoor],
      ],
    );
  }
  return { variableIds, meterIds };
}

async function insertMeter(
  admin: pg.Client,
  { organisationId, siteId }: { readonly organisationId: number; readonly siteId: string },
  meter: {
    readonly name: string;
    readonly role: string;
    readonly carrier: string;
    readonly measurand: string;
  },
): Promise<number> {
  const { rows } = await admin.query<{ id: number }>(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, energy_use, reading_period_s)
     VALUES ($1, $2, $3, 'physical', $4, $5, $6, CASE $4 WHEN 'use' THEN 'process' END, 60) RETURNING id`,
    [organisationId, siteId, meter.name, meter.role, meter.carrier, meter.measurand],
  );
  return rows[0]?.id as number;
}

async function insertDays(
  admin: pg.Client,
  key: { readonly meterId: number; readonly organisationId: number; readonly measurand: number },
  values: readonly number[],
  quantity: 'amount' | 'temperature',
): Promise<void> {
  await admin.query(
    `INSERT INTO store.interval_day (start, meter_id, organisation_id, measurand, duration_s, ${quantity === 'amount' ? 'delta' : 'mean'},
       n_measured, n_interpolated, n_estimated, n_manual, n_missing)
     SELECT d.start, $1, $2, $3, d.s, w.value, d.s / 900, 0, 0, 0, 0
     FROM unnest($4::${quantity === 'amount' ? 'bigint' : 'float8'}[]) WITH ORDINALITY AS w (value, n),
       LATERAL (SELECT ($5::date + (w.n - 1)::int)::timestamp AT TIME ZONE 'Europe/Paris' AS start,
         extract(epoch FROM ($5::date + w.n::int)::timestamp AT TIME ZONE 'Europe/Paris'
           - ($5::date + (w.n - 1)::int)::timestamp AT TIME ZONE 'Europe/Paris')::int AS s) d`,
    [key.meterId, key.organisationId, key.measurand, values, firstDate],
  );
}
