/**
 * The chain of an organisation's records: what was sealed, corrected, approved, closed and issued, in order. Each record
 * holds the hash of the one before it, so that none can be changed, left out or moved without all after it. A record's
 * body may be withheld (it speaks of another legal entity): the chain holds the body's hash only.
 */
import { canonicalBytes, canonicalJson } from './canonical-json.ts';
import { sha256Hex } from './sha256.ts';

/** Hash before the first record. */
export const chainStart = '0'.repeat(64);

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

export interface ChainRecord {
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** `daySealed`, `restated`, `act`, `periodClosed`, `keyAdded`, `keyRevoked`, `documentIssued`, `bundleIssued` … */
  readonly kind: string;
  readonly bodyHash: string;
  readonly previous: string;
  readonly hash: string;
  /** Absent where it is withheld. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** What is to be recorded. */
export interface ChainEntry {
  readonly at: string;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const version = 'wattproof/chain/1';

const hashOf = (record: Pick<ChainRecord, 'seq' | 'at' | 'kind' | 'bodyHash' | 'previous'>): string => {
  const { seq, at, kind, bodyHash, previous } = record;
  return sha256Hex(canonicalBytes({ version, seq, at, kind, bodyHash, previous }));
};

/** The record that follows a head; null: the first one. */
export function nextRecord(
  head: ChainHead | null,
  { at, kind, body }: ChainEntry,
): ChainRecord & { readonly body: ChainEntry['body'] } {
  const record = {
    seq: (head?.seq ?? 0) + 1,
    at,
    kind,
    bodyHash: sha256Hex(canonicalBytes(body)),
    previous: head?.hash ?? chainStart,
  };
  return { ...record, hash: hashOf(record), body };
}

/** A record as a line of the chain's file. */
export const chainLine = (record: ChainRecord): string => `${canonicalJson(record)}\n`;

export interface ChainFault {
  readonly seq: number;
  readonly message: string;
}

/** First place where a chain does not hold together; null where it does. */
export function chainFault(records: readonly ChainRecord[]): ChainFault | null {
  let previous = chainStart;
  for (const [i, record] of records.entries()) {
    const { seq } = record;
    if (seq !== i + 1)
      return { seq: i + 1, message: `record ${i + 1} is missing: ${seq} stands in its place` };
    if (record.previous !== previous)
      return { seq, message: `record ${seq} does not follow the record before it` };
    if (record.body !== undefined && sha256Hex(canonicalBytes(record.body)) !== record.bodyHash)
      return { seq, message: `the body of record ${seq} (${record.kind}) was changed` };
    if (hashOf(record) !== record.hash) return { seq, message: `record ${seq} (${record.kind}) was changed` };
    previous = record.hash;
  }
  return null;
}

/** Head of a chain as text that fits into a letter: `seq-hash`. Whoever holds it notices a chain that was cut or made anew. */
export const anchorText = ({ seq, hash }: ChainHead): string => `${seq}-${hash}`;

/** @throws RangeError where the text is no anchor. */
export function parseAnchor(text: string): ChainHead {
  const match = /^([1-9][0-9]{0,14})-([0-9a-f]{64})$/.exec(text.trim());
  if (!match) throw new RangeError('An anchor is a number, a dash and 64 hexadecimal digits');
  return { seq: Number(match[1]), hash: match[2] as string };
}
