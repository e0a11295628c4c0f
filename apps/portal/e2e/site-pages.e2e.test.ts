import {
  me as meSchema,
  meterDetail,
  meterStatistics,
  siteBalance,
  siteCompleteness,
  siteConsumption,
  siteStructure,
} from '@wattproof/contracts/api';
import { rareSubject } from '@wattproof/energy';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, type RoleUnderTest, read, visitAs } from './account.ts';
import { browserOfFile, open, untilStanding, type Visit } from './browser.ts';
import { coloursOf, leastColours } from './drawing.ts';

const demo = demoUnderTest();
const browser = browserOfFile();

async function visitSite(
  role: RoleUnderTest = 'energyManager',
): Promise<Visit & { readonly siteId: string }> {
  const visit = await visitAs(browser(), demo, accountOf(demo, role));
  const [site] = (await read(visit, '/me', meSchema)).sites;
  if (!site) throw new Error(`the ${role} has no site`);
  return { ...visit, siteId: site.id };
}

/** The main meter of electricity: it measures by phase. */
async function mainMeter(visit: Visit, siteId: string) {
  const structure = await read(visit, `/sites/${siteId}/structure`, siteStructure);
  const meter = structure.meters.find((m) => m.role === 'main' && m.carrier === 'electricity');
  if (!meter) throw new Error('the site has no main meter of electricity');
  return { structure, meter };
}

test('a meter shows its phases with their span and age, and every value with its extremes', async () => {
  const visit = await visitSite();
  const { page, context, siteId } = visit;
  const { meter } = await mainMeter(visit, siteId);
  await open(page, `/sites/${siteId}/meters/${meter.id}`);
  const face = page.getByRole('table', { name: 'Electrical values' });
  for (const quantity of [/^Voltage, phase to neutral/, /^Current/, /^Active power P/, /^Power factor/])
    await face.getByRole('rowheader', { name: quantity }).waitFor();
  expect(await face.getByRole('link', { name: /^Current L1: \d/ }).count()).toBe(1);
  const to = new Date();
  const from = new Date(to.getTime() - 3 * 86_400_000);
  const known = await read(
    visit,
    `/meters/${meter.id}/statistics?from=${from.toISOString()}&to=${to.toISOString()}`,
    meterStatistics,
  );
  const values = page.getByRole('table', { name: 'Latest values' });
  // Harmonics, tariffs and contacts have tables of their own.
  const plain = known.measurands.filter(({ measurand }) => !rareSubject(measurand));
  expect(await values.getByRole('row').count()).toBe(plain.length + 1);
  await context.close();
});

test('a meter’s curve changes its quantity in place, and the address keeps it', async () => {
  const visit = await visitSite();
  const { page, context, siteId } = visit;
  const { meter } = await mainMeter(visit, siteId);
  await open(page, `/sites/${siteId}/meters/${meter.id}`);
  await page.getByLabel('What the curve shows').selectOption({ label: 'Currents' });
  await page.waitForURL(/[?&]curve=current/);
  const chart = page.getByRole('img', { name: /Current L1, Current L2/ });
  await chart.waitFor();
  await expect.poll(() => coloursOf(chart)).toBeGreaterThan(leastColours);
  await context.close();
});

