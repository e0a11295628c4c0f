import { enbRegister, enpiDetail, me as meSchema } from '@wattproof/contracts/api';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open, untilStanding } from './browser.ts';
import { coloursOf, leastColours } from './drawing.ts';

const demo = demoUnderTest();
const browser = browserOfFile();

test('from raw meters to an approved baseline and a stated saving with its band', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  const { page, context, errors } = visit;
  const [site] = (await read(visit, '/me', meSchema)).sites;
  await open(page, `/performance/new?site=${site?.id}`);

  // Every model that fits the site's total, ranked, with its statistics and plots.
  const candidates = page.getByRole('table', { name: 'Candidate models' });
  await candidates.waitFor();
  const models = candidates.locator('tbody').getByRole('button');
  expect(await models.count()).toBeGreaterThan(2);
  for (const title of ['Signature', 'Fit', 'CUSUM'])
    await expect
      .poll(() => coloursOf(page.getByRole('img', { name: new RegExp(`^${title} of`) })), {
        message: title,
        timeout: 30_000,
      })
      .toBeGreaterThan(leastColours);

  // Without its variables nothing but a constant is left, and the answer says so without a new page.
  const variables = page.getByRole('group', { name: 'Relevant variables' }).getByRole('checkbox');
  const all = await variables.count();
  for (let i = 0; i < all; i += 1) await variables.nth(i).uncheck();
  await expect.poll(() => models.count(), { timeout: 30_000 }).toBe(1);
  for (let i = 0; i < all; i += 1) await variables.nth(i).check();
  await expect.poll(() => models.count(), { timeout: 30_000 }).toBeGreaterThan(2);

  // The second model is looked at, then the first is chosen; a reason is asked for.
  const first = models.first();
  await models.nth(1).click();
  await first.click();
  expect(await first.getAttribute('aria-pressed')).toBe('true');
  await page.getByRole('button', { name: 'Propose as baseline' }).click();
  await page.getByText('Fill this in.').first().waitFor();
  const name = `Walked through ${Date.now()}`;
  await page.getByLabel('Name of the EnPI').fill(name);
  await page.getByLabel('Why', { exact: true }).fill('The best fit that every protocol accepts');
  await page.getByRole('button', { name: 'Propose as baseline' }).click();
  await page.waitForURL(/\/performance\/[0-9a-f-]{36}/);
  const enpiId = new URL(page.url()).pathname.split('/').pop() as string;
  await untilStanding(page);

  // It is proposed, and stays so until a person approves it.
  const reasoned = page.getByRole('row').filter({ hasText: 'The best fit that every protocol accepts' });
  expect(await reasoned.textContent()).toContain('proposed');
  await reasoned.getByRole('button', { name: /^Decide on v\d+$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why', { exact: true }).fill('Checked against the data of the year');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'detached' });
  await expect.poll(() => reasoned.textContent(), { timeout: 30_000 }).toContain('in force');
  const { enbs } = await read(visit, `/enpis/${enpiId}/enbs`, enbRegister);
  expect(enbs.filter((e) => e.isInForce)).toHaveLength(1);

  // The workers state the saving against it, with its band.
  await expect
    .poll(async () => (await read(visit, `/enpis/${enpiId}`, enpiDetail)).savings?.share.halfWidth ?? null, {
      timeout: 60_000,
      interval: 500,
    })
    .toBeGreaterThan(0);
  await open(page, `/performance/${enpiId}`);
  const result = await page.getByRole('region', { name: /^Result/ }).textContent();
  expect(result).toContain('±');
  expect(result).toContain('95\u00a0% confidence');
  expect(errors).toEqual([]);
  await context.close();
}, 180_000);
