import {
  type BatchSchema,
  decodeCompactBlocks,
  decodeCompactHead,
  decodeSchema,
  downTopic,
  parseUpTopic,
  schemaHash,
} from '@wattproof/contracts/mqtt';
import mqtt from 'mqtt';
import type { BenchContext } from '../../infra/bench-context.ts';

export interface Received {
  readonly batches: number;
  readonly readings: number;
  readonly values: number;
  /** Payload of the batches. */
  readonly bytes: number;
}

/** Stands where ingestion stands: decodes what one gateway sends, counts it, and acknowledges. */
export async function startReceiver(
  { mqttUrl, mqttIngestion }: BenchContext,
  gateway: { readonly gatewayId: string; readonly partition: number },
): Promise<{ readonly received: () => Received; readonly stop: () => Promise<void> }> {
  const client = await mqtt.connectAsync(mqttUrl, { ...mqttIngestion, protocolVersion: 5, clean: true });
  const schemas = new Map<string, BatchSchema>();
  let received: Received = { batches: 0, readings: 0, values: 0, bytes: 0 };
  client.on('message', (topic, payload) => {
    const kind = parseUpTopic(topic)?.kind;
    if (kind === 'schema') schemas.set(schemaHash(payload), decodeSchema(payload));
    if (kind !== 'readings') return;
    const head = decodeCompactHead(payload);
    const schema = schemas.get(head.schemaHash);
    if (!schema) throw new Error(`no schema ${head.schemaHash} before its batch`);
    const { readings, rejections } = decodeCompactBlocks(head, schema);
    if (rejections.length > 0) throw new Error(`rejected: ${JSON.stringify(rejections)}`);
    received = {
      batches: received.batches + 1,
      readings: received.readings + readings.length,
      values: received.values + readings.reduce((sum, r) => sum + Object.keys(r.values).length, 0),
      bytes: received.bytes + payload.length,
    };
    const { boot, lane, seq } = head.position;
    const ack = JSON.stringify({ boot, lane, upTo: seq });
    client.publish(downTopic(gateway.partition, gateway.gatewayId, 'ack'), ack, { qos: 1 });
  });
  await client.subscribeAsync(`wattproof/v1/${gateway.partition}/${gateway.gatewayId}/up/#`, { qos: 1 });
  return { received: () => received, stop: () => client.endAsync() };
}
