import type { OrganisationTransaction } from './client.ts';
import type { InputJsonObject } from './generated/internal/prismaNamespace.ts';

/** A meter of a configuration as the database keeps it. */
export interface PlannedMeterRow {
  readonly key: string;
  readonly lineKey: string;
  readonly name: string;
  readonly carrier: string;
  readonly energyUse: string | null;
  readonly measurand: string | null;
  readonly profileId: string;
  readonly unitAddress: number;
  readonly settings: InputJsonObject;
  readonly readingPeriod_s: number;
  readonly counterModulus: bigint | null;
  readonly rateMax_per_s: number | null;
  readonly zoneId: string | null;
  readonly circuitId: string | null;
}
export interface PlannedLineRow {
  readonly key: string;
  readonly name: string;
  readonly transport: string;
  readonly settings: InputJsonObject;
}
export interface GatewayPlaceRow {
  readonly organisationId: number;
  readonly gatewayId: string;
  readonly siteId: string;
}

/** Lines that are not there yet; those that are stay as they are until the gateway has kept the configuration. */
export async function addLines(
  tx: OrganisationTransaction,
  place: GatewayPlaceRow,
  lines: readonly PlannedLineRow[],
): Promise<void> {
  await tx.line.createMany({ data: lines.map((line) => ({ ...place, ...line })), skipDuplicates: true });
}

/**
 * Gives each key that no meter has now a meter, from now on: the one that had it before, or a new one. Readings that come
 * while the gateway tries the configuration then have their place.
 */
export async function addMeters(
  tx: OrganisationTransaction,
  place: GatewayPlaceRow,
  meters: readonly PlannedMeterRow[],
): Promise<readonly string[]> {
  const { organisationId, gatewayId } = place;
  const known = await tx.$queryRaw<{ key: string; meterId: number; isOpen: boolean }[]>`
    SELECT DISTINCT ON (meter_key) meter_key AS key, meter_id AS "meterId", now() < valid_to AS "isOpen"
    FROM gateway_meter WHERE organisation_id = ${organisationId} AND gateway_id = ${gatewayId}
    ORDER BY meter_key, valid_from DESC`;
  const byKey = new Map(known.map((row) => [row.key, row]));
  const lineIds = await lineIdsOf(tx, place);
  const added: string[] = [];
  for (const [position, meter] of meters.entries()) {
    const before = byKey.get(meter.key);
    if (before?.isOpen) continue;
    const meterId = before?.meterId ?? (await createMeter(tx, place, meter, { lineIds, position }));
    await tx.gatewayMeter.create({
      data: { organisationId, gatewayId, meterKey: meter.key, meterId, validFrom: new Date() },
    });
    added.push(meter.key);
  }
  return added;
}

const lineIdsOf = async (
  tx: OrganisationTransaction,
  { organisationId, gatewayId }: GatewayPlaceRow,
): Promise<ReadonlyMap<string, string>> => {
  const lines = await tx.line.findMany({
    where: { organisationId, gatewayId },
    select: { id: true, key: true },
  });
  return new Map(lines.map((line) => [line.key, line.id]));
};

/** New meters come after those of the site's first installation. */
const firstPosition = 1_000;

async function createMeter(
  tx: OrganisationTransaction,
  { organisationId, siteId }: GatewayPlaceRow,
  meter: PlannedMeterRow,
  { lineIds, position }: { readonly lineIds: ReadonlyMap<string, string>; readonly position: number },
): Promise<number> {
  const { key, lineKey, ...fields } = meter;
  const { id } = await tx.meter.create({
    data: {
      ...fields,
      organisationId,
      siteId,
      kind: 'physical',
      role: meter.energyUse ? 'use' : 'feeder',
      lineId: lineIds.get(lineKey) ?? null,
      position: firstPosition + position,
    },
    select: { id: true },
  });
  return id;
}

/**
 * Makes lines and meters what a configuration says that its gateway has kept: settings of lines, address, profile, place and
 * period of meters; the keys of meters that are not in it end now.
 */
export async function applyStructure(
  tx: OrganisationTransaction,
  place: GatewayPlaceRow,
  {
    lines,
    meters,
  }: { readonly lines: readonly PlannedLineRow[]; readonly meters: readonly PlannedMeterRow[] },
): Promise<void> {
  const { organisationId, gatewayId } = place;
  await addLines(tx, place, lines);
  for (const { key, ...line } of lines)
    await tx.line.updateMany({ where: { organisationId, gatewayId, key }, data: line });
  const lineIds = await lineIdsOf(tx, place);
  await endKeysExcept(
    tx,
    place,
    meters.map((m) => m.key),
  );
  const rows = await tx.$queryRaw<{ key: string; meterId: number }[]>`
    SELECT meter_key AS key, meter_id AS "meterId" FROM gateway_meter
    WHERE organisation_id = ${organisationId} AND gateway_id = ${gatewayId} AND now() >= valid_from AND now() < valid_to`;
  const meterIds = new Map(rows.map((row) => [row.key, row.meterId]));
  for (const { key, lineKey, carrier, measurand, ...fields } of meters) {
    const id = meterIds.get(key);
    if (id !== undefined)
      await tx.meter.updateMany({
        where: { organisationId, id },
        data: { ...fields, lineId: lineIds.get(lineKey) ?? null },
      });
  }
}

/** Ends the keys in force of a gateway that are not among these; their series keep what came until now. */
export async function endKeysExcept(
  tx: OrganisationTransaction,
  { organisationId, gatewayId }: Pick<GatewayPlaceRow, 'organisationId' | 'gatewayId'>,
  keys: readonly string[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE gateway_meter SET valid_to = now() WHERE organisation_id = ${organisationId} AND gateway_id = ${gatewayId}
      AND now() >= valid_from AND now() < valid_to AND NOT (meter_key = ANY (${[...keys]}::text[]))`;
}
