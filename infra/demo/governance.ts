import type { LoginRole } from '@wattproof/database';
import { addDays, localDate, measurandOf, pareto } from '@wattproof/energy';
import { computeEnpis } from '@wattproof/workers/performance';
import pg from 'pg';
import { demoZone } from './demo-clock.ts';
import { insertRow } from './insert.ts';
import { demoPeople } from './people.ts';
import { storeWeatherStation, type WeatherSite } from './weather.ts';

export interface GovernanceOptions {
  readonly databaseUrlOf: (role: LoginRole) => string;
  readonly now_ms: number;
}

interface SiteRow extends WeatherSite {
  readonly country: string;
  readonly floor_area_m2: number | null;
}

/** The energy manager of the group signs for every organisation of it. */
const manager = demoPeople.find(({ role }) => role === 'energyManager')?.displayName ?? '';

/**
 * What an energy team would have decided by now: approved first baselines, static factors, targets, a review of the
 * significant uses, carbon factors. Made once, from the demo's own intervals; the figures are the workers' own.
 */
export async function storeGovernance(client: pg.ClientBase, options: GovernanceOptions): Promise<void> {
  const { rows: known } = await client.query('SELECT 1 FROM seu_review LIMIT 1');
  if (known.length > 0) return;
  const workers = new pg.Pool({ connectionString: options.databaseUrlOf('wattproof_worker'), max: 2 });
  try {
    await computeEnpis(workers, { now_ms: options.now_ms });
    await client.query('BEGIN');
    try {
      await approveBaselines(client);
      for (const site of await sitesOf(client)) await storeSite(client, site, options.now_ms);
      await storeCarbonFactors(client);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
    await computeEnpis(workers, { now_ms: options.now_ms });
  } finally {
    await workers.end();
  }
}

async function approveBaselines(client: pg.ClientBase): Promise<void> {
  await client.query(
    `UPDATE enb SET state = 'approved', decided_by = $1, decided_at = computed_at,
       decision_reason = 'Every test passed; residuals looked at with the plant managers'
     WHERE version = 1 AND state = 'proposed'`,
    [manager],
  );
  await client.query(
    `INSERT INTO energy_target (organisation_id, enpi_id, from_date, to_date, saving_percent, reason, set_by)
     SELECT organisation_id, id, reporting_from, (reporting_from + interval '1 year')::date, 5,
       'Energy policy: 5 % less than the baseline expects in the first year', $1 FROM enpi`,
    [manager],
  );
}

async function sitesOf(client: pg.ClientBase): Promise<SiteRow[]> {
  const { rows } = await client.query<SiteRow>(
    `SELECT organisation_id, id AS site_id, name, country, floor_area_m2, latitude, longitude FROM site ORDER BY name`,
  );
  return rows;
}

async function storeSite(client: pg.ClientBase, site: SiteRow, now_ms: number): Promise<void> {
  const organisation = { organisation_id: site.organisation_id };
  for (const [name, unit, value, source] of [
    ['Shifts a day', '', '2', 'Works agreement'],
    ...(site.floor_area_m2 === null
      ? []
      : [['Heated floor area', 'm²', String(site.floor_area_m2), 'Building plans'] as const]),
  ] as const) {
    const factorId = await insertRow<string>(client, 'static_factor', {
      ...organisation,
      site_id: site.site_id,
      name,
      unit,
    });
    await client.query(
      `INSERT INTO static_factor_value (factor_id, valid_from, organisation_id, value, source, recorded_by)
       VALUES ($1, '2024-01-01', $2, $3, $4, $5)`,
      [factorId, site.organisation_id, value, source, manager],
    );
  }
  await storeWeatherStation(client, site, manager);
  await storeReview(client, site, now_ms);
}

const threshold = 0.8;
const opportunities: Readonly<Record<string, { readonly percent: number; readonly note: string }>> = {
  'refrigeration/electricity': { percent: 12, note: 'Floating condensing pressure; survey of March' },
  'compressedAir/electricity': { percent: 20, note: 'Leaks found by ultrasound; night pressure' },
  'lighting/electricity': { percent: 35, note: 'Halls 2 and 3 not yet on LED' },
};

/** The smallest set of uses that makes 80 % of the electricity of the past twelve months. */
async function storeReview(client: pg.ClientBase, site: SiteRow, now_ms: number): Promise<void> {
  const to = localDate(demoZone, now_ms);
  const from = addDays(to, -365);
  const { rows } = await client.query<{ key: string; value: number | null }>(
    `SELECT m.energy_use || '/' || m.carrier AS key, sum(d.delta)::float8 / 1000 AS value
     FROM meter m JOIN store.interval_day d ON d.meter_id = m.id AND d.measurand = $2 AND d.start >= $3 AND d.start < $4
     WHERE m.site_id = $1 AND m.role = 'use' AND m.energy_use IS NOT NULL AND m.carrier = 'electricity'
       AND NOT EXISTS (SELECT FROM meter p WHERE p.id = m.parent_id AND p.role = 'use' AND p.carrier = m.carrier)
     GROUP BY 1 ORDER BY 1`,
    [site.site_id, measurandOf('active_energy_import_wh').id, from, to],
  );
  if (rows.length === 0) return;
  const ranked = pareto(rows, threshold);
  const significant = ranked.filter(({ isWithinThreshold }) => isWithinThreshold);
  await insertRow(client, 'seu_review', {
    organisation_id: site.organisation_id,
    site_id: site.site_id,
    from_date: from,
    to_date: to,
    basis: 'energy',
    threshold,
    criteria: 'The smallest set of uses that makes 80 % of the metered electricity of twelve months',
    reason: 'Yearly energy review',
    ranking: JSON.stringify(ranked),
    changes: JSON.stringify(
      significant.map(({ key, rank }) => ({ key, change: 'added', rankBefore: null, rankAfter: rank })),
    ),
    decided_by: manager,
  });
  for (const { key, rank, isWithinThreshold } of ranked)
    await insertRow(client, 'seu', {
      organisation_id: site.organisation_id,
      site_id: site.site_id,
      key,
      name: key,
      is_significant: isWithinThreshold,
      rank,
      since: to,
      potential_percent: opportunities[key]?.percent ?? null,
      potential_note: opportunities[key]?.note ?? '',
    });
}

/** Factors that the organisations state themselves, with where they have them from; fuels of other places are the product's. */
const carbon = [
  {
    place: 'FR',
    carrier: 'gas',
    basis: 'gross',
    value: '0.227',
    scope: 'lifeCycle',
    gas: 'CO2e',
    source: 'ADEME, older method by use, natural gas',
    licence: 'Licence Ouverte 2.0',
    verification: 'secondary',
  },
  {
    place: 'DE',
    carrier: 'electricity',
    basis: 'none',
    value: '0.363',
    scope: 'direct',
    gas: 'CO2',
    source: 'Umweltbundesamt, German mix of 2024, kept until the next is published',
    licence: '',
    verification: 'secondary',
  },
  {
    place: 'ES',
    carrier: 'electricity',
    basis: 'none',
    value: '0.331',
    scope: 'direct',
    gas: 'CO2',
    source: 'Spain, recognised document of the RITE, factors of CO₂, 2016, mainland grid',
    licence: '',
    verification: 'unverified',
  },
] as const;

async function storeCarbonFactors(client: pg.ClientBase): Promise<void> {
  for (const { place, ...factor } of carbon)
    await client.query(
      `INSERT INTO energy_factor (organisation_id, kind, carrier, basis, unit, value, place, account, scope, gas,
         effective_from, source, created_by, licence, verification)
       SELECT DISTINCT organisation_id, 'carbon', $2, $3, 'kWh', $4::numeric, $1::text, 'location', $5, $6, '2025-01-01'::date,
         $7, $8, $9, $10
       FROM site WHERE country = $1::text`,
      [
        place,
        factor.carrier,
        factor.basis,
        factor.value,
        factor.scope,
        factor.gas,
        factor.source,
        manager,
        factor.licence,
        factor.verification,
      ],
    );
}
