import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inclusionProof, isIncluded, LeafHashes, leafHash, merkleRoot } from './merkle.ts';
import { plainSha256, sha256, toHex } from './sha256.ts';

const treeOf = (data: readonly Uint8Array[]): LeafHashes => {
  const leaves = new LeafHashes();
  for (const one of data) leaves.add(leafHash(one));
  return leaves;
};
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('SHA-256', () => {
  test('equals the platform’s for any input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        const expected = createHash('sha256').update(data).digest('hex');
        expect(toHex(plainSha256(data))).toBe(expected);
        expect(toHex(sha256(data))).toBe(expected);
      }),
    );
  });
});

describe('Merkle tree', () => {
  // Leaves and roots of the test vectors of the reference implementation of RFC 6962.
  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('the root of the first %i reference leaves', (n, root) => {
    const data = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    expect(toHex(merkleRoot(treeOf(data.slice(0, n).map(bytes))))).toBe(root);
  });

  test('a proof holds for its leaf and position, and for no other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, any) => {
        const leaves = treeOf(Array.from({ length: count }, (_, i) => Uint8Array.of(i)));
        const position = any % count;
        const root = merkleRoot(leaves);
        const proof = inclusionProof(leaves, position);
        const leaf = leaves.at(position);
        expect(isIncluded({ leaf, position, count, proof }, root)).toBe(true);
        const wrong = leafHash(Uint8Array.of(255));
        expect(isIncluded({ leaf: wrong, position, count, proof }, root)).toBe(false);
        if (count > 1) {
          expect(isIncluded({ leaf, position: (position + 1) % count, count, proof }, root)).toBe(false);
          expect(isIncluded({ leaf, position, count, proof: proof.slice(1) }, root)).toBe(false);
        }
      }),
    );
  });
});
