import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  addReading,
  auditReportRun,
  bundlePiece,
  commitReadings,
  createReadingBatch,
  evidenceBundleRun,
  findDossier,
  rebuildIntervals,
  storeAuditReport,
  storeReportGround,
  withScope,
} from '@wattproof/database';
import { listDocuments } from '@wattproof/database/queries';
import { nothingChanged, type Opportunity } from '@wattproof/energy';
import { verifyBundle } from '@wattproof/evidence';
import { type AuditReportSnapshot, renderAuditReport } from '@wattproof/report';
import { createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase, toolCommand } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeEvidenceBundle } from '../evidence/make-evidence-bundle.ts';
import { auditSnapshot, signedSnapshot } from './audit-snapshot.ts';
import { makeAuditReport } from './make-audit-report.ts';
import { groundDigest, readReportGround, reportFiguresOf } from './report-ground.ts';

const hour_ms = 3_600_000;
let database: TestDatabase;
let admin: Client;
let pool: Pool;
let folder: string;
let organisationId: number;
let auditId: string;

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A month of bills: 900 kWh of a point that went to another owner after 15 of 30 days, 100 kWh of one that stayed. */
beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  folder = await mkdtemp(join(tmpdir(), 'wattproof-reissue-'));
  organisationId = await insert(
    "INSERT INTO organisation (name, slug) VALUES ('Belleroche', 'belleroche')",
    [],
  );
  const entity = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Belleroche SAS', 'FR')",
    [organisationId],
  );
  const site = await insert<string>(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone) VALUES ($1, $2, 'Laval', 'FR', 'Europe/Paris')`,
    [organisationId, entity],
  );
  const meterId = await insert<number>(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, accuracy)
     VALUES ($1, $2, 'Main', 'physical', 'main', 'electricity', 'active_energy_import_wh', '[{"part":"meter","class":1}]')`,
    [organisationId, site],
  );
  const batch = createReadingBatch();
  const from_ms = Date.UTC(2026, 7, 31, 22);
  for (let h = 0; h <= 30 * 24; h++)
    addReading(batch, {
      meterId,
      organisationId,
      at_ms: from_ms + h * hour_ms,
      receivedAt_ms: from_ms,
      skew_ms: 0,
      quality: 0,
      values: { active_energy_import_wh: 500 * h },
      exceptions: {},
    });
  await commitReadings(admin, batch);
  await rebuildIntervals(pool, {
    onError: (error) => {
      throw error;
    },
  });
  auditId = await insert(
    `INSERT INTO audit (organisation_id, legal_entity_id, name, period_from, period_to, due_on)
     VALUES ($1, $2, 'Audit 2026', '2026-09-01', '2026-10-01', '2026-12-31')`,
    [organisationId, entity],
  );
  for (const [code, kwh, validTo, included] of [
    ['Hall', 900, '2026-09-16', true],
    ['Yard', 100, null, false],
  ] as const) {
    const point = await insert(
      `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from, valid_to)
       VALUES ($1, $2, $3, 'electricity', $4, $4, '2020-01-01', $5)`,
      [organisationId, entity, site, code, validTo],
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
  await admin.query(
    "INSERT INTO audit_dossier (audit_id, organisation_id, version, content, updated_by) VALUES ($1, $2, 1, $3, 'x')",
    [auditId, organisationId, JSON.stringify({ ...(await dossier()).content, opportunities: [lamps] })],
  );
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
  if (folder) await rm(folder, { recursive: true });
});

const dossier = () => withScope(pool, organisationId, (client) => findDossier(client, auditId));

const lamps: Opportunity = {
  title: 'Lamps',
  siteId: null,
  area: 'buildings',
  description: '',
  carrier: 'electricity',
  saving_kwh_per_year: '100',
  accuracy_percent: null,
  currency: 'EUR',
  savingPerYear: '30',
  cost: '100',
  subsidy: '0',
  lifetime_years: 10,
  residualValue: '0',
  discountRate_percent: '6',
  priceChange_percent: '2',
  interactions: '',
  verification: '',
  state: 'retained',
  reason: '',
  responsible: '',
  dueOn: null,
  isConfidential: false,
};

const resources = {
  get pool() {
    return pool;
  },
  logger: createLogger('test', 'fatal'),
  portalUrl: 'https://energy.example',
  secretKey: Buffer.alloc(32, 1).toString('base64'),
  notices: { jobRunChanged: () => {}, siteChanged: () => {}, isConnected: () => true, close: () => {} },
};

interface Result {
  readonly documentId: string;
  readonly bundleId: string;
  readonly fingerprint: string;
  readonly anchor: string;
}

