import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { meterDetail, meters as metersSchema } from '@wattproof/contracts/api';
import { formatMeasurand, quantityText } from '@wattproof/messages';
import { demoUnderTest, toolCommand, waitFor } from '@wattproof/testkit';
import { expect, test } from 'vitest';
import { accountOf, read, visitAs } from './account.ts';
import { browserOfFile, open } from './browser.ts';

const demo = demoUnderTest();
const browser = browserOfFile();
const run = promisify(execFile);
/** What a person who pastes the line is promised. */
const promise_s = 5;

/** Sends one message with the credentials of the demo's own gateway, by a program that is not ours. */
async function publish(message: string): Promise<void> {
  const { gateway } = demo;
  const { hostname, port } = new URL(gateway.mqttUrl);
  const { command, args } = toolCommand('mosquitto_pub', [
    ...['-V', '5', '-q', '1', '-h', hostname, '-p', port],
    ...['-u', gateway.username, '-P', gateway.password],
    ...['-t', gateway.topic, '-m', message],
  ]);
  await run(command, args);
}

test('a reading sent by mosquitto_pub is in the API and on screen within 5 s', async () => {
  const visit = await visitAs(browser(), demo, accountOf(demo, 'installer'));
  const { page, context } = visit;
  const [key] = demo.gateway.meters;
  const list = await read(visit, '/meters', metersSchema);
  const details = await Promise.all(
    list.meters
      .filter((m) => m.line === null && m.kind === 'physical')
      .map((m) => read(visit, `/meters/${m.id}`, meterDetail)),
  );
  const meter = details.find((m) =>
    m.keys.some((k) => k.gatewayId === demo.gateway.id && k.meterKey === key),
  );
  if (!meter) throw new Error(`no meter has the key ${key} of the demo's own gateway`);
  await open(page, `/sites/${meter.siteId}/meters/${meter.id}`);
  const power_w = 4000 + (Date.now() % 900);
  const shown = quantityText(formatMeasurand('en', power_w, 'active_power_w'));
  await publish(
    JSON.stringify({ meter: key, at: new Date().toISOString(), values: { active_power_w: power_w } }),
  );
  await Promise.all([
    page
      .getByRole('heading', { level: 1 })
      .filter({ hasText: shown })
      .waitFor({ timeout: promise_s * 1000 }),
    waitFor(
      async () => {
        const { latest } = await read(visit, `/meters/${meter.id}`, meterDetail);
        return latest?.values.some((v) => v.measurand === 'active_power_w' && v.value === power_w);
      },
      { timeout_s: promise_s, pause_ms: 100 },
    ),
  ]);
  await context.close();
});

test('a message that cannot be read is in the dead letters with its reason, until somebody resolves it', async () => {
  const { page, context } = await visitAs(browser(), demo, accountOf(demo, 'installer'));
  await open(page, '/field');
  const text = `{"meter": "broken at ${new Date().toISOString()}`;
  await publish(text);
  const letters = page.getByRole('region', { name: /^Dead letters/ });
  const letter = letters.getByRole('row').filter({ hasText: 'Not readable' }).first();
  // The list is read again each 10 s.
  await letter.waitFor({ timeout: 30_000 });
  await letter.getByRole('button', { name: /^Show/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Not readable' });
  await dialog.getByText(text).waitFor();
  expect(await dialog.getByText(demo.gateway.topic).count()).toBe(1);
  await dialog
    .getByLabel('What was done about it')
    .fill('Sent by a test; the device is told to close its braces.');
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await dialog.waitFor({ state: 'detached' });
  await letters.getByLabel('Only open ones').uncheck();
  await letters.getByRole('row').filter({ hasText: 'resolved' }).first().waitFor();
  await context.close();
});
