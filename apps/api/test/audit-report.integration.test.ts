import { createHash } from 'node:crypto';
import {
  type AuditDossier,
  conductFields,
  emptyDossier,
  factorsInUse,
  nothingChanged,
  runningFormulas,
  runningVersion,
} from '@wattproof/energy';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, password, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let manager: Caller;
let auditor: Caller;
let audit: string;

beforeAll(async () => {
  api = await startApi();
  manager = await api.as(api.first, 'energyManager');
  auditor = await api.as(api.first, 'auditor');
  audit = `/audits/${api.first.auditId}`;
});
afterAll(() => api?.close());

const stated = (): AuditDossier => ({
  ...emptyDossier,
  conduct: Object.fromEntries(conductFields.map((field) => [field, `Stated: ${field}`])),
  texts: { opportunities: 'Nothing was found that pays.' },
  visits: [{ siteId: api.first.siteId, on: '2026-03-03', areas: 'Hall', people: 'A. B.', notes: '' }],
  processes: [{ siteId: null, name: 'Steam', kind: 'steam', description: '', energy_kwh: '1200' }],
});

/** A draft as the workers store it, with the version of what was stated. */
const draft = async (version: number): Promise<string> => {
  const { rows } = await api.admin.query<{ id: string }>(
    `INSERT INTO document (organisation_id, audit_id, kind, name, locale, media_type, content, sha256, snapshot, created_by)
     VALUES ($1, $2, 'auditReport', 'Draft', 'fr', 'application/pdf', 'x', md5(random()::text), $3, 'x') RETURNING id`,
    [
      api.first.id,
      api.first.auditId,
      JSON.stringify({
        organisationName: 'First',
        entity: { name: 'First SAS' },
        audit: { periodFrom: '2026-01-01', periodTo: '2026-04-01' },
        dossier: { version },
      }),
    ],
  );
  return rows[0]?.id ?? '';
};

