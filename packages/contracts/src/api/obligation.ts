import {
  accountKinds,
  calendarKinds,
  certificateStandards,
  duties,
  jurisdictions,
  obligationOutcomes,
  ruleStandings,
  verifications,
} from '@wattproof/energy';
import { z } from 'zod';
import { carrier, decimal, finding, instant, localDate, money, uuid } from './value.ts';

const verification = z.enum(verifications);
const year = z.int().min(2000).max(2100);
const positive = decimal.refine((value) => !value.startsWith('-'), 'must not be below zero');
const digits = (value: string): number => (value.split('.')[1] ?? '').length;
const amountText = positive.refine((value) => digits(value) <= 2, 'at most 2 digits after the point');
const energyText = positive.refine((value) => digits(value) <= 3, 'at most 3 digits after the point');
const stated = money.extend({ amount: amountText });

/** What people state about a unit; everything that is not known is null or left out, never zero. */
export const unitProfile = z.strictObject({
  accountingYears: z
    .array(
      z.strictObject({
        year,
        /** Annual work units. */
        staff: amountText.nullable(),
        turnover: stated.nullable(),
        balance: stated.nullable(),
      }),
    )
    .max(20),
  /** Final energy by calendar year, carrier and kind. */
  energy: z
    .array(
      z.strictObject({
        year,
        carrier,
        kind: z.enum(accountKinds),
        energy_kwh: energyText,
        calorificBasis: z.enum(['gross', 'net', 'none']),
        source: z.string().trim().min(1).max(300),
      }),
    )
    .max(400),
  /** Years whose energy above is all there is. */
  wholeYears: z.array(year).max(20),
  certificates: z
    .array(
      z
        .strictObject({
          standard: z.enum(certificateStandards),
          number: z.string().trim().min(1).max(100),
          validFrom: localDate,
          /** The day after the last one. */
          validTo: localDate,
          includesAnnexViAudit: z.boolean(),
          /** Energy inside the certificate's scope, and all of the unit's. */
          scope: z.strictObject({ covered: energyText, total: energyText }).nullable(),
        })
        .refine((c) => c.validFrom < c.validTo, { path: ['validTo'], message: 'must lie after validFrom' })
        .refine((c) => c.scope === null || Number(c.scope.total) > 0, {
          path: ['scope', 'total'],
          message: 'must be above zero',
        }),
    )
    .max(50),
  /** Days on which audits were completed. */
  audits: z.array(localDate).max(50),
  obligedSince: localDate.nullable(),
  isEnergyIntensive: z.boolean().nullable(),
  reminders_days: z.array(z.int().min(0).max(1000)).max(10),
  note: z.string().trim().max(2000),
});
export type StatedUnitProfile = z.infer<typeof unitProfile>;

const clause = { source: z.string(), verification };
const criterion = z.object({
  criterion: z.enum(['staff', 'turnover', 'balance', 'energy', 'energyIntensive']),
  /** null: not known. */
  holds: z.boolean().nullable(),
  years: z.array(z.int()),
  missingYears: z.array(z.int()),
  value: decimal.nullable(),
  comparison: z.enum(['atLeast', 'above']).nullable(),
  limit: decimal.nullable(),
  /** `persons`, `kWh`, a currency, or empty. */
  unit: z.string(),
});

