import { z } from 'zod';

/** Environment of the gateway process. */
export const environment = z.object({
  WATTPROOF_EDGE_CONFIG: z.string().min(1, 'path of the gateway’s start file'),
  WATTPROOF_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
