import type { ObligationRulesView, ObligationView, ObligedUnit } from '@wattproof/contracts/api';
import type { KnownProfile, ReviewRecord, UnitRecord } from '@wattproof/database';
import {
  energyOfYears,
  finalEnergy,
  type Obligation,
  type ObligationRule,
  obligationCalendar,
  obligations,
  usualReminders_days,
} from '@wattproof/energy';

const blockingLimit = 60;

/** A unit with everything that is asked of it on a day. */
export function unitView(
  unit: UnitRecord,
  known: KnownProfile,
  {
    on,
    reviewers,
    audits,
  }: {
    readonly on: string;
    readonly reviewers: readonly ReviewRecord[];
    readonly audits: ObligedUnit['audits'];
  },
): ObligedUnit {
  const all = obligations(known.profile, on, { reviewers });
  const reminders_days = unit.stated?.reminders_days ?? usualReminders_days;
  return {
    id: unit.id,
    kind: unit.kind,
    name: unit.name,
    country: unit.country,
    registrationNumber: unit.registrationNumber,
    members: unit.members.map((member) => ({ ...member })),
    stated: unit.stated && structuredClone(unit.stated as ObligedUnit['stated']),
    updatedAt: unit.updatedAt?.toISOString() ?? null,
    updatedBy: unit.updatedBy,
    years: known.years.map(({ year, source, blocking }) => {
      const { energy_kwh } = energyOfYears(known.profile, [year], finalEnergy);
      return {
        year,
        source,
        energy_kwh,
        blocking: blocking.slice(0, blockingLimit).map(({ pointName, month, state }) => ({
          pointName,
          month,
          state: state === 'overlapping' ? ('overlapping' as const) : ('missing' as const),
        })),
      };
    }),
    obligations: all.map(obligationView),
    calendar: obligationCalendar(all, known.profile, { on, reminders_days }).map((entry) => ({
      ...entry,
      remindOn: [...entry.remindOn],
    })),
    audits,
  };
}

const clauseOf = ({
  source,
  verification,
}: Pick<ObligationView['trigger'], 'source' | 'verification'>): ObligationView['trigger'] => ({
  source,
  verification,
});

function obligationView(one: Obligation): ObligationView {
  const { rule, due } = one;
  const deadline = rule.deadline?.value ?? null;
  return {
    ruleId: rule.id,
    jurisdiction: rule.jurisdiction,
    standing: rule.standing,
    duty: rule.duty,
    effectiveFrom: rule.effectiveFrom,
    effectiveTo: rule.effectiveTo,
    outcome: one.outcome,
    verification: one.verification,
    isVerdict: one.isVerdict,
    reviewer: one.reviewer && { name: one.reviewer.name, date: one.reviewer.date },
    trigger: clauseOf(rule.trigger),
    criteria: one.criteria.map((c) => ({
      ...c,
      years: [...c.years],
      missingYears: [...c.missingYears],
    })),
    exemptions: one.exemptions.map(({ exemption, holds, certificate, share_percent }) => ({
      ...clauseOf(exemption),
      standards: [...exemption.value.standards],
      needsAnnexViAudit: exemption.value.needsAnnexViAudit,
      leastShare: exemption.value.leastShare,
      holds,
      certificate: certificate?.number ?? null,
      share_percent,
    })),
    dueOn: due.dueOn,
    deadline: rule.deadline && {
      ...clauseOf(rule.deadline),
      every_years: deadline && 'every_years' in deadline ? deadline.every_years : null,
    },
    followsAudit: due.follows,
    judgedOn: due.judgedOn,
    isOverdue: one.isOverdue,
    isSimplified: one.isSimplified,
    coverage: one.coverageRule && {
      ruleId: one.coverageRule.id,
      basis: one.coverageRule.basis,
      threshold: one.coverageRule.threshold,
      verification: one.coverageRule.verification,
    },
    sanctions: one.sanctions.map(({ sanction, exposure, repeatExposure, year }) => {
      const { value } = sanction;
      return {
        ...clauseOf(sanction),
        percent: value.kind === 'turnoverShare' ? value.percent : null,
        least:
          value.kind === 'amount' && value.least ? { amount: value.least, currency: value.currency } : null,
        exposure: exposure && { ...exposure },
        repeatExposure: repeatExposure && { ...repeatExposure },
        year,
      };
    }),
    findings: one.findings.map(({ code, message, data }) => ({ code, message, data: { ...data } })),
  };
}

export function ruleView(
  rule: ObligationRule,
  reviewers: readonly ReviewRecord[],
): ObligationRulesView['rules'][number] {
  const reviewer = reviewers.find(({ ruleId }) => ruleId === rule.id);
  return {
    id: rule.id,
    jurisdiction: rule.jurisdiction,
    standing: rule.standing,
    duty: rule.duty,
    effectiveFrom: rule.effectiveFrom,
    effectiveTo: rule.effectiveTo,
    addresses: { ...clauseOf(rule.unit), value: rule.unit.value },
    trigger: clauseOf(rule.trigger),
    deadline: rule.deadline && clauseOf(rule.deadline),
    exemptions: rule.exemptions.map(clauseOf),
    sanctions: rule.sanctions.map(clauseOf),
    coverageRuleIds: [...rule.coverageRuleIds],
    reviewer: reviewer ? { name: reviewer.name, date: reviewer.date } : null,
  };
}
