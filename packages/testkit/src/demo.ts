import { readFileSync } from 'node:fs';
import { z } from 'zod';

const demoSchema = z.object({
  portalUrl: z.string(),
  apiUrl: z.string(),
  docsUrl: z.string(),
  accounts: z.array(
    z.object({ role: z.string(), organisation: z.string(), email: z.string(), password: z.string() }),
  ),
  databaseUrl: z.string(),
  apiKeys: z.array(z.object({ organisation: z.string(), scope: z.string(), key: z.string() })),
  gateway: z.object({
    id: z.string(),
    username: z.string(),
    password: z.string(),
    topic: z.string(),
    meters: z.array(z.string()),
    mqttUrl: z.string(),
  }),
});
export type TestDemo = z.infer<typeof demoSchema>;

/**
 * The running demo that end-to-end tests walk through.
 * @throws Error when none was started for this run.
 */
export function demoUnderTest(): TestDemo {
  const file = process.env.WATTPROOF_TEST_DEMO;
  if (file === undefined) {
    throw new Error(
      'This test needs the running demo (WATTPROOF_TEST_DEMO not set): run npm test -- --only e2e, or npm start and set WATTPROOF_TEST_DEMO to its demo.json.',
    );
  }
  return demoSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
