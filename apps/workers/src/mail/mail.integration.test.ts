import {
  addMails,
  emptyStatedProfile,
  type NewMail,
  type StatedProfile,
  withScope,
} from '@wattproof/database';
import { createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase, unusedPort } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openMailer } from './mailer.ts';
import { remindObligations } from './remind-obligations.ts';
import { writeScheduledMails } from './report-mail.ts';
import { sendMails } from './send-mails.ts';

/** The mail server is a program of its own, which speaks SMTP on a port of this machine. */
interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let organisationId: number;
let auditId: string;
let documentId: string;
const report = Buffer.from('%PDF-1.7 a report with “bytes” of its own\r\n\u0000\u00ff', 'latin1');
const servers: SMTPServer[] = [];

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  organisationId = await insert("INSERT INTO organisation (name, slug) VALUES ('Belleroche', 'b')", []);
  const entity = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Belleroche GmbH', 'DE')",
    [organisationId],
  );
  auditId = await insert(
    `INSERT INTO audit (organisation_id, legal_entity_id, name, period_from, period_to)
     VALUES ($1, $2, 'Audit', '2025-01-01', '2026-01-01')`,
    [organisationId, entity],
  );
  documentId = await insert(
    `INSERT INTO document (organisation_id, audit_id, kind, name, locale, media_type, content, sha256, snapshot, created_by)
     VALUES ($1, $2, 'auditReport', 'Energieaudit Belleroche', 'de', 'application/pdf', $3, 'abc', '{}', 'x')`,
    [organisationId, auditId, report],
  );
  for (const [role, email] of [
    ['energyManager', 'anna@belleroche.example'],
    ['operator', 'olaf@belleroche.example'],
  ])
    await admin.query(
      `INSERT INTO membership (organisation_id, user_id, role, display_name, email, locale) VALUES ($1, $3, $2, $3, $3, 'de')`,
      [organisationId, role, email],
    );
});
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise<void>((done) => server.close(() => done()))),
  );
  await admin.query('DELETE FROM mail');
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

/** Takes what it is given; an address of `nobody` is refused for good, of `later` for now. */
async function mailServer(port: number): Promise<readonly Received[]> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _, done) => {
      const code = address.startsWith('nobody') ? 550 : address.startsWith('later') ? 451 : 0;
      done(code === 0 ? null : Object.assign(new Error('not here'), { responseCode: code }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('latin1'),
        });
        done();
      });
    },
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  return received;
}

const logger = createLogger('test', 'fatal');
const mailerOf = (port: number) =>
  openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Wattproof <energy@belleroche.example>' });
const mail = (recipient: string, part: Partial<NewMail> = {}): NewMail => ({
  organisationId,
  kind: 'report',
  key: recipient,
  auditId,
  recipient,
  locale: 'de',
  subject: 'Energieauditbericht',
  body: 'Der Bericht ist beigefügt.',
  documentId,
  ...part,
});
const write = (...mails: NewMail[]): Promise<number> =>
  withScope(pool, organisationId, (client) => addMails(client, mails));
const states = async () =>
  (
    await admin.query(
      'SELECT recipient, state, attempts, error, next_try_at > now() AS later FROM mail ORDER BY recipient',
    )
  ).rows;

