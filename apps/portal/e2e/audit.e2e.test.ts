import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type AuditSummary,
  auditDetail,
  auditDossier,
  audits as auditsSchema,
  type Bills,
  bills as billsSchema,
  evidenceBundles,
} from '@wattproof/contracts/api';
import { conductFields, type Locale } from '@wattproof/energy';
import { portalTranslator } from '@wattproof/messages';
import { demoUnderTest } from '@wattproof/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open, untilStanding, type Visit } from './browser.ts';

/**
 * A whole audit of the three entities of one group, as the energy manager and as the auditor, each in the language of its
 * country: bills, coverage, the auditor's words, signature, and a bundle that is verified without the portal.
 */
const demo = demoUnderTest();
const browser = browserOfFile();
const run = promisify(execFile);
const pictures = process.env.WATTPROOF_TEST_SCREENSHOTS;
const patience_ms = 120_000;
/** A bundle waits for the days that are being sealed; the demo seals fourteen months behind the first pages. */
const bundle_ms = 600_000;
const day_ms = 86_400_000;
const dateOf = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 10);
/** Days that the demo's bills of full months do not reach, so that no account is changed. */
const billed = { from: dateOf(Date.now() - 2 * day_ms), to: dateOf(Date.now() - day_ms) };
const number = `AUDIT-${Date.now()}`;

type Point = Bills['deliveryPoints'][number];

const manager: { visit?: Visit } = {};
let folder: string;
let audits: readonly AuditSummary[];
let points: readonly Point[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wattproof-audit-'));
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  manager.visit = visit;
  ({ audits } = await read(visit, '/audits', auditsSchema));
  const months = `from=${billed.from.slice(0, 7)}&to=${billed.to.slice(0, 7)}`;
  points = (await read(visit, `/bills?${months}`, billsSchema)).deliveryPoints;
}, patience_ms);
afterAll(async () => {
  await manager.visit?.context.close();
  if (folder) await rm(folder, { recursive: true });
});

const auditOf = (country: string): AuditSummary => {
  const audit = audits.find((one) => one.country === country);
  if (!audit) throw new Error(`the demo has no audit in ${country}`);
  return audit;
};

/** A delivery point of electricity of the entity that is in use. */
const pointOf = (country: string): Point => {
  const { legalEntityId } = auditOf(country);
  const point = points.find(
    (one) => one.legalEntityId === legalEntityId && one.carrier === 'electricity' && one.validTo === null,
  );
  if (!point) throw new Error(`the demo has no delivery point in ${country}`);
  return point;
};

const numberOf = (country: string): string => `${number}-${country}`;

async function billIsStored(country: string): Promise<boolean> {
  if (!manager.visit) throw new Error('nobody has signed in');
  const months = `from=${billed.from.slice(0, 7)}&to=${billed.to.slice(0, 7)}`;
  const { bills } = await read(manager.visit, `/bills?${months}`, billsSchema);
  return bills.some((bill) => bill.number === numberOf(country));
}

