import { z } from 'zod';

const command = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      context.addIssue({ code: 'custom', message: `not JSON: ${(error as Error).message}` });
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string()).min(1));

const portBase = 24_300;

/** Environment of the simulator process. */
export const environment = z.object({
  WATTPROOF_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(portBase + 4),
  WATTPROOF_PORT_MODBUS: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(portBase + 30),
  WATTPROOF_STATE: z.string().default('.wattproof'),
  /** Command that runs socat, as a JSON array; serial lines are made with it. */
  WATTPROOF_SOCAT: command.optional(),
  WATTPROOF_DEMO_SEED: z.string().optional(),
  WATTPROOF_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});
