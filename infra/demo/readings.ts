import { type LoginRole, rebuildIntervals } from '@wattproof/database';
import { AppError } from '@wattproof/runtime';
import type { DemoPlant, PlantMeter } from '@wattproof/simulator';
import pg from 'pg';
import { fillHistory } from './history.ts';
import type { HistoryPart } from './history-worker.ts';
import { gatewaysOf } from './plant-gateways.ts';

export interface FillOptions {
  readonly plant: DemoPlant;
  /** First reading of a meter that has none. */
  readonly from_ms: number;
  readonly to_ms: number;
  readonly databaseUrlOf: (role: LoginRole) => string;
  readonly progress: (text: string) => void;
  /** Meters to fill; all where it is left out. */
  readonly wants?: (siteKey: string, meter: PlantMeter) => boolean;
}

/** Readings up to now, then everything that follows from them. */
export async function fillReadings(client: pg.ClientBase, options: FillOptions): Promise<void> {
  const { plant, to_ms, progress, databaseUrlOf } = options;
  await fillHistory({
    databaseUrl: databaseUrlOf('wattproof_ingestion'),
    plant,
    to_ms,
    parts: await historyParts(client, options),
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
async function historyParts(
  client: pg.ClientBase,
  { plant, from_ms, wants = () => true }: FillOptions,
): Promise<HistoryPart[]> {
  const { rows } = await client.query<StoredMeterRow>(
    `SELECT k.gateway_id, k.meter_key, k.meter_id, k.organisation_id, l.at
     FROM gateway_meter k LEFT JOIN store.latest l ON l.meter_id = k.meter_id WHERE k.gateway_id = ANY ($1)`,
    [gatewaysOf(plant).map((g) => g.id)],
  );
  const stored = new Map(rows.map((row) => [`${row.gateway_id} ${row.meter_key}`, row]));
  return plant.organisations.flatMap((o) =>
    o.sites.flatMap((site) =>
      site.meters
        .filter((meter) => wants(site.key, meter))
        .map((meter): HistoryPart => {
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
