import { z } from 'zod';

/** Everything that the workers read from their environment. */
export const environment = z.object({
  WATTPROOF_PORT: z.coerce.number().int().min(1).max(65_535).default(24_303),
  WATTPROOF_DATABASE_URL: z.url(),
  WATTPROOF_REDIS_URL: z.url(),
  /** Opens the keys that sign evidence bundles. */
  WATTPROOF_SECRET_KEY: z
    .string()
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'must be 32 bytes in base64'),
  WATTPROOF_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});
export type Environment = z.infer<typeof environment>;
