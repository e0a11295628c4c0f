import { beforeAll, describe, expect, test } from 'vitest';
import { packArchive, readArchive } from './archive.ts';
import { bundleFixture, type Fixture } from './bundle.fixture.ts';
import { canonicalBytes } from './canonical-json.ts';
import { createSigningKey, type SigningKey } from './signature.ts';
import { verifyBundle } from './verify-bundle.ts';

let key: SigningKey;
let fixture: Fixture;
beforeAll(async () => {
  key = await createSigningKey();
  fixture = await bundleFixture({ key });
});
const outside = () => ({ fingerprint: fixture.fingerprint, anchor: fixture.anchor });

/** Numbers that look random and are the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('a bundle as it was issued', () => {
  test('is intact with fingerprint and anchor, and every check was done', async () => {
    const verification = await verifyBundle(fixture.bytes, outside());
    expect(verification.firstDifference).toBeNull();
    expect(verification.outcome).toBe('intact');
    expect(verification.checks.map(({ state }) => state)).toEqual(verification.checks.map(() => 'passed'));
    expect(verification.bundle).toMatchObject({ meterDays: 81, restatedDays: 1 });
    const counts = Object.fromEntries(verification.checks.map((check) => [check.name, check.counts]));
    expect(counts.samples?.recomputed).toBeGreaterThan(10);
    expect(counts.enpis?.days).toBe(40);
  });

  test('says that it agrees with itself only where nothing from outside was given', async () => {
    const verification = await verifyBundle(fixture.bytes);
    expect(verification.outcome).toBe('unanchored');
  });

  test('the same contents and key give the same bytes', () => {
    const read = readArchive(fixture.bytes);
    expect(read.ok && packArchive(read.entries.toReversed())).toEqual(fixture.bytes);
  });
});

describe('a bundle that was tampered with', () => {
  test('one flipped bit anywhere, 200 random times, is detected and named', async () => {
    const next = random(42);
    for (let n = 0; n < 200; n++) {
      const at = Math.floor(next() * fixture.bytes.length);
      const bytes = fixture.bytes.slice();
      bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(next() * 8));
      const { outcome, firstDifference } = await verifyBundle(bytes);
      expect(outcome, `byte ${at}`).toBe('broken');
      expect(firstDifference?.place, `byte ${at}`).toMatch(/\S/);
      expect(firstDifference?.message, `byte ${at}`).toMatch(/\S/);
    }
  });

  test('a changed file in an archive that was packed anew is named by the manifest', async () => {
    const read = readArchive(fixture.bytes);
    if (!read.ok) throw new Error('not read');
    const changed = read.entries.map((entry) =>
      entry.name === 'data/account.json'
        ? {
            ...entry,
            bytes: new TextEncoder().encode(new TextDecoder().decode(entry.bytes).replace('799.9', '800.1')),
          }
        : entry,
    );
    const { firstDifference } = await verifyBundle(packArchive(changed), outside());
    expect(firstDifference).toMatchObject({ check: 'manifest', place: 'data/account.json' });
  });

  test('a forgery that is consistent in itself fails against fingerprint and against anchor', async () => {
    const forged = await bundleFixture({ forged_wh: -9 });
    expect((await verifyBundle(forged.bytes)).outcome).toBe('unanchored');
    const byKey = await verifyBundle(forged.bytes, { fingerprint: fixture.fingerprint });
    expect(byKey.firstDifference).toMatchObject({ check: 'fingerprint' });
    // Even the owner of the key cannot make the past anew against an anchor that was given away.
    const sameKey = await bundleFixture({ key, forged_wh: -9 });
    const byAnchor = await verifyBundle(sameKey.bytes, outside());
    expect(byAnchor.firstDifference).toMatchObject({ check: 'anchor' });
    expect(byAnchor.firstDifference?.message).toContain('made anew');
  });

  test('a chain that was cut short, manifest and signature made to fit, fails against the anchor', async () => {
    const cut = await bundleFixture({ key, cutAfter: 44 });
    const { firstDifference } = await verifyBundle(cut.bytes, outside());
    expect(firstDifference).toMatchObject({ check: 'anchor' });
    expect(firstDifference?.message).toContain('cut short');
  });

  test('days whose record was cut off are named even without an anchor', async () => {
    const cut = await bundleFixture({ key, cutAfter: 20 });
    expect((await verifyBundle(cut.bytes)).firstDifference).toMatchObject({ check: 'seals' });
  });

  test('an adjustment that nobody approved, or of another amount, is named', async () => {
    const unapproved = await bundleFixture({ key, isAdjustmentApproved: false });
    expect((await verifyBundle(unapproved.bytes, outside())).firstDifference).toMatchObject({
      check: 'anchor',
    });
    expect((await verifyBundle(unapproved.bytes)).firstDifference).toMatchObject({
      check: 'enpis',
      place: 'data/enpis.json, Energy per tonne, Second shift',
      message: 'nobody approved this adjustment',
    });
    const larger = await bundleFixture({ key, adjusted_wh_per_day: 2_000 });
    expect((await verifyBundle(larger.bytes)).firstDifference?.message).toContain('not those of the dossier');
  });

  test('a revoked key is said with its reason', async () => {
    const revoked = await bundleFixture({ key, revoked: true });
    const { firstDifference } = await verifyBundle(revoked.bytes, outside());
    expect(firstDifference?.message).toContain('laptop lost');
  });

  test('bytes that are no bundle, a file cut in the middle and an empty one end in a statement', async () => {
    for (const bytes of [
      new Uint8Array(),
      canonicalBytes({ a: 1 }),
      fixture.bytes.slice(0, 5000),
      Uint8Array.from([...fixture.bytes, 0]),
    ]) {
      const { outcome, firstDifference } = await verifyBundle(bytes);
      expect(outcome).toBe('broken');
      expect(firstDifference?.check).toBe('archive');
    }
  });
});