export const obligation = z.object({
  ruleId: z.string(),
  jurisdiction: z.enum(jurisdictions),
  standing: z.enum(ruleStandings),
  duty: z.enum(duties),
  effectiveFrom: localDate.nullable(),
  effectiveTo: localDate.nullable(),
  outcome: z.enum(obligationOutcomes),
  /** The worst check of the clauses that the outcome rests on. */
  verification,
  /** Whether it may be printed as a verdict: law in force, known, and checked or reviewed. */
  isVerdict: z.boolean(),
  reviewer: z.object({ name: z.string(), date: localDate }).nullable(),
  trigger: z.object(clause),
  criteria: z.array(criterion),
  exemptions: z.array(
    z.object({
      ...clause,
      standards: z.array(z.enum(certificateStandards)),
      needsAnnexViAudit: z.boolean(),
      leastShare: decimal.nullable(),
      holds: z.boolean().nullable(),
      certificate: z.string().nullable(),
      share_percent: decimal.nullable(),
    }),
  ),
  dueOn: localDate.nullable(),
  deadline: z.object({ ...clause, every_years: z.int().nullable() }).nullable(),
  followsAudit: localDate.nullable(),
  judgedOn: localDate.nullable(),
  isOverdue: z.boolean(),
  isSimplified: z.boolean().nullable(),
  coverage: z
    .object({
      ruleId: z.string(),
      basis: z.enum(['finalEnergy', 'totalEnergy', 'energyBill']),
      threshold: decimal,
      verification,
    })
    .nullable(),
  sanctions: z.array(
    z.object({
      ...clause,
      percent: decimal.nullable(),
      least: money.nullable(),
      exposure: money.nullable(),
      repeatExposure: money.nullable(),
      year: z.int().nullable(),
    }),
  ),
  findings: z.array(finding),
});
export type ObligationView = z.infer<typeof obligation>;

export const calendarEntry = z.object({
  key: z.string(),
  kind: z.enum(calendarKinds),
  date: localDate,
  ruleId: z.string().nullable(),
  certificate: z.string(),
  isCertain: z.boolean(),
  isPast: z.boolean(),
  remindOn: z.array(localDate),
});

export const obligedUnit = z.object({
  id: uuid,
  kind: z.enum(['legalEntity', 'group']),
  name: z.string(),
  country: z.string(),
  registrationNumber: z.string(),
  members: z.array(z.object({ id: uuid, name: z.string(), country: z.string() })),
  stated: unitProfile.nullable(),
  updatedAt: instant.nullable(),
  updatedBy: z.string().nullable(),
  /** The calendar years that the rules look at, with the final energy where the year is whole. */
  years: z.array(
    z.object({
      year: z.int(),
      source: z.enum(['stated', 'bills', 'none']),
      energy_kwh: decimal.nullable(),
      /** What is missing of its bills, at most 60 cells. */
      blocking: z.array(
        z.object({ pointName: z.string(), month: z.string(), state: z.enum(['missing', 'overlapping']) }),
      ),
    }),
  ),
  obligations: z.array(obligation),
  calendar: z.array(calendarEntry),
  /** The audits of its entities. */
  audits: z.array(z.object({ id: uuid, name: z.string() })),
});
export type ObligedUnit = z.infer<typeof obligedUnit>;

/** GET /obligations?on=YYYY-MM-DD */
export const obligationsQuery = z.object({ on: localDate.optional() });
export const obligations = z.object({ on: localDate, units: z.array(obligedUnit) });
export type Obligations = z.infer<typeof obligations>;

/** POST /obligations/groups */
export const createGroup = z.strictObject({
  name: z.string().trim().min(1).max(200),
  country: z.string().regex(/^[A-Z]{2}$/, 'a country code such as FR'),
  legalEntityIds: z.array(uuid).min(1).max(200),
});

/** PUT /rule-reviews/{ruleId} */
export const ruleReview = z.strictObject({
  name: z.string().trim().min(3).max(200),
  date: localDate,
});

/** GET /obligation-rules: every rule that is recorded, past ones included. */
export const obligationRuleView = z.object({
  id: z.string(),
  jurisdiction: z.enum(jurisdictions),
  standing: z.enum(ruleStandings),
  duty: z.enum(duties),
  effectiveFrom: localDate.nullable(),
  effectiveTo: localDate.nullable(),
  addresses: z.object({ ...clause, value: z.enum(['legalEntity', 'group', 'either']) }),
  trigger: z.object(clause),
  deadline: z.object(clause).nullable(),
  exemptions: z.array(z.object(clause)),
  sanctions: z.array(z.object(clause)),
  coverageRuleIds: z.array(z.string()),
  reviewer: z.object({ name: z.string(), date: localDate }).nullable(),
});
export const obligationRulesView = z.object({ rules: z.array(obligationRuleView) });
export type ObligationRulesView = z.infer<typeof obligationRulesView>;
