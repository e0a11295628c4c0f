import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  addReading,
  auditReportRun,
  commitReadings,
  computeAudit,
  createReadingBatch,
  rebuildIntervals,
  withScope,
} from '@wattproof/database';
import { type AuditDossier, conductFields } from '@wattproof/energy';
import { type AuditReportSnapshot, renderAuditReport } from '@wattproof/report';
import { AppError, createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase, toolCommand } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeAuditReport, reportSteps } from './make-audit-report.ts';

const run = promisify(execFile);
const hour_ms = 3_600_000;

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let folder: string;
let organisationId: number;
let auditId: string;
const notices: string[] = [];
const points: Record<string, string> = {};

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;

const months = Array.from({ length: 12 }, (_, i) =>
  new Date(Date.UTC(2025, 8 + i, 1)).toISOString().slice(0, 10),
);
const after = (month: string): string =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1)).toISOString().slice(0, 10);

/** kWh and euros of each point every month; the hand calculation below uses the same numbers. */
const monthly: Readonly<Record<string, readonly [kwh: number, eur: number]>> = {
  'Laval supply': [100_000, 15_000],
  'Laval gas': [60_000, 4_200],
  'Rennes supply': [30_000, 4_800],
  Trucks: [8_000, 1_200],
};

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  folder = await mkdtemp(join(tmpdir(), 'wattproof-report-'));
  organisationId = await insert(
    "INSERT INTO organisation (name, slug) VALUES ('Belleroche Foods', 'belleroche')",
    [],
  );
  const entity = await insert(
    `INSERT INTO legal_entity (organisation_id, name, country, registration_number)
     VALUES ($1, 'Belleroche SAS', 'FR', '552 100 554')`,
    [organisationId],
  );
  const sites: Record<string, string> = {};
  for (const name of ['Laval', 'Rennes'])
    sites[name] = await insert(
      `INSERT INTO site (organisation_id, legal_entity_id, name, activity, country, time_zone)
       VALUES ($1, $2, $3, 'Ready meals', 'FR', 'Europe/Paris')`,
      [organisationId, entity, name],
    );
  const point = async (name: string, site: string | null, carrier: string): Promise<void> => {
    points[name] = await insert(
      `INSERT INTO delivery_point (organisation_id, legal_entity_id, site_id, carrier, code, name, valid_from)
       VALUES ($1, $2, $3, $4, $5, $5, '2020-01-01')`,
      [organisationId, entity, site, carrier, name],
    );
    for (const month of months)
      await admin.query(
        `INSERT INTO bill (organisation_id, delivery_point_id, number, period_from, period_to, quantity, unit,
           energy_kwh, calorific_basis, amount_ex_vat, currency)
         VALUES ($1, $2, $3::text, $3::date, $4, $5::numeric, 'kWh', $5::numeric, $6, $7, 'EUR')`,
        [
          organisationId,
          points[name],
          month,
          after(month),
          monthly[name]?.[0],
          carrier === 'electricity' ? 'none' : 'gross',
          monthly[name]?.[1],
        ],
      );
  };
  await point('Laval supply', sites.Laval ?? '', 'electricity');
  await point('Laval gas', sites.Laval ?? '', 'gas');
  await point('Rennes supply', sites.Rennes ?? '', 'electricity');
  await point('Trucks', null, 'diesel');
  auditId = await insert(
    `INSERT INTO audit (organisation_id, legal_entity_id, name, period_from, period_to, auditor_name, due_on)
     VALUES ($1, $2, 'Audit 2026', '2025-09-01', '2026-09-01', 'Jeanne Lefèvre', '2026-12-31')`,
    [organisationId, entity],
  );
  for (const [name, included] of [
    ['Laval supply', true],
    ['Laval gas', true],
    ['Rennes supply', false],
  ] as const)
    await admin.query(
      'INSERT INTO audit_scope (organisation_id, audit_id, delivery_point_id, included, reason) VALUES ($1, $2, $3, $4, $5)',
      [organisationId, auditId, points[name], included, included ? '' : 'Same building as Laval'],
    );
  await addMeters(sites.Laval ?? '');
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
  if (folder) await rm(folder, { recursive: true });
});
beforeEach(() => {
  notices.length = 0;
});

