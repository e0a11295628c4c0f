import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type {
  CommandResult,
  readRegisters,
  SunspecFound,
  searchSunspec,
  writeParameter,
} from '@wattproof/contracts/api';
import { type CommandMessage, type CommandOutcome, resultMessage } from '@wattproof/contracts/mqtt';
import {
  answerGatewayCommand,
  createGatewayCommand,
  type GatewayCommandRow,
  type GatewayRow,
  type InputJsonObject,
  listGatewayCommands,
  listGatewayMeters,
  listGateways,
  recordEvent,
  type Scope,
} from '@wattproof/database/queries';
import { columnsOf, decodeWords, followSunspec, profileFinder, wordsOf } from '@wattproof/devices';
import { AppError } from '@wattproof/runtime';
import type { z } from 'zod';
import type { Caller } from '../access/caller.ts';
import { DeviceProfileService } from '../device-catalogue/device-profile.service.ts';
import { ownProfiles } from '../device-catalogue/own-profiles.ts';
import { Resources } from '../resources.ts';

/** How long a command is worth carrying out, by what it has to do; a person waits for it. */
const valid_ms = { read: 12_000, write: 15_000, sunspec: 40_000 } as const;
/** The way back to us. */
const return_ms = 3_000;

/** A command without what every command has. */
type Wish = CommandMessage extends infer C
  ? C extends CommandMessage
    ? Omit<C, 'id' | 'expiresAt'>
    : never
  : never;

@Injectable()
export class CommandService {
  constructor(
    private readonly resources: Resources,
    private readonly profiles: DeviceProfileService,
  ) {}

