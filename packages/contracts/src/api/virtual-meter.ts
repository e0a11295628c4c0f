import { z } from 'zod';
import { counterName } from './meter-event.ts';
import { carrier, energyUse, instant, meterId, uuid } from './value.ts';

const sign = z.union([z.literal(1), z.literal(-1)]);

/** One term of a signed sum, valid in [validFrom, validTo); null is open. */
const term = z.strictObject({
  sourceMeterId: meterId,
  measurand: counterName,
  sign,
  validFrom: instant.nullable().default(null),
  validTo: instant.nullable().default(null),
});

export const virtualMeter = z.object({
  meterId,
  name: z.string(),
  role: z.enum(['total', 'use', 'feeder']),
  carrier,
  energyUse: energyUse.nullable(),
  zoneId: uuid.nullable(),
  measurand: counterName,
  unit: z.string(),
  terms: z.array(term.extend({ sourceName: z.string() })),
  /** Intervals are known in [knownFrom, knownTo); null while nothing is computed. */
  knownFrom: instant.nullable(),
  knownTo: instant.nullable(),
  /** Its intervals are being computed anew. */
  isComputing: z.boolean(),
});
export type VirtualMeter = z.infer<typeof virtualMeter>;

/** A sum that the site's structure calls for and that no virtual meter is yet. */
export const suggestedVirtualMeter = z.object({
  kind: z.enum(['siteTotal', 'selfConsumption', 'residual']),
  /** The meter whose remainder a residual is. */
  ofMeterId: meterId.nullable(),
  carrier,
  measurand: counterName,
  terms: z.array(term.extend({ sourceName: z.string() })),
});
export type SuggestedVirtualMeter = z.infer<typeof suggestedVirtualMeter>;

/** GET /sites/{siteId}/virtual-meters */
export const virtualMeters = z.object({
  virtualMeters: z.array(virtualMeter),
  suggestions: z.array(suggestedVirtualMeter),
  /** What a term may be: meters of the site with the counters that are kept as intervals. */
  sources: z.array(
    z.object({
      meterId,
      name: z.string(),
      carrier: z.string(),
      parentId: meterId.nullable(),
      kind: z.string(),
      role: z.string(),
      measurands: z.array(counterName),
    }),
  ),
});
export type VirtualMeters = z.infer<typeof virtualMeters>;

/**
 * POST /sites/{siteId}/virtual-meters and PUT /sites/{siteId}/virtual-meters/{meterId} (the whole definition).
 * Refused with code `conflict` or `invalid` and `details.findings`: `virtualMeterCycle` (data.cycle: path of meter
 * ids), `countedTwice` (data.meterId, data.alsoIn, data.from, data.to), `unitMismatch`, `carrierMismatch`,
 * `otherSite`, `notKept` (no intervals of that counter), `termValidity`.
 */
export const saveVirtualMeter = z.strictObject({
  name: z.string().trim().min(1).max(80),
  role: z.enum(['total', 'use', 'feeder']).default('use'),
  carrier,
  energyUse: energyUse.nullable().default(null),
  zoneId: uuid.nullable().default(null),
  measurand: counterName,
  terms: z.array(term).min(1).max(200),
});
export type SaveVirtualMeter = z.input<typeof saveVirtualMeter>;
