import { Injectable } from '@nestjs/common';
import type { SiteLoad } from '@wattproof/contracts/api';
import {
  type IntervalRow,
  listMeters,
  type MeterRow,
  readConsumption,
  type Scope,
  type SiteRow,
} from '@wattproof/database/queries';
import {
  addDays,
  baseBoundaries,
  basePhase_ms,
  type IntervalQuality,
  intervalQualities,
  localDate,
  localMidnight_ms,
  worstQuality,
} from '@wattproof/energy';
import type { PoolClient } from 'pg';
import { countedMeters } from '../figure/consumption.ts';
import { expectedLoads } from '../figure/expected.ts';
import { totalMeters } from '../figure/use-meters.ts';
import { Resources } from '../resources.ts';
import { requireSite } from './site.service.ts';

const secondsPerHour = 3_600;

@Injectable()
export class LoadService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string, wishedDate: string | undefined): Promise<SiteLoad> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      const now_ms = Date.now();
      const date = wishedDate ?? localDate(site.timeZone, now_ms);
      const from_ms = localMidnight_ms(site.timeZone, date);
      const to_ms = localMidnight_ms(site.timeZone, addDays(date, 1));
      const meters = await listMeters(client, scope, { siteId });
      const rows = await readConsumption(client, scope, 'base', {
        meters: countedMeters(meters.filter((m) => m.carrier === 'electricity' || m.lineId !== null)),
        from: new Date(from_ms),
        to: new Date(to_ms),
      });
      const byMeter = Map.groupBy(rows, (row) => row.meterId);
      const total = electricityTotal(meters);
      return {
        date,
        timeZone: site.timeZone,
        from: new Date(from_ms).toISOString(),
        to: new Date(to_ms).toISOString(),
        duration_s: site.baseInterval_s,
        points: loadPoints(site, { from_ms, to_ms }, total ? (byMeter.get(total.id) ?? []) : []),
        ...(await bandOf(client, scope, { site, total, from_ms, to_ms })),
        lines: lineQualities(meters, byMeter),
      };
    });
  }
}

/** The meter that stands for the site's electricity. */
export const electricityTotal = (meters: readonly MeterRow[]): MeterRow | undefined =>
  totalMeters(meters).find((m) => m.carrier === 'electricity');

export interface Stretch {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Mean power of every base interval of a stretch: energy ÷ time. Null where nothing is known. */
export function loadPoints(
  site: Pick<SiteRow, 'baseInterval_s' | 'timeZone'>,
  { from_ms, to_ms }: Stretch,
  rows: readonly IntervalRow[],
): SiteLoad['points'] {
  const byStart = new Map(rows.map((row) => [row.start_ms, row]));
  const width_ms = site.baseInterval_s * 1_000;
  const phase_ms = basePhase_ms(site.timeZone, width_ms) ?? 0;
  const starts = baseBoundaries(from_ms, to_ms, width_ms, phase_ms).filter((at) => at < to_ms);
  return starts.map((start_ms) => {
    const row = byStart.get(start_ms);
    return {
      start: new Date(start_ms).toISOString(),
      mean_w: row?.delta == null ? null : row.delta / (row.duration_s / secondsPerHour),
      quality: row ? worstQuality(row) : null,
    };
  });
}

async function bandOf(
  client: PoolClient,
  scope: Scope,
  { site, total, from_ms, to_ms }: Stretch & { readonly site: SiteRow; readonly total: MeterRow | undefined },
): Promise<Pick<SiteLoad, 'band' | 'bandMethod'>> {
  if (!total) return { band: [], bandMethod: '' };
  const expected = await expectedLoads(client, scope, { site, meterIds: [total.id], from_ms, to_ms });
  const points = expected.get(total.id) ?? [];
  return {
    band: points.map(({ start_ms, ...point }) => ({ start: new Date(start_ms).toISOString(), ...point })),
    bandMethod: points.length > 0 ? 'timeOfWeekTemperature' : '',
  };
}

/** Of each line the worst quality among its meters, interval by interval, joined where it stays the same. */
export function lineQualities(
  meters: readonly Pick<MeterRow, 'id' | 'lineId' | 'lineName'>[],
  byMeter: ReadonlyMap<number, readonly IntervalRow[]>,
): SiteLoad['lines'] {
  const lines = Map.groupBy(
    meters.filter((m) => m.lineId !== null),
    (m) => m.lineId,
  );
  return [...lines.values()].map((onLine) => {
    const worst = new Map<number, { readonly quality: IntervalQuality; readonly end_ms: number }>();
    for (const row of onLine.flatMap((m) => byMeter.get(m.id) ?? [])) {
      const quality = worstQuality(row) ?? 'missing';
      const known = worst.get(row.start_ms);
      if (known && rank(known.quality) >= rank(quality)) continue;
      worst.set(row.start_ms, { quality, end_ms: row.start_ms + row.duration_s * 1_000 });
    }
    return { name: onLine[0]?.lineName ?? '', runs: runsOf(worst) };
  });
}

const rank = (quality: IntervalQuality): number => intervalQualities.indexOf(quality);

function runsOf(
  worst: ReadonlyMap<number, { readonly quality: IntervalQuality; readonly end_ms: number }>,
): SiteLoad['lines'][number]['runs'] {
  const runs: { from_ms: number; to_ms: number; quality: IntervalQuality }[] = [];
  for (const [start_ms, { quality, end_ms }] of [...worst].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1);
    if (last && last.quality === quality && last.to_ms === start_ms) last.to_ms = end_ms;
    else runs.push({ from_ms: start_ms, to_ms: end_ms, quality });
  }
  return runs.map(({ from_ms, to_ms, quality }) => ({
    from: new Date(from_ms).toISOString(),
    to: new Date(to_ms).toISOString(),
    quality,
  }));
}
