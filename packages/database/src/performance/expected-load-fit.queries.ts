import type { ExpectedLoadModel } from '@wattproof/energy';
import type { ClientBase } from 'pg';

/** A meter whose load the site page compares with what is usual; queries of the workers, across organisations. */
export interface ExpectedLoadTarget {
  readonly meterId: number;
  readonly organisationId: number;
  readonly measurand: string;
  readonly timeZone: string;
  readonly base_s: number;
  /** Outdoor temperature of the site; null where none is measured. */
  readonly weatherMeterId: number | null;
}

/** Main, total, feeder and use meters of electricity, or the one of that id. */
export async function expectedLoadTargets(
  client: ClientBase,
  meterId?: number,
): Promise<ExpectedLoadTarget[]> {
  const { rows } = await client.query<ExpectedLoadTarget>(
    `SELECT m.id AS "meterId", m.organisation_id AS "organisationId", m.measurand, s.time_zone AS "timeZone",
            s.base_interval_s AS base_s,
            (SELECT w.id FROM meter w WHERE w.site_id = m.site_id AND w.role = 'variable'
               AND EXISTS (SELECT FROM store.latest l WHERE l.meter_id = w.id AND l.values ? 'outdoor_temperature_c')
             ORDER BY w.id LIMIT 1) AS "weatherMeterId"
     FROM meter m JOIN site s ON s.id = m.site_id
     WHERE m.carrier = 'electricity' AND m.role IN ('main', 'total', 'feeder', 'use')
       AND m.measurand = 'active_energy_import_wh' AND ($1::int IS NULL OR m.id = $1)
     ORDER BY m.id`,
    [meterId ?? null],
  );
  return rows;
}

export async function storeExpectedLoad(
  client: ClientBase,
  target: Pick<ExpectedLoadTarget, 'meterId' | 'organisationId'>,
  fit: { readonly model: ExpectedLoadModel; readonly computedAt: Date },
): Promise<void> {
  await client.query(
    `INSERT INTO expected_load (meter_id, organisation_id, model, computed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (meter_id) DO UPDATE SET model = excluded.model, computed_at = excluded.computed_at`,
    [target.meterId, target.organisationId, JSON.stringify(fit.model), fit.computedAt],
  );
}