async function importFile(page: Page, file: { name: string; mimeType: string; text: string }): Promise<void> {
  await page.getByRole('button', { name: 'Import bills' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Import bills from a file' });
  await dialog
    .getByLabel('CSV, XLSX, XML or PDF file')
    .setInputFiles({ name: file.name, mimeType: file.mimeType, buffer: Buffer.from(file.text) });
  await dialog.getByRole('button', { name: 'Store 1 row' }).click({ timeout: patience_ms });
  await dialog.getByText('1 stored').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

describe('bills come in', () => {
  test(
    'by a form, a table and an electronic bill',
    async () => {
      const page = manager.visit?.page;
      if (!page) throw new Error('nobody has signed in');
      await open(page, '/money');
      await page.getByRole('button', { name: 'Type a bill in' }).first().click();
      const form = page.getByRole('dialog', { name: 'Type a bill in' });
      await form.getByLabel('Delivery point').selectOption({ label: pointOf('FR').name });
      await form.getByLabel('Number of the bill').fill(numberOf('FR'));
      await form.getByLabel('First day billed').fill(billed.from);
      await form.getByLabel('Last day billed').fill(billed.from);
      await form.getByLabel('Quantity').fill('1200,5');
      await form.getByLabel('Amount without VAT').fill('181,25');
      await form.getByRole('button', { name: 'Store the bill' }).click();
      await form.waitFor({ state: 'detached' });
      expect(await billIsStored('FR')).toBe(true);

      await importFile(page, {
        name: `${numberOf('DE')}.csv`,
        mimeType: 'text/csv',
        text: `delivery_point,number,period_from,period_to,quantity,unit,amount_ex_vat,currency\n${pointOf('DE').code},${numberOf('DE')},${billed.from},${billed.to},900,kWh,144.10,EUR\n`,
      });
      expect(await billIsStored('DE')).toBe(true);

      await importFile(page, {
        name: `${numberOf('ES')}.xml`,
        mimeType: 'application/xml',
        text: electronicBill(numberOf('ES'), pointOf('ES').code),
      });
      expect(await billIsStored('ES')).toBe(true);
    },
    patience_ms * 2,
  );
});

test(
  'the same group has three answers',
  async () => {
    const told = (country: string) => {
      const { rule, verdict } = auditOf(country);
      return [rule.basis, rule.threshold, verdict];
    };
    expect(told('FR')).toEqual(['finalEnergy', '0.80', expect.any(String)]);
    expect(told('DE')).toEqual(['totalEnergy', '0.90', expect.any(String)]);
    expect(told('ES')).toEqual(['finalEnergy', '0.85', expect.any(String)]);
    const page = manager.visit?.page;
    if (!page) throw new Error('nobody has signed in');
    await open(page, '/audit');
    const table = page.getByRole('table', { name: 'Audits by legal entity' });
    for (const country of ['FR', 'DE', 'ES'])
      await table
        .getByRole('row')
        .filter({ hasText: auditOf(country).rule.id })
        .first()
        .waitFor();
  },
  patience_ms,
);

describe.each([
  ['FR', 'fr'],
  ['DE', 'de'],
  ['ES', 'es'],
] as const)('the audit in %s', (country, locale) => {
  test(
    'is stated and signed by the named auditor, and its bundle is verified offline',
    async () => {
      const audit = auditOf(country);
      await nameAuditor(audit);
      const account = accountOf(demo, 'auditor');
      const visit = await visitAs(browser(), demo, account, locale);
      await stateAudit(visit, audit, locale);
      const draft = await makeReport(visit, audit, locale);
      await sign(visit, draft, { password: account.password, locale });
      const { documents } = await read(visit, `/audits/${audit.id}`, auditDetail);
      const signed = documents.find(({ signature }) => signature !== null);
      expect(signed?.signature?.name).toBe('Helga Lindner');
      expect(documents.find(({ id }) => id === draft)?.isSigned).toBe(true);
      if (pictures !== undefined)
        await visit.page.screenshot({ path: join(pictures, `audit-${locale}.png`), fullPage: true });
      const said = await verifyBundle(visit, country, locale);
      expect(said.outcome).toBe('intact');
      expect(visit.errors).toEqual([]);
      await visit.context.close();
    },
    bundle_ms * 2,
  );
});

async function nameAuditor(audit: AuditSummary): Promise<void> {
  const visit = manager.visit;
  if (!visit) throw new Error('nobody has signed in');
  const { auditor } = await read(visit, `/audits/${audit.id}/dossier`, auditDossier);
  if (auditor) return;
  await open(visit.page, `/audit/${audit.id}/report`);
  await visit.page.getByRole('button', { name: 'Name the auditor' }).click();
  await visit.page
    .getByRole('region', { name: /^Named auditor/ })
    .getByText('Helga Lindner', { exact: true })
    .waitFor();
}

/** What the auditor states, typed into the page in the language of the report. */
async function stateAudit({ page }: Visit, audit: AuditSummary, locale: Locale): Promise<void> {
  const t = portalTranslator(locale);
  await open(page, `/audit/${audit.id}/report`);
  for (const field of conductFields)
    await page.getByLabel(t(`dossier.conduct.${field}`), { exact: true }).fill(statements[locale]);
  await page.getByRole('button', { name: `${t('dossier.add')}: ${t('dossier.visits')}` }).click();
  const visit = page.getByRole('dialog');
  await visit.getByLabel(t('dossier.visitOn'), { exact: true }).fill('2026-05-04');
  await visit.getByLabel(t('dossier.areas'), { exact: true }).fill(statements[locale]);
  await visit.getByRole('button', { name: t('dossier.take') }).click();
  await page.getByRole('button', { name: `${t('dossier.add')}: ${t('dossier.processes')}` }).click();
  const process = page.getByRole('dialog');
  await process.getByLabel(t('dossier.name'), { exact: true }).fill(t('dossier.processKind.compressedAir'));
  await process.getByLabel(t('dossier.kind'), { exact: true }).selectOption('compressedAir');
  await process.getByRole('button', { name: t('dossier.take') }).click();
  await page.getByRole('button', { name: `${t('dossier.add')}: ${t('dossier.opportunities')}` }).click();
  const measure = page.getByRole('dialog');
  for (const [label, value] of [
    ['dossier.measure', t('dossier.processKind.compressedAir')],
    ['dossier.saving', '84000'],
    ['dossier.savingMoney', '12600'],
    ['dossier.cost', '48000'],
    ['dossier.discount', '6'],
  ] as const)
    await measure.getByLabel(t(label), { exact: true }).fill(value);
  await measure.getByText(t('dossier.npvHalf')).waitFor();
  await measure.getByRole('button', { name: t('dossier.take') }).click();
  await page.getByLabel(t('dossier.section'), { exact: true }).selectOption('processes');
  await page.getByLabel(t('dossier.sectionText'), { exact: true }).fill(statements[locale]);
  await page.getByLabel(t('dossier.photoFile'), { exact: true }).setInputFiles({
    name: 'compressor.png',
    mimeType: 'image/png',
    buffer: Buffer.from(photo, 'base64'),
  });
  await page.getByLabel(t('dossier.caption'), { exact: true }).fill(t('dossier.processKind.compressedAir'));
  await page.getByRole('button', { name: t('dossier.addPhoto') }).click();
  await page
    .getByRole('img', { name: t('dossier.processKind.compressedAir') })
    .first()
    .waitFor();
  await page.getByRole('button', { name: t('dossier.save'), exact: true }).click();
  await page.getByRole('status').filter({ hasText: /\d/ }).last().waitFor();
  await page.getByRole('heading', { level: 1, name: t('dossier.title', { count: 0 }) }).waitFor();
  if (pictures !== undefined)
    await page.screenshot({ path: join(pictures, `dossier-${locale}.png`), fullPage: true });
}

/** Asks for the report on the page of the audit. Returns the draft's id. */
async function makeReport(visit: Visit, audit: AuditSummary, locale: Locale): Promise<string> {
  const t = portalTranslator(locale);
  const { page } = visit;
  await open(page, `/audit/${audit.id}`);
  const reports = page.getByRole('region', { name: t('audit.documents') });
  await reports.getByRole('button', { name: t('audit.request') }).click();
  const made = await reports
    .getByRole('status')
    .getByRole('link', { name: t('job.download') })
    .getAttribute('href', { timeout: patience_ms });
  const id = made?.split('/').at(-1);
  if (!id) throw new Error('the finished report has no address');
  return id;
}

async function sign(
  { page }: Visit,
  draft: string,
  { password, locale }: { readonly password: string; readonly locale: Locale },
): Promise<void> {
  const t = portalTranslator(locale);
  await page.reload();
  await untilStanding(page);
  const row = page.getByRole('row').filter({ has: page.locator(`a[href$="${draft}"]`) });
  await row.getByRole('button', { name: t('sign.act') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(t('sign.read')).check();
  await dialog.getByLabel(t('sign.password'), { exact: true }).fill(password);
  await dialog.getByRole('button', { name: t('sign.act'), exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await page
    .getByRole('region', { name: t('audit.documents') })
    .getByText('Helga Lindner')
    .filter({ hasText: t('sign.signed', { name: 'Helga Lindner', date: '' }).trim().replace(/,$/, '') })
    .first()
    .waitFor({ timeout: patience_ms });
}

/** Makes a bundle and hands it to the verifier, which runs beside the portal and knows neither it nor its database. */
async function verifyBundle(
  visit: Visit,
  country: string,
  locale: Locale,
): Promise<{ readonly outcome: string }> {
  const t = portalTranslator(locale);
  const { page, context } = visit;
  const region = page.getByRole('region', { name: t('evidence.bundles') });
  const earlier = await region.getByRole('link', { name: t('audit.download'), exact: true }).count();
  await region.getByRole('button', { name: t('evidence.request') }).click();
  const downloads = region.getByRole('table').getByRole('link', { name: t('audit.download'), exact: true });
  await expect.poll(() => downloads.count(), { timeout: bundle_ms, interval: 500 }).toBe(earlier + 1);
  const [download] = await Promise.all([page.waitForEvent('download'), downloads.first().click()]);
  const bundle = join(folder, `${country}.zip`);
  await download.saveAs(bundle);
  const verifier = join(folder, 'verify.mjs');
  const program = await context.request.get('/api/v1/evidence/verifier');
  expect(program.status()).toBe(200);
  await writeFile(verifier, await program.body());
  // What the auditor receives by another way: the key's fingerprint, and the head of the chain when the bundle was made.
  const { bundles } = await read(visit, `/audits/${auditOf(country).id}/bundles`, evidenceBundles);
  const [made] = bundles.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  if (!made) throw new Error('the bundle is not in the list');
  const { fingerprint, anchor } = made;
  const { stdout } = await run(
    process.execPath,
    [verifier, bundle, '--fingerprint', fingerprint, '--anchor', anchor, '--json'],
    { env: { NODE_ENV: 'production' }, maxBuffer: 50_000_000 },
  ).catch((error: Error & { readonly stdout?: string; readonly stderr?: string }) => {
    const difference = /"firstDifference": \{[^}]*\}/.exec(error.stdout ?? '')?.[0];
    throw new Error(`the verifier refused the bundle: ${difference ?? error.stderr}`, { cause: error });
  });
  // A changed byte is found, and the same verifier says so.
  const bytes = await readFile(bundle);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const changed = join(folder, `${country}-changed.zip`);
  await writeFile(changed, bytes);
  await expect(
    run(process.execPath, [verifier, changed, '--fingerprint', fingerprint], {
      env: { NODE_ENV: 'production' },
      maxBuffer: 50_000_000,
    }),
  ).rejects.toMatchObject({ code: 1 });
  await verifyInBrowser(page, { bundle, changed, fingerprint, anchor, locale });
  return JSON.parse(stdout) as { outcome: string };
}

/** The same by the verifier in the browser, which has arithmetic of its own. */
async function verifyInBrowser(
  page: Page,
  {
    bundle,
    changed,
    fingerprint,
    anchor,
    locale,
  }: {
    readonly bundle: string;
    readonly changed: string;
    readonly fingerprint: string;
    readonly anchor: string;
    readonly locale: Locale;
  },
): Promise<void> {
  const t = portalTranslator(locale);
  await open(page, '/audit/verify');
  await page.getByLabel(t('evidence.fingerprint')).fill(fingerprint);
  await page.getByLabel(t('evidence.anchor')).fill(anchor);
  for (const [path, outcome] of [
    [bundle, 'evidence.outcome.intact'],
    [changed, 'evidence.outcome.broken'],
  ] as const) {
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('button', { name: t('evidence.verify'), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: t(outcome) }).waitFor({ timeout: patience_ms });
  }
}

const statements: Readonly<Record<Locale, string>> = {
  en: 'Agreed at the start-up meeting on 4 May 2026.',
  fr: 'Convenu lors de la réunion de démarrage du 4 mai 2026.',
  de: 'Vereinbart in der Auftaktbesprechung am 4. Mai 2026.',
  es: 'Acordado en la reunión de inicio del 4 de mayo de 2026.',
};

/** A picture of one point. */
const photo =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** An electronic bill by EN 16931 (UBL) of one line. */
const electronicBill = (id: string, code: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<ubl:Invoice xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cbc="urn:cbc" xmlns:cac="urn:cac">
  <cbc:ID>${id}</cbc:ID><cbc:IssueDate>${billed.to}</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:InvoicePeriod><cbc:StartDate>${billed.from}</cbc:StartDate><cbc:EndDate>${billed.from}</cbc:EndDate></cac:InvoicePeriod>
  <cac:AdditionalDocumentReference><cbc:ID>${code}</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
  <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">97.20</cbc:TaxExclusiveAmount></cac:LegalMonetaryTotal>
  <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="KWH">810</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">97.20</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Energía</cbc:Name></cac:Item></cac:InvoiceLine>
</ubl:Invoice>`;