async function run(kind: string, input: object): Promise<Result> {
  const id = await insert<string>(
    `INSERT INTO job_run (organisation_id, kind, title, input, requested_by) VALUES ($1, $2, 'x', $3, 'Claire')`,
    [organisationId, kind, JSON.stringify({ auditId, locale: 'en', ...input })],
  );
  const make = kind === auditReportRun ? makeAuditReport : makeEvidenceBundle;
  await make(resources, id, { attempt: 1, isLast: true });
  return (await admin.query<{ result: Result }>('SELECT result FROM job_run WHERE id = $1', [id])).rows[0]
    ?.result as Result;
}

interface Stored {
  readonly content: Buffer;
  readonly sha256: string;
  readonly snapshot: AuditReportSnapshot;
  readonly replaces: string | null;
}
const stored = async (documentId: string): Promise<Stored> => {
  const { rows } = await admin.query<Stored>(
    'SELECT content, sha256, snapshot, replaces_signature_id AS replaces FROM document WHERE id = $1',
    [documentId],
  );
  const [row] = rows;
  if (!row) throw new Error(`there is no document ${documentId}`);
  return row;
};

const signatureOf = (documentId: string): Promise<string> =>
  insert(
    `INSERT INTO audit_signature (organisation_id, audit_id, draft_document_id, draft_sha256, signer_user_id, signer_name,
       signed_at)
     SELECT organisation_id, audit_id, id, sha256, 'u', 'Jeanne Lefèvre', date_trunc('second', now()) FROM document WHERE id = $1`,
    [documentId],
  );

/** A report as the version before stored it: its figures are those of version 1 of the coverage. */
async function reportOfBefore(): Promise<{ readonly documentId: string; readonly signatureId: string }> {
  return withScope(pool, organisationId, async (client) => {
    const ground = await readReportGround(client, auditId);
    if (!ground) throw new Error('there is no audit');
    const draft = auditSnapshot({
      figures: reportFiguresOf(ground, 1),
      events: [],
      obligations: [],
      dossier: await findDossier(client, auditId),
      photos: [],
      createdAt: new Date('2026-11-22T18:00:00Z'),
      createdBy: 'Claire',
    });
    const groundSha256 = groundDigest(ground);
    await storeReportGround(client, { organisationId, auditId, sha256: groundSha256, content: ground });
    const store = (snapshot: AuditReportSnapshot, signatureId: string | null): Promise<string> => {
      const content = renderAuditReport(snapshot, 'en');
      return storeAuditReport(client, {
        organisationId,
        auditId,
        name: 'Report',
        locale: 'en',
        content,
        sha256: sha256(content),
        snapshot,
        createdBy: 'Claire',
        signatureId,
        groundSha256,
        replacesSignatureId: null,
      });
    };
    const draftId = await store(draft, null);
    const { rows } = await client.query<{ id: string; draftSha256: string; signedAt: Date }>(
      `INSERT INTO audit_signature (organisation_id, audit_id, draft_document_id, draft_sha256, signer_user_id, signer_name,
         signed_at)
       SELECT organisation_id, audit_id, id, sha256, 'u', 'Jeanne Lefèvre', '2026-11-22T19:00:00Z' FROM document WHERE id = $1
       RETURNING id, draft_sha256 AS "draftSha256", signed_at AS "signedAt"`,
      [draftId],
    );
    const [signature] = rows;
    if (!signature) throw new Error('the draft was not signed');
    const signed = signedSnapshot(draft, { signerName: 'Jeanne Lefèvre', ...signature });
    return { documentId: await store(signed, signature.id), signatureId: signature.id };
  });
}

async function bundleBytes(bundleId: string): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  await withScope(pool, organisationId, async (client) => {
    for (let piece = await bundlePiece(client, bundleId, 0); piece; )
      piece = await bundlePiece(client, bundleId, pieces.push(piece));
  });
  return new Uint8Array(Buffer.concat(pieces));
}

async function textOf(content: Buffer): Promise<string> {
  const path = join(folder, 'report.pdf');
  await writeFile(path, content);
  const { command, args } = toolCommand('pdftotext', ['-layout', path, '-'], {
    binds: [{ folder, writable: true }],
  });
  return (await promisify(execFile)(command, args)).stdout.replaceAll(/\s+/g, ' ');
}

