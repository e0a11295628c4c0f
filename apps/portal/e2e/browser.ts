import type { Locale } from '@wattproof/energy';
import { chromiumExecutable, chromiumFlags, type TestDemo } from '@wattproof/testkit';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

export const wide = { width: 1440, height: 1000 } as const;
export const phone = { width: 390, height: 844 } as const;

export type Account = TestDemo['accounts'][number];

/** One Chromium for all tests of a file. */
export function browserOfFile(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumExecutable(), args: [...chromiumFlags] });
  });
  afterAll(() => browser?.close());
  return () => {
    if (!browser) throw new Error('the browser is asked for before the tests run');
    return browser;
  };
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser's console calls an error, and what no code caught. */
  readonly errors: readonly string[];
}

/** A fresh profile on the portal, nobody signed in, texts in `locale`. */
export async function openVisit(
  browser: Browser,
  { portalUrl }: Pick<TestDemo, 'portalUrl'>,
  locale: Locale = 'en',
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: portalUrl,
    viewport: wide,
    locale,
    timezoneId: 'Europe/Paris',
    acceptDownloads: true,
    // Movements would only make a picture depend on the moment it is taken.
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  await context.addCookies([{ name: 'locale', value: locale, url: portalUrl }]);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { context, page, errors };
}

/** Resolves once the components of the page answer to a person: a form sent earlier would be lost. */
export async function untilAlive(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const parts = [...document.querySelectorAll('button, form, select, input')];
    return (
      parts.length > 0 &&
      parts.every((part) => Object.keys(part).some((name) => name.startsWith('__reactProps')))
    );
  });
}

/** Opens a page and waits until it stands there: its title, and every chart drawn. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await untilStanding(page);
}

export async function untilStanding(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await untilAlive(page);
  await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null);
}
