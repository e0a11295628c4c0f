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
  /** Where people open the portal; mails link to it. */
  WATTPROOF_PORTAL_URL: z.url(),
  /** smtp://user:password@host:587 or smtps://…; without it, or empty, mails wait, and say so. */
  WATTPROOF_SMTP_URL: z
    .union([z.literal('').transform(() => undefined), z.url({ protocol: /^smtps?$/ })])
    .optional(),
  /** Sender of all mails. */
  WATTPROOF_MAIL_FROM: z.string().min(3).default('Wattproof <wattproof@localhost>'),
  WATTPROOF_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
});
export type Environment = z.infer<typeof environment>;
