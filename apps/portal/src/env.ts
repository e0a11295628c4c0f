import { z } from 'zod';

/** What the portal reads of its environment; the address of the API is the only thing it depends on. */
export const portalEnv = z.object({
  WATTPROOF_API_URL: z.url().default('http://127.0.0.1:24301'),
});

let parsed: z.infer<typeof portalEnv> | null = null;

/** Read at the first request, not at build time. */
export function env(): z.infer<typeof portalEnv> {
  parsed ??= portalEnv.parse({ WATTPROOF_API_URL: process.env.WATTPROOF_API_URL });
  return parsed;
}
