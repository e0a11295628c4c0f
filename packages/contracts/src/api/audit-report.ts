import {
  type AuditDossier,
  conductFields,
  factorRoles,
  formulaNames,
  openStatements,
  opportunityAreas,
  opportunityStates,
  processKinds,
  reportFigureNames,
  reportSections,
  transportKinds,
} from '@wattproof/energy';
import { z } from 'zod';
import { versionChanges } from './audit.ts';
import { carrier, decimal, instant, localDate, locale, uuid } from './value.ts';

/** What people state for an audit report, its photos, its signature, and to whom it is sent. */

const line = z.string().trim().max(300);
const text = z.string().trim().max(20_000);
const name = z.string().trim().min(1).max(200);
const notNegative = decimal.refine((value) => !value.startsWith('-'), 'must not be below zero');
const energy = notNegative.nullable();
/** A decimal whose size a person could mean. */
const within = (least: number, most: number) =>
  decimal.refine(
    (value) => Number(value) >= least && Number(value) <= most,
    `must lie from ${least} to ${most}`,
  );

const opportunity = z
  .strictObject({
    title: name,
    siteId: uuid.nullable(),
    area: z.enum(opportunityAreas),
    description: text,
    carrier,
    saving_kwh_per_year: notNegative,
    accuracy_percent: within(0, 100).nullable(),
    currency: z.string().regex(/^[A-Z]{3}$/, 'a currency such as EUR'),
    savingPerYear: notNegative,
    cost: notNegative,
    subsidy: notNegative,
    lifetime_years: z.int().min(1).max(100),
    residualValue: notNegative,
    discountRate_percent: within(-20, 50),
    priceChange_percent: within(-50, 50),
    interactions: text,
    verification: text,
    state: z.enum(opportunityStates),
    reason: text,
    responsible: line,
    dueOn: localDate.nullable(),
    isConfidential: z.boolean(),
  })
  .refine((one) => one.state !== 'notRetained' || one.reason !== '', {
    path: ['reason'],
    message: 'say why it is not retained',
  });

export const auditDossierContent = z.strictObject({
  conduct: z.partialRecord(z.enum(conductFields), text),
  texts: z.partialRecord(z.enum(reportSections), text),
  visits: z
    .array(
      z.strictObject({
        siteId: uuid.nullable(),
        on: localDate,
        areas: text,
        people: line,
        notes: text,
      }),
    )
    .max(200),
  buildings: z
    .array(
      z.strictObject({
        siteId: uuid.nullable(),
        name,
        usage: line,
        floorArea_m2: z.number().min(0).max(1e8).nullable(),
        builtIn: z.int().min(1000).max(2200).nullable(),
        envelope: text,
        systems: text,
        energy_kwh: energy,
      }),
    )
    .max(200),
  processes: z
    .array(
      z.strictObject({
        siteId: uuid.nullable(),
        name,
        kind: z.enum(processKinds),
        description: text,
        energy_kwh: energy,
      }),
    )
    .max(200),
  transport: z
    .array(
      z.strictObject({
        name,
        kind: z.enum(transportKinds),
        isOwn: z.boolean(),
        carrier,
        energy_kwh: energy,
        distance_km: energy,
        haulage_tkm: energy,
        notes: text,
      }),
    )
    .max(200),
  opportunities: z.array(opportunity).max(200),
}) satisfies z.ZodType<AuditDossier>;

const photo = z.object({
  id: uuid,
  section: z.enum(reportSections),
  siteId: uuid.nullable(),
  caption: z.string(),
  takenOn: localDate.nullable(),
  width: z.int(),
  height: z.int(),
  bytes: z.int(),
  sha256: z.string(),
  createdAt: instant,
  createdBy: z.string(),
});

