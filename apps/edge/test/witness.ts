import {
  type BatchPosition,
  decodeCompactBlocks,
  decodeCompactHead,
  decodeSchema,
  downTopic,
  parseUpTopic,
  type StateMessage,
  schemaHash,
  stateMessage,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import { type TestGateway, testMqtt } from '@wattproof/testkit';
import mqtt from 'mqtt';

/** Stands where ingestion stands: takes a gateway's messages from the real broker, decodes them, and acknowledges. */
export interface Witness {
  readonly readings: WireReading[];
  readonly positions: BatchPosition[];
  readonly states: StateMessage[];
  /** While false, batches are received and not acknowledged. */
  acknowledging: boolean;
  readonly acknowledge: (position: BatchPosition) => void;
  readonly send: (kind: 'request' | 'config', message: unknown, retain?: boolean) => Promise<void>;
  readonly schemas: ReadonlyMap<string, Uint8Array>;
  readonly stop: () => Promise<void>;
}

export async function startWitness(gateway: TestGateway): Promise<Witness> {
  const { mqttUrl, ingestion } = testMqtt();
  const client = await mqtt.connectAsync(mqttUrl, { ...ingestion, protocolVersion: 5, clean: true });
  const schemas = new Map<string, Uint8Array>();
  const acknowledge = ({ boot, lane, seq }: BatchPosition): void => {
    const topic = downTopic(gateway.partition, gateway.gatewayId, 'ack');
    client.publish(topic, JSON.stringify({ boot, lane, upTo: seq }), { qos: 1 });
  };
  const witness: Witness = {
    readings: [],
    positions: [],
    states: [],
    acknowledging: true,
    acknowledge,
    schemas,
    send: async (kind, message, retain = false) => {
      const topic = downTopic(gateway.partition, gateway.gatewayId, kind);
      await client.publishAsync(topic, JSON.stringify(message), { qos: 1, retain });
    },
    stop: () => client.endAsync(),
  };
  client.on('message', (topic, payload) => {
    const parsed = parseUpTopic(topic);
    if (parsed?.gatewayId !== gateway.gatewayId) return;
    if (parsed.kind === 'schema') schemas.set(schemaHash(payload), payload);
    if (parsed.kind === 'state') witness.states.push(stateMessage.parse(JSON.parse(payload.toString())));
    if (parsed.kind !== 'readings') return;
    const head = decodeCompactHead(payload);
    const schema = schemas.get(head.schemaHash);
    if (!schema) throw new Error(`no schema ${head.schemaHash} before its batch`);
    const { readings, rejections } = decodeCompactBlocks(head, decodeSchema(schema));
    if (rejections.length > 0) throw new Error(`rejected: ${JSON.stringify(rejections)}`);
    witness.readings.push(...readings);
    witness.positions.push(head.position);
    if (witness.acknowledging) acknowledge(head.position);
  });
  await client.subscribeAsync(`wattproof/v1/${gateway.partition}/${gateway.gatewayId}/up/#`, { qos: 1 });
  return witness;
}
