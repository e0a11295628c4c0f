import { me as meSchema } from '@wattproof/contracts/api';
import { localDate } from '@wattproof/energy';
import { formatLocalDate } from '@wattproof/messages';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open } from './browser.ts';

const demo = demoUnderTest();
const browser = browserOfFile();
const patience_ms = 60_000;

test('the power of a site moves without a new page', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'operator'));
  const { page, context } = visit;
  const [site] = (await read(visit, '/me', meSchema)).sites;
  if (!site) throw new Error('the operator has no site');
  const stream = page.waitForResponse((answer) => answer.url().endsWith(`/sites/${site.id}/live`));
  await open(page, `/sites/${site.id}`);
  expect((await stream).headers()['content-type']).toMatch(/^text\/event-stream/);
  // A reload would lose this mark.
  await page.evaluate(() => document.body.setAttribute('data-loaded-once', ''));
  const now = page.getByRole('region', { name: 'Power now' });
  const instant = /ago, (\d{2}:\d{2}:\d{2})/;
  const fresh = now.filter({ hasText: instant });
  await fresh.waitFor({ timeout: patience_ms });
  const before = instant.exec((await fresh.textContent()) ?? '')?.[1];
  expect(before).toBeDefined();
  await fresh.filter({ hasNotText: `, ${before}` }).waitFor({ timeout: patience_ms });
  expect(await page.locator('body[data-loaded-once]').count()).toBe(1);
  await context.close();
});

test('events alone move the values of the tree: nothing else asks for them', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'installer'));
  const { page, context } = visit;
  const [site] = (await read(visit, '/me', meSchema)).sites;
  if (!site) throw new Error('the installer has no site');
  await open(page, `/sites/${site.id}/structure`);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith('/api/v1/sites/')) asked.push(request.url());
  });
  const before = await page.getByRole('main').getByRole('listitem').allTextContents();
  const powers = (texts: readonly string[]): string =>
    texts.flatMap((text) => text.match(/[\d.,]+\s*k?W(?!h)/g) ?? []).join('|');
  expect(powers(before)).not.toBe('');
  await page.waitForFunction(
    ([pattern, old]) => {
      const texts = [...document.querySelectorAll('main li')].map((item) => item.textContent ?? '');
      return texts.flatMap((text) => text.match(new RegExp(pattern, 'g')) ?? []).join('|') !== old;
    },
    ['[\\d.,]+\\s*k?W(?!h)', powers(before)] as const,
    { timeout: patience_ms },
  );
  expect(asked).toEqual([]);
  await context.close();
});

test('a browser whose clock is two days ahead shows the day and the ages of the server', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'operator'));
  const { page, context, errors } = visit;
  const [site] = (await read(visit, '/me', meSchema)).sites;
  if (!site) throw new Error('the operator has no site');
  await page.clock.install({ time: Date.now() + 2 * 86_400_000 });
  await open(page, `/sites/${site.id}`);
  const shown = await page.getByRole('button', { name: /^Period: Today, / }).textContent();
  expect(shown).toContain(formatLocalDate('en', localDate(site.timeZone, Date.now()), 'day'));
  await page
    .getByRole('region', { name: 'Power now' })
    .filter({ hasText: /\b\d+\ss ago, / })
    .waitFor({ timeout: patience_ms });
  expect(errors).toEqual([]);
  await context.close();
});
