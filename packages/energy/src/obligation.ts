/**
 * Obligations of a unit: who must do what by when, and why. Every rule recorded for the unit's country gives a result;
 * what is not known is "insufficient data", and neither a draft nor an unverified rule is ever printed as a verdict.
 */
import { type AuditRule, finalEnergy, ruleOfIds } from './audit-rule.ts';
import type { LocalDate } from './calendar.ts';
import { type Finding, finding } from './finding.ts';
import { compare, divide, fractionOf, multiply, toDecimal } from './fraction.ts';
import type { Decimal } from './money.ts';
import { type DueDate, dueDate } from './obligation-deadline.ts';
import {
  type AddressedUnit,
  type Exemption,
  memberStates,
  type ObligationRule,
  type Sanction,
} from './obligation-rule.ts';
import { obligationRules } from './obligation-rules.ts';
import type { Sourced } from './sourced.ts';
import { type CriterionResult, evaluateTrigger } from './trigger.ts';
import { type Amount, energyOfYears, type UnitCertificate, type UnitProfile } from './unit-profile.ts';
import { type Verification, worstVerification } from './verification.ts';

export const obligationOutcomes = [
  'obliged',
  'exempt',
  'notObliged',
  'insufficientData',
  'notAddressed',
] as const;
export type ObligationOutcome = (typeof obligationOutcomes)[number];

export interface ExemptionResult {
  readonly exemption: Sourced<Exemption>;
  /** null: a certificate is there, but it is not stated how far it reaches. */
  readonly holds: boolean | null;
  readonly certificate: UnitCertificate | null;
  /** Share inside the certificate's scope, percent cut off after 2 digits; compared exactly. */
  readonly share_percent: Decimal | null;
}

export interface SanctionResult {
  readonly sanction: Sourced<Sanction>;
  /** What it may come to; null where the turnover is not stated. */
  readonly exposure: Amount | null;
  readonly repeatExposure: Amount | null;
  /** Accounting year whose turnover it is of. */
  readonly year: number | null;
}

export interface Obligation {
  readonly rule: ObligationRule;
  readonly outcome: ObligationOutcome;
  /** The worst check of the clauses that the outcome rests on. */
  readonly verification: Verification;
  /** Whether the outcome may be printed as a verdict. */
  readonly isVerdict: boolean;
  readonly reviewer: Reviewer | null;
  readonly criteria: readonly CriterionResult[];
  readonly exemptions: readonly ExemptionResult[];
  readonly due: DueDate;
  readonly isOverdue: boolean;
  /** Rule of coverage that the audit must meet; null where none is recorded. */
  readonly coverageRule: AuditRule | null;
  /** A declaration does instead of the whole audit; null: not known, or no such clause. */
  readonly isSimplified: boolean | null;
  readonly sanctions: readonly SanctionResult[];
  readonly findings: readonly Finding[];
}

export interface Reviewer {
  readonly ruleId: string;
  readonly name: string;
  readonly date: LocalDate;
}

/** Whether a rule is in force on a day. */
export const isInForce = (
  { effectiveFrom, effectiveTo }: Pick<ObligationRule, 'effectiveFrom' | 'effectiveTo'>,
  on: LocalDate,
): boolean => (effectiveFrom === null || effectiveFrom <= on) && (effectiveTo === null || on < effectiveTo);

const concerns = (rule: ObligationRule, country: string): boolean =>
  rule.jurisdiction === 'guide' ||
  rule.jurisdiction === country ||
  (rule.jurisdiction === 'EU' && memberStates.has(country));

const addresses = (unit: AddressedUnit, kind: UnitProfile['kind']): boolean =>
  unit === 'either' || unit === kind;

/** Obligations of a unit on a day under every rule in force in its country, in the order of the rules. */
export function obligations(
  profile: UnitProfile,
  on: LocalDate,
  {
    rules = obligationRules,
    reviewers = [],
  }: {
    readonly rules?: readonly ObligationRule[];
    readonly reviewers?: readonly Reviewer[];
  } = {},
): readonly Obligation[] {
  return rules
    .filter((rule) => concerns(rule, profile.country) && isInForce(rule, on))
    .map((rule) => obligation(rule, profile, { on, reviewers }));
}

