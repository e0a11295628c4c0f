import { accountKinds, factorRoles, formulaNames } from '@wattproof/energy';
import { z } from 'zod';
import { carrier, decimal, energyUse, finding, instant, localDate, locale, money, uuid } from './value.ts';

export const deliveryPoint = z.object({
  id: uuid,
  legalEntityId: uuid,
  legalEntityName: z.string(),
  siteId: uuid.nullable(),
  siteName: z.string().nullable(),
  carrier,
  energyUse: energyUse.nullable(),
  code: z.string(),
  name: z.string(),
  validFrom: localDate,
  validTo: localDate.nullable(),
});

/** POST /delivery-points */
export const newDeliveryPoint = z.strictObject({
  legalEntityId: uuid,
  /** null: at no one site (own fleet). */
  siteId: uuid.nullable(),
  carrier,
  energyUse: energyUse.nullable().default(null),
  /** PRM, PCE, CUPS, MaLo, tank, fuel card. */
  code: z.string().trim().min(1).max(64),
  name: z.string().trim().min(1).max(200),
  validFrom: localDate,
});
/** POST /delivery-points/{deliveryPointId}/hand-over: ends with the day before; another entity, or none, takes it on. */
export const handOver = z.strictObject({ on: localDate, legalEntityId: uuid.nullable() });
export const deliveryPointIds = z.object({ ids: z.array(uuid) });

/** A row of the energy account that no bill states. */
export const accountRow = z.object({
  id: uuid,
  legalEntityId: uuid,
  kind: z.enum(accountKinds),
  carrier,
  siteId: uuid.nullable(),
  meterId: z.int().nullable(),
  energy_kwh: decimal.nullable(),
  calorificBasis: z.enum(['gross', 'net', 'none']),
  validFrom: localDate.nullable(),
  validTo: localDate.nullable(),
  limit_percent: decimal.nullable(),
  counterpartEntityId: uuid.nullable(),
  reason: z.string(),
  source: z.string(),
});
export type AccountRowView = z.infer<typeof accountRow>;
/** POST /account-rows: of a meter, or of a document for [validFrom, validTo). */
export const newAccountRow = accountRow
  .omit({ id: true })
  .extend({
    kind: z.enum(accountKinds).exclude(['purchased', 'received']),
    energy_kwh: decimal.refine((value) => !value.startsWith('-'), 'must not be below zero').nullable(),
    limit_percent: decimal.refine((value) => !value.startsWith('-'), 'must not be below zero').nullable(),
    reason: z.string().trim().min(1).max(500),
    source: z.string().trim().min(1).max(500),
  })
  .refine((row) => (row.meterId === null) !== (row.energy_kwh === null), {
    path: ['energy_kwh'],
    message: 'give a meter or the energy of a document, not both',
  })
  .refine((row) => row.energy_kwh === null || (row.validFrom !== null && row.validTo !== null), {
    path: ['validFrom'],
    message: 'the energy of a document needs its first day and the day after its last',
  })
  .refine((row) => row.validFrom === null || row.validTo === null || row.validFrom < row.validTo, {
    path: ['validTo'],
    message: 'must lie after validFrom',
  })
  .refine(
    (row) =>
      row.counterpartEntityId === null ||
      (row.kind === 'passedOn' && row.counterpartEntityId !== row.legalEntityId),
    { path: ['counterpartEntityId'], message: 'only energy passed on to another legal entity has one' },
  );
export type NewAccountRow = z.infer<typeof newAccountRow>;
export const accountRows = z.object({ accountRows: z.array(accountRow) });

/** What is wrong with a cell of a table that was sent: the row as a spreadsheet counts it, 1 is the head. */
export const tableRejection = z.object({
  row: z.int(),
  column: z.string(),
  value: z.string(),
  message: z.string(),
});
/** POST /account-row-imports?dryRun=true|false: a table with the columns of docs/guides/import-account-rows.md. */
export const accountRowImport = z.object({
  fileName: z.string(),
  dryRun: z.boolean(),
  rows: z.int(),
  /** Of a dry run: what would be stored. */
  stored: z.int(),
  /** Rows that stand in the account already, exactly so. */
  unchanged: z.int(),
  rejected: z.array(tableRejection),
});
export type AccountRowImport = z.infer<typeof accountRowImport>;

