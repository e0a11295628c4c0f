import { me as meSchema } from '@wattproof/contracts/api';
import { demoUnderTest } from '@wattproof/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  accountOf,
  foreignAccount,
  type RoleUnderTest,
  read,
  roles,
  signInByForm,
  visitAs,
} from './account.ts';
import { browserOfFile, open, openVisit, untilStanding } from './browser.ts';

const demo = demoUnderTest();
const browser = browserOfFile();

const pathOf = {
  Portfolio: '/',
  Performance: '/performance',
  Money: '/money',
  Audit: '/audit',
  Alarms: '/alarms',
  Field: '/field',
} as const;
type GuardedPlace = keyof typeof pathOf;
const everyPlace = [
  'Portfolio',
  'Site',
  'Performance',
  'Money',
  'Audit',
  'Alarms',
  'Field',
  'Settings',
] as const;

/** Written down by hand, so that a change of the permission table is seen here. */
const closedTo: Readonly<Record<RoleUnderTest, readonly GuardedPlace[]>> = {
  admin: [],
  energyManager: [],
  auditor: ['Alarms'],
  corporate: ['Field'],
  installer: ['Portfolio', 'Performance', 'Money', 'Audit'],
  operator: ['Portfolio', 'Performance', 'Money', 'Audit', 'Field'],
};

/** Places in the rail; the number of open alarms is said after the name. */
async function placesIn(page: Page): Promise<string[]> {
  const rail = page.getByRole('navigation', { name: 'Main navigation' });
  const names = await rail.getByRole('link').allTextContents();
  return everyPlace.filter((place) => names.some((name) => name.trim().startsWith(place)));
}

describe('sign-in', () => {
  test('says that e-mail and password do not belong together, and keeps the e-mail', async () => {
    const { context, page } = await openVisit(browser(), demo);
    await signInByForm(page, { email: accountOf(demo, 'corporate').email, password: 'not the password' });
    await page.getByRole('alert').filter({ hasText: 'do not belong together' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await page.getByLabel('E-mail').inputValue()).toBe(accountOf(demo, 'corporate').email);
    await context.close();
  });

  test('speaks another language at once, and keeps what was typed', async () => {
    const { context, page } = await openVisit(browser(), demo);
    await open(page, '/sign-in');
    await page.getByLabel('E-mail').fill('somebody@example.org');
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByRole('heading', { level: 1, name: 'Anmelden' }).waitFor();
    expect(await page.getByLabel('E-Mail').inputValue()).toBe('somebody@example.org');
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    await context.close();
  });

  test('asks whoever is not signed in, and leads on to the page that was asked for', async () => {
    const { context, page } = await openVisit(browser(), demo);
    await page.goto('/performance');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(new URL(page.url()).searchParams.get('next')).toBe('/performance');
    await context.close();
  });

  test.each(roles)('opens to the role %s its places, and says so where it does not', async (role) => {
    const { context, page } = await openVisit(browser(), demo);
    await signInByForm(page, accountOf(demo, role));
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await untilStanding(page);
    const closed = closedTo[role];
    expect(await placesIn(page)).toEqual(everyPlace.filter((p) => !closed.includes(p as GuardedPlace)));
    for (const place of closed) {
      await open(page, pathOf[place]);
      if (place === 'Portfolio') {
        // People of one site begin where their work is.
        expect(new URL(page.url()).pathname).toMatch(/^\/sites\//);
        continue;
      }
      await page.getByRole('heading', { level: 1, name: 'Not in your role' }).waitFor();
      expect(await page.getByRole('main').textContent()).toContain(`${place} is not open to the role`);
    }
    await context.close();
  });

  test('shows the second organisation its own sites only, and nothing at the address of another', async () => {
    const ours = await visitAs(browser(), demo, accountOf(demo, 'admin'));
    const { sites } = await read(ours, '/me', meSchema);
    await ours.context.close();
    const { context, page } = await visitAs(browser(), demo, foreignAccount(demo));
    await open(page, '/');
    const offered = await page.getByLabel('Site', { exact: true }).locator('option').allTextContents();
    const shown = offered.map((name) => name.trim());
    expect(shown.length).toBeGreaterThan(1);
    const [site] = sites;
    if (!site) throw new Error('the first organisation has no site');
    for (const { name } of sites) {
      expect(shown).not.toContain(name);
      expect(await page.getByRole('main').textContent()).not.toContain(name);
    }
    for (const view of ['', '/explore', '/structure']) {
      await page.goto(`/sites/${site.id}${view}`);
      await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
      expect(await page.getByRole('main').textContent()).not.toContain(site.name);
    }
    const answer = await context.request.get(`/api/v1/sites/${site.id}/overview`);
    expect(answer.status()).toBe(404);
    await context.close();
  });
});
