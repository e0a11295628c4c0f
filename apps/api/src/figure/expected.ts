import {
  listMeters,
  readConsumption,
  readExpectedLoads,
  type Scope,
  type SiteRow,
} from '@wattproof/database/queries';
import { baseBoundaries, type ExpectedLoadModel, expectedLoad, measurandOf } from '@wattproof/energy';
import type { PoolClient } from 'pg';

/** Expected power of one base interval and the band it usually stays in. */
export interface ExpectedPoint {
  readonly start_ms: number;
  readonly expected_w: number;
  readonly low_w: number;
  readonly high_w: number;
}

export interface ExpectedWish {
  readonly site: Pick<SiteRow, 'id' | 'baseInterval_s'>;
  readonly meterIds: readonly number[];
  readonly from_ms: number;
  readonly to_ms: number;
}

const day_ms = 86_400_000;
const temperature = measurandOf('outdoor_temperature_c');

/**
 * Expected load of some meters of a site over a stretch, from the models that the workers fitted. Where no temperature is
 * measured (yet), the one of the same time of the day before stands in; without that either there is no expectation.
 */
export async function expectedLoads(
  client: PoolClient,
  scope: Scope,
  { site, meterIds, from_ms, to_ms }: ExpectedWish,
): Promise<ReadonlyMap<number, readonly ExpectedPoint[]>> {
  const models = await readExpectedLoads(client, scope, meterIds);
  if (models.size === 0) return new Map();
  const starts = baseBoundaries(from_ms, to_ms, site.baseInterval_s * 1_000).filter(
    (at) => at >= from_ms && at < to_ms,
  );
  const known = await outdoorTemperatures(client, scope, {
    siteId: site.id,
    from_ms: from_ms - day_ms,
    to_ms,
  });
  const temperatures = starts.map((at) => known.get(at) ?? known.get(at - day_ms) ?? Number.NaN);
  return new Map(
    [...models].map(([meterId, model]) => [
      meterId,
      expectedLoad(model as ExpectedLoadModel, starts, temperatures).flatMap(
        ({ start_ms, expected_w, low_w, high_w }) =>
          expected_w === null || low_w === null || high_w === null
            ? []
            : [{ start_ms, expected_w, low_w, high_w }],
      ),
    ]),
  );
}

async function outdoorTemperatures(
  client: PoolClient,
  scope: Scope,
  { siteId, from_ms, to_ms }: { readonly siteId: string; readonly from_ms: number; readonly to_ms: number },
): Promise<ReadonlyMap<number, number>> {
  const variables = (await listMeters(client, scope, { siteId })).filter((m) => m.role === 'variable');
  const rows = await readConsumption(client, scope, 'base', {
    meters: variables.map((m) => ({ meterId: m.id, measurandId: temperature.id })),
    from: new Date(from_ms),
    to: new Date(to_ms),
  });
  return new Map(rows.flatMap((row) => (row.mean === null ? [] : [[row.start_ms, row.mean]])));
}
