import { Injectable } from '@nestjs/common';
import type { SiteBalance } from '@wattproof/contracts/api';
import {
  type CountedMeter,
  type IntervalRow,
  listMeters,
  type MeterRow,
  readConsumption,
  type Scope,
  type SiteRow,
} from '@wattproof/database/queries';
import { basePhase_ms, baseStart_ms, dayOrdinal, localMidnight_ms } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import { countedMeters } from '../figure/consumption.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { balancedMeters, balanceTrees, type MeterFigures } from './balance-tree.ts';
import { type DateRange, requireDates } from './date-range.ts';
import { exportingMains } from './exporting-mains.ts';

/** Courses are compared over the newest intervals of the period: two weeks of quarter hours. */
const courseIntervals = 14 * 96;
/** A meter that is silent now and then spoils hours, not days; over longer periods days are many enough. */
const longestByHour_days = 62;

@Injectable()
export class BalanceService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string, query: DateRange): Promise<SiteBalance> {
    requireDates(query);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      const meters = await listMeters(client, scope, { siteId });
      const figures = await readFigures(client, scope, { site, meters: balancedMeters(meters), query });
      return {
        ...query,
        carriers: balanceTrees(meters, figures).map((tree) => ({
          ...tree,
          carrier: tree.carrier as SiteBalance['carriers'][number]['carrier'],
        })),
      };
    });
  }
}

interface FigureQuery {
  readonly site: SiteRow;
  readonly meters: readonly MeterRow[];
  readonly query: DateRange;
}

async function readFigures(
  client: PoolClient,
  scope: Scope,
  { site, meters, query }: FigureQuery,
): Promise<MeterFigures> {
  const from = new Date(localMidnight_ms(site.timeZone, query.from));
  const to = new Date(localMidnight_ms(site.timeZone, query.to));
  const own = countedMeters(meters);
  const exporting = await exportingMains(client, meters);
  const step = dayOrdinal(query.to) - dayOrdinal(query.from) > longestByHour_days ? 'day' : 'hour';
  const rows = await readConsumption(client, scope, step, { meters: own, from, to });
  const grid = courseGrid(rows, { site, from, to });
  const courses = async (counted: readonly CountedMeter[]) =>
    courseByMeter(await readConsumption(client, scope, 'base', { meters: counted, ...grid }), grid);
  return {
    step,
    rows: byMeter(rows),
    exportedRows: byMeter(await readConsumption(client, scope, step, { meters: exporting, from, to })),
    courses: await courses(own),
    exportedCourses: await courses(exporting),
    baseInterval_s: site.baseInterval_s,
  };
}

const byMeter = (rows: readonly IntervalRow[]): ReadonlyMap<number, readonly IntervalRow[]> =>
  Map.groupBy(rows, (row) => row.meterId);

interface Grid {
  readonly from: Date;
  readonly to: Date;
  readonly base_ms: number;
}

/** The newest stretch of the period that has intervals. */
function courseGrid(
  rows: readonly IntervalRow[],
  { site, from, to }: { readonly site: SiteRow; readonly from: Date; readonly to: Date },
): Grid {
  const base_ms = site.baseInterval_s * 1_000;
  const newest_ms = rows.reduce(
    (max, row) => Math.max(max, row.start_ms + row.duration_s * 1_000),
    from.getTime(),
  );
  const end_ms = Math.min(to.getTime(), newest_ms);
  const begin_ms = Math.max(from.getTime(), end_ms - courseIntervals * base_ms);
  const phase_ms = basePhase_ms(site.timeZone, base_ms) ?? 0;
  return { from: new Date(baseStart_ms(begin_ms, base_ms, phase_ms)), to: new Date(end_ms), base_ms };
}

function courseByMeter(rows: readonly IntervalRow[], { from, to, base_ms }: Grid): Map<number, Float64Array> {
  const length = Math.ceil((to.getTime() - from.getTime()) / base_ms);
  const courses = new Map<number, Float64Array>();
  for (const row of rows) {
    const course = courses.get(row.meterId) ?? new Float64Array(length).fill(Number.NaN);
    courses.set(row.meterId, course);
    if (row.delta !== null) course[Math.round((row.start_ms - from.getTime()) / base_ms)] = row.delta;
  }
  return courses;
}
