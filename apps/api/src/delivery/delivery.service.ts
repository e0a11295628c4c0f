import { Injectable } from '@nestjs/common';
import type {
  DecideQuarantine,
  DecideReadingConflicts,
  Delivery,
  GatewayGaps,
  QuarantinedGateway,
  ReadingConflict,
} from '@wattproof/contracts/api';
import {
  type BatchRange,
  countOpenDeadLetters,
  countOpenReadingConflicts,
  decideQuarantine,
  decideReadingConflicts,
  type GatewaySequenceRow,
  type GivenUpRow,
  listGatewaySequences,
  listGateways,
  listGivenUp,
  listQuarantine,
  listReadingConflicts,
  type QuarantineRow,
  type ReadingConflictFilter,
  type ReadingConflictRow,
  recordEvent,
  type Scope,
} from '@wattproof/database/queries';
import { findMeasurand } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { Resources } from '../resources.ts';
import { checkNotAhead, instantOf } from './reading-clock.ts';

/** What gateways delivered and what became of it. Decisions are written down here; ingestion carries them out. */
@Injectable()
export class DeliveryService {
  constructor(private readonly resources: Resources) {}

  summary(scope: Scope): Promise<Delivery> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const held = await listQuarantine(client, scope);
      const broken = await listGatewaySequences(client, scope);
      return {
        openDeadLetters: await countOpenDeadLetters(client, scope),
        quarantinedReadings: held.reduce((sum, row) => sum + row.readings, 0),
        openConflicts: await countOpenReadingConflicts(client, scope),
        gatewaysWithGaps: new Set(broken.map((row) => row.gatewayId)).size,
        missingBatches: batchesIn(broken.flatMap((row) => row.missing)),
        givenUpBatches: batchesIn(await listGivenUp(client, scope)),
      };
    });
  }

  async quarantine(scope: Scope): Promise<{ gateways: QuarantinedGateway[] }> {
    const rows = await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      listQuarantine(client, scope),
    );
    return { gateways: rows.map(quarantineView) };
  }

  async decideQuarantine(caller: Caller, gatewayId: string, body: DecideQuarantine) {
    const { database } = this.resources;
    const { scope, name } = caller;
    const { decision, upTo, reason } = body;
    const correction_s = body.decision === 'take' ? body.correction_s : 0;
    const held = await database.readOrganisation(scope.organisationId, async (client) => {
      await requireGateway(client, scope, gatewayId);
      const [row] = await listQuarantine(client, scope, { gatewayId, upTo });
      return row;
    });
    if (!held)
      throw new AppError('conflict', `Nothing of ${gatewayId} up to ${upTo} waits for a decision any more`);
    if (decision === 'take') checkNotAhead(held.leastAge_ms, correction_s);
    const messages = await database.withOrganisation(scope.organisationId, async (tx) => {
      const count = await decideQuarantine(
        tx,
        scope,
        { gatewayId, upTo },
        { decision, decidedBy: name, resolution: reason, correction_s },
      );
      await recordEvent(tx, scope, {
        actor: name,
        action: `quarantine.${decision}`,
        object: gatewayId,
        after: { upTo, reason, correction_s, messages: count, readings: held.readings },
      });
      return count;
    });
    return { messages, readings: held.readings };
  }

  gaps(scope: Scope, gatewayId: string): Promise<GatewayGaps> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      await requireGateway(client, scope, gatewayId);
      const sequences = await listGatewaySequences(client, scope, gatewayId);
      const givenUp = await listGivenUp(client, scope, gatewayId);
      return {
        gatewayId,
        missing: batchesIn(sequences.flatMap((row) => row.missing)),
        givenUp: batchesIn(givenUp),
        sequences: sequences.map((row) => sequenceView(row, givenUp)),
      };
    });
  }

  conflicts(scope: Scope, filter: ReadingConflictFilter) {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listReadingConflicts(client, scope, { ...filter, limit: filter.limit + 1 });
      const page = rows.slice(0, filter.limit);
      return {
        conflicts: page.map(conflictView),
        open: await countOpenReadingConflicts(client, scope),
        next: rows.length > filter.limit ? (page.at(-1)?.id ?? null) : null,
      };
    });
  }

  async decideConflicts({ scope, name }: Caller, { ids: given, decision, reason }: DecideReadingConflicts) {
    const { database } = this.resources;
    const ids = [...new Set(given)];
    const found = await database.readOrganisation(scope.organisationId, (client) =>
      listReadingConflicts(client, scope, { ids, limit: ids.length }),
    );
    const missing = ids.filter((id) => !found.some((row) => row.id === id));
    if (missing.length > 0)
      throw new AppError('notFound', `There is no reading conflict ${missing[0]}`, { ids: missing });
    await database.withOrganisation(scope.organisationId, async (tx) => {
      const decided = await decideReadingConflicts(tx, scope, ids, { decision, decidedBy: name, reason });
      if (decided < ids.length)
        throw new AppError('conflict', 'One of these conflicts is decided already; nothing was changed');
      for (const { id, meterId, at, measurand, stored, arrived } of found)
        await recordEvent(tx, scope, {
          actor: name,
          action: `readingConflict.${decision}`,
          object: id,
          before: { meterId, at: at.toISOString(), measurand, stored, arrived },
          after: { reason, value: decision === 'replace' ? arrived : stored },
        });
    });
    return { decided: ids.length };
  }
}

async function requireGateway(
  client: Parameters<typeof listGateways>[0],
  scope: Scope,
  gatewayId: string,
): Promise<void> {
  const [gateway] = await listGateways(client, scope, gatewayId);
  if (!gateway) throw new AppError('notFound', `There is no gateway ${gatewayId}`);
}

const batchesIn = (ranges: readonly BatchRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

const quarantineView = ({
  firstAt_ms,
  lastAt_ms,
  leastAge_ms,
  firstReceivedAt,
  lastReceivedAt,
  ...row
}: QuarantineRow): QuarantinedGateway => ({
  ...row,
  firstAt: instantOf(firstAt_ms),
  lastAt: instantOf(lastAt_ms),
  firstReceivedAt: firstReceivedAt.toISOString(),
  lastReceivedAt: lastReceivedAt.toISOString(),
  suggestedCorrection_s: Math.round(leastAge_ms / 1000),
});

const sequenceView = (
  { boot, lane, upTo, updatedAt, missing, gapSince, gapAsked, gapAskedAt }: GatewaySequenceRow,
  givenUp: readonly GivenUpRow[],
): GatewayGaps['sequences'][number] => ({
  boot,
  lane,
  upTo,
  updatedAt: updatedAt.toISOString(),
  missing: [...missing],
  gap:
    missing.length === 0
      ? null
      : {
          since: (gapSince ?? updatedAt).toISOString(),
          asked: gapAsked,
          askedAt: gapAskedAt?.toISOString() ?? null,
        },
  givenUp: givenUp
    .filter((row) => row.boot === boot && row.lane === lane)
    .map(({ from, to, at, asked }) => ({ from, to, at: at.toISOString(), asked })),
});

const conflictView = ({
  at,
  receivedAt,
  decidedAt,
  appliedAt,
  ...row
}: ReadingConflictRow): ReadingConflict => ({
  ...row,
  unit: findMeasurand(row.measurand)?.unit ?? '',
  at: at.toISOString(),
  receivedAt: receivedAt.toISOString(),
  decidedAt: decidedAt?.toISOString() ?? null,
  appliedAt: appliedAt?.toISOString() ?? null,
});
