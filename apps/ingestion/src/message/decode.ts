import { decodeCompactHead, isCompact, messageLimits, type UpTopic } from '@wattproof/contracts/mqtt';
import type { Gateway, GatewayDirectory } from '../gateway/gateway-directory.ts';
import type { Delivery } from '../mqtt/deferred-client.ts';
import { type Assembly, reject } from './assembly.ts';
import { decodeReadings } from './readings.ts';
import { decodeSchemaMessage } from './schema.ts';
import type { SchemaWait } from './schema-wait.ts';
import { decodeState } from './state.ts';
import { upTopicOf } from './topic.ts';

export interface DecodeContext {
  readonly directory: GatewayDirectory;
  readonly schemaWait: SchemaWait;
  readonly retention_ms: number;
  /** A person's word on a gateway's clock: only readings out of range are taken, and moved by this. */
  readonly correction_ms?: number;
  /** The directory was just refreshed: what it does not know now does not exist. */
  readonly isFinal: boolean;
}

/** One message of a known gateway, on its own topic. */
export interface GatewayMessage {
  readonly delivery: Delivery;
  readonly topic: UpTopic;
  readonly gateway: Gateway;
}

/**
 * Decodes a delivery into the assembly: readings, schema, state, or dead letters. Puts nothing of it there, and the delivery
 * among the undecided, where the directory does not know what it speaks of and may not have been asked lately.
 */
export function decodeDelivery(assembly: Assembly, delivery: Delivery, context: DecodeContext): void {
  const topic = upTopicOf(delivery.topic);
  if (!topic) {
    reject(assembly, delivery, { gateway: undefined, gatewayId: undefined }, [
      { code: 'malformed', message: 'no message of the contract has this topic', where: 'topic' },
    ]);
    return;
  }
  const { gatewayId } = topic;
  const gateway = context.directory.find(gatewayId);
  const isOurs = gateway !== undefined && !gateway.isRevoked && gateway.partition === topic.partition;
  if (!isOurs && !context.isFinal) {
    postpone(assembly, delivery, { gatewayId, ...schemaOf(topic, delivery) });
    return;
  }
  if (!isOurs) {
    // What the broker still retains of a gateway that is gone comes with every subscription and is no news.
    if (delivery.isRetained) return;
    const message = gateway
      ? gateway.isRevoked
        ? 'this gateway is revoked'
        : `this gateway belongs to partition ${gateway.partition}`
      : 'no gateway has this name';
    reject(assembly, delivery, { gateway, gatewayId }, [{ code: 'foreignGateway', message, where: 'topic' }]);
    return;
  }
  if (delivery.payload.length > messageLimits.bytes) {
    reject(assembly, delivery, { gateway, gatewayId }, [
      { code: 'tooLarge', message: `more than ${messageLimits.bytes} bytes`, where: 'message' },
    ]);
    return;
  }
  try {
    decodeKind(assembly, { delivery, topic, gateway }, context);
  } catch (error) {
    // A fault of ours must not stop the partition; the message is kept and its reason says what broke.
    reject(assembly, delivery, { gateway, gatewayId }, [
      { code: 'malformed', message: `could not be decoded: ${(error as Error).message}`, where: 'message' },
    ]);
  }
}

function decodeKind(assembly: Assembly, message: GatewayMessage, context: DecodeContext): void {
  if (message.topic.kind === 'readings') decodeReadings(assembly, message, context);
  else if (message.topic.kind === 'schema') decodeSchemaMessage(assembly, message, context);
  else if (message.topic.kind === 'state') decodeState(assembly, message);
  // `up/result` is for whoever sent the command; ingestion only lets it pass.
}

/** The schema that a message of a gateway not known yet will need; asked for in the same round. */
function schemaOf(topic: UpTopic, { payload }: Delivery): { readonly schemaHash?: string } {
  if (topic.kind !== 'readings' || !isCompact(payload)) return {};
  try {
    return { schemaHash: decodeCompactHead(payload).schemaHash };
  } catch {
    // No compact batch: it is rejected when it is decoded.
    return {};
  }
}

export function postpone(
  assembly: Assembly,
  delivery: Delivery,
  question: { readonly gatewayId: string; readonly schemaHash?: string },
): void {
  assembly.undecided.push(delivery);
  assembly.questions.push(question);
}
