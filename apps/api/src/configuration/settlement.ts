import { configurationPlan } from '@wattproof/contracts/api';
import { type StateMessage, stateMessage } from '@wattproof/contracts/mqtt';
import {
  applyStructure,
  configurationsToSettle,
  type Database,
  endKeysExcept,
  type InputJsonObject,
  type OrganisationTransaction,
  publishConfiguration,
  recordEvent,
} from '@wattproof/database/queries';
import type { DeviceProfile } from '@wattproof/devices';
import type { Logger } from '@wattproof/runtime';
import { lineRows, meterRows } from './wire-configuration.ts';

const batch = 20;

export type Settled =
  | { readonly state: 'probation' | 'confirmed' | 'superseded' }
  | { readonly state: 'returned'; readonly reason: string; readonly message: string };

/** What a gateway's own words mean for a version that it was sent; undefined while it has said nothing of it. */
export function settledBy(said: StateMessage | undefined, version: number): Settled | undefined {
  const returned = said?.configuration?.returned;
  if (returned?.version === version)
    return { state: 'returned', reason: returned.reason, message: returned.message };
  if (said?.configVersion === undefined || said.configVersion < version) return undefined;
  if (said.configVersion > version) return { state: 'superseded' };
  // A gateway of before probation keeps what it takes.
  return { state: said.configuration?.phase === 'probation' ? 'probation' : 'confirmed' };
}

/**
 * Takes over what gateways say of the configurations that they were sent: on probation, kept, or returned from. What was
 * kept becomes the structure (lines, addresses, keys); after a return the one before is retained at the broker again.
 */
export async function settleConfigurations(database: Database, logger: Logger): Promise<void> {
  for (const open of await configurationsToSettle(database, batch)) {
    const { organisationId, gatewayId, id } = open;
    const settled = await database.withOrganisation(organisationId, (tx) =>
      settle(tx, { organisationId, gatewayId, id }),
    );
    if (settled) logger.info({ gatewayId, configurationId: id, ...settled }, 'configuration settled');
  }
}

async function settle(
  tx: OrganisationTransaction,
  { organisationId, gatewayId, id }: { organisationId: number; gatewayId: string; id: string },
): Promise<Settled | undefined> {
  // Several processes may look at once: the first that has the row decides.
  await tx.$queryRaw`SELECT 1 FROM gateway_configuration WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.gatewayConfiguration.findFirst({
    where: { id, organisationId, state: { in: ['sent', 'probation'] } },
  });
  const gateway = await tx.gateway.findUniqueOrThrow({ where: { id: gatewayId, organisationId } });
  if (!row || row.version === null) return undefined;
  const settled = settledBy(stateMessage.safeParse(gateway.state).data, row.version);
  if (!settled || settled.state === row.state) return undefined;
  await tx.gatewayConfiguration.update({
    where: { id },
    data: {
      ...settled,
      ...(settled.state === 'probation' ? {} : { settledAt: new Date() }),
    },
  });
  const place = { organisationId, gatewayId, siteId: gateway.siteId };
  if (settled.state === 'confirmed') {
    const plan = configurationPlan.parse(row.plan);
    const own = (await tx.deviceProfile.findMany({ where: { organisationId } })).map(
      (profile) => profile.definition as unknown as DeviceProfile,
    );
    await applyStructure(tx, place, { lines: lineRows(plan), meters: meterRows(plan, own) });
  }
  if (settled.state === 'returned') await restore(tx, place);
  if (settled.state === 'confirmed' || settled.state === 'returned')
    await recordEvent(
      tx,
      { organisationId, siteIds: null },
      {
        actor: gateway.name,
        action: `gatewayConfiguration.${settled.state}`,
        object: gatewayId,
        after: { version: row.version, ...settled },
      },
    );
  return settled;
}

/** The version in force is retained again: a gateway that lost its disk would else start with the one that failed. */
async function restore(
  tx: OrganisationTransaction,
  { organisationId, gatewayId }: { readonly organisationId: number; readonly gatewayId: string },
): Promise<void> {
  const inForce = await tx.gatewayConfiguration.findFirst({
    where: { organisationId, gatewayId, state: 'confirmed' },
    orderBy: { version: 'desc' },
  });
  if (!inForce) return;
  if (inForce.configuration)
    await publishConfiguration(tx, { organisationId, gatewayId }, inForce.configuration as InputJsonObject);
  const { lines } = configurationPlan.parse(inForce.plan);
  await endKeysExcept(
    tx,
    { organisationId, gatewayId },
    lines.flatMap((line) => line.meters.map((meter) => meter.key)),
  );
}
