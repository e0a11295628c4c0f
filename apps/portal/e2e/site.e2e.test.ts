import { me as meSchema, siteStructure } from '@wattproof/contracts/api';
import { addDays, localDate } from '@wattproof/energy';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open, untilStanding, type Visit } from './browser.ts';
import { coloursOf, leastColours } from './drawing.ts';

const demo = demoUnderTest();
const browser = browserOfFile();

async function visitSite(): Promise<Visit & { readonly siteId: string; readonly timeZone: string }> {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  const [site] = (await read(visit, '/me', meSchema)).sites;
  if (!site) throw new Error('the energy manager has no site');
  return { ...visit, siteId: site.id, timeZone: site.timeZone };
}

test('the load curve of a day is drawn, and its numbers can be read as a table', async () => {
  const { page, context, siteId, timeZone } = await visitSite();
  // Of today nothing is known just after midnight.
  const yesterday = addDays(localDate(timeZone, Date.now()), -1);
  await open(page, `/sites/${siteId}?period=${yesterday}`);
  const section = page.getByRole('region', { name: /^Load, / });
  const chart = section.getByRole('img', { name: /^Load curve of/ });
  await expect.poll(() => coloursOf(chart)).toBeGreaterThan(leastColours);
  await section.getByText('Values as a table').click();
  const table = section.getByRole('table');
  await table.waitFor();
  expect(await table.getByRole('columnheader').allTextContents()).toContain('Time');
  expect(await table.getByRole('row').count()).toBeGreaterThan(90);
  expect(await page.getByRole('region', { name: 'Consumption and cost by use' }).textContent()).toMatch(/Wh/);
  await context.close();
});

test('today is drawn from its first interval on, and until then that is said', async () => {
  const { page, context, siteId } = await visitSite();
  await open(page, `/sites/${siteId}`);
  await page.getByRole('region', { name: /^Load today/ }).waitFor();
  expect(await page.getByRole('region', { name: 'Consumption and cost by use' }).textContent()).toMatch(
    /Wh|The first interval of this day is not over yet/,
  );
  await context.close();
});

test('dragging over a curve zooms, the address keeps it, one click leads back', async () => {
  const { page, context, siteId } = await visitSite();
  await open(page, `/sites/${siteId}/explore`);
  const chart = page.getByRole('img').filter({ has: page.locator('canvas') });
  await expect.poll(() => coloursOf(chart)).toBeGreaterThan(leastColours);
  const place = await chart.boundingBox();
  if (!place) throw new Error('the chart has no place on the page');
  const height = place.y + place.height / 2;
  await page.mouse.move(place.x + place.width * 0.4, height);
  await page.mouse.down();
  await page.mouse.move(place.x + place.width * 0.5, height, { steps: 6 });
  await page.mouse.move(place.x + place.width * 0.6, height, { steps: 6 });
  await page.mouse.up();
  const back = page.getByRole('button', { name: 'Whole period' });
  await back.waitFor();
  await page.waitForURL(/[?&]from=.*&to=/);
  const zoomed = new URL(page.url()).searchParams;
  const span_ms = Date.parse(zoomed.get('to') ?? '') - Date.parse(zoomed.get('from') ?? '');
  expect(span_ms).toBeGreaterThan(15 * 60_000);
  // What was sent to a colleague shows the same window.
  await page.reload();
  await untilStanding(page);
  await back.click();
  await page.waitForURL((url) => !url.searchParams.has('from'));
  await context.close();
});

test('the tree leads from the zone down to a meter with its values', async () => {
  const visit = await visitSite();
  const { page, context, siteId } = visit;
  const structure = await read(visit, `/sites/${siteId}/structure`, siteStructure);
  const zone = structure.zones.find((z) =>
    z.panels.some((p) => p.circuits.some((c) => c.meterIds.length > 0)),
  );
  const panel = zone?.panels.find((p) => p.circuits.some((c) => c.meterIds.length > 0));
  const circuit = panel?.circuits.find((c) => c.meterIds.length > 0);
  const meter = structure.meters.find((m) => m.id === circuit?.meterIds[0]);
  if (!zone || !panel || !circuit || !meter) throw new Error('the site has no measured circuit');
  await open(page, `/sites/${siteId}/structure`);
  const row = page
    .getByRole('listitem')
    .filter({ hasText: zone.name })
    .getByRole('listitem')
    .filter({ hasText: panel.name })
    .getByRole('listitem')
    .filter({ hasText: circuit.name })
    .getByRole('listitem');
  await row.getByRole('link', { name: meter.name, exact: true }).first().click();
  await page.waitForURL(`**/meters/${meter.id}`);
  await page.getByRole('heading', { level: 1 }).filter({ hasText: meter.name }).waitFor();
  const values = page.getByRole('table', { name: 'Latest values' });
  await values.waitFor();
  expect(await values.getByRole('row').count()).toBeGreaterThan(2);
  await values.getByRole('cell', { name: 'good', exact: true }).first().waitFor();
  await page.getByRole('region', { name: 'Identity' }).getByText('Trust of the profile').waitFor();
  await context.close();
});
