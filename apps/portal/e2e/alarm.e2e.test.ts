import { me as meSchema, siteStructure } from '@wattproof/contracts/api';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open } from './browser.ts';

const demo = demoUnderTest();
const browser = browserOfFile();
/** Workers evaluate every few seconds, the list is read again each 15 s. */
const patience_ms = 90_000;

test('a rule that the plant exceeds raises an alarm, which is acknowledged with a comment', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  const { page, context } = visit;
  const [site] = (await read(visit, '/me', meSchema)).sites;
  if (!site) throw new Error('the energy manager has no site');
  const { meters } = await read(visit, `/sites/${site.id}/structure`, siteStructure);
  const power = (m: (typeof meters)[number]): number =>
    m.latest?.stale === false
      ? (m.latest.values.find((v) => v.measurand === 'active_power_w')?.value ?? 0)
      : 0;
  const meter = meters.find((m) => m.kind === 'physical' && m.role === 'main' && power(m) > 10_000);
  if (!meter) throw new Error('no main meter of the site measures a power');
  const name = `Night load above 1 kW, since ${new Date().toISOString()}`;

  await open(page, `/alarms?view=rules&site=${site.id}`);
  await page.getByRole('button', { name: 'New rule' }).click();
  const form = page.getByRole('dialog', { name: 'New rule' });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Meter').selectOption({ label: meter.name });
  await form.getByLabel('Measurand').selectOption('active_power_w');
  await form.getByLabel('Raised when').selectOption({ label: 'above' });
  await form.getByLabel('Limit').fill('1');
  await form.getByLabel('Clears this far back').fill('0,1');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: name }).waitFor();

  await page.getByRole('navigation', { name: 'Alarms' }).getByRole('link', { name: 'Open' }).click();
  const alarm = page.getByRole('table', { name: 'Open' }).getByRole('row').filter({ hasText: name });
  await alarm.waitFor({ timeout: patience_ms });
  expect(await alarm.textContent()).toContain('not acknowledged');
  await alarm.getByRole('button', { name: 'Acknowledge' }).click();
  const dialog = page.getByRole('dialog', { name: `Acknowledge: ${name}` });
  const comment = 'Seen: the line runs on Sunday, as planned.';
  await dialog.getByLabel('Comment').fill(comment);
  await dialog.getByRole('button', { name: 'Acknowledge' }).click();
  await dialog.waitFor({ state: 'detached' });
  await alarm.filter({ hasText: /(?<!not )acknowledged by/ }).waitFor();
  await alarm.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('dialog', { name }).getByText(comment).waitFor();
  await context.close();
});
