import type { Rejection } from '@wattproof/contracts/mqtt';
import {
  createReadingBatch,
  type GatewaySchemaRecord,
  type GatewaySighting,
  type HeldReadings,
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

/** An empty one, in the memory of a batch that is done with where there is one; it grows. */
export function createAssembly(readings: ReadingBatch = createReadingBatch()): Assembly {
  return {
    deliveries: [],
    undecided: [],
    questions: [],
    readings,
    deadLetters: [],
    schemas: [],
    sightings: new Map(),
    sequences: new Map(),
    schemaRequests: new Map(),
    sites: new Map(),
    bytes: 0,
  };
}

/** A part of a message that cannot be stored; the meter and the instant that it is about, where they are known. */
export interface RejectedPart extends Rejection {
  readonly meterKey?: string;
  readonly at_ms?: number;
}

/** Dead letters that one message makes at most: the payload is kept with each. */
const lettersPerMessage = 20;

interface Group {
  readonly first: RejectedPart;
  readonly meterKeys: Set<string | undefined>;
  count: number;
  held: HeldReadings | null;
}

/**
 * Puts a message's rejected parts into the dead letters: one for each reason and meter; one for each reason where those
 * would be too many, and of impossible clocks, which are a fault of the gateway and not of its meters.
 */
export function reject(
  assembly: Assembly,
  delivery: Delivery,
  origin: { readonly gateway: Gateway | undefined; readonly gatewayId: string | undefined },
  parts: readonly RejectedPart[],
): void {
  let groups = grouped(parts, (part) =>
    part.code === 'timestampOutOfRange' ? part.code : `${part.code} ${part.meterKey ?? ''}`,
  );
  if (groups.length > lettersPerMessage) groups = grouped(parts, (part) => part.code);
  for (const { first, meterKeys, count, held } of groups) {
    const [meterKey] = meterKeys;
    assembly.deadLetters.push({
      organisationId: origin.gateway?.organisationId ?? null,
      gatewayId: origin.gatewayId ?? null,
      topic: delivery.topic,
      receivedAt_ms: delivery.receivedAt_ms,
      code: first.code,
      message: count > 1 ? `${first.message} (and ${count - 1} more like this)` : first.message,
      location: first.where,
      meterKey: meterKeys.size === 1 ? (meterKey ?? null) : null,
      payload: delivery.payload,
      readings: held,
    });
  }
}

function grouped(parts: readonly RejectedPart[], keyOf: (part: RejectedPart) => string): Group[] {
  const groups = new Map<string, Group>();
  for (const part of parts) {
    const key = keyOf(part);
    let group = groups.get(key);
    if (!group) {
      group = { first: part, meterKeys: new Set(), count: 0, held: null };
      groups.set(key, group);
    }
    group.count++;
    group.meterKeys.add(part.meterKey);
    if (Number.isSafeInteger(part.at_ms)) group.held = heldWith(group.held, part.at_ms as number);
  }
  return [...groups.values()];
}

const heldWith = (held: HeldReadings | null, at_ms: number): HeldReadings => ({
  count: (held?.count ?? 0) + 1,
  firstAt_ms: Math.min(held?.firstAt_ms ?? at_ms, at_ms),
  lastAt_ms: Math.max(held?.lastAt_ms ?? at_ms, at_ms),
});
