import {
  addReading,
  bundlePiece,
  commitReadings,
  createReadingBatch,
  evidenceBundleRun,
  rebuildIntervals,
  sealDays,
  withScope,
} from '@wattproof/database';
import { type Verification, verifyBundle } from '@wattproof/evidence';
import { createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeEvidenceBundle } from './make-evidence-bundle.ts';

const hour_ms = 3_600_000;
let database: TestDatabase;
let admin: Client;
let pool: Pool;
let organisationId: number;
let auditId: string;
let meterId: number;

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;
const fail = (error: Error): never => {
  throw error;
};

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  organisationId = await insert(
    "INSERT INTO organisation (name, slug) VALUES ('Belleroche', 'belleroche')",
    [],
  );
  const entity = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Belleroche SAS', 'FR')",
    [organisationId],
  );
  const siteOf = (name: string): Promise<string> =>
    insert(
      `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone) VALUES ($1, $2, $3, 'FR', 'Europe/Paris')`,
      [organisationId, entity, name],
    );
  const site = await siteOf('Laval');
  const meter = (name: string): Promise<number> =>
    insert(
      `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, accuracy)
       VALUES ($1, $2, $3, 'physical', 'feeder', 'electricity', 'active_energy_import_wh', '[{"part":"meter","class":1}]')`,
      [organisationId, site, name],
    );
  meterId = await meter('Oven');
  const other = await meter('Cold room');
  const batch = createReadingBatch();
  const from_ms = Date.UTC(2026, 7, 31, 22);
  const wh = (perHour: number, h: number): number => perHour * h + (h % 3);
  // The meter of the cold room is replaced each noon, so that the sample certainly draws days with an event.
  let replaced = 0;
  for (let h = 0; h <= 30 * 24; h++) {
    if (h % 24 === 12) {
      await admin.query(
        `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index)
         VALUES ($1, $2, 'replacement', $3, 'active_energy_import_wh', $4, 0)`,
        [organisationId, other, new Date(from_ms + h * hour_ms), wh(700, h) - wh(700, replaced)],
      );
      replaced = h;
    }
    for (const [id, index] of [
      [meterId, wh(1_000, h)],
      [other, wh(700, h) - wh(700, replaced)],
    ] as const)
      addReading(batch, {
        meterId: id,
        organisationId,
        at_ms: from_ms + h * hour_ms,
        receivedAt_ms: from_ms,
        skew_ms: 0,
        quality: 0,
        values: { active_energy_import_wh: index },
        exceptions: {},
      });
  }
  await commitReadings(admin, batch);
  await rebuildIntervals(pool, { onError: fail });
  auditId = await insert(
    `INSERT INTO audit (organisation_id, legal_entity_id, name, period_from, period_to, due_on)
     VALUES ($1, $2, 'Audit 2026', '2026-09-01', '2026-10-01', '2026-12-31')`,
    [organisationId, entity],
  );
  for (const [code, kwh, included] of [
    ['in', 799.95, true],
    ['out', 200.05, false],
  ] as const) {
    const point = await insert(
      `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from)
       VALUES ($1, $2, $3, 'electricity', $4, $4, '2020-01-01')`,
      [organisationId, entity, site, code],
    );
    await admin.query(
      `INSERT INTO bill (organisation_id, delivery_point_id, number, period_from, period_to, quantity, unit, energy_kwh,
         calorific_basis, amount_ex_vat, currency)
       VALUES ($1, $2, $3, '2026-09-01', '2026-10-01', $4, 'kWh', $4, 'none', 100, 'EUR')`,
      [organisationId, point, code, kwh],
    );
    await admin.query(
      "INSERT INTO audit_scope (organisation_id, audit_id, delivery_point_id, included, reason) VALUES ($1, $2, $3, $4, 'small')",
      [organisationId, auditId, point, included],
    );
  }
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

interface Run {
  readonly state: string;
  readonly error: string | null;
  readonly result: {
    readonly bundleId: string;
    readonly sha256: string;
    readonly fingerprint: string;
    readonly anchor: string;
  };
}

async function makeBundle(): Promise<Run> {
  const id = await insert<string>(
    `INSERT INTO job_run (organisation_id, kind, title, input, requested_by) VALUES ($1, $2, 'Bundle', $3, 'Claire')`,
    [organisationId, evidenceBundleRun, JSON.stringify({ auditId })],
  );
  const resources = {
    pool,
    logger: createLogger('test', 'fatal'),
    secretKey: Buffer.alloc(32, 1).toString('base64'),
    notices: { jobRunChanged: () => {}, siteChanged: () => {}, isConnected: () => true, close: () => {} },
  };
  await makeEvidenceBundle(resources, id, { attempt: 1, isLast: true });
  return (await admin.query<Run>('SELECT state, error, result FROM job_run WHERE id = $1', [id]))
    .rows[0] as Run;
}

async function bytesOf(bundleId: string): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  await withScope(pool, organisationId, async (client) => {
    for (let piece = await bundlePiece(client, bundleId, 0); piece; )
      piece = await bundlePiece(client, bundleId, pieces.push(piece));
  });
  return new Uint8Array(Buffer.concat(pieces));
}

const countsOf = ({ checks }: Verification) =>
  Object.fromEntries(checks.map(({ name, counts }) => [name, counts]));

describe('an evidence bundle of an audit', () => {
  let first: Run;

  test('is made of what is sealed, and verifies against what its run gives out', async () => {
    first = await makeBundle();
    expect(first.error).toBeNull();
    expect(first.state).toBe('done');
    const { fingerprint, anchor, bundleId } = first.result;
    const verification = await verifyBundle(await bytesOf(bundleId), { fingerprint, anchor });
    expect(verification.firstDifference).toBeNull();
    expect(verification.outcome).toBe('intact');
    expect(countsOf(verification)).toMatchObject({
      seals: { meterDays: 60, restated: 0 },
      samples: { days: 20, recomputed: 20, unavailable: 0 },
      sums: { sums: 2 },
      coverage: { bills: 2 },
    });
  });

  test('a day that changes afterwards stands in the next bundle with both versions, the first one stays valid', async () => {
    await admin.query(
      `UPDATE store.reading SET active_energy_import_wh = active_energy_import_wh + 9, received_at = now() + interval '1 minute'
       WHERE meter_id = $1 AND at >= '2026-09-10T10:00:00Z'`,
      [meterId],
    );
    await admin.query(
      "INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, '2026-09-10T10:00:00Z', '2026-09-10T12:00:00Z')",
      [meterId],
    );
    await rebuildIntervals(pool, { onError: fail });
    await sealDays(pool, { now: new Date(), onError: fail });
    const second = await makeBundle();
    const { fingerprint, anchor, bundleId } = second.result;
    const verification = await verifyBundle(await bytesOf(bundleId), {
      fingerprint,
      anchor: first.result.anchor,
    });
    expect(verification.firstDifference).toBeNull();
    expect(verification.bundle?.restatedDays).toBeGreaterThanOrEqual(1);
    // An older bundle cannot hold an anchor that was given out later.
    const older = await verifyBundle(await bytesOf(first.result.bundleId), { fingerprint, anchor });
    expect(older.firstDifference).toMatchObject({ check: 'anchor' });
  });

  test('an audit that is not there ends the run with words', async () => {
    const kept = auditId;
    auditId = '00000000-0000-4000-8000-000000000000';
    await expect(makeBundle()).rejects.toThrow('There is no such audit');
    auditId = kept;
  });
});