/** GET /energy-account: who owns what energy, from when to when, and what can be chosen for another row. */
export const energyAccount = z.object({
  legalEntities: z.array(z.object({ id: uuid, name: z.string(), country: z.string() })),
  sites: z.array(z.object({ id: uuid, name: z.string(), legalEntityId: uuid })),
  meters: z.array(z.object({ id: z.int(), siteId: uuid, name: z.string(), carrier })),
  deliveryPoints: z.array(deliveryPoint),
  accountRows: z.array(accountRow),
  siteHandOvers: z.array(z.object({ siteId: uuid, fromEntityId: uuid, toEntityId: uuid, on: localDate })),
});
export type EnergyAccount = z.infer<typeof energyAccount>;
/** POST /sites/{siteId}/hand-over: from this local day on the site belongs to another legal entity. */
export const siteHandOver = z.strictObject({ on: localDate, legalEntityId: uuid });

/** One cell of the delivery point × month matrix. */
export const billCell = z.object({
  month: z.string(),
  state: z.enum(['billed', 'estimated', 'overlapping', 'missing', 'outsideValidity']),
  energy_kwh: decimal.nullable(),
  amount: decimal.nullable(),
  billIds: z.array(uuid),
});

export const bill = z.object({
  id: uuid,
  deliveryPointId: uuid,
  deliveryPointName: z.string(),
  siteName: z.string().nullable(),
  carrier,
  number: z.string(),
  periodFrom: localDate,
  periodTo: localDate,
  quantity: decimal,
  unit: z.string(),
  energy_kwh: decimal,
  calorificBasis: z.enum(['gross', 'net', 'none']),
  factorId: z.string().nullable(),
  amountExVat: money,
  estimated: z.boolean(),
  kind: z.enum(['bill', 'creditNote']),
  /** Number of the bill that a credit note corrects. */
  corrects: z.string().nullable(),
  importId: uuid.nullable(),
  rowNumber: z.int().nullable(),
  /** Energy that the site's meters saw over the same days, kWh; null where there is no meter of the carrier. */
  metered_kwh: decimal.nullable(),
  /** Amount without VAT for each MWh, in its currency; null where nothing was used. */
  pricePerMwh: decimal.nullable(),
});
export type Bill = z.infer<typeof bill>;
/** GET /bills?from&to (local months YYYY-MM, inclusive) */
export const bills = z.object({
  from: z.string(),
  to: z.string(),
  months: z.array(z.string()),
  bills: z.array(bill),
  deliveryPoints: z.array(deliveryPoint.extend({ cells: z.array(billCell) })),
});
export type Bills = z.infer<typeof bills>;

const billLine = z.object({
  position: z.int(),
  name: z.string(),
  quantity: decimal.nullable(),
  unit: z.string(),
  unitPrice: decimal.nullable(),
  amountExVat: decimal,
  vatRate: decimal.nullable(),
  /** Its quantity is the energy of the bill; a network fee states the same kWh and is none. */
  countsAsEnergy: z.boolean(),
});

/** GET /bills/{billId}: the bill with its lines and the document it came in. */
export const billDetail = bill.omit({ metered_kwh: true, pricePerMwh: true }).extend({
  deliveryPointCode: z.string(),
  issuedOn: localDate.nullable(),
  vatAmount: decimal.nullable(),
  createdBy: z.string().nullable(),
  lines: z.array(billLine),
  document: z
    .object({ importId: uuid, fileName: z.string(), mediaType: z.string(), sha256: z.string() })
    .nullable(),
});
export type BillDetail = z.infer<typeof billDetail>;