/** What one rule asks of a unit on a day. */
export function obligation(
  rule: ObligationRule,
  profile: UnitProfile,
  { on, reviewers = [] }: { readonly on: LocalDate; readonly reviewers?: readonly Reviewer[] },
): Obligation {
  const due: DueDate = rule.deadline
    ? dueDate(rule.deadline.value, profile, on)
    : { dueOn: null, follows: null, judgedOn: null };
  const findings: Finding[] = [];
  const judgedOn = due.judgedOn !== null && due.judgedOn <= on ? due.judgedOn : on;
  if (due.judgedOn !== null && due.judgedOn > on)
    findings.push(
      finding('judgedLater', 'Size is judged on a later date; this is how the unit stands today', {
        judgedOn: due.judgedOn,
      }),
    );
  const trigger = evaluateTrigger(rule.trigger.value, profile, judgedOn);
  findings.push(...trigger.findings);
  const exemptions = rule.exemptions.map((exemption) => exemptionResult(exemption, profile, on));
  const outcome = outcomeOf({ rule, profile, holds: trigger.holds, exemptions });
  if (outcome === 'insufficientData' && trigger.holds === true)
    findings.push(
      finding('certificateScopeUnknown', 'How much energy lies inside the certificate’s scope is not stated'),
    );
  const isDue = outcome === 'obliged';
  if (isDue && due.dueOn !== null && profile.audits.length === 0 && rule.duty === 'energyAudit')
    findings.push(finding('noAuditRecorded', 'No completed audit is recorded that this one would follow'));
  const clauses = [
    rule.unit.verification,
    rule.trigger.verification,
    ...(outcome === 'exempt'
      ? [bestVerification(exemptions.filter((e) => e.holds).map((e) => e.exemption.verification))]
      : []),
  ];
  const verification = worstVerification(clauses);
  const reviewer = reviewers.find((r) => r.ruleId === rule.id) ?? null;
  return {
    rule,
    outcome,
    verification,
    isVerdict:
      rule.standing === 'law' &&
      outcome !== 'insufficientData' &&
      (verification !== 'unverified' || reviewer !== null),
    reviewer,
    criteria: trigger.criteria,
    exemptions,
    due,
    isOverdue: isDue && due.dueOn !== null && due.dueOn < on,
    coverageRule: ruleOfIds(rule.coverageRuleIds, due.dueOn ?? on),
    isSimplified: simplified(rule, profile, on),
    sanctions: rule.sanctions.map((sanction) => sanctionResult(sanction, profile, on)),
    findings,
  };
}

function outcomeOf({
  rule,
  profile,
  holds,
  exemptions,
}: {
  readonly rule: ObligationRule;
  readonly profile: UnitProfile;
  readonly holds: boolean | null;
  readonly exemptions: readonly ExemptionResult[];
}): ObligationOutcome {
  if (!addresses(rule.unit.value, profile.kind)) return 'notAddressed';
  if (holds === null) return 'insufficientData';
  if (!holds) return 'notObliged';
  if (exemptions.some((e) => e.holds)) return 'exempt';
  return exemptions.some((e) => e.holds === null) ? 'insufficientData' : 'obliged';
}

const bestVerification = (all: readonly Verification[]): Verification =>
  all.includes('verified') ? 'verified' : all.includes('secondary') ? 'secondary' : 'unverified';

/** A certificate that is valid on the day and reaches the least share of the unit's energy, compared exactly. */
function exemptionResult(
  exemption: Sourced<Exemption>,
  profile: UnitProfile,
  on: LocalDate,
): ExemptionResult {
  const { standards, needsAnnexViAudit, leastShare } = exemption.value;
  const results = profile.certificates
    .filter(
      (c) =>
        standards.includes(c.standard) &&
        c.validFrom <= on &&
        on < c.validTo &&
        (!needsAnnexViAudit || c.includesAnnexViAudit),
    )
    .map((certificate): ExemptionResult => {
      const share =
        certificate.scope &&
        divide(fractionOf(certificate.scope.covered, 1, 1), fractionOf(certificate.scope.total, 1, 1));
      return {
        exemption,
        holds:
          leastShare === null
            ? true
            : share === null
              ? null
              : compare(share, fractionOf(leastShare, 1, 1)) >= 0,
        certificate,
        share_percent: share && toDecimal(multiply(share, fractionOf('100', 1, 1)), 2, 'down'),
      };
    });
  return (
    results.find((r) => r.holds) ??
    results.find((r) => r.holds === null) ??
    results[0] ?? { exemption, holds: false, certificate: null, share_percent: null }
  );
}

function simplified(rule: ObligationRule, profile: UnitProfile, on: LocalDate): boolean | null {
  const energy = rule.trigger.value;
  if (!rule.simplified) return null;
  const account = energy.kind === 'energy' ? energy.account : finalEnergy;
  const { sum_kwh } = energyOfYears(profile, [Number(on.slice(0, 4)) - 1], account);
  return sum_kwh && compare(sum_kwh, fractionOf(rule.simplified.value.atMost_kwh, 1, 1)) <= 0;
}

/** exposure = turnover of the last closed year × percent, to the cent. */
function sanctionResult(sanction: Sourced<Sanction>, profile: UnitProfile, on: LocalDate): SanctionResult {
  if (sanction.value.kind === 'amount') {
    const { most, currency } = sanction.value;
    return { sanction, exposure: { amount: most, currency }, repeatExposure: null, year: null };
  }
  const last = profile.accountingYears
    .filter((y) => y.year < Number(on.slice(0, 4)) && y.turnover !== null)
    .sort((a, b) => b.year - a.year)[0];
  const turnover = last?.turnover ?? null;
  const share = (percent: Decimal): Amount | null =>
    turnover && {
      amount: toDecimal(
        multiply(fractionOf(turnover.amount, 1, 100), fractionOf(percent, 1, 1)),
        2,
        'halfUp',
      ),
      currency: turnover.currency,
    };
  const { percent, repeatPercent } = sanction.value;
  return {
    sanction,
    exposure: share(percent),
    repeatExposure: repeatPercent === null ? null : share(repeatPercent),
    year: last?.year ?? null,
  };
}
