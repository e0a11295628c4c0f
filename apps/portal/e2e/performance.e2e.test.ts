import { enpis as enpisSchema } from '@wattproof/contracts/api';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open } from './browser.ts';
import { coloursOf, leastColours } from './drawing.ts';

const demo = demoUnderTest();
const browser = browserOfFile();

const verdicts = {
  saving: 'less than the baseline expects',
  excess: 'more than the baseline expects',
  notDistinguishableFromZero: 'Not distinguishable from zero',
  insufficientData: 'Not enough data for a verdict',
} as const;

test('every EnPI stands in the list, and one leads to its verdict, model and CUSUM', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'auditor'));
  const { page, context } = visit;
  const { enpis } = await read(visit, '/enpis', enpisSchema);
  const computed = enpis.find((e) => e.savings !== null && e.savings.verdict !== 'insufficientData');
  // The demo of this test has a baseline year and two months to report on.
  if (!computed?.savings) throw new Error('no EnPI of the demo has a verdict');
  await open(page, '/performance');
  const list = page.getByRole('table', { name: 'EnPIs against baseline' });
  for (const enpi of enpis) await list.getByRole('row').filter({ hasText: enpi.siteName }).first().waitFor();
  await list
    .getByRole('row')
    .filter({ hasText: computed.siteName })
    .getByRole('link', { name: computed.name, exact: true })
    .click();
  await page.waitForURL(`**/performance/${computed.id}`);
  await page
    .getByRole('heading', { level: 1 })
    .filter({ hasText: verdicts[computed.savings.verdict] })
    .waitFor();
  const result = page.getByRole('region', { name: /^Result/ });
  expect(await result.textContent()).toContain('95\u00a0% confidence');
  expect(await result.textContent()).toContain('±');
  for (const title of ['Signature', 'CUSUM', 'Residuals']) {
    const chart = page.getByRole('img', { name: new RegExp(`^${title} of`) });
    await expect
      .poll(() => coloursOf(chart), { message: title, timeout: 10_000 })
      .toBeGreaterThan(leastColours);
  }
  const candidates = page.getByRole('region', { name: /^Candidate models/ });
  expect(await candidates.getByRole('row').count()).toBeGreaterThan(2);
  expect(await candidates.textContent()).toContain('in use');
  await context.close();
});