/** POST /bills: a bill typed into a form; checked as a line of a file is. */
export const newBill = z.strictObject({
  deliveryPoint: z.string().trim().min(1).max(100),
  number: z.string().trim().min(1).max(64),
  kind: z.enum(['bill', 'credit']).default('bill'),
  corrects: z.string().trim().max(64).default(''),
  periodFrom: localDate,
  /** The day after the last one billed. */
  periodTo: localDate,
  issuedOn: localDate.nullable().default(null),
  quantity: decimal,
  unit: z.string().trim().min(1).max(20),
  energy_kwh: decimal.nullable().default(null),
  calorificBasis: z.enum(['gross', 'net', 'none']).nullable().default(null),
  amountExVat: decimal,
  vatAmount: decimal.nullable().default(null),
  currency: z.string().length(3),
  estimated: z.boolean().default(false),
  /** Why the bills of a signed-off month change. */
  reason: z.string().trim().max(500).default(''),
});

/**
 * POST /bill-imports?dryRun=true|false: a table (text/csv, a workbook) with the columns of docs/guides/import-bills.md, or
 * an electronic bill by EN 16931 (application/xml, application/pdf).
 */
export const billImport = z.object({
  /** null on a dry run. */
  id: uuid.nullable(),
  fileName: z.string(),
  dryRun: z.boolean(),
  rows: z.int(),
  stored: z.int(),
  unchanged: z.int(),
  rejected: z.array(tableRejection),
  importedAt: instant.nullable(),
  importedBy: z.string().nullable(),
  mediaType: z.string(),
  /** The first 50 bills as they were read; of files in the list none. */
  preview: z.array(
    z.object({
      row: z.int(),
      deliveryPointId: uuid,
      number: z.string(),
      kind: z.enum(['bill', 'creditNote']),
      periodFrom: localDate,
      periodTo: localDate,
      quantity: decimal,
      unit: z.string(),
      energy_kwh: decimal,
      amountExVat: money,
      estimated: z.boolean(),
      lines: z.array(billLine),
    }),
  ),
});
export type BillImport = z.infer<typeof billImport>;
export const billImports = z.object({ billImports: z.array(billImport) });

export const coverageBasis = z.object({
  basis: z.enum(['finalEnergy', 'totalEnergy', 'energyBill']),
  /** Exact decimals: kWh or currency. */
  audited: decimal,
  total: decimal,
  unit: z.string(),
  /** 0 to 1, unrounded; null where a cell is missing or the total is zero. */
  share: z.number().nullable(),
  estimatedShare: z.number(),
  /** Where the share may lie if every meter errs by its limit, percent; null where it is not known. */
  range: z.object({ lowest_percent: decimal, highest_percent: decimal, isDecided: z.boolean() }).nullable(),
});
export const ruleInForce = z.object({
  id: z.string(),
  country: z.string(),
  title: z.string(),
  basis: z.enum(['finalEnergy', 'totalEnergy', 'energyBill']),
  threshold: decimal,
  obligedUnit: z.string(),
  effectiveFrom: localDate.nullable(),
  effectiveTo: localDate.nullable(),
  source: z.string(),
  verification: z.enum(['verified', 'secondary', 'unverified']),
});
export const coverageVerdict = z.enum(['reached', 'notReached', 'insufficientData', 'unverifiedRule']);

export const auditSummary = z.object({
  id: uuid,
  name: z.string(),
  legalEntityId: uuid,
  legalEntityName: z.string(),
  country: z.string(),
  periodFrom: localDate,
  periodTo: localDate,
  dueOn: localDate.nullable(),
  auditorName: z.string(),
  rule: ruleInForce,
  /** Audit coverage on the basis in force. */
  coverage: coverageBasis,
  /** The guide's reading: share of the energy bill, beside it. */
  guide: coverageBasis,
  verdict: coverageVerdict,
  findings: z.array(finding),
  /** Share of the entity's energy seen by meters; never called coverage. */
  measuredShare: z.number().nullable(),
});
export type AuditSummary = z.infer<typeof auditSummary>;
/** GET /audits */
export const audits = z.object({ audits: z.array(auditSummary) });

