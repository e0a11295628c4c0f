import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EnrolGateway, EnrolledGateway, Gateway } from '@wattproof/contracts/api';
import { upTopic } from '@wattproof/contracts/mqtt';
import { enrolPayload, newGatewayPassword } from '@wattproof/database';
import {
  createGateway,
  findSite,
  listGatewayMeters,
  listGateways,
  listLines,
  readLatest,
  recordEvent,
  revokeGateway,
  type Scope,
} from '@wattproof/database/queries';
import { profileFinder } from '@wattproof/devices';
import { carriers, energyUses, findMeasurand } from '@wattproof/energy';
import { AppError } from '@wattproof/runtime';
import type { Caller } from '../access/caller.ts';
import { ownProfiles } from '../device-catalogue/own-profiles.ts';
import { Resources } from '../resources.ts';
import { gatewayView } from './gateway-view.ts';

@Injectable()
export class GatewayService {
  constructor(private readonly resources: Resources) {}

  list(scope: Scope, gatewayId?: string): Promise<Gateway[]> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = await listGateways(client, scope, gatewayId);
      const ids = rows.map((row) => row.id);
      const lines = await listLines(client, scope, ids);
      const meters = await listGatewayMeters(client, scope, ids);
      const latest = await readLatest(
        client,
        scope,
        meters.map((m) => m.meterId),
      );
      const latestByMeter = new Map(latest.map((row) => [row.meterId, row]));
      const findProfile = profileFinder(await ownProfiles(client, scope));
      const now_ms = Date.now();
      return rows.map((row) =>
        gatewayView(row, {
          lines: lines.filter((line) => line.gatewayId === row.id),
          meters: meters.filter((meter) => meter.gatewayId === row.id),
          latest: latestByMeter,
          findProfile,
          now_ms,
        }),
      );
    });
  }

  async enrol(caller: Caller, wish: EnrolGateway): Promise<EnrolledGateway> {
    const { database, downPath, env } = this.resources;
    const { scope } = caller;
    requireKnownWords(wish);
    const site = await database.readOrganisation(scope.organisationId, (client) =>
      findSite(client, scope, wish.siteId),
    );
    if (!site) throw new AppError('notFound', `There is no site ${wish.siteId}`);
    const gatewayId = newGatewayId(wish.name);
    const partition = partitionOf(gatewayId, env.WATTPROOF_PARTITIONS);
    const password = newGatewayPassword();
    await database.withOrganisation(scope.organisationId, async (tx) => {
      await createGateway(tx, scope, {
        id: gatewayId,
        siteId: wish.siteId,
        name: wish.name,
        kind: wish.kind,
        partition,
        meters: wish.meters.map((meter) => ({ ...meter, energyUse: meter.energyUse ?? null })),
        credential: enrolPayload(env.WATTPROOF_SECRET_KEY, gatewayId, password),
      });
      await recordEvent(tx, scope, {
        actor: caller.name,
        action: 'gateway.enrol',
        object: gatewayId,
        after: { name: wish.name, kind: wish.kind, siteId: wish.siteId, meters: wish.meters.length },
      });
    });
    await downPath.flush();
    return {
      gateway: await this.one(scope, gatewayId),
      username: gatewayId,
      password,
      mqttUrl: env.WATTPROOF_MQTT_URL,
      topic: upTopic(partition, gatewayId, 'readings'),
    };
  }

  async revoke(caller: Caller, gatewayId: string): Promise<Gateway> {
    const { database, downPath } = this.resources;
    const { scope } = caller;
    // Finds out whether the caller may see it before anything is written.
    const before = await this.one(scope, gatewayId);
    if (before.revokedAt) throw new AppError('conflict', `The gateway ${gatewayId} is revoked already`);
    await database.withOrganisation(scope.organisationId, async (tx) => {
      if (!(await revokeGateway(tx, scope, gatewayId)))
        throw new AppError('conflict', `The gateway ${gatewayId} is revoked already`);
      await recordEvent(tx, scope, { actor: caller.name, action: 'gateway.revoke', object: gatewayId });
    });
    await downPath.flush();
    return this.one(scope, gatewayId);
  }

  private async one(scope: Scope, gatewayId: string): Promise<Gateway> {
    const [found] = await this.list(scope, gatewayId);
    if (!found) throw new AppError('notFound', `There is no gateway ${gatewayId}`);
    return found;
  }
}

/** Readable beginning of the name, then 48 random bits. */
export function newGatewayId(name: string): string {
  const readable = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${readable || 'gateway'}-${randomBytes(6).toString('hex')}`;
}

/** Spreads gateways over the partitions that ingestion takes over. */
export const partitionOf = (gatewayId: string, partitions: number): number =>
  createHash('sha256').update(gatewayId).digest().readUInt32BE(0) % partitions;

/** @throws AppError invalid naming each meter whose carrier, use or measurand is no word of the registry. */
function requireKnownWords(wish: EnrolGateway): void {
  const errors = wish.meters.flatMap((meter, index) => {
    const faults: { path: string; message: string }[] = [];
    const path = `meters.${index}`;
    if (!(carriers as readonly string[]).includes(meter.carrier))
      faults.push({ path: `${path}.carrier`, message: `one of ${carriers.join(', ')}` });
    if (meter.energyUse !== undefined && !(energyUses as readonly string[]).includes(meter.energyUse))
      faults.push({ path: `${path}.energyUse`, message: `one of ${energyUses.join(', ')}` });
    if (findMeasurand(meter.measurand)?.kind !== 'counter')
      faults.push({ path: `${path}.measurand`, message: 'a counter, such as active_energy_import_wh' });
    if (wish.meters.findIndex((other) => other.key === meter.key) !== index)
      faults.push({ path: `${path}.key`, message: 'used twice' });
    return faults;
  });
  const [first] = errors;
  if (first) throw new AppError('invalid', `${first.path}: ${first.message}`, { errors });
}