describe('what is stated', () => {
  it('is replaced as a whole, from the version that was read', async () => {
    const before = (await auditor(`GET ${audit}/dossier`)).json;
    expect(before).toMatchObject({ version: 0, updatedBy: null, auditor: null });
    expect(before.open).toContain('independence');
    const saved = await auditor(`PUT ${audit}/dossier`, { version: 0, content: stated() });
    expect(saved.json).toMatchObject({ version: 1, open: [], updatedBy: 'The auditor' });
    const late = await manager(`PUT ${audit}/dossier`, { version: 0, content: emptyDossier });
    expect(late).toMatchObject({ status: 409, json: { details: { version: 1 } } });
    expect((await auditor(`GET ${audit}/dossier`)).json.content).toEqual(stated());
  });

  const opportunity = {
    title: 'Heat recovery',
    siteId: null,
    area: 'processes',
    description: '',
    carrier: 'gas',
    saving_kwh_per_year: '100',
    accuracy_percent: null,
    currency: 'EUR',
    savingPerYear: '10',
    cost: '50',
    subsidy: '0',
    lifetime_years: 10,
    residualValue: '0',
    discountRate_percent: '6',
    priceChange_percent: '2',
    interactions: '',
    verification: '',
    state: 'notRetained',
    reason: '',
    responsible: '',
    dueOn: null,
    isConfidential: false,
  };
  const other = '00000000-0000-4000-8000-000000000000';
  it.each([
    ['a measure that is not retained, without its reason', { opportunities: [opportunity] }, 'reason'],
    [
      'half a year of life',
      { opportunities: [{ ...opportunity, state: 'proposed', lifetime_years: 0.5 }] },
      'lifetime_years',
    ],
    ['a cost below zero', { opportunities: [{ ...opportunity, state: 'proposed', cost: '-1' }] }, 'cost'],
    [
      'a site of elsewhere',
      {
        buildings: [
          {
            siteId: other,
            name: 'Hall',
            usage: '',
            floorArea_m2: null,
            builtIn: null,
            envelope: '',
            systems: '',
            energy_kwh: null,
          },
        ],
      },
      'siteId',
    ],
    ['a section that no report has', { texts: { weather: 'sunny' } }, 'texts'],
  ])('refuses %s and changes nothing', async (_, part, path) => {
    const { version } = (await auditor(`GET ${audit}/dossier`)).json;
    const answer = await auditor(`PUT ${audit}/dossier`, { version, content: { ...stated(), ...part } });
    expect(answer.status).toBe(422);
    expect(answer.json.errors[0].path).toContain(path);
    expect((await auditor(`GET ${audit}/dossier`)).json.version).toBe(version);
  });

  it('takes photos without what their camera wrote, and keeps those that were taken out', async () => {
    const sent = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#123456' } })
      .withExif({ IFD0: { Make: 'CameraWorks' } })
      .jpeg()
      .toBuffer();
    const path = `POST ${audit}/photos?section=processes&caption=Boiler&siteId=${api.first.siteId}`;
    const added = await auditor(path, sent, { 'content-type': 'image/jpeg' });
    expect(added.status).toBe(201);
    const photo = added.json.photos.at(-1);
    const before = added.json.photos.length - 1;
    expect(photo).toMatchObject({ section: 'processes', caption: 'Boiler', width: 40, height: 20 });
    const bytes = Buffer.from(await (await fetchPhoto(photo.id)).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(photo.sha256);
    expect(bytes.includes('CameraWorks')).toBe(false);
    const refused = await auditor(path, 'no picture', { 'content-type': 'image/png' });
    expect(refused.json).toMatchObject({ status: 422, detail: expect.stringContaining('picture') });
    const foreign = await api.as(api.second, 'auditor');
    expect((await foreign(`GET /audit-photos/${photo.id}`)).status).toBe(404);
    expect((await auditor(`DELETE /audit-photos/${photo.id}`)).status).toBe(204);
    expect((await auditor(`DELETE /audit-photos/${photo.id}`)).status).toBe(409);
    expect((await auditor(`GET ${audit}/dossier`)).json.photos).toHaveLength(before);
    expect((await fetchPhoto(photo.id)).status).toBe(200);
  });

  const fetchPhoto = (id: string): Promise<Response> =>
    fetch(`${api.url}/api/v1/audit-photos/${id}`, {
      headers: { authorization: `Bearer ${api.first.apiKeys.read}` },
    });
});

describe('the signature', () => {
  const sign = (caller: Caller, documentId: string, secret = password) =>
    caller(`POST ${audit}/signatures`, { documentId, password: secret });

  it('is given by the named auditor alone, with their password, once', async () => {
    const { version, auditors } = (await manager(`GET ${audit}/dossier`)).json;
    const documentId = await draft(version);
    // Nobody is named yet; the role alone is not enough.
    expect((await sign(auditor, documentId)).status).toBe(403);
    const wrong = await manager(`PUT ${audit}/auditor`, { userId: 'nobody' });
    expect(wrong).toMatchObject({ status: 422 });
    expect(auditors).toHaveLength(1);
    const named = await manager(`PUT ${audit}/auditor`, { userId: auditors[0].userId });
    expect(named.json.auditor).toMatchObject({ name: 'The auditor' });
    expect((await sign(await api.as(api.first, 'admin'), documentId)).status).toBe(403);

    const guess = await sign(auditor, documentId, 'not the password');
    expect(guess.json).toMatchObject({ status: 422, errors: [{ path: 'password' }] });
    const signed = await sign(auditor, documentId);
    expect(signed).toMatchObject({ status: 202, json: { kind: 'makeAuditReport', state: 'waiting' } });
    const { rows } = await api.admin.query(
      'SELECT signer_name, draft_sha256 = d.sha256 AS same FROM audit_signature s JOIN document d ON d.id = s.draft_document_id',
    );
    expect(rows).toEqual([{ signer_name: 'The auditor', same: true }]);
    expect((await sign(auditor, documentId)).status).toBe(409);
    const { documents } = (await auditor(`GET ${audit}`)).json;
    expect(documents.find((d: { id: string }) => d.id === documentId)).toMatchObject({
      isSigned: true,
      signature: null,
    });
  });

  it('is refused for a draft that says less than what is stated now, and while something is open', async () => {
    const { version, content } = (await auditor(`GET ${audit}/dossier`)).json;
    const old = await draft(version);
    await auditor(`PUT ${audit}/dossier`, { version, content: { ...content, visits: [] } });
    expect((await sign(auditor, old)).status).toBe(409);
    const open = await sign(auditor, await draft(version + 1));
    expect(open.json).toMatchObject({ status: 422, errors: [{ path: 'visits', message: 'is not stated' }] });
  });

  it('cannot be guessed at from a session left open', async () => {
    const { version, content } = (await auditor(`GET ${audit}/dossier`)).json;
    await auditor(`PUT ${audit}/dossier`, { version, content: { ...content, visits: stated().visits } });
    const documentId = await draft(version + 1);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) statuses.push((await sign(auditor, documentId, `guess ${i}`)).status);
    expect(statuses.slice(0, 5)).toEqual([422, 422, 422, 422, 422]);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('sending', () => {
  it('has reports made regularly, sends one at once, and lets a refused mail be tried again', async () => {
    const wish = {
      locale: 'de',
      recipients: ['a@b.example', 'A@b.example'],
      every: 'month',
      firstOn: '2099-01-31',
      isAttached: true,
    };
    expect((await manager(`POST ${audit}/schedules`, { ...wish, firstOn: '2020-01-01' })).status).toBe(422);
    expect((await manager(`POST ${audit}/schedules`, { ...wish, recipients: ['nobody'] })).status).toBe(422);
    const { schedules } = (await manager(`POST ${audit}/schedules`, wish)).json;
    expect(schedules).toMatchObject([{ recipients: ['A@b.example'], nextOn: '2099-01-31', lastRun: null }]);
    const sent = await manager(`POST /documents/${await draft(0)}/mails`, {
      recipients: ['c@d.example'],
      isAttached: true,
    });
    const [mail] = sent.json.mails;
    expect(mail).toMatchObject({ recipient: 'c@d.example', state: 'waiting', isAttached: true });
    expect(mail.subject).toContain('First SAS');
    await api.admin.query(`UPDATE mail SET state = 'failed', attempts = 7 WHERE id = $1`, [mail.id]);
    const foreign = await api.as(api.second, 'energyManager');
    expect((await foreign(`POST /mails/${mail.id}/retry`)).status).toBe(404);
    expect((await manager(`POST /mails/${mail.id}/retry`)).status).toBe(204);
    expect((await manager(`GET ${audit}/sending`)).json.mails).toMatchObject([
      { state: 'waiting', attempts: 0 },
    ]);
    expect((await foreign(`DELETE /report-schedules/${schedules[0].id}`)).status).toBe(404);
    expect((await manager(`DELETE /report-schedules/${schedules[0].id}`)).status).toBe(204);
    expect((await manager(`GET ${audit}/sending`)).json.schedules).toEqual([]);
  });
});

describe('a report of earlier formulas', () => {
  const ground = 'c'.repeat(64);
  /** A signed report as the workers store it. */
  const signedReport = async (auditCoverage: number, groundSha256: string | null): Promise<string> => {
    const draftId = await draft(0);
    const { rows } = await api.admin.query<{ id: string }>(
      `WITH s AS (INSERT INTO audit_signature (organisation_id, audit_id, draft_document_id, draft_sha256, signer_user_id,
         signer_name) SELECT organisation_id, audit_id, id, sha256, 'u', 'Jeanne' FROM document WHERE id = $1 RETURNING id)
       INSERT INTO document (organisation_id, audit_id, kind, name, locale, media_type, content, sha256, snapshot, created_by,
         signature_id, ground_sha256)
       SELECT d.organisation_id, d.audit_id, d.kind, 'Signed', d.locale, d.media_type, d.content, d.sha256, $2, 'x', s.id, $3
       FROM document d, s WHERE d.id = $1 RETURNING id`,
      [
        draftId,
        JSON.stringify({
          createdAt: '2026-11-22T18:00:00Z',
          entity: { name: 'First SAS', country: 'FR' },
          rule: { date: '2026-12-31' },
          formulas: { ...runningFormulas(), auditCoverage },
          factors: factorsInUse('FR', '2026-12-31'),
          dossier: { version: 0, content: emptyDossier },
        }),
        groundSha256,
      ],
    );
    return rows[0]?.id ?? '';
  };
  const reissue = (caller: Caller, documentId: string) =>
    caller(`POST /documents/${documentId}/reissues`, { locale: 'fr' });

  beforeAll(async () => {
    await api.admin.query(
      "INSERT INTO report_ground (organisation_id, audit_id, sha256, content) VALUES ($1, $2, $3, '{}')",
      [api.first.id, api.first.auditId, ground],
    );
  });

  it('says which formula has another version and what that changed; whoever makes drafts re-issues it', async () => {
    const documentId = await signedReport(1, ground);
    const { documents } = (await manager(`GET ${audit}`)).json;
    const own = documents.find(({ id }: { id: string }) => id === documentId);
    expect(own).toMatchObject({
      canReissue: true,
      replaces: null,
      replacedBy: null,
      changes: { factors: [] },
    });
    expect(own.changes.formulas).toMatchObject([
      {
        formula: 'auditCoverage',
        from: 1,
        to: 2,
        steps: [{ version: 2, change: expect.stringContaining('days on which') }],
      },
    ]);
    const corporate = await api.as(api.first, 'corporate');
    expect((await reissue(corporate, documentId)).status).toBe(403);
    const asked = await reissue(auditor, documentId);
    expect(asked.status, asked.text).toBe(202);
    const { rows } = await api.admin.query(
      "SELECT after->>'reissueOf' AS of FROM audit_event WHERE action = 'audit.requestReissue'",
    );
    expect(rows).toEqual([{ of: documentId }]);
    expect((await manager(`GET /documents/${documentId}/reissue`)).json.reissue).toBeNull();
  });

  it('is not re-issued where nothing changed, its data was not kept, it is a draft, or was replaced', async () => {
    const refusal = async (documentId: string) => {
      const { status, json } = await reissue(manager, documentId);
      return [status, json.detail];
    };
    expect(await refusal(await signedReport(runningVersion('auditCoverage'), ground))).toEqual([
      409,
      nothingChanged,
    ]);
    expect(await refusal(await signedReport(1, null))).toEqual([
      409,
      expect.stringContaining('was not kept'),
    ]);
    expect(await refusal(await draft(0))).toEqual([409, expect.stringContaining('is a draft')]);
    const replaced = await signedReport(1, ground);
    const next = await signedReport(2, ground);
    await api.admin.query('ALTER TABLE document DISABLE TRIGGER signed_stays');
    await api.admin.query(
      'UPDATE document SET replaces_signature_id = (SELECT signature_id FROM document WHERE id = $1) WHERE id = $2',
      [replaced, next],
    );
    await api.admin.query('ALTER TABLE document ENABLE TRIGGER signed_stays');
    expect(await refusal(replaced)).toEqual([409, expect.stringContaining('replaced already')]);
    const { documents } = (await manager(`GET ${audit}`)).json;
    expect(documents.find(({ id }: { id: string }) => id === replaced)).toMatchObject({
      replacedBy: { documentId: next },
      canReissue: false,
      changes: { formulas: [] },
    });
    const foreign = await api.as(api.second, 'energyManager');
    expect((await reissue(foreign, replaced)).status).toBe(404);
  });
});