/** What the running version computes with otherwise than a report was computed: formulas, and the rules they apply. */
export const versionChanges = z.object({
  formulas: z.array(
    z.object({
      formula: z.enum(formulaNames),
      from: z.int(),
      to: z.int(),
      /** Every version after `from`, oldest first; what it changed in English, which catalogues translate. */
      steps: z.array(z.object({ version: z.int(), since: localDate, change: z.string().nullable() })),
    }),
  ),
  factors: z.array(
    z.object({
      role: z.enum(factorRoles),
      id: z.string(),
      /** Null: no rule is in force now. */
      runningId: z.string().nullable(),
      members: z.array(
        z.object({ member: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
      ),
    }),
  ),
});
export type VersionChangesView = z.infer<typeof versionChanges>;

/** GET /audits/{auditId} */
export const auditDetail = auditSummary.extend({
  rows: z.array(
    z.object({
      /** Delivery point, or a row of the account that is no bill (self-consumed PV). */
      deliveryPointId: uuid.nullable(),
      accountRowId: uuid.nullable(),
      kind: z.enum(accountKinds),
      /** How the rule in force takes the row. */
      counts: z.enum(['count', 'deduct', 'ignore']),
      name: z.string(),
      source: z.string(),
      siteId: uuid.nullable(),
      siteName: z.string().nullable(),
      carrier,
      energyUse: energyUse.nullable(),
      energy_kwh: decimal,
      amount: money.nullable(),
      estimated: z.boolean(),
      calorificBasis: z.enum(['gross', 'net', 'none']),
      included: z.boolean(),
      /** Counts by its sampled cluster without being audited itself. */
      bySample: z.boolean(),
      reason: z.string(),
      share: z.number().nullable(),
      cells: z.array(billCell),
    }),
  ),
  months: z.array(z.string()),
  clusters: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      justification: z.string(),
      statedSize: z.int().nullable(),
      siteIds: z.array(uuid),
      required: z.int().nullable(),
      audited: z.int(),
      counts: z.boolean(),
      finding: finding.nullable(),
    }),
  ),
  /** Uses that are audited by themselves, at sites of which the rest is not. */
  uses: z.array(z.object({ siteId: uuid, siteName: z.string(), carrier, energyUse, share: decimal })),
  measured: z.object({
    sites: z.array(
      z.object({
        siteId: uuid,
        siteName: z.string(),
        account_kwh: decimal,
        metered_kwh: decimal,
        share: z.number().nullable(),
      }),
    ),
    uses: z.array(
      z.object({ use: energyUse.nullable(), metered_kwh: decimal, share: z.number().nullable() }),
    ),
  }),
  documents: z.array(
    z.object({
      id: uuid,
      name: z.string(),
      locale,
      createdAt: instant,
      createdBy: z.string(),
      sha256: z.string(),
      bytes: z.int(),
      /** Null: a draft. */
      signature: z.object({ name: z.string(), at: instant }).nullable(),
      /** A draft that was signed: the signed report has its data. */
      isSigned: z.boolean(),
      /** Of a signed report: what the running version computes with otherwise. */
      changes: versionChanges,
      /** It can be re-issued: signed, not replaced, its data kept, and something changed. */
      canReissue: z.boolean(),
      /** A re-issue: the signed report that it replaces, or will when it is signed itself. */
      replaces: uuid.nullable(),
      /** The signed report that took its place; its own bytes, digest and bundles stay. */
      replacedBy: z.object({ documentId: uuid, at: instant }).nullable(),
    }),
  ),
});
export type AuditDetail = z.infer<typeof auditDetail>;
/** PUT /audits/{auditId}/scope/{deliveryPointId} */
export const setAuditScope = z
  .strictObject({ included: z.boolean(), reason: z.string().trim().max(500).default('') })
  .refine((s) => s.included || s.reason.length > 0, { path: ['reason'], message: 'say why it is left out' });