test('a report of an earlier formula is re-issued: it stays byte for byte, every difference is named', async () => {
  const old = await reportOfBefore();
  const before = await stored(old.documentId);
  expect(before.snapshot.coverage).toMatchObject({
    audited: '900.000',
    total: '1000.000',
    share_percent: '90.00',
  });
  // Its bundle is made of its own figures, by the formula that they were computed with.
  const oldBundle = await run(evidenceBundleRun, {});
  const oldBytes = await bundleBytes(oldBundle.bundleId);
  expect((await verifyBundle(oldBytes, oldBundle)).outcome).toBe('intact');

  // What comes afterwards is no part of a re-issue.
  await admin.query("UPDATE bill SET energy_kwh = 5000, quantity = 5000 WHERE number = 'Yard'");
  await admin.query("UPDATE audit_dossier SET version = 2, content = '{}' WHERE audit_id = $1", [auditId]);

  const draft = await run(auditReportRun, { reissueOf: old.documentId });
  const { snapshot, replaces } = await stored(draft.documentId);
  expect(replaces).toBe(old.signatureId);
  expect(snapshot.signature).toBeUndefined();
  expect(snapshot.coverage).toMatchObject({ audited: '450.000', total: '550.000', share_percent: '81.81' });
  expect(snapshot.dossier?.version).toBe(1);
  const { reissue } = snapshot;
  expect(reissue).toMatchObject({
    documentId: old.documentId,
    sha256: before.sha256,
    signature: { id: old.signatureId, name: 'Jeanne Lefèvre', at: '2026-11-22T19:00:00.000Z' },
    formulas: [{ formula: 'auditCoverage', from: 1, to: 2 }],
    factors: [],
  });
  const named = Object.fromEntries(
    (reissue?.differences ?? []).map(({ figure, subject, before: a, after: b, difference }) => [
      [figure, subject].filter(Boolean).join(' '),
      [a, b, difference],
    ]),
  );
  expect(named).toMatchObject({
    audited: ['900.000', '450.000', '-450.000'],
    total: ['1000.000', '550.000', '-450.000'],
    coverage: ['90.00', '81.81', '-8.19'],
    verdict: ['reached', 'insufficientData', null],
    'guide.audited': ['100.00', '50.00', '-50.00'],
    'guide.coverage': ['50.00', '33.33', '-16.67'],
    'rowEnergy Laval · Hall': ['900.000', '450.000', '-450.000'],
    'siteAccount Laval': ['1000.000', '550.000', '-450.000'],
  });
  // Of each the change that is its reason is at hand, and what did not change is counted.
  expect(reissue?.differences.every(({ formulas }) => formulas.includes('auditCoverage'))).toBe(true);
  expect(named).not.toHaveProperty('netPresentValue Lamps');
  expect(reissue?.unchanged).toBeGreaterThan(8);

  const signatureId = await signatureOf(draft.documentId);
  const next = await run(auditReportRun, { documentId: draft.documentId, signatureId });
  const issued = await stored(next.documentId);
  const text = await textOf(issued.content);
  for (const words of [
    'This report replaces the report that Jeanne Lefèvre signed',
    '16 Annex',
    'Audit coverage: computed with version 1, the running version is 2.',
    'A bill counts with the days on which its delivery point belonged to the entity',
    '−450.000 kWh',
  ])
    expect(text, words).toContain(words);

  // The one that it replaces stays, and is marked.
  expect(await stored(old.documentId)).toEqual(before);
  const documents = await withScope(pool, organisationId, (client) =>
    listDocuments(client, { organisationId, siteIds: null }, auditId),
  );
  expect(documents.find(({ id }) => id === old.documentId)).toMatchObject({ replacedBy: next.documentId });
  expect(documents.find(({ id }) => id === next.documentId)).toMatchObject({
    replaces: old.documentId,
    replacedBy: null,
  });
  expect(await bundleBytes(oldBundle.bundleId)).toEqual(oldBytes);
  expect((await verifyBundle(oldBytes, oldBundle)).outcome).toBe('intact');

  // The bundle of the new one has its figures, though the account has changed since, and the differences.
  const newBundle = await run(evidenceBundleRun, {});
  const newBytes = await bundleBytes(newBundle.bundleId);
  const verification = await verifyBundle(newBytes, newBundle);
  expect(verification.firstDifference).toBeNull();
  expect(verification.outcome).toBe('intact');
  expect(Buffer.from(newBytes).includes('"before":"900.000"')).toBe(true);

  // The plain case: nothing changed.
  await expect(run(auditReportRun, { reissueOf: next.documentId })).rejects.toThrow(nothingChanged);
  await expect(run(auditReportRun, { reissueOf: draft.documentId })).rejects.toThrow(
    'This report is a draft',
  );
}, 240_000);
