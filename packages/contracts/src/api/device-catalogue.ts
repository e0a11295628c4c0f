import { z } from 'zod';

const communication = z.object({
  modes: z.array(z.enum(['rtu', 'ascii'])),
  bauds: z.array(z.int()),
  parities: z.array(z.enum(['none', 'even', 'odd'])),
  stopBits: z.array(z.int()),
  addresses: z.object({ min: z.int(), max: z.int() }),
  turnaround_ms: z.number().nullable(),
  gap_ms: z.number().nullable(),
  source: z.string(),
});

/** A catalogue number: what can be bought and fitted. */
export const catalogueProduct = z.object({
  catalogueNumber: z.string(),
  kind: z.string(),
  title: z.string(),
  source: z.string(),
  network: z.enum(['single', 'three']).nullable(),
  connection: z.enum(['direct', 'transformer']).nullable(),
  current_a_max: z.number().nullable(),
  modules: z.number().nullable(),
  quantities: z.array(z.string()),
  outputs: z.array(z.string()),
  pulse: z
    .object({ weights_wh: z.array(z.number()), durations_ms: z.array(z.number()), terminals: z.string() })
    .nullable(),
  isMid: z.boolean(),
  class_active: z.number().nullable(),
  class_reactive: z.number().nullable(),
  communication: communication.nullable(),
  profileIds: z.array(z.string()),
  needs: z.array(z.string()),
  cautions: z.array(z.string()),
  /** Current transformers only. */
  transformer: z
    .object({
      construction: z.enum(['closed', 'open', 'threePhase']),
      primary_a: z.number(),
      secondary_a: z.number(),
      cable_mm: z.number().nullable(),
      bars_mm: z.array(z.tuple([z.number(), z.number()])),
      class_printed: z.number(),
      class_burden: z.number(),
      burden_va: z.number(),
    })
    .nullable(),
});
export type CatalogueProduct = z.infer<typeof catalogueProduct>;

/** A register map, with how far it can be trusted. */
export const catalogueProfile = z.object({
  id: z.string(),
  maker: z.string(),
  title: z.string(),
  models: z.array(z.string()),
  source: z.string(),
  trust: z.string(),
  notice: z.string().nullable(),
  functionCode: z.int(),
  maxWords: z.int(),
  minimumGap_ms: z.number(),
  /** Made by the organisation, from the table of that file; null where it ships with the product. */
  uploaded: z.object({ fileName: z.string(), by: z.string(), at: z.string() }).nullable(),
  /** Inputs of a device that carries several meters. */
  inputs: z.array(z.int()),
  measurands: z.array(z.string()),
  writablePoints: z.array(z.string()),
  communication: communication.nullable(),
  points: z.array(
    z.object({
      key: z.string(),
      address: z.int(),
      type: z.string(),
      input: z.int().nullable(),
      /** Several where a register says which it is. */
      measurands: z.array(z.string()),
      isWritable: z.boolean(),
    }),
  ),
});
export type CatalogueProfile = z.infer<typeof catalogueProfile>;

/** GET /device-catalogue */
export const deviceCatalogue = z.object({
  products: z.array(catalogueProduct),
  profiles: z.array(catalogueProfile),
});
export type DeviceCatalogue = z.infer<typeof deviceCatalogue>;

/** What a person says of a device besides its register table. */
export const profileAbout = z.strictObject({
  /** The id becomes `own-…`. */
  name: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'small letters, digits and hyphens, at most 60'),
  title: z.string().trim().min(1).max(120),
  maker: z.string().trim().min(1).max(80),
  /** Catalogue numbers, separated by commas. */
  models: z.string().trim().min(1).max(400),
  /** The document that the table is from. */
  source: z.string().trim().min(1).max(200),
  maxWords: z.coerce.number<string>().int().min(1).max(125).default(32),
  minimumGap_ms: z.coerce.number<string>().min(0).max(1000).default(20),
  wordOrder: z.enum(['highFirst', 'lowFirst']).default('highFirst'),
});
/** POST /device-profiles: query beside the table. */
export const uploadProfileQuery = profileAbout.extend({
  dryRun: z.enum(['true', 'false']).default('true'),
  fileName: z.string().trim().min(1).max(200).default('registers.csv'),
});

/** What became of an uploaded table: the profile it makes, or every error by row; never half of it. */
export const uploadedProfile = z.object({
  dryRun: z.boolean(),
  stored: z.boolean(),
  profile: catalogueProfile.nullable(),
  /** Registers whose meaning was not recognised: kept as attributes. */
  attributes: z.array(z.object({ row: z.int(), description: z.string() })),
  skippedRows: z.array(z.int()),
  errors: z.array(z.object({ row: z.int(), field: z.string(), value: z.string(), reason: z.string() })),
});
export type UploadedProfile = z.infer<typeof uploadedProfile>;
