import type { Rejection } from '@wattproof/contracts/mqtt';
import {
  createReadingBatch,
  type GatewaySchemaRecord,
  type GatewaySighting,
  type NewDeadLetter,
  type ReadingBatch,
  type SequenceKey,
} from '@wattproof/database';
import type { DirectoryQuestion, Gateway } from '../gateway/gateway-directory.ts';
import type { Delivery } from '../mqtt/deferred-client.ts';

/** Batches of one sequence that a commit settles: stored, or in the dead letters. */
export interface SettledSequence extends SequenceKey {
  readonly partition: number;
  readonly seqs: number[];
}
export interface SchemaRequest {
  readonly gatewayId: string;
  readonly partition: number;
  readonly hash: string;
}

/** What one transaction will write, and what is told to whom after it. */
export interface Assembly {
  /** In order of arrival. */
  readonly deliveries: Delivery[];
  /** Deliveries that need what the database knows before they can be decoded. */
  readonly undecided: Delivery[];
  readonly questions: DirectoryQuestion[];
  readonly readings: ReadingBatch;
  readonly deadLetters: NewDeadLetter[];
  readonly schemas: GatewaySchemaRecord[];
  readonly sightings: Map<string, GatewaySighting>;
  readonly sequences: Map<string, SettledSequence>;
  readonly schemaRequests: Map<string, SchemaRequest>;
  /** Meters with new readings by site. */
  readonly sites: Map<string, Set<number>>;
  bytes: number;
}

export function createAssembly(): Assembly {
  return {
    deliveries: [],
    undecided: [],
    questions: [],
    readings: createReadingBatch(),
    deadLetters: [],
    schemas: [],
    sightings: new Map(),
    sequences: new Map(),
    schemaRequests: new Map(),
    sites: new Map(),
    bytes: 0,
  };
}

/** A part of a message that cannot be stored, and the key of the meter that it is about, where that is known. */
export interface RejectedPart extends Rejection {
  readonly meterKey?: string;
}

/** Dead letters that one message makes at most: the payload is kept with each. */
const lettersPerMessage = 20;

/** Puts a message's rejected parts into the dead letters: one for each reason and meter. */
export function reject(
  assembly: Assembly,
  delivery: Delivery,
  origin: { readonly gateway: Gateway | undefined; readonly gatewayId: string | undefined },
  parts: readonly RejectedPart[],
): void {
  const groups = new Map<string, { readonly first: RejectedPart; count: number }>();
  for (const part of parts) {
    const key = `${part.code} ${part.meterKey ?? ''}`;
    const group = groups.get(key);
    if (group) group.count++;
    else if (groups.size < lettersPerMessage) groups.set(key, { first: part, count: 1 });
  }
  for (const { first, count } of groups.values()) {
    assembly.deadLetters.push({
      organisationId: origin.gateway?.organisationId ?? null,
      gatewayId: origin.gatewayId ?? null,
      topic: delivery.topic,
      receivedAt_ms: delivery.receivedAt_ms,
      code: first.code,
      message: count > 1 ? `${first.message} (and ${count - 1} more like this)` : first.message,
      location: first.where,
      meterKey: first.meterKey ?? null,
      payload: delivery.payload,
    });
  }
}