/** A main meter, a use below it and own generation of which all is used on site. */
async function addMeters(siteId: string): Promise<void> {
  const meter = (name: string, role: string, use: string | null): Promise<number> =>
    insert(
      `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, energy_use, measurand)
       VALUES ($1, $2, $3, 'physical', $4, 'electricity', $5, 'active_energy_import_wh')`,
      [organisationId, siteId, name, role, use],
    );
  const main = await meter('Main', 'main', null);
  const cold = await meter('Cold room', 'use', 'refrigeration');
  const pv = await meter('PV', 'generation', null);
  await admin.query(
    `INSERT INTO energy_account_row (organisation_id, legal_entity_id, site_id, kind, carrier, meter_id, reason, source)
     SELECT organisation_id, legal_entity_id, id, 'selfConsumed', 'pv', $2, 'Roof', 'Meter PV' FROM site WHERE id = $1`,
    [siteId, pv],
  );
  const batch = createReadingBatch();
  const from_ms = Date.UTC(2025, 7, 31, 22);
  for (let h = 0; h <= 366 * 24; h += 2) {
    const values = [
      [main, 130_000 * h],
      [cold, 20_000 * h],
      [pv, 5_000 * h],
    ] as const;
    for (const [meterId, wh] of values)
      addReading(batch, {
        meterId,
        organisationId,
        at_ms: from_ms + h * hour_ms,
        receivedAt_ms: from_ms,
        skew_ms: 0,
        quality: 0,
        values: { active_energy_import_wh: wh },
        exceptions: {},
      });
  }
  await commitReadings(admin, batch);
  await rebuildIntervals(pool, {
    onError: (error) => {
      throw error;
    },
  });
}

const account = () =>
  withScope(pool, organisationId, (client) => computeAudit(client, auditId), { readOnly: true });

const resources = {
  get pool() {
    return pool;
  },
  logger: createLogger('test', 'fatal'),
  portalUrl: 'https://energy.example',
  notices: {
    jobRunChanged: (_: number, id: string) => {
      notices.push(id);
    },
    siteChanged: () => {},
    isConnected: () => true,
    close: () => {},
  },
};
const request = (input: object): Promise<string> =>
  insert(
    `INSERT INTO job_run (organisation_id, kind, title, input, requested_by) VALUES ($1, $2, 'Report', $3, 'Claire')`,
    [organisationId, auditReportRun, JSON.stringify(input)],
  );
const jobRun = async (id: string) => (await admin.query('SELECT * FROM job_run WHERE id = $1', [id])).rows[0];

async function tool(
  name: 'pdfinfo' | 'pdffonts' | 'pdftotext' | 'qpdf',
  args: readonly string[],
): Promise<string> {
  const { command, args: all } = toolCommand(name, args, { binds: [{ folder, writable: true }] });
  return (await run(command, all)).stdout;
}

/** What a document says; a word that a line breaks is one word. */
const textOf = async (path: string): Promise<string> =>
  (await tool('pdftotext', [path, '-'])).replaceAll(/\u00ad\s+/g, '').replaceAll(/\s+/g, ' ');

