import { Injectable } from '@nestjs/common';
import type { createMeterEvent, MeterEvent, MeterEventPreview, MeterEvents } from '@wattproof/contracts/api';
import {
  closedMonthAt,
  type DeclaredEvents,
  type EventPreview,
  previewEvents,
  withEvent,
  withoutEvent,
} from '@wattproof/database';
import {
  createDeclaration,
  type Declaration,
  deleteDeclaration,
  listDeclarations,
  type MeterRow,
  markRanges,
  readRegister,
  recordEvent,
  type Scope,
  updateRegister,
} from '@wattproof/database/queries';
import { enqueue } from '@wattproof/jobs';
import { AppError } from '@wattproof/runtime';
import type { PoolClient } from 'pg';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { sharesOf } from '../figure/quality.ts';
import { requireMeter } from '../meter/meter.service.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';

type Wish = z.output<typeof createMeterEvent>;

/** Clocks of people and of servers differ by this much at most. */
const clockTolerance_ms = 5 * 60_000;
/** A mark as long as the longest base interval is computed at once; one of no length waits for more readings. */
const markedBefore_ms = 3_600_000;

@Injectable()
export class MeterEventService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, meterId: number): Promise<MeterEvents> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireMeter(client, scope, meterId);
      const declarations = await listDeclarations(client, scope, meterId);
      return { meterId, events: declarations.map(eventView) };
    });
  }

  preview(scope: Scope, meterId: number, wish: Wish): Promise<MeterEventPreview> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const { preview } = await planEvent(client, scope, meterId, wish);
      return previewView(meterId, preview);
    });
  }

  async create(caller: Caller, meterId: number, wish: Wish): Promise<MeterEvent> {
    const { scope } = caller;
    const { database } = this.resources;
    const plan = await database.readOrganisation(scope.organisationId, async (client) => {
      const made = await planEvent(client, scope, meterId, wish);
      await requireReasonWhereClosed(client, scope, {
        meter: made.meter,
        at: new Date(wish.at),
        note: wish.note,
      });
      refuseInconsistent(made.preview, wish);
      return made;
    });
    const { meter, modulusBefore, from } = plan;
    const at = new Date(wish.at);
    const newSerial = wish.kind === 'replacement' ? wish.serialNumber : undefined;
    const id = await database.withOrganisation(scope.organisationId, async (tx) => {
      if (wish.confirms) await deleteDeclaration(tx, scope, { id: wish.confirms, meterId });
      const declared = await createDeclaration(tx, scope, {
        meterId,
        kind: wish.kind,
        at,
        note: wish.note,
        serialNumberBefore: newSerial === undefined ? null : meter.serialNumber,
        serialNumberAfter: newSerial ?? null,
        ratioBefore: wish.ratio?.before ?? null,
        ratioAfter: wish.ratio?.after ?? null,
        modulusBefore,
        createdBy: caller.name,
        counters: wish.counters,
      });
      await updateRegister(tx, scope, meterId, {
        ...(newSerial === undefined ? {} : { serialNumber: newSerial }),
        ...(modulusBefore === null ? {} : { counterModulus: wish.counterModulus ?? null }),
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: wish.confirms ? 'meterEvent.confirm' : 'meterEvent.declare',
        object: `meter ${meterId}`,
        after: { ...wish, id: declared, counters: wish.counters.map((c) => ({ ...c })) },
      });
      await markRanges(tx, [{ meterId, from, to: at }]);
      return declared;
    });
    await enqueue(this.resources.jobs, 'rebuildIntervals', {});
    return database.readOrganisation(scope.organisationId, async (client) =>
      eventView(await requireDeclaration(client, scope, { meterId, eventId: id })),
    );
  }

  previewRemoval(scope: Scope, meterId: number, eventId: string): Promise<MeterEventPreview> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireMeter(client, scope, meterId);
      const event = await requireDeclared(client, scope, { meterId, eventId });
      const { from, modulus } = await removalOf(client, scope, event);
      const preview = await previewEvents(client, {
        meterId,
        range: { from_ms: from.getTime(), to_ms: event.at.getTime() },
        change: (events) =>
          event.counters.reduce(
            (left, { measurand }) => withoutEvent(left, measurand, event.at.getTime()),
            events,
          ),
        ...(modulus === undefined ? {} : { modulus }),
      });
      return previewView(meterId, preview);
    });
  }

  async remove(
    caller: Caller,
    { meterId, eventId, reason }: { meterId: number; eventId: string; reason: string },
  ): Promise<void> {
    const { scope } = caller;
    const { database } = this.resources;
    const { event, meter, from, modulus } = await database.readOrganisation(
      scope.organisationId,
      async (client) => {
        const row = await requireMeter(client, scope, meterId);
        const found = await requireDeclared(client, scope, { meterId, eventId });
        return { event: found, meter: row, ...(await removalOf(client, scope, found)) };
      },
    );
    const wasSerial = event.serialNumberAfter !== null && event.serialNumberAfter === meter.serialNumber;
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await deleteDeclaration(tx, scope, { id: eventId, meterId });
      await updateRegister(tx, scope, meterId, {
        ...(wasSerial ? { serialNumber: event.serialNumberBefore ?? '' } : {}),
        ...(modulus === undefined ? {} : { counterModulus: modulus }),
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'meterEvent.remove',
        object: `meter ${meterId}`,
        before: { ...eventView(event) },
        after: { reason },
      });
      await markRanges(tx, [{ meterId, from, to: event.at }]);
    });
    await enqueue(this.resources.jobs, 'rebuildIntervals', {});
  }
}

