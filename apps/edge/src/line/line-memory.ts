import { z } from 'zod';
import type { Device } from './device.ts';

/** What was learnt of a line's devices and is worth keeping over a restart. All of it can be learnt again. */
export const lineMemory = z.array(
  z.object({
    unit: z.number().int(),
    profileId: z.string(),
    smoothed_ms: z.number().nullable(),
    deviation_ms: z.number(),
    refusals: z.array(
      z.object({ address: z.number(), words: z.number(), until_ms: z.number(), pause_ms: z.number() }),
    ),
    maxWords: z.object({ words: z.number(), until_ms: z.number() }).nullable(),
    /** Key of meter and measurand, value, instant: so that a reset is seen across a restart. */
    counters: z.array(z.tuple([z.string(), z.number(), z.number()])),
    /** When the device was last read, and what is still wanted of its own memory. */
    seenAt_ms: z.number().optional(),
    missing: z.object({ from_ms: z.number(), to_ms: z.number() }).optional(),
  }),
);
export type LineMemory = z.infer<typeof lineMemory>;

export const learnedOf = (devices: readonly Device[]): LineMemory =>
  devices.map((device) => ({
    unit: device.unit,
    profileId: device.profile.id,
    smoothed_ms: device.roundTrip.smoothed_ms ?? null,
    deviation_ms: device.roundTrip.deviation_ms,
    refusals: [...device.refusals],
    maxWords: device.maxWords ?? null,
    counters: [...device.counters].map(([key, { value, at_ms }]) => [key, value, at_ms]),
    ...(device.memory.seenAt_ms === undefined ? {} : { seenAt_ms: device.memory.seenAt_ms }),
    ...(device.memory.missing ? { missing: device.memory.missing } : {}),
  }));

/** Gives devices what an earlier run learnt of them; one with another profile begins anew. */
export function recall(devices: readonly Device[], memory: LineMemory = []): void {
  for (const device of devices) {
    const known = memory.find((m) => m.unit === device.unit && m.profileId === device.profile.id);
    if (!known) continue;
    if (known.smoothed_ms !== null)
      device.roundTrip = {
        smoothed_ms: known.smoothed_ms,
        deviation_ms: known.deviation_ms,
        unanswered: 0,
      };
    device.refusals = known.refusals;
    device.maxWords = known.maxWords ?? undefined;
    device.memory = { ...device.memory, seenAt_ms: known.seenAt_ms, missing: known.missing };
    for (const [key, value, at_ms] of known.counters) device.counters.set(key, { value, at_ms });
  }
}