describe('the account', () => {
  test('coverage equals the hand calculation on both bases, own generation counts on the rule’s', async () => {
    const computed = await account();
    const year = 8_760 * 5; // PV: 5 kW over 365 days, in kWh
    const purchased = 12 * (100_000 + 60_000 + 30_000 + 8_000);
    const audited = 12 * (100_000 + 60_000) + year;
    expect(Number(computed?.coverage.total)).toBe(purchased + year);
    expect(Number(computed?.coverage.audited)).toBe(audited);
    expect(computed?.coverage.share).toBeCloseTo(audited / (purchased + year), 12);
    expect(computed?.detail?.onRule.share_percent).toBe('81.15');
    expect(computed?.verdict).toBe('reached');
    expect(computed?.rule.id).toBe('fr-2026-final-energy-80');
    expect(Number(computed?.guide.audited)).toBe(12 * (15_000 + 4_200));
    expect(Number(computed?.guide.total)).toBe(12 * (15_000 + 4_200 + 4_800 + 1_200));
    expect(computed?.rows.find((row) => row.name === 'Trucks')).toMatchObject({
      included: false,
      siteName: null,
    });
    expect(computed?.rows.every((row) => row.cells.every((cell) => cell.state === 'billed'))).toBe(true);
  });

  test('the measured share is another figure: what meters see by site and use', async () => {
    const computed = await account();
    const laval = computed?.measured.sites.find((site) => site.siteName === 'Laval');
    expect(Number(laval?.metered_kwh)).toBe(8_760 * (130 + 5));
    expect(computed?.measured.sites.find((site) => site.siteName === 'Rennes')).toMatchObject({ share: 0 });
    expect(computed?.measured.uses).toMatchObject([{ use: 'refrigeration', metered_kwh: '175200.000' }]);
    expect(computed?.measuredShare).not.toBeCloseTo(computed?.coverage.share ?? 0, 3);
  });

  test('another organisation sees no audit', async () => {
    const other = await insert<number>("INSERT INTO organisation (name, slug) VALUES ('Other', 'other')", []);
    expect(await withScope(pool, other, (client) => computeAudit(client, auditId))).toBeNull();
  });
});

