import {
  appendRecords,
  chainInstant,
  monthAfter,
  type NewSealedDay,
  storeSealedDays,
} from '@wattproof/database';
import { addDays, localMidnight_ms, measurandOf } from '@wattproof/energy';
import {
  LeafHashes,
  type MeterDay,
  merkleRoot,
  meterDayLeaf,
  meterDayText,
  sha256Hex,
  toHex,
} from '@wattproof/evidence';
import type pg from 'pg';

export const metersOfSite = 20;
/** Audited months. */
export const period = { from: '2025-01-01', to: '2026-01-01' } as const;
const zone = 'Europe/Paris';
const energy = measurandOf('active_energy_import_wh');
const sealedAt = new Date('2026-02-01T00:00:00Z');

const idOf = async (admin: pg.Client, sql: string, values: unknown[]): Promise<string> => {
  const { rows } = await admin.query<{ id: string }>(`${sql} RETURNING id`, values);
  return rows[0]?.id as string;
};

export interface SeededAudit {
  readonly organisationId: number;
  readonly auditId: string;
}

/** An entity of sites with twenty meters each: twelve months of daily intervals, every day sealed, a bill for each month. */
export async function seedAudit(admin: pg.Client, name: string, sites: number): Promise<SeededAudit> {
  const organisationId = Number(
    await idOf(admin, 'INSERT INTO organisation (name, slug) VALUES ($1, $2)', [name, name.toLowerCase()]),
  );
  const entityId = await idOf(
    admin,
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, $2, 'FR')",
    [organisationId, name],
  );
  const auditId = await idOf(
    admin,
    'INSERT INTO audit (organisation_id, legal_entity_id, name, period_from, period_to) VALUES ($1, $2, $3, $4, $5)',
    [organisationId, entityId, 'Audit 2025', period.from, period.to],
  );
  for (let site = 0; site < sites; site++) await seedSite(admin, { organisationId, entityId, auditId, site });
  await admin.query('ANALYZE');
  return { organisationId, auditId };
}

async function seedSite(
  admin: pg.Client,
  of: {
    readonly organisationId: number;
    readonly entityId: string;
    readonly auditId: string;
    readonly site: number;
  },
): Promise<void> {
  const { organisationId, entityId, auditId, site } = of;
  const siteId = await idOf(
    admin,
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone) VALUES ($1, $2, $3, 'FR', $4)`,
    [organisationId, entityId, `Site ${site}`, zone],
  );
  const { rows: meters } = await admin.query<{ id: number }>(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, accuracy)
     SELECT $1, $2, 'Meter ' || n, 'physical', CASE WHEN n = 1 THEN 'main' ELSE 'feeder' END, 'electricity', $3,
       '[{"part":"meter","class":1}]' FROM generate_series(1, $4::int) n RETURNING id`,
    [organisationId, siteId, energy.name, metersOfSite],
  );
  const pointId = await idOf(
    admin,
    `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from)
     VALUES ($1, $2, $3, 'electricity', $4, $4, '2020-01-01')`,
    [organisationId, entityId, siteId, `point ${site}`],
  );
  await admin.query(
    `INSERT INTO bill (organisation_id, delivery_point_id, number, period_from, period_to, quantity, unit, energy_kwh,
       calorific_basis, amount_ex_vat, currency)
     SELECT $1, $2, m::text, m, (m + interval '1 month')::date, 1000 + $3::int, 'kWh', 1000 + $3::int, 'none', 150, 'EUR'
     FROM generate_series($4::date, $5::date - 1, interval '1 month') m`,
    [organisationId, pointId, site, period.from, period.to],
  );
  await admin.query(
    'INSERT INTO audit_scope (organisation_id, audit_id, delivery_point_id, included, reason) VALUES ($1, $2, $3, $4, $5)',
    [organisationId, auditId, pointId, site % 10 !== 0, 'one of a kind'],
  );
  const days = daysOf(meters.map(({ id }) => id));
  await storeIntervals(admin, organisationId, days);
  await sealMonths(admin, { organisationId, siteId }, days);
}

/** Made of readings that are no longer kept: a sealed day does not need them. */
function daysOf(meterIds: readonly number[]): MeterDay[] {
  const days: MeterDay[] = [];
  for (let date: string = period.from; date < period.to; date = addDays(date, 1)) {
    const start_ms = localMidnight_ms(zone, date);
    const duration_s = (localMidnight_ms(zone, addDays(date, 1)) - start_ms) / 1000;
    const n = Number(date.replaceAll('-', '')) % 97;
    for (const meterId of meterIds) {
      const delta = 20_000 + 31 * (meterId % 50) + 113 * n;
      days.push({
        version: 1,
        meterId,
        measurand: energy.name,
        date,
        start: new Date(start_ms).toISOString(),
        duration_s,
        indexStart: 1_000_000,
        indexEnd: 1_000_000 + delta,
        delta,
        mean: null,
        n_measured: duration_s / 900,
        n_interpolated: 0,
        n_estimated: 0,
        n_manual: 0,
        n_missing: 0,
        contentHash: sha256Hex(new TextEncoder().encode(`${meterId} ${date}`)),
      });
    }
  }
  return days;
}

async function storeIntervals(
  admin: pg.Client,
  organisationId: number,
  days: readonly MeterDay[],
): Promise<void> {
  await admin.query(
    `INSERT INTO store.interval_day (start, meter_id, organisation_id, measurand, duration_s, delta, n_measured,
       n_interpolated, n_estimated, n_manual, n_missing)
     SELECT start, meter, $1, $2, s, delta, s / 900, 0, 0, 0, 0
     FROM unnest($3::timestamptz[], $4::int[], $5::int[], $6::bigint[]) AS d (start, meter, s, delta)`,
    [
      organisationId,
      energy.id,
      days.map(({ start }) => start),
      days.map(({ meterId }) => meterId),
      days.map(({ duration_s }) => duration_s),
      days.map(({ delta }) => delta),
    ],
  );
}

/** Seals as the worker does: one record of the chain for each day of the site, with the root of its meters. */
async function sealMonths(
  admin: pg.Client,
  { organisationId, siteId }: { readonly organisationId: number; readonly siteId: string },
  days: readonly MeterDay[],
): Promise<void> {
  for (
    let month = period.from.slice(0, 7);
    `${month}-01` < period.to;
    month = monthAfter(month).slice(0, 7)
  ) {
    const byDate = [
      ...Map.groupBy(
        days.filter(({ date }) => date.startsWith(month)),
        ({ date }) => date,
      ),
    ];
    await admin.query('BEGIN');
    const records = await appendRecords(
      admin,
      organisationId,
      byDate.map(([date, own]) => {
        const leaves = new LeafHashes();
        for (const day of own) leaves.add(meterDayLeaf(meterDayText(day)));
        const root = toHex(merkleRoot(leaves));
        return {
          at: chainInstant(sealedAt),
          kind: 'daySealed',
          body: { siteId, date, leaves: own.length, root },
        };
      }),
    );
    const sealed = byDate.flatMap(([, own], i) =>
      own.map((day): NewSealedDay => ({ ...day, seal: records[i]?.seq ?? 0 })),
    );
    await storeSealedDays(admin, { organisationId, siteId, now: sealedAt }, sealed);
    await admin.query('COMMIT');
  }
}
