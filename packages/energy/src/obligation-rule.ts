/**
 * Rules of obligation as dated data: which unit must audit, certify or declare, from which size or energy on, by when,
 * how often, what exempts it and what it risks. Every clause says where it was read and how well that was checked.
 * Adding a jurisdiction is adding rows and cases (docs/guides/add-a-jurisdiction.md).
 */
import type { AccountKind } from './audit-rule.ts';
import type { LocalDate } from './calendar.ts';
import type { Decimal } from './money.ts';
import type { Sourced } from './sourced.ts';

/** `guide`: what the guide prints, never law. `EU`: a directive, which binds units through the law of their state. */
export const jurisdictions = ['guide', 'EU', 'FR', 'DE', 'GB', 'ES', 'IT'] as const;
export type Jurisdiction = (typeof jurisdictions)[number];

/** Member states of the Union, ISO 3166-1: units there stand under the directives. */
export const memberStates: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

export const ruleStandings = ['law', 'directive', 'draft', 'guide'] as const;
export type RuleStanding = (typeof ruleStandings)[number];

export const duties = [
  'energyAudit',
  'energyManagementSystem',
  'implementationPlan',
  'consumptionDeclaration',
] as const;
export type Duty = (typeof duties)[number];

/** Who a rule addresses. A legal entity is one registration (SIREN, undertaking); a group is stated as such. */
export type AddressedUnit = 'legalEntity' | 'group' | 'either';

export type Comparison = 'atLeast' | 'above';

/** One comparison of a unit's figures with a limit. */
export type Criterion =
  | { readonly kind: 'staff'; readonly comparison: Comparison; readonly limit: Decimal }
  | {
      readonly kind: 'turnover' | 'balance';
      readonly comparison: Comparison;
      readonly limit: Decimal;
      readonly currency: string;
    }
  | {
      /** Mean of whole calendar years before the date; every one of them must be known. */
      readonly kind: 'energy';
      readonly comparison: Comparison;
      readonly limit: Decimal;
      readonly unit: 'TJ' | 'GWh';
      readonly years: number;
      readonly account: Readonly<Record<AccountKind, 'count' | 'deduct' | 'ignore'>>;
    }
  /** On the state's list of energy-intensive undertakings. */
  | { readonly kind: 'energyIntensive' };

export type Trigger =
  | Criterion
  | { readonly kind: 'any' | 'all'; readonly of: readonly Trigger[] }
  /** Must hold in each of the last closed accounting years. */
  | { readonly kind: 'everyYear'; readonly years: number; readonly of: Trigger };

/** By when, and how often. */
export type Deadline =
  /** First by a date, then within `every_years` of the one before. */
  | { readonly kind: 'first'; readonly date: LocalDate; readonly every_years: number | null }
  /** First within months of becoming obliged, or by a date for those obliged at the start. */
  | {
      readonly kind: 'sinceObliged';
      readonly date: LocalDate;
      readonly months: number;
      readonly every_years: number;
    }
  /** On the same dates for everybody, every so many years. */
  | { readonly kind: 'rounds'; readonly first: LocalDate; readonly every_years: number }
  /** Phases, each with the date on which size is judged and the date by which it must be done. */
  | {
      readonly kind: 'phases';
      readonly phases: readonly { readonly qualification: LocalDate; readonly compliance: LocalDate }[];
    };

export const certificateStandards = ['iso50001', 'emas', 'iso14001', 'performanceContract'] as const;
export type CertificateStandard = (typeof certificateStandards)[number];

/** A certificate that frees the unit, if it is valid and reaches far enough. */
export interface Exemption {
  readonly standards: readonly CertificateStandard[];
  /** The system must include an audit by Annex VI of the directive. */
  readonly needsAnnexViAudit: boolean;
  /** Least share of the unit's energy (or bill) inside the certificate's scope; null: none is stated. */
  readonly leastShare: Decimal | null;
}

export type Sanction =
  | { readonly kind: 'turnoverShare'; readonly percent: Decimal; readonly repeatPercent: Decimal | null }
  | {
      readonly kind: 'amount';
      readonly least: Decimal | null;
      readonly most: Decimal;
      readonly currency: string;
    };

export interface ObligationRule {
  readonly id: string;
  readonly jurisdiction: Jurisdiction;
  readonly standing: RuleStanding;
  readonly duty: Duty;
  /** In force in [effectiveFrom, effectiveTo); null: not limited as far as recorded here. */
  readonly effectiveFrom: LocalDate | null;
  readonly effectiveTo: LocalDate | null;
  readonly unit: Sourced<AddressedUnit>;
  readonly trigger: Sourced<Trigger>;
  readonly deadline: Sourced<Deadline> | null;
  readonly exemptions: readonly Sourced<Exemption>[];
  readonly sanctions: readonly Sourced<Sanction>[];
  /** Rules of coverage (`audit-rule.ts`) that its audit must meet, by id; the one in force on the date counts. */
  readonly coverageRuleIds: readonly string[];
  /** Below this yearly energy a declaration on line does instead of the whole audit. */
  readonly simplified?: Sourced<{ readonly atMost_kwh: Decimal }>;
}
