import {
  listMeters,
  readConsumption,
  readExpectedLoads,
  type Scope,
  type SiteRow,
} from '@wattproof/database/queries';
import {
  baseBoundaries,
  basePhase_ms,
  type ExpectedLoadModel,
  expectedLoad,
  measurandOf,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';

/** Expected power of one base interval and the band it usually stays in. */
export interface ExpectedPoint {
  readonly start_ms: number;
  readonly expected_w: number;
  readonly low_w: number;
  readonly high_w: number;
}

export interface ExpectedWish {
  readonly site: Pick<SiteRow, 'id' | 'baseInterval_s' | 'timeZone'>;
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
  const width_ms = site.baseInterval_s * 1_000;
  const phase_ms = basePhase_ms(site.timeZone, width_ms) ?? 0;
  const starts = baseBoundaries(from_ms, to_ms, width_ms, phase_ms).filter(
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
      pointsOf(model as ExpectedLoadModel, { starts, temperatures, width_ms }),
    ]),
  );
}

const quarter_ms = 900_000;

interface Stretch {
  readonly starts: readonly number[];
  readonly temperatures: readonly number[];
  readonly width_ms: number;
}

/** The model knows quarter hours: a longer base interval is the mean of those in it, a shorter one is in one of them. */
function pointsOf(model: ExpectedLoadModel, { starts, temperatures, width_ms }: Stretch): ExpectedPoint[] {
  const each = Math.max(1, Math.round(width_ms / quarter_ms));
  const quarters = starts.flatMap((at) => Array.from({ length: each }, (_, i) => at + i * quarter_ms));
  const warmth = temperatures.flatMap((t) => Array.from({ length: each }, () => t));
  const expected = expectedLoad(model, quarters, warmth);
  const meanOf = (values: readonly (number | null)[]): number | null =>
    values.includes(null) ? null : values.reduce<number>((sum, v) => sum + (v ?? 0), 0) / values.length;
  return starts.flatMap((start_ms, i) => {
    const inside = expected.slice(i * each, (i + 1) * each);
    const expected_w = meanOf(inside.map((p) => p.expected_w));
    const low_w = meanOf(inside.map((p) => p.low_w));
    const high_w = meanOf(inside.map((p) => p.high_w));
    return expected_w === null || low_w === null || high_w === null
      ? []
      : [{ start_ms, expected_w, low_w, high_w }];
  });
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
