import { z } from 'zod';

const programSchema = z.object({
  WATTPROOF_TEST_BUBBLEWRAP: z.string(),
  WATTPROOF_TEST_PREFIX: z.string(),
  WATTPROOF_TEST_TOOLS: z.string(),
  WATTPROOF_TEST_LOGS: z.string(),
  WATTPROOF_TEST_SCRATCH: z.string(),
});
const serviceSchema = programSchema.extend({
  WATTPROOF_TEST_DATABASE_URL: z.string(),
  WATTPROOF_TEST_DATABASE_ROLE_PASSWORDS: z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(
      z.object({
        wattproof_api: z.string(),
        wattproof_ingestion: z.string(),
        wattproof_worker: z.string(),
        wattproof_auth: z.string(),
        wattproof_reader: z.string(),
      }),
    ),
  WATTPROOF_TEST_REDIS_URL: z.string(),
  WATTPROOF_TEST_MQTT_URL: z.string(),
  WATTPROOF_TEST_MQTT_ADMIN_USERNAME: z.string(),
  WATTPROOF_TEST_MQTT_ADMIN_PASSWORD: z.string(),
  WATTPROOF_TEST_MQTT_INGESTION_USERNAME: z.string(),
  WATTPROOF_TEST_MQTT_INGESTION_PASSWORD: z.string(),
});
export type TestEnvironment = z.infer<typeof serviceSchema>;
export type TestPrograms = z.infer<typeof programSchema>;

function read<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(
    `This test needs running services (${missing} not set): run npm test, or start them with node infra/test.mjs --services and paste the exports it prints.`,
  );
}

/**
 * Where the services of this test run are.
 * @throws Error when the run was started without them: a missing service never skips a test.
 */
export function testEnvironment(): TestEnvironment {
  return read(serviceSchema);
}

/**
 * Where the independent programs of this test run are.
 * @throws Error when the run was started without them.
 */
export function testPrograms(): TestPrograms {
  return read(programSchema);
}
