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
