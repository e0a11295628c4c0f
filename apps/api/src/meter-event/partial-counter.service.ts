import { Injectable } from '@nestjs/common';
import type {
  PartialCounter,
  PartialCounters,
  StartPartialCounter,
  StopPartialCounter,
} from '@wattproof/contracts/api';
import { energyBetween, keptCounters } from '@wattproof/database';
import {
  listPartialCounters,
  type PartialCounterRow,
  recordEvent,
  type Scope,
  startPartialCounter,
  stopPartialCounter,
} from '@wattproof/database/queries';
import { findMeasurand, type MeasurandName } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { Caller } from '../access/caller.ts';
import { sharesOf } from '../figure/quality.ts';
import { requireMeter } from '../meter/meter.service.ts';
import { Resources } from '../resources.ts';

const clockTolerance_ms = 5 * 60_000;

@Injectable()
export class PartialCounterService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, meterId: number): Promise<PartialCounters> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireMeter(client, scope, meterId);
      const rows = await listPartialCounters(client, scope, meterId);
      const partialCounters: PartialCounter[] = [];
      for (const row of rows) partialCounters.push(await partialView(client, row));
      return { meterId, partialCounters };
    });
  }

  async start(caller: Caller, meterId: number, wish: StartPartialCounter): Promise<PartialCounter> {
    const { scope } = caller;
    const { database } = this.resources;
    const startedAt = instantOf(wish.at);
    const measurand = await database.readOrganisation(scope.organisationId, async (client) => {
      const meter = await requireMeter(client, scope, meterId);
      const running = await requireRunning(client, scope, { meterId, name: wish.name, at: startedAt });
      const kept = (await keptCounters(client, [meterId])).get(meterId) ?? [];
      return requireCounter(meter.name, running?.measurand ?? wish.measurand ?? meter.measurand, kept);
    });
    const id = await database.withOrganisation(scope.organisationId, async (tx) => {
      const started = await startPartialCounter(tx, scope, {
        meterId,
        measurand,
        name: wish.name,
        startedAt,
        startedBy: caller.name,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'partialCounter.start',
        object: `meter ${meterId}`,
        after: { id: started, name: wish.name, measurand, startedAt: startedAt.toISOString() },
      });
      return started;
    });
    const { partialCounters } = await this.list(scope, meterId);
    const made = partialCounters.find((counter) => counter.id === id);
    if (!made) throw new Error('a partial counter that was started is not listed');
    return made;
  }

  async stop(caller: Caller, meterId: number, wish: StopPartialCounter): Promise<void> {
    const { scope } = caller;
    const { database } = this.resources;
    const stoppedAt = instantOf(wish.at);
    await database.readOrganisation(scope.organisationId, async (client) => {
      await requireMeter(client, scope, meterId);
      if (!(await requireRunning(client, scope, { meterId, name: wish.name, at: stoppedAt })))
        throw new AppError('notFound', `No partial counter ${wish.name} runs on this meter`);
    });
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await stopPartialCounter(tx, scope, { meterId, name: wish.name, stoppedAt });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'partialCounter.stop',
        object: `meter ${meterId}`,
        after: { name: wish.name, stoppedAt: stoppedAt.toISOString() },
      });
    });
  }
}

function instantOf(wish: string | undefined): Date {
  const at = wish === undefined ? new Date() : new Date(wish);
  if (at.getTime() > Date.now() + clockTolerance_ms) throw new AppError('invalid', 'at lies in the future');
  return at;
}

/** The running counter of that name. @throws AppError where it began after the instant. */
async function requireRunning(
  client: PoolClient,
  scope: Scope,
  { meterId, name, at }: { readonly meterId: number; readonly name: string; readonly at: Date },
): Promise<PartialCounterRow | undefined> {
  const rows = await listPartialCounters(client, scope, meterId);
  const running = rows.find((row) => row.name === name && row.stoppedAt === null);
  if (running && running.startedAt > at)
    throw new AppError('conflict', `${name} runs since ${running.startedAt.toISOString()}, which is later`);
  return running;
}

function requireCounter(
  meterName: string,
  wanted: string | null,
  kept: readonly MeasurandName[],
): MeasurandName {
  const measurand = kept.find((name) => name === wanted);
  if (measurand) return measurand;
  throw new AppError(
    'invalid',
    wanted === null
      ? `${meterName} counts nothing by itself: name one of its counters`
      : `${meterName} keeps no intervals of ${wanted}`,
    { kept },
  );
}

async function partialView(client: PoolClient, row: PartialCounterRow): Promise<PartialCounter> {
  const measurand = findMeasurand(row.measurand);
  if (!measurand) throw new Error(`No measurand ${row.measurand}`);
  const { delta, counts, until_ms } = await energyBetween(
    client,
    { meterId: row.meterId, measurand: measurand.name },
    { from_ms: row.startedAt.getTime(), to_ms: row.stoppedAt?.getTime() ?? null },
  );
  const isKnown = !Number.isNaN(delta);
  return {
    id: row.id,
    name: row.name,
    measurand: measurand.name,
    unit: measurand.unit,
    startedAt: row.startedAt.toISOString(),
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    startedBy: row.startedBy,
    value: isKnown ? delta : null,
    until: isKnown ? new Date(until_ms).toISOString() : null,
    quality: sharesOf(counts),
  };
}