/** POST /audits/{auditId}/reports → 202 job */
export const requestReport = z.strictObject({ locale });

const notNegative = decimal.refine((value) => !value.startsWith('-'), 'must not be below zero');
const twoDigits = notNegative.refine(
  (value) => (value.split('.')[1] ?? '').length <= 2,
  'at most 2 digits after the point',
);
const auditorDays = twoDigits.refine((value) => Number(value) <= 999, 'at most 999 days');
/** PUT /audits/{auditId}/effort: replaces what was entered before. */
export const auditEffort = z.strictObject({
  /** Of an auditor; 0: days are compared instead of money. */
  ratePerDay: twoDigits,
  sites: z
    .array(
      z.strictObject({
        siteId: uuid,
        auditorDays,
        /** In the site's currency. */
        travelCost: twoDigits,
        isMandatory: z.boolean(),
        /** Name of a cluster below. */
        cluster: z.string().nullable(),
      }),
    )
    .max(2_000),
  /** Uses that can be audited by themselves; what is not named is no candidate. */
  uses: z
    .array(z.strictObject({ siteId: uuid, carrier, energyUse, auditorDays }))
    .max(5_000)
    .default([]),
  clusters: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        justification: z.string().trim().max(2_000),
        /** Members that must be audited, where the rule gives no formula. */
        statedSize: z.int().min(1).max(2_000).nullable(),
      }),
    )
    .max(10),
});
export type AuditEffortWish = z.output<typeof auditEffort>;

const scopeChoice = z.object({
  partIds: z.array(z.string()),
  sampledClusterIds: z.array(z.string()),
  quantity: decimal,
  /** Cut off, never rounded up. */
  share_percent: decimal,
  cost: decimal,
  days: decimal,
  /** Proved: nothing costs less. */
  isOptimal: z.boolean(),
  /** Nothing can cost less than this. */
  leastCost: decimal,
});
/** GET /audits/{auditId}/scope-proposal */
export const scopeProposal = z.object({
  basis: z.enum(['finalEnergy', 'totalEnergy', 'energyBill']),
  unit: z.string(),
  /** `days`, or the currency of the costs. */
  costUnit: z.string(),
  total: decimal,
  threshold: decimal,
  effort: auditEffort,
  parts: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['site', 'point', 'use']),
      /** Of a use: its site, what it draws from and what it is. */
      use: z.object({ siteId: uuid, carrier, energyUse }).nullable(),
      name: z.string(),
      quantity: decimal,
      share_percent: decimal,
      auditorDays: decimal,
      travelCost: decimal,
      cost: decimal,
      isMandatory: z.boolean(),
      cluster: z.string().nullable(),
      isIncluded: z.boolean(),
    }),
  ),
  /** Uses that meters see at the sites, with their measured share of what counts there of their carrier. */
  uses: z.array(
    z.object({
      id: z.string(),
      siteId: uuid,
      siteName: z.string(),
      carrier,
      energyUse,
      quantity: decimal,
      /** Cut off, never rounded up. */
      share: decimal,
    }),
  ),
  /** Members of each cluster that must be audited for all of it to count; null: it does not count whole. */
  clusters: z.array(z.object({ id: uuid, name: z.string(), required: z.int().nullable() })),
  /** null: even all places do not reach the threshold; `findings` say so. */
  cheapest: scopeChoice.nullable(),
  fewest: scopeChoice.nullable(),
  findings: z.array(finding),
});
export type ScopeProposalView = z.infer<typeof scopeProposal>;
/** PUT /audits/{auditId}/scope: audits these places and leaves all others out for the reason. */
export const applyScope = z.strictObject({
  /** Sites, delivery points without a site, and uses. */
  partIds: z.array(z.string().min(1).max(200)).min(1).max(7_000),
  reason: z.string().trim().min(1).max(500),
});