describe('the report', () => {
  test('is made with its steps, stored as bytes with fingerprint and snapshot, and can be made again', async () => {
    const id = await request({ auditId, locale: 'en' });
    await makeAuditReport(resources, id, { attempt: 1, isLast: false });
    const done = await jobRun(id);
    expect(done).toMatchObject({ state: 'done', percent: 100, step_count: reportSteps.length, error: null });
    expect(notices.filter((n) => n === id).length).toBeGreaterThanOrEqual(reportSteps.length + 1);
    const { rows } = await admin.query<{
      content: Buffer;
      sha256: string;
      snapshot: AuditReportSnapshot;
      name: string;
    }>('SELECT content, sha256, snapshot, name FROM document WHERE id = $1', [done.result.documentId]);
    const [document] = rows;
    expect(
      createHash('sha256')
        .update(document?.content ?? '')
        .digest('hex'),
    ).toBe(document?.sha256);
    expect(document?.name).toContain('Belleroche SAS');
    const again = renderAuditReport(document?.snapshot as AuditReportSnapshot, 'en');
    expect(createHash('sha256').update(again).digest('hex')).toBe(document?.sha256);

    await makeAuditReport(resources, id, { attempt: 1, isLast: false });
    const count = await admin.query('SELECT FROM document WHERE audit_id = $1', [auditId]);
    expect(count.rowCount).toBe(1);
  });

  test('says the same as the account, in the eyes of independent programs', async () => {
    const id = await request({ auditId, locale: 'fr' });
    await makeAuditReport(resources, id, { attempt: 1, isLast: false });
    const { rows } = await admin.query<{ content: Buffer }>('SELECT content FROM document WHERE id = $1', [
      (await jobRun(id)).result.documentId,
    ]);
    const path = join(folder, 'report.pdf');
    await writeFile(path, rows[0]?.content ?? '');
    const info = await tool('pdfinfo', ['-meta', path]);
    expect(info).toContain('<pdfaid:part>2</pdfaid:part>');
    expect(info).toContain('<pdfaid:conformance>A</pdfaid:conformance>');
    const summary = await tool('pdfinfo', [path]);
    expect(summary).toMatch(/Tagged:\s+yes/);
    expect(Number(/Pages:\s+(\d+)/.exec(summary)?.[1])).toBeGreaterThanOrEqual(3);
    expect(await tool('qpdf', ['--check', path])).toContain('No syntax or stream encoding errors found');
    const text = await textOf(path);
    for (const words of [
      'Rapport d’audit énergétique',
      'Projet : non signé par un auditeur',
      '81,15 %',
      'fr-2026-final-energy-80',
      'Belleroche SAS',
      'Same building as Laval',
      'Production propre consommée sur site',
      'Part mesurée',
      'Formule auditCoverage, version',
      '~measuredShare',
    ])
      expect(text, words).toContain(words);
  });

  test('a missing month blocks the verdict and is named', async () => {
    await admin.query("DELETE FROM bill WHERE delivery_point_id = $1 AND number = '2026-03-01'", [
      points['Laval gas'],
    ]);
    try {
      const computed = await account();
      expect(computed?.verdict).toBe('insufficientData');
      expect(computed?.coverage.share).toBeNull();
      const gas = computed?.rows.find((row) => row.name === 'Laval gas');
      expect(gas?.cells.filter((cell) => cell.state === 'missing').map((cell) => cell.month)).toEqual([
        '2026-03',
      ]);
      const id = await request({ auditId, locale: 'en' });
      await makeAuditReport(resources, id, { attempt: 1, isLast: false });
      const { rows } = await admin.query<{ content: Buffer }>('SELECT content FROM document WHERE id = $1', [
        (await jobRun(id)).result.documentId,
      ]);
      const path = join(folder, 'missing.pdf');
      await writeFile(path, rows[0]?.content ?? '');
      const text = await textOf(path);
      expect(text).toContain('No verdict: the energy account is not complete');
      expect(text).toContain('Laval gas (Mar 2026)');
    } finally {
      await admin.query(
        `INSERT INTO bill (organisation_id, delivery_point_id, number, period_from, period_to, quantity, unit,
           energy_kwh, calorific_basis, amount_ex_vat, currency)
         VALUES ($1, $2, '2026-03-01', '2026-03-01', '2026-04-01', 60000, 'kWh', 60000, 'gross', 4200, 'EUR')`,
        [organisationId, points['Laval gas']],
      );
    }
  });

  test('a run that cannot succeed fails with its reason and is not tried again', async () => {
    const id = await request({ auditId: '00000000-0000-4000-8000-000000000000', locale: 'en' });
    await expect(makeAuditReport(resources, id, { attempt: 1, isLast: false })).rejects.toBeInstanceOf(
      AppError,
    );
    expect(await jobRun(id)).toMatchObject({ state: 'failed', error: 'There is no such audit' });
  });

  test('signed, it has the data of the draft that was read, in every language, and no draft’s mark', async () => {
    const picture = Buffer.from(pictureBase64, 'base64');
    const digest = createHash('sha256').update(picture).digest('hex');
    const siteId = (await admin.query('SELECT id FROM site WHERE name = $1', ['Laval'])).rows[0]?.id;
    await admin.query(
      `INSERT INTO audit_photo (organisation_id, audit_id, section, site_id, caption, media_type, width, height, content,
         sha256, upload_sha256, created_by)
       VALUES ($1, $2, 'processes', $3, 'Compressor room', 'image/jpeg', 8, 8, $4, $5, $5, 'x')`,
      [organisationId, auditId, siteId, picture, digest],
    );
    await admin.query(
      'INSERT INTO audit_dossier (audit_id, organisation_id, version, content, updated_by) VALUES ($1, $2, 1, $3, $4)',
      [auditId, organisationId, JSON.stringify(dossierOf(siteId)), 'Jeanne Lefèvre'],
    );
    const draftRun = await request({ auditId, locale: 'fr' });
    await makeAuditReport(resources, draftRun, { attempt: 1, isLast: false });
    const documentId: string = (await jobRun(draftRun)).result.documentId;
    const signatureId = await insert<string>(
      `INSERT INTO audit_signature (organisation_id, audit_id, draft_document_id, draft_sha256, signer_user_id, signer_name)
       SELECT organisation_id, audit_id, id, sha256, 'u', 'Jeanne Lefèvre' FROM document WHERE id = $1`,
      [documentId],
    );
    // What is stated after the draft does not reach the report that is signed.
    await admin.query(`UPDATE audit_dossier SET version = 2, content = '{}' WHERE audit_id = $1`, [auditId]);
    const signed: { locale: string; id: string; text: string; content: Buffer }[] = [];
    for (const [locale, words] of [
      ['fr', ['Signature de l’auditeur', 'Remplacement du compresseur', 'Valeur actuelle nette']],
      ['de', ['Unterschrift des Auditors', 'Kapitalwert', 'Druckluft']],
    ] as const) {
      const id = await request({ auditId, locale, documentId, signatureId });
      await makeAuditReport(resources, id, { attempt: 1, isLast: false });
      const { result } = await jobRun(id);
      const { rows } = await admin.query<{
        content: Buffer;
        snapshot: AuditReportSnapshot;
        signature_id: string;
      }>('SELECT content, snapshot, signature_id FROM document WHERE id = $1', [result.documentId]);
      const [row] = rows;
      if (!row) throw new Error('the report was not stored');
      expect(row.signature_id).toBe(signatureId);
      expect(row.snapshot.signature?.name).toBe('Jeanne Lefèvre');
      expect(renderAuditReport(row.snapshot, locale, new Map([[digest, picture]])).equals(row.content)).toBe(
        true,
      );
      const path = join(folder, `signed-${locale}.pdf`);
      await writeFile(path, row.content);
      const text = await textOf(path);
      for (const word of words) expect(text, word).toContain(word);
      expect(text).not.toMatch(/PROJET|ENTWURF/);
      signed.push({ locale, id: result.documentId, text, content: row.content });
    }
    // Asked again, it is the same document.
    const again = await request({ auditId, locale: 'de', documentId: signed[0]?.id });
    await makeAuditReport(resources, again, { attempt: 1, isLast: false });
    expect((await jobRun(again)).result.documentId).toBe(signed[1]?.id);
    await expect(admin.query('DELETE FROM document WHERE id = $1', [signed[0]?.id])).rejects.toThrow(
      /appended/,
    );
    await expect(
      admin.query('UPDATE audit_signature SET signer_name = $1', ['Somebody else']),
    ).rejects.toThrow(/appended/);

    const path = join(folder, 'signed-fr.pdf');
    expect(await tool('qpdf', ['--check', path])).toContain('No syntax or stream encoding errors found');
    const fonts = (await tool('pdffonts', [path])).trim().split('\n').slice(2);
    // Columns from the right: object (two numbers), unicode map, subset, embedded.
    expect(fonts.map((line) => line.trim().split(/\s+/).slice(-5, -2))).toEqual(
      fonts.map(() => ['yes', 'yes', 'yes']),
    );
    const tags = await tool('pdfinfo', ['-struct-text', path]);
    for (const tag of ['Document', 'H1', 'H2', 'Table', 'TH', 'TD', 'Figure'])
      expect(tags, tag).toMatch(new RegExp(`^ *${tag}\\b`, 'm'));
    expect(signed[0]?.text).toContain('Compressor room · Laval');
  }, 240_000);
});

