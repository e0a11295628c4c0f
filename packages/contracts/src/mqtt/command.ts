import { z } from 'zod';

const about = {
  id: z.uuid(),
  /** Nothing is done after this: a late command is a wrong one. */
  expiresAt: z.iso.datetime(),
  /** Key of the line. */
  line: z.string().min(1).max(64),
  unit: z.number().int().min(0).max(255),
};
const word = z.number().int().min(0).max(65_535);

/** `down/command`, never retained, with an expiry of its own besides that of the broker. JSON. */
export const commandMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('read'),
    ...about,
    functionCode: z.union([z.literal(3), z.literal(4)]),
    address: word,
    words: z.number().int().min(1).max(125),
  }),
  z.object({
    kind: z.literal('write'),
    ...about,
    address: word,
    /** What the registers held when a person decided; the gateway writes nothing where they hold anything else. */
    before: z.array(word).min(1).max(4),
    words: z.array(word).min(1).max(4),
  }),
  /** Follows what a SunSpec device says of itself. */
  z.object({ kind: z.literal('sunspec'), ...about }),
]);
export type CommandMessage = z.infer<typeof commandMessage>;

/** How a command ended. `unconfirmed`: written, but the registers do not hold what was written. */
export const commandOutcomes = [
  'done',
  'refused',
  'expired',
  'exception',
  'timeout',
  'garbled',
  'lost',
  'unconfirmed',
] as const;
export type CommandOutcome = (typeof commandOutcomes)[number];

const hex = z.string().regex(/^([0-9A-F]{2}){0,600}$/);

/** `up/result`: what became of a command. JSON. */
export const resultMessage = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  outcome: z.enum(commandOutcomes),
  message: z.string().max(500),
  exceptionCode: z.number().int().min(0).max(255).optional(),
  /** What went over the wire, in order; a reply that never came is null. */
  exchanges: z
    .array(
      z.object({
        request: hex,
        reply: hex.nullable(),
        at: z.iso.datetime(),
        took_ms: z.number().min(0),
      }),
    )
    .max(64),
  /** Contents of the registers: as read, or as read back. */
  registers: z.array(z.object({ address: word, words: z.array(word).max(125) })).max(64),
  /** Addresses that a SunSpec search found refused. */
  refusedAddresses: z.array(word).max(8).optional(),
});
export type ResultMessage = z.infer<typeof resultMessage>;
