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
  importId: uuid.nullable(),
  rowNumber: z.int().nullable(),
  /** Energy that the site's meters saw over the same days, kWh; null where there is no meter of the carrier. */
  metered_kwh: decimal.nullable(),
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

/** POST /bill-imports?dryRun=true|false with text/csv; the columns stand in docs/guides/import-bills.md. */
export const billImport = z.object({
  /** null on a dry run. */
  id: uuid.nullable(),
  fileName: z.string(),
  dryRun: z.boolean(),
  rows: z.int(),
  stored: z.int(),
  unchanged: z.int(),
  rejected: z.array(z.object({ row: z.int(), column: z.string(), value: z.string(), message: z.string() })),
  importedAt: instant.nullable(),
  importedBy: z.string().nullable(),
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

/** GET /audits/{auditId} */
export const auditDetail = auditSummary.extend({
  rows: z.array(
    z.object({
      /** Delivery point, or a row of the account that is no bill (self-consumed PV). */
      deliveryPointId: uuid.nullable(),
      accountRowId: uuid.nullable(),
      name: z.string(),
      siteId: uuid.nullable(),
      siteName: z.string().nullable(),
      carrier,
      energyUse: energyUse.nullable(),
      energy_kwh: decimal,
      amount: money.nullable(),
      estimated: z.boolean(),
      calorificBasis: z.enum(['gross', 'net', 'none']),
      included: z.boolean(),
      reason: z.string(),
      share: z.number().nullable(),
      cells: z.array(billCell),
    }),
  ),
  months: z.array(z.string()),
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