test('an event says which days would change before it is saved; nothing is saved by looking', async () => {
  const visit = await visitSite('installer');
  const { page, context, siteId } = visit;
  const { meter } = await mainMeter(visit, siteId);
  const eventsBefore = (await read(visit, `/meters/${meter.id}`, meterDetail)).events.length;
  await open(page, `/sites/${siteId}/meters/${meter.id}`);
  await page.getByRole('button', { name: 'Record an event' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByText('Give the first index of the new state').waitFor();
  await dialog.getByLabel('Opening index').first().fill('0');
  await dialog.getByLabel('Closing index').first().fill('12,34567');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByText('Write the index as it stands on the display').waitFor();
  await dialog.getByLabel('Closing index').first().fill('');
  await dialog.getByRole('button', { name: 'Show what would change' }).click();
  await dialog.getByRole('heading', { name: /days? would change|No day’s energy/ }).waitFor();
  await dialog.getByRole('button', { name: 'Save the event' }).waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect((await read(visit, `/meters/${meter.id}`, meterDetail)).events).toHaveLength(eventsBefore);
  await context.close();
});

test('Explore shows the same values by day and hour and sorted; arrow keys read a cell', async () => {
  const { page, context, siteId } = await visitSite();
  await open(page, `/sites/${siteId}/explore`);
  await page.getByRole('button', { name: 'Heat map' }).click();
  const map = page.getByRole('img', { name: /^Heat map of/ });
  await map.waitFor();
  await expect.poll(() => coloursOf(map)).toBeGreaterThan(leastColours);
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page
    .getByText(/\d{2}:\d{2} – \d{2}:\d{2}/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Duration curve' }).click();
  const curve = page.getByRole('img', { name: /^Duration curve of/ });
  await curve.waitFor();
  await expect.poll(() => coloursOf(curve)).toBeGreaterThan(leastColours);
  await page.waitForURL(/[?&]view=duration/);
  await page.reload();
  await untilStanding(page);
  await curve.waitFor();
  await context.close();
});

test('key B holds the period against the one before, then a year earlier, then nothing', async () => {
  const { page, context, siteId } = await visitSite();
  await open(page, `/sites/${siteId}/explore`);
  await page.keyboard.press('b');
  await page.waitForURL(/[?&]against=previous/);
  await page.getByRole('columnheader', { name: 'Change' }).waitFor();
  // A letter typed into a field stays a letter.
  await page.getByLabel('Find a meter').fill('b');
  expect(page.url()).toMatch(/against=previous/);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('b');
  await page.waitForURL(/[?&]against=year/);
  await page.keyboard.press('b');
  await page.waitForURL((url) => !url.searchParams.has('against'));
  await context.close();
});

test('the structure leads from the site’s parts to a zone, a panel and a circuit', async () => {
  const visit = await visitSite();
  const { page, context, siteId } = visit;
  const { structure } = await mainMeter(visit, siteId);
  // Incomers are no parts of a site: follow a circuit that its consumption names.
  const day = (offset: number): string =>
    new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const rowsBy = async (by: string) =>
    (await read(visit, `/sites/${siteId}/consumption?by=${by}&from=${day(-6)}&to=${day(1)}`, siteConsumption))
      .rows;
  const [zones, panels, circuits] = [await rowsBy('zone'), await rowsBy('panel'), await rowsBy('circuit')];
  const found = structure.zones.flatMap((zone) =>
    zone.panels.flatMap((panel) =>
      panel.circuits
        .filter((circuit) =>
          [
            [zones, zone.id],
            [panels, panel.id],
            [circuits, circuit.id],
          ].every(([rows, id]) => (rows as typeof zones).some((r) => r.id === id)),
        )
        .map((circuit) => ({ zone, panel, circuit })),
    ),
  )[0];
  if (!found) throw new Error('the site has no measured circuit');
  const { zone, panel, circuit } = found;
  await open(page, `/sites/${siteId}/structure`);
  const parts = page.getByRole('table', { name: 'Consumption and cost' });
  await parts.getByRole('link', { name: zone.name }).first().click();
  await page.waitForURL(`**/structure/zone/${zone.id}*`);
  await page.getByRole('table', { name: 'By panel' }).getByRole('link', { name: panel.name }).first().click();
  await page.waitForURL(`**/structure/panel/${panel.id}*`);
  await page
    .getByRole('table', { name: 'By circuit' })
    .getByRole('link', { name: circuit.name })
    .first()
    .click();
  await page.waitForURL(`**/structure/circuit/${circuit.id}*`);
  await page.getByRole('heading', { level: 1 }).filter({ hasText: circuit.name }).waitFor();
  await page.getByRole('table', { name: 'By meter' }).waitFor();
  await context.close();
});

test('the balance says how the tree closes and names what is not measured', async () => {
  const visit = await visitSite('auditor');
  const { page, context, siteId } = visit;
  await open(page, `/sites/${siteId}/balance?period=2026-11-01..2026-11-07`);
  const query = 'from=2026-11-01&to=2026-11-08';
  const balance = await read(visit, `/sites/${siteId}/balance?${query}`, siteBalance);
  const completeness = await read(visit, `/sites/${siteId}/completeness?${query}`, siteCompleteness);
  const table = page.getByRole('table', { name: /each meter against those below it/ }).first();
  for (const root of balance.carriers.flatMap((c) => c.roots))
    await page.getByRole('link', { name: root.name }).first().waitFor();
  expect(await table.getByRole('columnheader', { name: 'Verdict' }).count()).toBe(1);
  const feeders = page.getByRole('region', { name: 'Feeders above 80' });
  await feeders.waitFor();
  for (const feeder of completeness.feeders.filter((f) => f.state === 'none'))
    await feeders.getByRole('row').filter({ hasText: feeder.name }).getByText('not measured').waitFor();
  await context.close();
});

test('a sum that counts a kWh twice is refused in words, with the meter’s name', async () => {
  const visit = await visitSite();
  const { page, context, siteId } = visit;
  const { meter } = await mainMeter(visit, siteId);
  await open(page, `/sites/${siteId}/structure/calculated`);
  await page.getByRole('button', { name: 'New calculated meter' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Twice the main');
  await dialog.getByRole('combobox', { name: 'Meter 1' }).selectOption({ label: meter.name });
  await dialog.getByRole('button', { name: 'Add a meter' }).click();
  await dialog.getByRole('combobox', { name: 'Meter 2' }).selectOption({ label: meter.name });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog
    .getByRole('alert')
    .filter({ hasText: `The energy of ${meter.name} would be counted twice` })
    .waitFor();
  await context.close();
});

test('readings of a meter are exported as a file', async () => {
  const visit = await visitSite();
  const { page, context, siteId } = visit;
  const { meter } = await mainMeter(visit, siteId);
  await open(page, `/sites/${siteId}/meters/${meter.id}`);
  await page.getByRole('button', { name: 'Export' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What').selectOption('day');
  const download = page.waitForEvent('download');
  await dialog.getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await context.close();
});
