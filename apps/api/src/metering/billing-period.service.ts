import { Injectable } from '@nestjs/common';
import type { BillingPeriods } from '@wattproof/contracts/api';
import { keptCounters } from '@wattproof/database';
import {
  listBilledPoints,
  type MeterRow,
  type PeriodRow,
  readPeriods,
  type Scope,
} from '@wattproof/database/queries';
import { billingPeriods, dayOrdinal, type MeasurandName, measurandOf } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { sharesOf } from '../figure/quality.ts';
import { requireMeter } from '../meter/meter.service.ts';
import { Resources } from '../resources.ts';
import { requireMetering } from './metering.service.ts';

export interface PeriodsQuery {
  readonly from: string;
  readonly to: string;
  readonly day?: number | undefined;
  readonly deliveryPointId?: string | undefined;
  readonly measurand?: string | undefined;
}

const mostPeriods = 37;
const secondsPerHour = 3_600;

@Injectable()
export class BillingPeriodService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, meterId: number, query: PeriodsQuery): Promise<BillingPeriods> {
    if (dayOrdinal(query.to) <= dayOrdinal(query.from))
      throw new AppError('invalid', 'from must lie before to');
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const meter = await requireMeter(client, scope, meterId);
      const measurand = await requireKept(client, meter, query.measurand ?? meter.measurand);
      const metering = await requireMetering(client, scope, meter.siteId);
      const pointDay = await dayOfPoint(client, scope, meter.siteId, query.deliveryPointId);
      const billingDay = query.day ?? pointDay ?? metering.billingDay;
      const periods = billingPeriods(metering.timeZone, billingDay, query);
      if (periods.length > mostPeriods)
        throw new AppError('invalid', `${periods.length} periods; at most ${mostPeriods} are answered`);
      const bounds = periods.map((p) => ({ start: new Date(p.start_ms), end: new Date(p.end_ms) }));
      const rows = await readPeriods(client, scope, { meterId, measurand }, bounds);
      const { unit } = measurandOf(measurand);
      return {
        meterId,
        measurand,
        unit,
        timeZone: metering.timeZone,
        billingDay,
        baseInterval_s: metering.baseInterval_s as BillingPeriods['baseInterval_s'],
        periods: rows.map((row, i) => ({
          from: periods[i]?.from ?? '',
          to: periods[i]?.to ?? '',
          start: bounds[i]?.start.toISOString() ?? '',
          end: bounds[i]?.end.toISOString() ?? '',
          delta: row.delta,
          quality: sharesOf(row),
          peakDemand: unit === 'Wh' ? peakOf(row) : null,
        })),
      };
    });
  }
}

/** Highest mean power over one base interval: its energy ÷ its length. */
function peakOf({ peakDelta, peakDuration_s, peakAt }: PeriodRow): { power_w: number; at: string } | null {
  if (peakDelta === null || peakDuration_s === null || peakAt === null) return null;
  return { power_w: (peakDelta * secondsPerHour) / peakDuration_s, at: peakAt.toISOString() };
}

async function requireKept(
  client: PoolClient,
  meter: MeterRow,
  wanted: string | null,
): Promise<MeasurandName> {
  const kept = (await keptCounters(client, [meter.id])).get(meter.id) ?? [];
  const measurand = kept.find((name) => name === wanted);
  if (!measurand)
    throw new AppError('invalid', `${meter.name} keeps no intervals of ${wanted ?? 'a counter'}`, { kept });
  return measurand;
}

async function dayOfPoint(
  client: PoolClient,
  scope: Scope,
  siteId: string,
  pointId: string | undefined,
): Promise<number | null> {
  if (pointId === undefined) return null;
  const point = (await listBilledPoints(client, scope, siteId)).find(({ id }) => id === pointId);
  if (!point) throw new AppError('notFound', `The site has no delivery point ${pointId}`);
  return point.billingDay;
}