const agreed = 'As agreed on 4 May 2026.';

const dossierOf = (siteId: string): AuditDossier => ({
  conduct: Object.fromEntries(conductFields.map((field) => [field, agreed])),
  texts: { processes: 'First paragraph.\n\nSecond paragraph.' },
  visits: [{ siteId, on: '2026-05-04', areas: 'Compressor room', people: 'C. Morel', notes: '' }],
  buildings: [],
  processes: [
    { siteId, name: 'Air', kind: 'compressedAir', description: 'Two compressors', energy_kwh: '90000' },
  ],
  transport: [],
  opportunities: [
    {
      title: 'Remplacement du compresseur',
      siteId,
      area: 'processes',
      description: 'Variable speed',
      carrier: 'electricity',
      saving_kwh_per_year: '20000',
      accuracy_percent: '15',
      currency: 'EUR',
      savingPerYear: '3000',
      cost: '12000',
      subsidy: '0',
      lifetime_years: 12,
      residualValue: '0',
      discountRate_percent: '6',
      priceChange_percent: '2',
      interactions: '',
      verification: 'Meter of the compressors',
      state: 'retained',
      reason: '',
      responsible: 'C. Morel',
      dueOn: '2027-06-30',
      isConfidential: false,
    },
  ],
});

/** A photo of 8 × 8 points. */
const pictureBase64 = [
  '/9j/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/',
  '2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAAR',
  'CAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAA',
  'AAAAAAAAAAAABv/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJAAnHX/2Q==',
].join('');