describe('mails', () => {
  test('bring the bytes of the report, once', async () => {
    const port = await unusedPort();
    const received = await mailServer(port);
    const mailer = mailerOf(port);
    expect(await write(mail('auditor@audit.example'), mail('auditor@audit.example'))).toBe(1);
    // Two workers at once send it once.
    await Promise.all([sendMails({ pool, mailer, logger }), sendMails({ pool, mailer, logger })]);
    mailer.close();
    expect(received.map(({ from, to }) => [from, to])).toEqual([
      ['energy@belleroche.example', ['auditor@audit.example']],
    ]);
    const [{ text } = { text: '' }] = received;
    expect(text).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(text).toContain('Energieaudit Belleroche.pdf');
    const attached = text.slice(text.indexOf('application/pdf')).split(/\r\n\r\n/)[1] ?? '';
    expect(Buffer.from(attached.replaceAll(/\s/g, '').replace(/--.*$/, ''), 'base64').equals(report)).toBe(
      true,
    );
    expect(await states()).toMatchObject([{ state: 'sent', attempts: 1, error: null }]);
  });

  test('refused for good are given up, refused for now are tried later; both say why', async () => {
    const port = await unusedPort();
    await mailServer(port);
    const mailer = mailerOf(port);
    await write(mail('later@audit.example'), mail('nobody@audit.example'));
    expect(await sendMails({ pool, mailer, logger })).toEqual({ sent: 0, failed: 2 });
    mailer.close();
    expect(await states()).toMatchObject([
      {
        recipient: 'later@audit.example',
        state: 'waiting',
        later: true,
        error: expect.stringContaining('451'),
      },
      { recipient: 'nobody@audit.example', state: 'failed', error: expect.stringContaining('550') },
    ]);
  });

  test('wait while the server is away, or there is none, and arrive when it is back', async () => {
    const port = await unusedPort();
    await write(mail('auditor@audit.example', { documentId: null }));
    await sendMails({ pool, mailer: null, logger });
    expect(await states()).toMatchObject([{ state: 'waiting', error: 'noServer', later: true }]);
    await admin.query('UPDATE mail SET next_try_at = now()');
    const mailer = mailerOf(port);
    await sendMails({ pool, mailer, logger });
    expect(await states()).toMatchObject([{ state: 'waiting', attempts: 2, later: true }]);
    const received = await mailServer(port);
    await admin.query('UPDATE mail SET next_try_at = now()');
    expect(await sendMails({ pool, mailer, logger })).toEqual({ sent: 1, failed: 0 });
    mailer.close();
    expect(received).toHaveLength(1);
  });
});

test('a scheduled report goes to each recipient in its language, attached or as a link', async () => {
  const schedule = await insert<string>(
    `INSERT INTO report_schedule (organisation_id, audit_id, locale, recipients, every, next_on, is_attached, created_by)
     VALUES ($1, $2, 'de', '{a@b.example,c@d.example}', 'month', '2026-12-01', false, 'Anna')`,
    [organisationId, auditId],
  );
  await withScope(pool, organisationId, (client) =>
    writeScheduledMails(client, schedule, {
      organisationId,
      documentId,
      sha256: 'abc',
      portalUrl: 'https://energy.example',
      snapshot: {
        organisationName: 'Belleroche',
        entity: { name: 'Belleroche GmbH', country: 'DE', registrationNumber: '' },
        audit: {
          id: auditId,
          name: 'Audit',
          periodFrom: '2025-01-01',
          periodTo: '2026-01-01',
          dueOn: null,
          auditorName: '',
          signedOn: null,
        },
      },
    }),
  );
  const { rows } = await admin.query(
    'SELECT recipient, subject, body, document_id FROM mail ORDER BY recipient',
  );
  expect(rows.map((row) => row.recipient)).toEqual(['a@b.example', 'c@d.example']);
  expect(rows[0].body).toContain(`https://energy.example/api/v1/documents/${documentId}`);
  expect(rows[0].body).toContain('Es ist ein Entwurf');
  expect(rows[0].document_id).toBeNull();
});

test('who answers for the organisation is reminded of a certificate’s end, once', async () => {
  const entity = (await admin.query('SELECT id FROM legal_entity')).rows[0].id;
  const profile: StatedProfile = {
    ...emptyStatedProfile,
    reminders_days: [14],
    certificates: [
      {
        standard: 'iso50001',
        number: 'DE-77',
        validFrom: '2024-01-31',
        validTo: '2027-01-31',
        includesAnnexViAudit: false,
        scope: null,
      },
    ],
  };
  await admin.query(
    `INSERT INTO obliged_unit (id, organisation_id, legal_entity_id, name, country, profile, updated_by)
     VALUES ($1, $2, $1, 'Belleroche GmbH', 'DE', $3, 'x')`,
    [entity, organisationId, JSON.stringify(profile)],
  );
  const remind = (day: string): Promise<number> =>
    remindObligations({ pool, logger, portalUrl: 'https://energy.example' }, new Date(`${day}T05:30:00Z`));
  const certificates = async () =>
    (await admin.query(`SELECT recipient, body FROM mail WHERE key LIKE '%DE-77%'`)).rows;
  await remind('2027-01-16');
  expect(await certificates()).toEqual([]);
  // The day itself passed while nothing ran.
  await remind('2027-01-19');
  await remind('2027-01-20');
  expect(await certificates()).toMatchObject([
    { recipient: 'anna@belleroche.example', body: expect.stringContaining('Zertifikat DE-77 läuft ab') },
  ]);
});