interface Plan {
  readonly meter: MeterRow;
  /** Where the computation must begin anew. */
  readonly from: Date;
  /** See `Declaration.modulusBefore`. */
  readonly modulusBefore: number | null;
  readonly preview: EventPreview;
}

/** What an event changes in a month that is signed off becomes a restatement: it needs its reason in words. */
async function requireReasonWhereClosed(
  client: PoolClient,
  scope: Scope,
  { meter, at, note }: { readonly meter: MeterRow; readonly at: Date; readonly note: string },
): Promise<void> {
  if (note.trim() !== '') return;
  const { timeZone } = await requireSite(client, scope, meter.siteId);
  const month = await closedMonthAt(client, { siteId: meter.siteId, timeZone }, at);
  if (month)
    throw new AppError('conflict', `${month} is signed off: say in the note why its figures have to change`, {
      month,
    });
}

/** @throws AppError where the event is none that this meter can have. */
async function planEvent(client: PoolClient, scope: Scope, meterId: number, wish: Wish): Promise<Plan> {
  const meter = await requireMeter(client, scope, meterId);
  if (meter.kind === 'virtual')
    throw new AppError('invalid', `${meter.name} is a virtual meter: it has no register`);
  const at = new Date(wish.at);
  if (at.getTime() > Date.now() + clockTolerance_ms)
    throw new AppError('invalid', 'at lies in the future: declare what has happened', { at: wish.at });
  const declared = await listDeclarations(client, scope, meterId);
  const same = declared.find(
    (event) =>
      event.origin === 'declared' &&
      event.at.getTime() === at.getTime() &&
      event.counters.some((c) => wish.counters.some((w) => w.measurand === c.measurand)),
  );
  if (same)
    throw new AppError('conflict', `The meter already has a ${same.kind} at ${wish.at}; take it back first`, {
      eventId: same.id,
    });
  if (wish.confirms && !declared.some((event) => event.id === wish.confirms && event.origin === 'detected'))
    throw new AppError('notFound', `The meter has no detected event ${wish.confirms}`);
  const { modulus, previousEventAt } = await readRegister(client, scope, meterId, at);
  const isOtherWidth = wish.counterModulus !== undefined && wish.counterModulus !== modulus;
  const from = isOtherWidth && previousEventAt ? previousEventAt : new Date(at.getTime() - markedBefore_ms);
  const preview = await previewEvents(client, {
    meterId,
    range: { from_ms: from.getTime(), to_ms: at.getTime() },
    change: (events) => declaredEvents(events, wish, isOtherWidth ? { modulusBefore: modulus } : {}),
    ...(isOtherWidth ? { modulus: wish.counterModulus ?? null } : {}),
  });
  return { meter, from, modulusBefore: isOtherWidth ? (modulus ?? 0) : null, preview };
}

