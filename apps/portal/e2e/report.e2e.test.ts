import { readFile } from 'node:fs/promises';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, visitAs } from './account.ts';
import { browserOfFile, open, untilStanding } from './browser.ts';
import { unproved } from './figure-crawl.ts';
import { shownFigures } from './shown-figure.ts';

const demo = demoUnderTest();
const browser = browserOfFile();
const patience_ms = 90_000;

test('an audit report is asked for, tells its progress, and comes down as a PDF', async () => {
  const { page, context } = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  await open(page, '/audit');
  await page.getByRole('table', { name: 'Audits by legal entity' }).getByRole('link').first().click();
  await page.waitForURL(/\/audit\/[^/]+$/);
  await untilStanding(page);
  const reports = page.getByRole('region', { name: /^Reports/ });
  await reports.getByRole('button', { name: 'Make report' }).click();
  await reports.getByRole('progressbar').waitFor();
  expect(unproved(await shownFigures(page))).toEqual([]);
  const end = reports.getByRole('status').filter({ hasText: 'finished at' });
  await end.waitFor({ timeout: patience_ms });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    end.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.pdf$/);
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('%PDF');
  expect(bytes.length).toBeGreaterThan(10_000);
  await context.close();
});