/** GET /audits/{auditId}/dossier */
export const auditDossier = z.object({
  /** 0: nothing is stated yet. */
  version: z.int(),
  content: auditDossierContent,
  updatedAt: instant.nullable(),
  updatedBy: z.string().nullable(),
  photos: z.array(photo),
  /** What stands open before it can be signed. */
  open: z.array(z.enum(openStatements)),
  /** Who alone may sign; null: nobody is named. */
  auditor: z.object({ userId: z.string(), name: z.string() }).nullable(),
  /** People who could be named. */
  auditors: z.array(z.object({ userId: z.string(), name: z.string(), email: z.string() })),
  sites: z.array(z.object({ id: uuid, name: z.string() })),
  currency: z.string(),
});
export type AuditDossierView = z.infer<typeof auditDossier>;
/** PUT /audits/{auditId}/dossier: replaces the version that was read. */
export const saveDossier = z.strictObject({ version: z.int().min(0), content: auditDossierContent });
/** PUT /audits/{auditId}/auditor */
export const nameAuditor = z.strictObject({ userId: z.string().min(1).max(200) });
/** POST /audits/{auditId}/photos?section&caption&siteId&takenOn: the bytes of a JPEG, PNG or WebP picture. */
export const photoQuery = z.object({
  section: z.enum(reportSections),
  caption: z.string().trim().min(1).max(300),
  siteId: uuid.optional(),
  takenOn: localDate.optional(),
});
/** POST /audits/{auditId}/signatures → 202 job: the named auditor signs a draft that they have read. */
export const signReport = z.strictObject({ documentId: uuid, password: z.string().min(1).max(256) });
/** POST /documents/{documentId}/languages → 202 job: the same data in another language. */
export const translateReport = z.strictObject({ locale });
/** POST /documents/{documentId}/reissues → 202 job: a signed report computed again with the formulas that run now. */
export const reissueReport = z.strictObject({ locale });

/** GET /documents/{documentId}/reissue: what a re-issue replaces, and every figure that came out otherwise. */
export const reportReissue = z.object({
  documentId: uuid,
  name: z.string(),
  /** Null: the report is no re-issue. */
  reissue: z
    .object({
      replaced: z.object({
        documentId: uuid,
        name: z.string(),
        sha256: z.string(),
        signature: z.object({ name: z.string(), at: instant }),
      }),
      changes: versionChanges,
      differences: z.array(
        z.object({
          figure: z.enum(reportFigureNames),
          /** Row, site, use, EnPI or measure; empty: the whole audit. */
          subject: z.string(),
          /** Empty: a word. */
          unit: z.string(),
          before: z.string().nullable(),
          after: z.string().nullable(),
          difference: decimal.nullable(),
          /** What computes it, and the rule that it rests on: what changed in them is why. */
          formulas: z.array(z.enum(formulaNames)),
          factor: z.enum(factorRoles).nullable(),
        }),
      ),
      /** Figures that came out the same. */
      unchanged: z.int(),
    })
    .nullable(),
});
export type ReportReissueView = z.infer<typeof reportReissue>;
export type ReportReissue = NonNullable<z.infer<typeof reportReissue>['reissue']>;

export const reportIntervals = ['week', 'month', 'quarter', 'year'] as const;
const email = z.email().max(254);
/** POST /audits/{auditId}/schedules */
export const newReportSchedule = z.strictObject({
  locale,
  recipients: z.array(email).min(1).max(20),
  every: z.enum(reportIntervals),
  /** Day of the first report. */
  firstOn: localDate,
  isAttached: z.boolean(),
});
export type NewReportScheduleWish = z.infer<typeof newReportSchedule>;
/** POST /documents/{documentId}/mails: sends a report that was made. */
export const sendReport = z.strictObject({
  recipients: z.array(email).min(1).max(20),
  isAttached: z.boolean(),
});
/** GET /audits/{auditId}/sending */
export const auditSending = z.object({
  schedules: z.array(
    z.object({
      id: uuid,
      locale,
      recipients: z.array(z.string()),
      every: z.enum(reportIntervals),
      nextOn: localDate,
      isAttached: z.boolean(),
      createdBy: z.string(),
      /** The latest report that it asked for. */
      lastRun: z
        .object({
          state: z.enum(['waiting', 'running', 'done', 'failed']),
          at: instant,
          error: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  mails: z.array(
    z.object({
      id: uuid,
      recipient: z.string(),
      subject: z.string(),
      locale,
      state: z.enum(['waiting', 'sent', 'failed']),
      attempts: z.int(),
      nextTryAt: instant,
      error: z.string().nullable(),
      createdAt: instant,
      sentAt: instant.nullable(),
      isAttached: z.boolean(),
    }),
  ),
});
export type AuditSending = z.infer<typeof auditSending>;