const declaredEvents = (
  events: DeclaredEvents,
  wish: Wish,
  width: { readonly modulusBefore?: number | null },
): DeclaredEvents =>
  wish.counters.reduce(
    (all, { measurand, closingIndex, openingIndex }) =>
      withEvent(all, measurand, {
        kind: wish.kind,
        at_ms: Date.parse(wish.at),
        closing: closingIndex,
        opening: openingIndex,
        ...width,
      }),
    events,
  );

/** A closing index below the last reading, or further above it than the meter can count, is a mistake of writing. */
function refuseInconsistent(preview: EventPreview, wish: Wish): void {
  const at_ms = Date.parse(wish.at);
  const wrong = preview.findings.find((f) => f.code === 'eventIndexInconsistent' && f.at_ms === at_ms);
  if (!wrong) return;
  const { closing, last } = wrong.data as { closing: number; last: number };
  throw new AppError(
    'conflict',
    `The closing index ${closing} of ${wrong.measurand} does not follow from the last reading before, ${last}`,
    { measurand: wrong.measurand, closingIndex: closing, lastIndex: last },
  );
}

interface EventKey {
  readonly meterId: number;
  readonly eventId: string;
}

async function requireDeclaration(
  client: PoolClient,
  scope: Scope,
  { meterId, eventId }: EventKey,
): Promise<Declaration> {
  const [event] = await listDeclarations(client, scope, meterId, eventId);
  if (!event) throw new AppError('notFound', `The meter has no event ${eventId}`);
  return event;
}

async function requireDeclared(client: PoolClient, scope: Scope, key: EventKey): Promise<Declaration> {
  const event = await requireDeclaration(client, scope, key);
  if (event.origin !== 'declared')
    throw new AppError('conflict', 'A detected event is a result: it goes when its cause is declared');
  return event;
}

/** Where the computation begins anew without the event, and the modulus that holds again; undefined: no other. */
async function removalOf(
  client: PoolClient,
  scope: Scope,
  event: Declaration,
): Promise<{ readonly from: Date; readonly modulus: number | null | undefined }> {
  if (event.modulusBefore === null)
    return { from: new Date(event.at.getTime() - markedBefore_ms), modulus: undefined };
  const { previousEventAt } = await readRegister(client, scope, event.meterId, event.at);
  return {
    from: previousEventAt ?? new Date(event.at.getTime() - markedBefore_ms),
    modulus: event.modulusBefore || null,
  };
}

const eventView = ({
  at,
  createdAt,
  counters,
  modulusBefore: _,
  meterId: __,
  ...event
}: Declaration): MeterEvent => ({
  ...event,
  kind: event.kind as MeterEvent['kind'],
  origin: event.origin as MeterEvent['origin'],
  at: at.toISOString(),
  createdAt: createdAt.toISOString(),
  counters: counters.map((counter) => ({ ...counter })),
});

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

const previewView = (meterId: number, { rebuilt, days, findings }: EventPreview): MeterEventPreview => ({
  meterId,
  from: new Date(rebuilt.from_ms).toISOString(),
  to: new Date(rebuilt.to_ms).toISOString(),
  days: days.map(({ date, measurand, before, after, countsBefore, countsAfter }) => ({
    date,
    measurand,
    before: known(before),
    after: known(after),
    qualityBefore: sharesOf(countsBefore),
    qualityAfter: sharesOf(countsAfter),
  })),
  findings: findings.map(({ code, message, data, at_ms, measurand }) => ({
    code,
    message,
    data: { ...data },
    at: new Date(at_ms).toISOString(),
    measurand,
  })),
});
