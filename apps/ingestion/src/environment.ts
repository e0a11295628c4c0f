import { z } from 'zod';

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** `4` = partitions 0 to 3; `20-23` = those four. */
const partitions = z
  .string()
  .default('4')
  .transform((text, context) => {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
    const first = match?.[2] === undefined ? 0 : Number(match[1]);
    const last = match?.[2] === undefined ? Number(match?.[1]) - 1 : Number(match[2]);
    if (!match || last < first || last - first >= 1024) {
      context.addIssue({ code: 'custom', message: 'is neither a number of partitions nor a range like 0-3' });
      return z.NEVER;
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });

export const environmentSchema = z.object({
  WATTPROOF_DATABASE_URL: z.url(),
  WATTPROOF_REDIS_URL: z.url(),
  WATTPROOF_MQTT_URL: z.url(),
  WATTPROOF_MQTT_USERNAME: z.string().min(1),
  WATTPROOF_MQTT_PASSWORD: z.string().min(1),
  WATTPROOF_PORT: z.coerce.number().int().min(0).max(65_535).default(24_302),
  WATTPROOF_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  WATTPROOF_PARTITIONS: partitions,
  /**
   * Messages of one partition that may be under way between broker and commit. Many: while gateways send at full speed the
   * broker reads few of our acknowledgements, and a small window would stand still. What lies in our memory is bounded by batches.
   */
  WATTPROOF_RECEIVE_MAXIMUM: z.coerce.number().int().min(10).max(65_535).default(60_000),
  /** How long the broker keeps messages for a partition that no process reads. */
  WATTPROOF_SESSION_EXPIRY_S: positive(86_400),
  /** Longest wait of a message for others of its batch. */
  WATTPROOF_FLUSH_MS: positive(200),
  WATTPROOF_FLUSH_ROWS: positive(14_000),
  /** Readings older than this are refused: their intervals are closed and their chunks may be gone. */
  WATTPROOF_RETENTION_DAYS: positive(400),
  /** Folder of a database on this machine: while its disk has no room, nothing is stored and nothing acknowledged. */
  WATTPROOF_DATABASE_FOLDER: z.string().min(1).optional(),
  /** Folder of a broker on this machine: a person is told while its disk has no room. */
  WATTPROOF_BROKER_FOLDER: z.string().min(1).optional(),
});
export type Environment = z.infer<typeof environmentSchema>;
