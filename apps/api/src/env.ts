import { z } from 'zod';

/** Everything that the API reads from its environment. */
export const envSchema = z.object({
  WATTPROOF_PORT: z.coerce.number().int().min(1).max(65_535).default(24_301),
  WATTPROOF_DATABASE_URL: z.url(),
  WATTPROOF_AUTH_DATABASE_URL: z.url(),
  WATTPROOF_REDIS_URL: z.url(),
  WATTPROOF_MQTT_URL: z.url(),
  WATTPROOF_MQTT_USERNAME: z.string().min(1),
  WATTPROOF_MQTT_PASSWORD: z.string().min(1),
  WATTPROOF_SECRET_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64'),
  WATTPROOF_PORTAL_URL: z.url(),
  WATTPROOF_API_URL: z.url(),
  WATTPROOF_PARTITIONS: z.coerce.number().int().min(1).max(256).default(4),
  WATTPROOF_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});
export type Env = z.infer<typeof envSchema>;
