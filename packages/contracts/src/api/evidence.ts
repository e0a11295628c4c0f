import { z } from 'zod';
import { decimal, instant, localDate, measurandName, meterId, qualityShares, uuid } from './value.ts';

/** GET /evidence : what is given out beside a bundle, and the keys that sign. */
export const evidenceState = z.object({
  /** Number and hash of the newest record; null while there is none. */
  anchor: z.string().nullable(),
  anchoredAt: instant.nullable(),
  /** Of the key that signs now; null until the first bundle or rotation. */
  fingerprint: z.string().nullable(),
  keys: z.array(
    z.object({
      fingerprint: z.string(),
      addedAt: instant,
      endorsedBy: z.string().nullable(),
      retiredAt: instant.nullable(),
      revokedAt: instant.nullable(),
      revocationReason: z.string(),
    }),
  ),
});
export type EvidenceState = z.infer<typeof evidenceState>;

/** GET /evidence/records : the chain, the newest first. */
export const evidenceRecords = z.object({
  records: z.array(
    z.object({
      seq: z.int(),
      at: instant,
      kind: z.string(),
      hash: z.string(),
      previous: z.string(),
      body: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type EvidenceRecords = z.infer<typeof evidenceRecords>;
export const evidenceRecordsQuery = z.strictObject({
  before: z.coerce.number().int().positive().optional(),
  kind: z.string().max(40).optional(),
});

/** POST /evidence/keys/{fingerprint}/revocation */
export const revokeKey = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** An evidence bundle as it was issued. */
export const evidenceBundle = z.object({
  id: uuid,
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  fingerprint: z.string(),
  anchor: z.string(),
  meterDays: z.int(),
  createdAt: instant,
  createdBy: z.string(),
});
/** GET /audits/{auditId}/bundles */
export const evidenceBundles = z.object({ bundles: z.array(evidenceBundle) });
export type EvidenceBundles = z.infer<typeof evidenceBundles>;

/** What a meter counted over a month, as it is known at an instant. */
const periodFigure = z.object({
  meterId,
  meterName: z.string(),
  measurand: measurandName,
  /** Base unit of the measurand. */
  delta: z.number().nullable(),
  days: z.int(),
});
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);

/** A sealed day that changed: before, after and why. */
export const restatement = z.object({
  seal: z.int(),
  at: instant,
  meterId,
  meterName: z.string(),
  measurand: measurandName,
  date: localDate,
  version: z.int(),
  before: z.number().nullable(),
  after: z.number().nullable(),
  reason: z.enum(['meterEvent', 'decision', 'lateReadings', 'recomputed']),
  /** What a person said about it. */
  explanation: z.object({ text: z.string(), by: z.string(), at: instant }).nullable(),
});
export type Restatement = z.infer<typeof restatement>;

/** GET /sites/{siteId}/periods */
export const periods = z.object({
  siteId: uuid,
  timeZone: z.string(),
  months: z.array(
    z.object({
      month,
      /** over: can be signed off; running: not over yet. */
      state: z.enum(['running', 'over', 'closed']),
      sealedDays: z.int(),
      /** Days of meters that are over and not sealed. */
      openDays: z.int(),
      /** Restatements in all, and after the month was signed off. */
      restatements: z.int(),
      restatedSinceClose: z.int(),
      close: z
        .object({ closedAt: instant, closedBy: z.string(), note: z.string(), record: z.int() })
        .nullable(),
    }),
  ),
});
export type Periods = z.infer<typeof periods>;

/** GET /sites/{siteId}/periods/{month}?knownAt= */
export const periodDetail = z.object({
  siteId: uuid,
  month,
  /** The instant asked for, and the figures as they were known then; days not sealed then are not in them. */
  knownAt: instant,
  asKnown: z.array(periodFigure),
  now: z.array(periodFigure),
  restatements: z.array(restatement),
  /** Bills and credit notes that came after the month was signed off: what the delivery point was billed, by days. */
  billRestatements: z.array(
    z.object({
      record: z.int(),
      at: instant,
      deliveryPointId: uuid,
      deliveryPointName: z.string(),
      bills: z.array(z.string()),
      before: z.object({ energy_kwh: decimal, amount: decimal }),
      after: z.object({ energy_kwh: decimal, amount: decimal }),
      currency: z.string(),
      reason: z.string(),
      by: z.string(),
    }),
  ),
});
export type PeriodDetail = z.infer<typeof periodDetail>;
export const knownAtQuery = z.strictObject({ knownAt: instant.optional() });
export const monthParameter = month;

/** POST /sites/{siteId}/periods/{month}/close */
export const closePeriod = z.strictObject({ note: z.string().trim().max(500).default('') });
/** PUT /sites/{siteId}/restatements/{seal}/explanation */
export const explainRestatement = z.strictObject({ text: z.string().trim().min(1).max(1000) });

/** A figure: a number in a base unit, or exact decimals. */
const receiptValue = z.object({
  number: z.number().nullable(),
  decimal: z.string().nullable(),
  /** Base unit, or the code of a currency. */
  unit: z.string(),
  /** Half-width of its uncertainty, in the same unit. */
  halfWidth: z.number().nullable(),
});

/** GET /receipts/{receiptId} : a figure computed again, with everything that it was computed from. */
export const receipt = z.object({
  id: z.string(),
  kind: z.string(),
  /** What the figure is of, for people: meter, site, audit … */
  subject: z.string(),
  value: receiptValue,
  computedAt: instant,
  formula: z.object({ name: z.string(), version: z.int(), expression: z.string() }),
  /** Local dates, [from, to). */
  period: z.object({ from: localDate, to: localDate, timeZone: z.string() }).nullable(),
  quality: qualityShares.nullable(),
  /** How many of the days behind it are sealed, and how many of these were restated. */
  seal: z.object({ days: z.int(), sealed: z.int(), restated: z.int() }).nullable(),
  settings: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Prices and factors in force, each with the date from which it holds. */
  factors: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      unit: z.string(),
      validFrom: localDate.nullable(),
      source: z.string(),
    }),
  ),
  meter: z
    .object({
      id: meterId,
      name: z.string(),
      kind: z.string(),
      serialNumber: z.string(),
      accuracy: z.array(z.object({ part: z.string(), class: z.number() })),
      /** Limit of the whole chain; null where it is not stated. */
      chain_percent: z.number().nullable(),
      profile: z.object({ id: z.string(), name: z.string(), trust: z.string() }).nullable(),
    })
    .nullable(),
  /** What the figure is made of; each leads to a receipt of its own where it has one. */
  parts: z.array(
    z.object({
      name: z.string(),
      sign: z.union([z.literal(1), z.literal(-1)]),
      value: receiptValue,
      receipt: z.string().nullable(),
      /** Of a bill: the file and row it came from. */
      source: z.string(),
    }),
  ),
  /** Of a day: its intervals, [start, quality code, amount]. */
  intervals: z.array(z.tuple([instant, z.int(), z.number().nullable()])),
  /** Of a day: the readings on either side of its ends, and how many there are in all. */
  readings: z
    .object({ count: z.int(), shown: z.array(z.tuple([instant, z.number().nullable()])) })
    .nullable(),
  /** Of a sealed day: its line, the record that sealed it, and the way from its leaf to the record's root. */
  proof: z
    .object({
      line: z.string(),
      leaf: z.string(),
      record: z.int(),
      root: z.string(),
      position: z.int(),
      count: z.int(),
      path: z.array(z.string()),
    })
    .nullable(),
  findings: z.array(z.string()),
});
export type Receipt = z.infer<typeof receipt>;

/** Most receipts that one request opens. */
export const mostReceipts = 60;
/** POST /receipts : opens several receipts; an answer that several figures stand in is computed once. Stores nothing. */
export const openReceipts = z.strictObject({
  ids: z.array(z.string().min(3).max(900)).min(1).max(mostReceipts),
});
export const openedReceipts = z.object({
  /** In the order asked for; where one does not open, why. */
  receipts: z.array(
    z.object({
      id: z.string(),
      receipt: receipt.nullable(),
      problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    }),
  ),
});
export type OpenedReceipts = z.infer<typeof openedReceipts>;
