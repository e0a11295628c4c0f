import type { Locale } from '@wattproof/energy';
import type { TestDemo } from '@wattproof/testkit';
import type { Browser, Page } from 'playwright-core';
import type { z } from 'zod';
import { type Account, openVisit, untilAlive, type Visit } from './browser.ts';

/** The organisation that has one account of each role. */
export const roles = ['admin', 'energyManager', 'auditor', 'corporate', 'installer', 'operator'] as const;
export type RoleUnderTest = (typeof roles)[number];

/** The account of a role in the demo's first organisation. */
export function accountOf(demo: TestDemo, role: RoleUnderTest): Account {
  const [first] = demo.accounts;
  const account = demo.accounts.find((a) => a.role === role && a.organisation === first?.organisation);
  if (!account) throw new Error(`the demo has no account of the role ${role}`);
  return account;
}

/** The account of the second organisation. */
export function foreignAccount(demo: TestDemo): Account {
  const [first] = demo.accounts;
  const account = demo.accounts.find((a) => a.organisation !== first?.organisation);
  if (!account) throw new Error('the demo has no account of a second organisation');
  return account;
}

/** Signs in as a person does: by the form. */
export async function signInByForm(page: Page, { email, password }: Pick<Account, 'email' | 'password'>) {
  await page.goto('/sign-in');
  await untilAlive(page);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A visit of somebody who has signed in before: the session's cookie without the form. */
export async function visitAs(
  browser: Browser,
  demo: TestDemo,
  { email, password }: Account,
  locale: Locale = 'en',
): Promise<Visit> {
  const visit = await openVisit(browser, demo, locale);
  const answer = await visit.context.request.post('/api/auth/sign-in/email', {
    data: { email, password },
    headers: { origin: demo.portalUrl },
  });
  if (!answer.ok()) throw new Error(`${email} cannot sign in: ${answer.status()} ${await answer.text()}`);
  return visit;
}

/** Reads from the API through the portal with the visitor's session, checked against the contract. */
export async function read<S extends z.ZodType>(
  { context }: Pick<Visit, 'context'>,
  path: string,
  schema: S,
): Promise<z.output<S>> {
  const answer = await context.request.get(`/api/v1${path}`);
  if (!answer.ok()) throw new Error(`${path} answers ${answer.status()}: ${await answer.text()}`);
  return schema.parse(await answer.json());
}

/** Sends to the API through the portal, as a page does; the answer is checked against the contract. */
export async function send<S extends z.ZodType>(
  { context, page }: Pick<Visit, 'context' | 'page'>,
  path: string,
  data: unknown,
  schema: S,
): Promise<z.output<S>> {
  const answer = await context.request.post(`/api/v1${path}`, {
    data,
    headers: { origin: new URL(page.url()).origin },
  });
  if (!answer.ok()) throw new Error(`${path} answers ${answer.status()}: ${await answer.text()}`);
  return schema.parse(await answer.json());
}
