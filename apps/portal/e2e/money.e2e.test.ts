import { bills as billsSchema } from '@wattproof/contracts/api';
import { demoUnderTest } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open } from './browser.ts';

const demo = demoUnderTest();
const browser = browserOfFile();

const day_ms = 86_400_000;
const dateOf = (at_ms: number): string => new Date(at_ms).toISOString().slice(0, 10);

const head = 'delivery_point,number,period_from,period_to,quantity,unit,amount_ex_vat,currency';

test('a file with a wrong row is refused by row and column; the mended one is checked, then stored', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'energyManager'));
  const { page, context } = visit;
  // Days that the demo's bills of full months do not reach, so that no account is changed.
  const [from, to] = [dateOf(Date.now() - day_ms), dateOf(Date.now())];
  const months = `from=${from.slice(0, 7)}&to=${to.slice(0, 7)}`;
  const { deliveryPoints } = await read(visit, `/bills?${months}`, billsSchema);
  const point = deliveryPoints.find((p) => p.carrier === 'electricity');
  if (!point) throw new Error('the demo has no delivery point of electricity');
  const number = `E2E-${Date.now()}`;
  const row = (periodTo: string): string =>
    `${point.code},${number},${from},${periodTo},1200.5,kWh,181.25,EUR`;
  const file = (periodTo: string) => ({
    name: `bills ${number}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(`${head}\n${row(periodTo)}\n`),
  });
  await open(page, '/money');
  await page.getByRole('button', { name: 'Import bills' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Import bills from a file' });

  await dialog.getByLabel('CSV, XLSX, XML or PDF file').setInputFiles(file(from));
  const rejected = dialog.getByRole('table', { name: 'Rejected rows' }).getByRole('row').nth(1);
  await rejected.waitFor();
  const [inRow, inColumn] = await rejected.getByRole('cell').allTextContents();
  expect(inRow).toBe('2');
  expect(inColumn).toBe('period_to');
  expect(await dialog.getByRole('button', { name: /^Store/ }).count()).toBe(0);

  await dialog.getByLabel('CSV, XLSX, XML or PDF file').setInputFiles(file(to));
  await dialog.getByText('1 would be stored').waitFor();
  await dialog.getByText('Nothing has been stored yet.').waitFor();
  const stored = async (): Promise<boolean> => {
    const { bills } = await read(visit, `/bills?${months}`, billsSchema);
    return bills.some((b) => b.number === number);
  };
  expect(await stored()).toBe(false);
  await dialog.getByRole('button', { name: 'Store 1 row' }).click();
  await dialog.getByText('1 stored').waitFor();
  expect(await stored()).toBe(true);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await page
    .getByRole('region', { name: /^Earlier imports/ })
    .getByRole('row')
    .filter({ hasText: number })
    .first()
    .waitFor();
  await context.close();
});
