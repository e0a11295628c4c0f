import { Injectable } from '@nestjs/common';
import { baseIntervals_s, type SiteMetering, type saveSiteMetering } from '@wattproof/contracts/api';
import {
  listBilledPoints,
  listMeters,
  type MeteringRow,
  markedMeters,
  markRanges,
  readingExtents,
  readMetering,
  recordEvent,
  type Scope,
  updateMetering,
} from '@wattproof/database/queries';
import { basePhase_ms } from '@wattproof/energy';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';

type Wish = z.output<typeof saveSiteMetering>;

@Injectable()
export class MeteringService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string): Promise<SiteMetering> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const metering = await requireMetering(client, scope, siteId);
      const meters = await listMeters(client, scope, { siteId });
      const marked = await markedMeters(
        client,
        scope,
        meters.map((m) => m.id),
      );
      const points = await listBilledPoints(client, scope, siteId);
      return {
        ...metering,
        baseInterval_s: metering.baseInterval_s as SiteMetering['baseInterval_s'],
        possibleBaseIntervals_s: possibleIntervals(metering.timeZone),
        deliveryPoints: points.map((point) => ({ ...point })),
        metersComputing: marked.size,
      };
    });
  }

  async save(caller: Caller, siteId: string, wish: Wish): Promise<SiteMetering> {
    const { scope } = caller;
    const { database } = this.resources;
    const { before, ranges } = await database.readOrganisation(scope.organisationId, async (client) => {
      const metering = await requireMetering(client, scope, siteId);
      requirePossible(metering.timeZone, wish.baseInterval_s);
      await requirePoints(client, scope, siteId, wish);
      if (metering.baseInterval_s === wish.baseInterval_s) return { before: metering, ranges: [] };
      const meters = await listMeters(client, scope, { siteId });
      const extents = await readingExtents(
        client,
        scope,
        meters.map((m) => m.id),
      );
      return { before: metering, ranges: extents };
    });
    await database.withOrganisation(scope.organisationId, async (tx) => {
      const isRebased = before.baseInterval_s !== wish.baseInterval_s;
      await updateMetering(tx, scope, siteId, { ...wish, isRebased });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'site.metering',
        object: siteId,
        before: { baseInterval_s: before.baseInterval_s, billingDay: before.billingDay },
        after: { ...wish },
      });
      await markRanges(tx, ranges);
    });
    if (ranges.length > 0) await enqueue(this.resources.jobs, 'rebuildIntervals', {});
    return this.read(scope, siteId);
  }
}

/** Widths that begin at every local midnight of the zone. */
const possibleIntervals = (zone: string): SiteMetering['possibleBaseIntervals_s'] =>
  baseIntervals_s.filter((width_s) => basePhase_ms(zone, width_s * 1_000) !== null);

/** @throws AppError where clock changes of the zone would cut an interval. */
function requirePossible(zone: string, width_s: number): void {
  if (basePhase_ms(zone, width_s * 1_000) !== null) return;
  const possible = possibleIntervals(zone);
  throw new AppError(
    'invalid',
    `Clocks in ${zone} change by a part of ${width_s / 60} min, so that days would not begin with an interval`,
    { baseInterval_s: width_s, possibleBaseIntervals_s: possible },
  );
}

export async function requireMetering(
  client: PoolClient,
  scope: Scope,
  siteId: string,
): Promise<MeteringRow> {
  const metering = await readMetering(client, scope, siteId);
  if (!metering) throw new AppError('notFound', `There is no site ${siteId}`);
  return metering;
}

async function requirePoints(client: PoolClient, scope: Scope, siteId: string, wish: Wish): Promise<void> {
  const known = new Set((await listBilledPoints(client, scope, siteId)).map((point) => point.id));
  const unknown = wish.deliveryPoints.find((point) => !known.has(point.id));
  if (unknown) throw new AppError('notFound', `The site has no delivery point ${unknown.id}`);
}