  async list(scope: Scope, gatewayId: string): Promise<CommandResult[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const [gateway] = await listGateways(client, scope, gatewayId);
      if (!gateway) throw new AppError('notFound', `There is no gateway ${gatewayId}`);
      return (await listGatewayCommands(client, scope, gatewayId)).map(commandView);
    });
  }

  read(caller: Caller, gatewayId: string, wish: z.output<typeof readRegisters>): Promise<CommandResult> {
    if (wish.address + wish.words > 65_536)
      throw new AppError('invalid', 'The last register has the address 65 535', {
        errors: [{ path: 'words', message: `at most ${65_536 - wish.address} from there` }],
      });
    return this.send(caller, gatewayId, { kind: 'read', ...wish });
  }

  /** Writes a parameter that the device's profile lets be written, within what it allows; read back and audited. */
  async write(
    caller: Caller,
    gatewayId: string,
    { meterKey, point: pointKey, before, words, reason }: z.output<typeof writeParameter>,
  ): Promise<CommandResult> {
    const { scope } = caller;
    const found = await this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const meters = await listGatewayMeters(client, scope, [gatewayId]);
      const meter = meters.find((m) => m.key === meterKey);
      const findProfile = profileFinder(await ownProfiles(client, scope));
      return { meter, profile: meter?.profileId ? findProfile(meter.profileId) : undefined };
    });
    const { meter, profile } = found;
    await this.gatewayOf(scope, gatewayId);
    if (!meter || !profile || meter.lineKey === null || meter.unitAddress === null)
      throw new AppError('notFound', `${gatewayId} reads no device under the key ${meterKey}`);
    const point = profile.points.find((p) => p.key === pointKey);
    // Of several inputs the key does not say which: nothing is written rather than into the first.
    if (!point?.writable || point.input !== undefined)
      throw new AppError('conflict', `${profile.title} lets no parameter ${pointKey} be written from here`);
    if (words.length !== wordsOf(point.type) || before.length !== words.length)
      throw new AppError('invalid', `${pointKey} has ${wordsOf(point.type)} words`);
    const value = decodeWords(words, point.type, point.wordOrder);
    const isAllowed =
      value !== undefined &&
      (point.allowed?.includes(value) ?? true) &&
      (point.range === undefined || (value >= point.range.min && value <= point.range.max));
    if (!isAllowed)
      throw new AppError(
        'invalid',
        `${pointKey} takes ${point.allowed ? point.allowed.join(', ') : `${point.range?.min} to ${point.range?.max}`}, not ${value}`,
      );
    const result = await this.send(caller, gatewayId, {
      kind: 'write',
      line: meter.lineKey,
      unit: meter.unitAddress,
      address: point.address,
      before,
      words,
    });
    await this.resources.database.withOrganisation(scope.organisationId, (tx) =>
      recordEvent(tx, scope, {
        actor: caller.name,
        action: 'device.write',
        object: `${gatewayId} ${meterKey} ${pointKey}`,
        before: { words: before },
        after: { words, reason, outcome: result.outcome ?? 'unanswered', commandId: result.id },
      }),
    );
    return result;
  }

  /** Asks a device what it says of itself by SunSpec, and makes the profile of it. */
  async sunspec(
    caller: Caller,
    gatewayId: string,
    { storeAs, ...wish }: z.output<typeof searchSunspec>,
  ): Promise<SunspecFound> {
    const { refusedAddresses, ...command } = await this.carryOut(caller, gatewayId, {
      kind: 'sunspec',
      ...wish,
    });
    const nothing = { command, models: [], profileId: null, title: null, measurands: [], stored: false };
    if (command.outcome !== 'done')
      return { ...nothing, state: 'unanswered', reason: command.message || null };
    const words = new Map(
      command.registers.flatMap(({ address, words: list }) =>
        list.map((word, i) => [address + i, word] as const),
      ),
    );
    const step = followSunspec(words, new Set(refusedAddresses));
    if (step.state !== 'found')
      return {
        ...nothing,
        state: 'none',
        reason: step.state === 'none' ? step.reason : 'the search was not finished',
      };
    const profile = storeAs ? { ...step.profile, id: `own-${storeAs}` } : step.profile;
    if (storeAs) await this.profiles.store(caller, profile, `SunSpec, ${gatewayId}, address ${wish.unit}`);
    return {
      command,
      state: 'found',
      reason: null,
      models: [...step.models],
      profileId: storeAs ? profile.id : null,
      title: profile.title,
      measurands: columnsOf(profile, {}).map((c) => c.measurand),
      stored: storeAs !== undefined,
    };
  }

  private async send(caller: Caller, gatewayId: string, wish: Wish): Promise<CommandResult> {
    const { refusedAddresses: _, ...result } = await this.carryOut(caller, gatewayId, wish);
    return result;
  }

  /** Sends a command, waits for its answer, and keeps both. */
  private async carryOut(caller: Caller, gatewayId: string, wish: Wish): Promise<FullResult> {
    const { database, downPath, commandDesk } = this.resources;
    const { scope } = caller;
    const gateway = await this.gatewayOf(scope, gatewayId);
    if (!gateway.online)
      throw new AppError('conflict', `${gateway.name} is not connected: a command could not reach it`);
    const id = randomUUID();
    const expiresAt = new Date(Date.now() + valid_ms[wish.kind]);
    const message: CommandMessage = { ...wish, id, expiresAt: expiresAt.toISOString() };
    const answer = commandDesk.expect(id, gatewayId, valid_ms[wish.kind] + return_ms);
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await createGatewayCommand(tx, scope, {
        id,
        gatewayId,
        kind: wish.kind,
        message: message as unknown as InputJsonObject,
        by: caller.name,
        expiresAt,
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: `device.${wish.kind === 'write' ? 'writeAsked' : wish.kind}`,
        object: `${gatewayId} ${wish.line} ${wish.unit}`,
        after: { commandId: id },
      });
    });
    await downPath.flush();
    const result = await answer;
    if (result)
      await database.withOrganisation(scope.organisationId, (tx) =>
        answerGatewayCommand(tx, scope, {
          id,
          outcome: result.outcome,
          result: result as unknown as InputJsonObject,
        }),
      );
    return {
      id,
      kind: wish.kind,
      by: caller.name,
      at: new Date().toISOString(),
      answeredAt: result?.at ?? null,
      outcome: result?.outcome ?? null,
      message: result?.message ?? 'the gateway did not answer in time',
      exceptionCode: result?.exceptionCode ?? null,
      request: { ...wish },
      exchanges: result?.exchanges ?? [],
      registers: result?.registers ?? [],
      refusedAddresses: result?.refusedAddresses ?? [],
    };
  }

  private async gatewayOf(scope: Scope, gatewayId: string): Promise<GatewayRow> {
    const [gateway] = await this.resources.database.readOrganisation(scope.organisationId, (client) =>
      listGateways(client, scope, gatewayId),
    );
    if (!gateway) throw new AppError('notFound', `There is no gateway ${gatewayId}`);
    if (gateway.kind !== 'edge' || gateway.revokedAt)
      throw new AppError('conflict', 'Only a Wattproof gateway that is not revoked carries out commands');
    return gateway;
  }
}

type FullResult = CommandResult & { readonly refusedAddresses: readonly number[] };

function commandView(row: GatewayCommandRow): CommandResult {
  const result = row.result === null ? undefined : resultMessage.parse(row.result);
  const { id: _, expiresAt: __, ...request } = row.request;
  return {
    id: row.id,
    kind: row.kind,
    by: row.createdBy,
    at: row.createdAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    outcome: (row.outcome as CommandOutcome | null) ?? null,
    message: result?.message ?? '',
    exceptionCode: result?.exceptionCode ?? null,
    request,
    exchanges: result?.exchanges ?? [],
    registers: result?.registers ?? [],
  };
}
