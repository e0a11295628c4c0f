/** What a bundle holds: its files and their schemas. The form is frozen; a change of it gets a new number. */
import { z } from 'zod';
import { unavailableReasons } from './sampling.ts';

export const bundleForm = 'wattproof/bundle/1';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const head = z.strictObject({ seq: z.int().positive(), hash: hex64 });

export const fileNames = {
  manifest: 'manifest.json',
  signature: 'signature.json',
  chain: 'chain.jsonl',
  keys: 'keys.json',
  sites: 'data/sites.json',
  meters: 'data/meters.json',
  account: 'data/account.json',
  enpis: 'data/enpis.json',
  sums: 'data/sums.json',
  spreadsheet: 'data/figures.xlsx',
  snapshot: 'report/snapshot.json',
} as const;
export const daysName = (siteId: string): string => `data/meter-days/${siteId}.csv`;

export const manifest = z.strictObject({
  form: z.literal(bundleForm),
  /** ISO 8601 in UTC. */
  createdAt: z.string(),
  createdBy: z.string(),
  organisation: z.string(),
  entity: z.string(),
  audit: z.strictObject({ id: z.string(), name: z.string(), from: z.string(), to: z.string() }),
  /** Meter-days of these local dates are carried, [from, to). */
  days: z.strictObject({ from: z.string(), to: z.string() }),
  report: z.strictObject({ file: z.string(), sha256: hex64, documentId: z.string() }).nullable(),
  /** Every file but the manifest and its signature, in the order of their names. */
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int(), sha256: hex64 })),
  tree: z.strictObject({ leaves: z.int(), root: hex64 }),
  chain: head,
  /** Draws that fell on a day which cannot be shown with its readings, and why. */
  sampling: z.strictObject({
    draws: z.int(),
    unavailable: z.array(z.strictObject({ draw: z.int(), reason: z.enum(unavailableReasons) })),
  }),
  keyFingerprint: z.string(),
  /** Versions of what the figures were made with. */
  formulas: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof manifest>;

export const signatureFile = z.strictObject({
  form: z.literal('wattproof/signature/1'),
  algorithm: z.literal('Ed25519'),
  publicKey: hex64,
  fingerprint: z.string(),
  /** Over the bytes of the manifest after `wattproof/bundle/1` and a line feed. */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type SignatureFile = z.infer<typeof signatureFile>;

export const keyEntry = z.strictObject({
  publicKey: hex64,
  fingerprint: z.string(),
  addedAt: z.string(),
  /** Signature of this key by the key before it; null for the first. */
  endorsement: z.string().nullable(),
  endorsedBy: z.string().nullable(),
  retiredAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  revocationReason: z.string(),
});
export type KeyEntry = z.infer<typeof keyEntry>;
export const keysFile = z.array(keyEntry);

export const siteEntry = z.strictObject({ id: z.string(), name: z.string(), timeZone: z.string() });
export const sitesFile = z.array(siteEntry);
export type SiteEntry = z.infer<typeof siteEntry>;

export const meterEntry = z.strictObject({
  id: z.int(),
  siteId: z.string(),
  name: z.string(),
  kind: z.string(),
  role: z.string(),
  carrier: z.string(),
  serialNumber: z.string(),
  profileId: z.string().nullable(),
  accuracy: z.array(z.strictObject({ part: z.string(), class: z.number() })),
});
export const metersFile = z.array(meterEntry);
export type MeterEntry = z.infer<typeof meterEntry>;

/** What a meter counted over the days of the audit, as the reports say it. */
export const sumEntry = z.strictObject({
  meterId: z.int(),
  measurand: z.string(),
  from: z.string(),
  to: z.string(),
  delta: z.int().nullable(),
  days: z.int(),
});
export const sumsFile = z.array(sumEntry);
export type SumEntry = z.infer<typeof sumEntry>;

const numberOrNull = z.number().nullable();
/** An EnPI with all that its saving is computed from. The model is checked by what comes out of it. */
export const enpiEntry = z.strictObject({
  id: z.string(),
  name: z.string(),
  siteId: z.string(),
  /** Their energies are added. */
  meterIds: z.array(z.int()),
  measurand: z.string(),
  version: z.int(),
  model: z.record(z.string(), z.unknown()),
  confidence: z.number(),
  /** Approved non-routine adjustments that the saving contains; the chain holds the dossier of each, and its approval. */
  adjustments: z
    .array(
      z.strictObject({
        id: z.string(),
        event: z.string(),
        from: z.string(),
        to: z.string().nullable(),
        energy_wh_per_day: z.number(),
        halfWidth_wh_per_day: z.number(),
      }),
    )
    .default([]),
  reporting: z.strictObject({ from: z.string(), to: z.string() }),
  days: z.array(
    z.strictObject({
      date: z.string(),
      actual_wh: numberOrNull,
      /** Relevant variables by their name in the model. */
      given: z.record(z.string(), numberOrNull),
      temperature_c: numberOrNull,
    }),
  ),
  stated: z.strictObject({
    knownDays: z.int(),
    actual_wh: z.number(),
    expected_wh: z.number(),
    /** expected − actual. */
    savings_wh: z.number(),
    /** Of the model alone; null where too few days are known to say one. */
    modelHalfWidth_wh: numberOrNull,
  }),
});
export const enpisFile = z.array(enpiEntry);
export type EnpiEntry = z.infer<typeof enpiEntry>;

/** Input of the coverage and what the report states. Its parts are checked by what comes out of them. */
export const accountFile = z.strictObject({
  input: z.record(z.string(), z.unknown()),
  /** Version of the coverage's formula; bundles of before it was written here were computed with the second. */
  coverageVersion: z.int().default(2),
  /** Texts of the spreadsheet in the language of the report; a bundle without them has the English ones. */
  words: z.record(z.string(), z.string()).optional(),
  stated: z
    .strictObject({ inScope: z.string(), total: z.string(), share_percent: z.string(), unit: z.string() })
    .nullable(),
});
export type AccountFile = z.input<typeof accountFile>;
