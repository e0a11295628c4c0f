import {
  type CompactHead,
  type DecodedColumns,
  decodeCompactColumns,
  decodeCompactHead,
  decodeJsonReadings,
  isCompact,
  type ReadingColumns,
  type Rejection,
  readingsOfColumns,
  type SchemaMeter,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import { addReading, addReadings } from '@wattproof/database';
import { readingQualityCode } from '@wattproof/energy';
import { type Gateway, meterAt } from '../gateway/gateway-directory.ts';
import { type Assembly, type RejectedPart, reject } from './assembly.ts';
import { type DecodeContext, type GatewayMessage, postpone } from './decode.ts';
import { areStorable, checkReading, correctedReadings } from './limits.ts';
import { sight } from './state.ts';

/** `up/readings`, in either form. */
export function decodeReadings(assembly: Assembly, message: GatewayMessage, context: DecodeContext): void {
  const { payload, receivedAt_ms } = message.delivery;
  if (!isCompact(payload)) {
    const { readings, rejections } = decodeJsonReadings(payload.toString('utf8'), receivedAt_ms);
    place(assembly, message, context, readings, rejections);
    return;
  }
  let head: CompactHead;
  try {
    head = decodeCompactHead(payload);
  } catch (error) {
    // Without a head there is no position either: the gateway will send these bytes again and again, and each time they land here.
    rejectWhole(assembly, message, {
      code: 'malformed',
      message: (error as Error).message,
      where: 'message',
    });
    return;
  }
  decodeCompact(assembly, message, context, head);
}

function decodeCompact(
  assembly: Assembly,
  message: GatewayMessage,
  context: DecodeContext,
  head: CompactHead,
): void {
  const { gateway, delivery, topic } = message;
  const { gatewayId } = gateway;
  const { schemaHash: hash } = head;
  const schema = gateway.schemas.get(hash);
  if (schema) {
    const decoded = decodeCompactColumns(head, schema);
    if (
      placeColumns(assembly, message, context, decoded) ||
      place(assembly, message, context, readingsOfColumns(decoded.columns), decoded.rejections)
    )
      settle(assembly, message, head);
    return;
  }
  if (!context.isFinal) {
    postpone(assembly, delivery, { gatewayId, schemaHash: hash });
    return;
  }
  const now_ms = delivery.receivedAt_ms;
  if (context.schemaWait.shouldAsk(gatewayId, hash, now_ms))
    assembly.schemaRequests.set(`${gatewayId} ${hash}`, { gatewayId, partition: topic.partition, hash });
  // Not settled: the gateway keeps the batch and sends it again when it hears nothing of it.
  if (context.schemaWait.isPatient(gatewayId, hash, now_ms)) return;
  rejectWhole(assembly, message, {
    code: 'unknownSchema',
    message: `the gateway did not say what schema ${hash} is`,
    where: 'message',
  });
  settle(assembly, message, head);
}

/** Adds all readings of a batch to the assembly; false, and nothing added, where not every one is known to be right. */
function placeColumns(
  assembly: Assembly,
  message: GatewayMessage,
  context: DecodeContext,
  { columns, rejections }: DecodedColumns,
): boolean {
  const { gateway, delivery } = message;
  const { receivedAt_ms } = delivery;
  if (rejections.length > 0 || context.correction_ms !== undefined) return false;
  if (!areStorable(columns, { receivedAt_ms, retention_ms: context.retention_ms })) return false;
  const meterId = metersOf(gateway, columns);
  if (!meterId) return false;
  const touched = touchedMeters(assembly, gateway);
  for (const id of meterId) touched.add(id);
  addReadings(assembly.readings, {
    ...columns,
    meterId,
    organisationId: gateway.organisationId,
    receivedAt_ms,
  });
  sight(assembly, message);
  return true;
}

/** The meter of each row; undefined where one is not known. */
function metersOf(gateway: Gateway, { meters, at_ms }: ReadingColumns): number[] | undefined {
  const ids: number[] = [];
  for (let row = 0; row < meters.length; row++) {
    const id = meterAt(gateway, (meters[row] as SchemaMeter).key, at_ms[row] as number);
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}

function touchedMeters(assembly: Assembly, { siteId }: Gateway): Set<number> {
  let touched = assembly.sites.get(siteId);
  if (!touched) {
    touched = new Set();
    assembly.sites.set(siteId, touched);
  }
  return touched;
}

/** Adds readings and rejections to the assembly; false, and nothing added, where the directory must be asked first. */
function place(
  assembly: Assembly,
  message: GatewayMessage,
  context: DecodeContext,
  decoded: readonly WireReading[],
  rejections: readonly Rejection[],
): boolean {
  const { gateway, delivery } = message;
  const { receivedAt_ms } = delivery;
  const limits = { receivedAt_ms, retention_ms: context.retention_ms };
  const { correction_ms } = context;
  const readings = correction_ms === undefined ? decoded : correctedReadings(decoded, limits, correction_ms);
  const meterIds: (number | undefined)[] = [];
  for (const reading of readings) {
    const meterId = meterAt(gateway, reading.meterKey, reading.at_ms);
    if (meterId === undefined && !context.isFinal) {
      postpone(assembly, delivery, { gatewayId: gateway.gatewayId });
      return false;
    }
    meterIds.push(meterId);
  }
  const rejected: RejectedPart[] = [...rejections];
  const touched = touchedMeters(assembly, gateway);
  for (let i = 0; i < readings.length; i++) {
    const reading = readings[i] as WireReading;
    const meterId = meterIds[i];
    const rejection =
      checkReading(reading, limits) ??
      (meterId === undefined ? unknownMeter(gateway.gatewayId, reading) : undefined);
    if (rejection || meterId === undefined) {
      if (rejection) rejected.push({ ...rejection, meterKey: reading.meterKey, at_ms: reading.at_ms });
      continue;
    }
    addReading(assembly.readings, {
      meterId,
      organisationId: gateway.organisationId,
      at_ms: reading.at_ms,
      receivedAt_ms,
      skew_ms: reading.skew_ms,
      quality: readingQualityCode(reading.quality),
      values: reading.values,
      exceptions: reading.exceptions,
    });
    touched.add(meterId);
  }
  if (rejected.length > 0) reject(assembly, delivery, { gateway, gatewayId: gateway.gatewayId }, rejected);
  sight(assembly, message);
  return true;
}

const unknownMeter = (gatewayId: string, { meterKey, at_ms }: WireReading): Rejection => ({
  code: 'unknownMeter',
  message: `${gatewayId} has no meter ${meterKey} at ${new Date(at_ms).toISOString()}`,
  where: meterKey,
});

function rejectWhole(assembly: Assembly, { delivery, gateway }: GatewayMessage, part: Rejection): void {
  reject(assembly, delivery, { gateway, gatewayId: gateway.gatewayId }, [part]);
}

function settle(assembly: Assembly, { gateway, topic }: GatewayMessage, { position }: CompactHead): void {
  const { gatewayId } = gateway;
  const { boot, lane, seq } = position;
  const key = `${gatewayId} ${lane} ${boot}`;
  const known = assembly.sequences.get(key);
  if (known) known.seqs.push(seq);
  else assembly.sequences.set(key, { gatewayId, boot, lane, partition: topic.partition, seqs: [seq] });
}
