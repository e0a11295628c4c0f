import { createHash } from 'node:crypto';
import { adjustments, energyFactors, me as meSchema, weatherStations } from '@wattproof/contracts/api';
import { demoUnderTest } from '@wattproof/testkit';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open } from './browser.ts';

const demo = demoUnderTest();
const browser = browserOfFile();
/** What is made here is made once more by the next run: names of its own keep them apart. */
const stamp = Date.now();

/** A day of hours in the layout of ISD Lite. */
const isdLines = Array.from(
  { length: 24 },
  (_, hour) =>
    `2026 01 05 ${String(hour).padStart(2, '0')} ${String(-30 + hour * 5).padStart(5)} -9999 -9999 -9999 -9999 -9999 -9999 -9999`,
);

const dialogOf = async (page: Page, button: Locator): Promise<Locator> => {
  await button.click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return dialog;
};

test('a station, its file of hours and a static factor are recorded on one page', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  const { page, context, errors } = visit;
  const [site] = (await read(visit, '/me', meSchema)).sites;
  await open(page, `/performance/variables?site=${site?.id}`);

  const station = await dialogOf(page, page.getByRole('button', { name: 'Add a station' }));
  await station.getByLabel('Name', { exact: true }).fill(`Aerodrome ${stamp}`);
  await station.getByLabel('Provider', { exact: true }).fill('NOAA ISD');
  await station.getByLabel('Latitude').fill('48,07');
  await station.getByLabel('Longitude').fill('-0.73');
  await station.getByRole('button', { name: 'Add a station' }).click();
  await station.waitFor({ state: 'detached' });
  const row = page.getByRole('row').filter({ hasText: `Aerodrome ${stamp}` });
  expect(await row.textContent()).toMatch(/\d+\u00a0?\s?km/);

  const file = await dialogOf(page, row.getByRole('button', { name: /^Import for/ }));
  await file.getByLabel('Format').selectOption('isdLite');
  const choose = (lines: readonly string[]) =>
    file.getByLabel('File', { exact: true }).setInputFiles({
      name: 'isd-2026',
      mimeType: 'text/plain',
      buffer: Buffer.from(lines.join('\n')),
    });
  // A row that cannot be read is named, and nothing is taken.
  await choose([...isdLines, '2026 13 05 00   -30']);
  await file.getByRole('cell', { name: '25', exact: true }).first().waitFor();
  expect(await file.getByRole('button', { name: /^Store/ }).count()).toBe(0);
  await choose(isdLines);
  await file.getByRole('button', { name: 'Store 24 values' }).click();
  await file.getByRole('button', { name: 'Close' }).last().click();
  await file.waitFor({ state: 'detached' });
  const { stations } = await read(visit, '/weather-stations', weatherStations);
  expect(stations.find((s) => s.name === `Aerodrome ${stamp}`)?.hours).toBe(24);

  const factor = await dialogOf(page, page.getByRole('button', { name: 'Add a static factor' }));
  await factor.getByLabel('Factor', { exact: true }).fill(`Cold rooms ${stamp}`);
  await factor.getByLabel('Value', { exact: true }).fill('7');
  await factor.getByLabel('Source').fill('Building plans');
  await factor.getByRole('button', { name: 'Save' }).click();
  await factor.waitFor({ state: 'detached' });
  await page
    .getByRole('row')
    .filter({ hasText: `Cold rooms ${stamp}` })
    .waitFor();
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);

test('a dossier keeps its file with the fingerprint, and a factor gets its next version', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  const { page, context, errors } = visit;
  const photo = Buffer.from(`%PDF-1.4 work order ${stamp}`);
  const sha256 = createHash('sha256').update(photo).digest('hex');
  await open(page, '/performance/adjustments');
  const dossier = await dialogOf(page, page.getByRole('button', { name: 'Open a dossier' }));
  await dossier.getByLabel('Event').fill(`Cold room closed ${stamp}`);
  await dossier.getByLabel('From', { exact: true }).fill('2026-01-05');
  await dossier.getByLabel('Method').fill('Sub-meter of the room over the month before');
  await dossier.getByLabel('Evidence').fill('Work order of the refrigeration firm');
  await dossier
    .getByLabel(/^kWh a day of/)
    .first()
    .fill('-120');
  await dossier
    .getByLabel('Files')
    .setInputFiles({ name: 'order.pdf', mimeType: 'application/pdf', buffer: photo });
  await dossier.getByRole('button', { name: 'See what it changes' }).click();
  await dossier.getByRole('button', { name: 'Propose' }).click();
  await dossier.waitFor({ state: 'detached' });
  const shown = await dialogOf(page, page.getByRole('button', { name: `Cold room closed ${stamp}` }));
  await shown.getByText(`SHA-256 ${sha256}`).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    shown.getByRole('link', { name: 'order.pdf' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('order.pdf');
  const kept = (await read(visit, '/adjustments', adjustments)).adjustments.find(
    (a) => a.event === `Cold room closed ${stamp}`,
  );
  expect(kept?.evidenceFiles).toMatchObject([{ name: 'order.pdf', sha256, size_bytes: photo.length }]);

  await open(page, '/performance/factors');
  const carbon = page.getByRole('region', { name: /^Carbon/ });
  const added = await dialogOf(page, carbon.getByRole('button', { name: 'Add a carbon factor' }));
  await added.getByLabel('Place or contract').fill(`Contract ${stamp}`);
  await added.getByLabel('Account').selectOption('market');
  await added.getByLabel(/^Factor,/).fill('0,012');
  await added.getByLabel('First day').fill('2025-01-01');
  await added.getByLabel('Source').fill('Supplier, disclosure of 2025');
  await added.getByRole('button', { name: 'Save' }).click();
  await added.waitFor({ state: 'detached' });
  const first = carbon.getByRole('row').filter({ hasText: `Contract ${stamp}` });
  const next = await dialogOf(page, first.getByRole('button', { name: /^New version/ }));
  await next.getByLabel(/^Factor,/).fill('0.009');
  await next.getByLabel('First day').fill('2026-01-01');
  await next.getByLabel('Source').fill('Supplier, disclosure of 2026');
  await next.getByRole('button', { name: 'Save' }).click();
  await next.waitFor({ state: 'detached' });
  await expect.poll(() => first.count(), { timeout: 30_000 }).toBe(2);
  const { factors } = await read(visit, '/energy-factors?kind=carbon', energyFactors);
  expect(factors.filter((f) => f.place === `Contract ${stamp}`).map((f) => [f.value, f.effectiveTo])).toEqual(
    [
      ['0.012', '2026-01-01'],
      ['0.009', null],
    ],
  );
  expect(errors).toEqual([]);
  await context.close();
}, 120_000);
