/**
 * Merkle tree over ordered leaves, as in RFC 6962 §2.1: leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right), a
 * tree of n leaves splits at the largest power of two below n. The two prefixes keep a leaf from being passed off as a
 * node. The root of no leaves is SHA-256 of nothing.
 */
import { isEqual, sha256 } from './sha256.ts';

const hash_bytes = 32;

/** Begins with 0; as long as the longest leaf so far. */
let leafInput = new Uint8Array(512);
export function leafHash(data: Uint8Array): Uint8Array {
  const length = 1 + data.length;
  if (length > leafInput.length) leafInput = new Uint8Array(2 * length);
  leafInput.set(data, 1);
  return sha256(leafInput.subarray(0, length));
}

const nodeInput = new Uint8Array(1 + 2 * hash_bytes);
function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput[0] = 1;
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hash_bytes);
  return sha256(nodeInput);
}

/** Leaf hashes one after the other in one piece of memory: a list of objects would take four times as much. */
export class LeafHashes {
  private bytes = new Uint8Array(64 * hash_bytes);
  private n = 0;

  get count(): number {
    return this.n;
  }

  /** Adds a leaf; returns its position. */
  add(hash: Uint8Array): number {
    if ((this.n + 1) * hash_bytes > this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(hash, this.n * hash_bytes);
    return this.n++;
  }

  at(position: number): Uint8Array {
    return this.bytes.subarray(position * hash_bytes, (position + 1) * hash_bytes);
  }
}

/** Largest power of two below n (n > 1). */
function split(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** Root of the leaves [from, to). */
export function merkleRoot(leaves: LeafHashes, from = 0, to = leaves.count): Uint8Array {
  const n = to - from;
  if (n === 0) return sha256(new Uint8Array());
  if (n === 1) return leaves.at(from).slice();
  const middle = from + split(n);
  return nodeHash(merkleRoot(leaves, from, middle), merkleRoot(leaves, middle, to));
}

/** Hashes that lead from a leaf to the root, from the bottom up (RFC 6962 §2.1.1). */
export function inclusionProof(
  leaves: LeafHashes,
  position: number,
  from = 0,
  to = leaves.count,
): readonly Uint8Array[] {
  if (!(position >= from && position < to)) throw new RangeError(`There is no leaf ${position}`);
  const n = to - from;
  if (n === 1) return [];
  const middle = from + split(n);
  return position < middle
    ? [...inclusionProof(leaves, position, from, middle), merkleRoot(leaves, middle, to)]
    : [...inclusionProof(leaves, position, middle, to), merkleRoot(leaves, from, middle)];
}

export interface Inclusion {
  readonly leaf: Uint8Array;
  readonly position: number;
  readonly count: number;
  readonly proof: readonly Uint8Array[];
}

/** Whether a leaf at a position of a tree of `count` leaves has this root (RFC 9162 §2.1.3.2). */
export function isIncluded({ leaf, position, count, proof }: Inclusion, root: Uint8Array): boolean {
  if (!(position >= 0 && position < count)) return false;
  let at = position;
  let last = count - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && isEqual(hash, root);
}
