import { Injectable } from '@nestjs/common';
import type { Meter, MeterDetail, Readings } from '@wattproof/contracts/api';
import {
  listMeterEvents,
  listMeterKeys,
  listMeters,
  listReadings,
  listTerms,
  type MeterFilter,
  type MeterRow,
  readLatest,
  type Scope,
} from '@wattproof/database/queries';
import { profileFinder } from '@wattproof/devices';
import { measurands } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import { ownProfiles } from '../device-catalogue/own-profiles.ts';
import { requireRange } from '../http/range.ts';
import { Resources } from '../resources.ts';
import { meterView, qualityName } from './meter-view.ts';

const longestRange_days = 31;

@Injectable()
export class MeterService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, filter: MeterFilter): Promise<Meter[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listMeters(client, scope, filter);
      return this.withLatest(client, scope, rows);
    });
  }

  async withLatest(client: PoolClient, scope: Scope, rows: readonly MeterRow[]): Promise<Meter[]> {
    const latest = await readLatest(
      client,
      scope,
      rows.map((m) => m.id),
    );
    const byMeter = new Map(latest.map((row) => [row.meterId, row]));
    const now_ms = Date.now();
    const findProfile = profileFinder(await ownProfiles(client, scope));
    return rows.map((row) => meterView(row, byMeter.get(row.id), { findProfile, now_ms }));
  }

  detail(scope: Scope, meterId: number): Promise<MeterDetail> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const [meter] = await this.withLatest(client, scope, [await requireMeter(client, scope, meterId)]);
      if (!meter) throw new Error('a meter that was found has no view');
      const events = await listMeterEvents(client, scope, meterId);
      const terms = await listTerms(client, scope, [meterId]);
      const keys = await listMeterKeys(client, scope, meterId);
      return {
        ...meter,
        events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
        terms: terms.map(({ sourceMeterId, sourceName, sign }) => ({ sourceMeterId, sourceName, sign })),
        keys: keys.map((key) => ({
          ...key,
          validFrom: key.validFrom?.toISOString() ?? null,
          validTo: key.validTo?.toISOString() ?? null,
        })),
      };
    });
  }

  readings(
    scope: Scope,
    meterId: number,
    query: { readonly from: string; readonly to: string; readonly limit: number },
  ): Promise<Readings> {
    const { from, to } = requireRange(query, longestRange_days);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireMeter(client, scope, meterId);
      const rows = await listReadings(client, scope, { meterIds: [meterId], from, to }, query.limit);
      return {
        meterId,
        readings: rows.map((row) => ({
          at: row.at.toISOString(),
          receivedAt: row.received_at.toISOString(),
          quality: qualityName(row.quality),
          skew_ms: row.skew_ms,
          values: Object.fromEntries(
            measurands.flatMap(({ id, name, isRare }) => {
              const value = isRare ? row.rare?.[id] : row[name];
              return value === null || value === undefined ? [] : [[name, Number(value)]];
            }),
          ),
        })),
      };
    });
  }
}

/** @throws AppError notFound, also where the meter is another organisation's or site's. */
export async function requireMeter(client: PoolClient, scope: Scope, meterId: number): Promise<MeterRow> {
  const [row] = await listMeters(client, scope, { meterIds: [meterId] });
  if (!row) throw new AppError('notFound', `There is no meter ${meterId}`);
  return row;
}
