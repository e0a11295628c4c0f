import { type MeasurandName, measurands, trustRungs } from '@wattproof/energy';
import { z } from 'zod';

const measurand = z.enum(measurands.map((m) => m.name) as [MeasurandName, ...MeasurandName[]]);
const key = z.string().min(1).max(64);
const address = z.number().int().min(0).max(65_535);
const factor = {
  multiply: z.number().positive().exactOptional(),
  divide: z.number().positive().exactOptional(),
};
/** The text form of a number, as JSON writes the keys of an object. */
const numberKey = z.string().regex(/^\d{1,5}$/);

const scale = z.union([
  z.strictObject({
    product: z.array(key).min(1).max(4),
    steps: z
      .array(z.strictObject({ ...factor, below: z.number().exactOptional() }))
      .min(1)
      .max(16),
  }),
  z.strictObject({ timesPoints: z.array(key).min(1).max(4) }),
  z.strictObject({ ...factor, tenTo: key }),
  z.strictObject(factor),
]);

const point = z.strictObject({
  key,
  address,
  type: z.enum(['u16', 's16', 'u32', 's32', 'u48', 'u64', 's64', 'f32']),
  wordOrder: z.enum(['highFirst', 'lowFirst']).exactOptional(),
  input: z.number().int().min(1).max(64).exactOptional(),
  measurand: z
    .union([measurand, z.strictObject({ from: key, choices: z.record(numberKey, measurand) })])
    .exactOptional(),
  scale: scale.exactOptional(),
  signFrom: z.strictObject({ point: key, negative: z.number() }).exactOptional(),
  notAvailable: z.array(z.number().min(0)).max(8).exactOptional(),
  range: z.strictObject({ min: z.number(), max: z.number() }).exactOptional(),
  modulus_counts: z.number().positive().exactOptional(),
  writable: z.boolean().exactOptional(),
  allowed: z.array(z.number()).max(64).exactOptional(),
  initial: z.number().exactOptional(),
  rate: z.enum(['fast', 'normal', 'slow']).exactOptional(),
  countsPulses: z.boolean().exactOptional(),
});

/**
 * A device profile as it travels to a gateway that does not ship it: the same shape as `DeviceProfile` of
 * `@wattproof/devices`, whose `checkProfile` says what no shape can.
 */
export const wireProfile = z.strictObject({
  id: z.string().regex(/^own-[a-z0-9-]{1,60}$/),
  maker: z.string().max(80),
  models: z.array(z.string().max(80)).max(64),
  title: z.string().max(160),
  source: z.string().max(400),
  trust: z.enum(trustRungs),
  verified: z.boolean(),
  notice: z.string().max(400).exactOptional(),
  functionCode: z.union([z.literal(3), z.literal(4)]),
  limits: z.strictObject({
    maxWords: z.number().int().min(1).max(125),
    minimumGap_ms: z.number().min(0).max(1000),
    unreadable: z.array(z.strictObject({ address, words: z.number().int().min(1).max(65_536) })).max(64),
  }),
  communication: z
    .strictObject({
      modes: z.array(z.enum(['rtu', 'ascii'])),
      bauds: z.array(z.number().int()),
      parities: z.array(z.enum(['none', 'even', 'odd'])),
      stopBits: z.array(z.union([z.literal(1), z.literal(2)])),
      addresses: z.strictObject({ min: z.number().int(), max: z.number().int() }),
      turnaround_ms: z.number().exactOptional(),
      gap_ms: z.number().exactOptional(),
      delivered: z
        .strictObject({
          address: z.number().int().exactOptional(),
          baud: z.number().int().exactOptional(),
          mode: z.enum(['rtu', 'ascii']).exactOptional(),
          parity: z.enum(['none', 'even', 'odd']).exactOptional(),
        })
        .exactOptional(),
      source: z.string().max(400),
    })
    .exactOptional(),
  identity: z.strictObject({ point: key, equals: z.number().exactOptional() }).exactOptional(),
  resets: z.strictObject({ address, bits: z.record(numberKey, measurand) }).exactOptional(),
  points: z.array(point).min(1).max(500),
});
export type WireProfile = z.infer<typeof wireProfile>;
