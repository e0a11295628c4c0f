import { createServer } from 'node:http';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { chromiumExecutable, chromiumFlags, unusedPort } from '../src/index.ts';

test('a real Chromium opens a page of this machine and draws text', async () => {
  const port = await unusedPort();
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<h1>Énergie 42 kWh</h1><button onclick="this.textContent=\'done\'">press</button>');
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: chromiumExecutable(), args: [...chromiumFlags] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole('button').click();
  expect(await page.getByRole('button', { name: 'done' }).isVisible()).toBe(true);
  expect((await page.getByRole('heading').boundingBox())?.width).toBeGreaterThan(50);
  await browser.close();
  server.close();
});
