/**
 * The factors behind a report's figures as they were when it was made, whole: the rule in force and the guide's. Where one was
 * corrected since, its members say in what. The conversion of a bill is part of the bill, and no factor of a report.
 */
import { type AuditRule, guideRule, ruleInForce } from './audit-rule.ts';
import type { LocalDate } from './calendar.ts';

export const factorRoles = ['auditRule', 'guideRule'] as const;
export type FactorRole = (typeof factorRoles)[number];

export interface FactorUse {
  readonly role: FactorRole;
  readonly rule: AuditRule;
}

/** The rules that the figures of an audit are computed with; without the first where none is recorded. */
export function factorsInUse(country: string, ruleDate: LocalDate): readonly FactorUse[] {
  const found = ruleInForce(country, ruleDate);
  return [
    ...(found.ok ? [{ role: 'auditRule' as const, rule: found.rule }] : []),
    { role: 'guideRule', rule: guideRule },
  ];
}

export interface FactorChange {
  readonly role: FactorRole;
  readonly id: string;
  /** Another rule may be in force now; null where there is none. */
  readonly runningId: string | null;
  readonly members: readonly {
    readonly member: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

/** What of a rule decides on a figure or its verdict. Kinds of rows stand for themselves. */
const membersOf = (rule: AuditRule | undefined): ReadonlyMap<string, string | null> =>
  new Map<string, string | null>(
    rule
      ? [
          ['id', rule.id],
          ['basis', rule.basis],
          ['threshold', rule.threshold],
          ['effectiveFrom', rule.effectiveFrom],
          ['effectiveTo', rule.effectiveTo],
          ['verification', rule.verification],
          ['sampling', rule.sampling?.value ?? null],
          ...Object.entries(rule.account).map(([kind, how]) => [`account.${kind}`, how] as const),
        ]
      : [],
  );

/** What became of the factors of a report: those of which a member that decides is another one now. */
export const factorChanges = (
  before: readonly FactorUse[],
  now: readonly FactorUse[],
): readonly FactorChange[] =>
  before.flatMap(({ role, rule }) => {
    const running = now.find((one) => one.role === role)?.rule;
    const [old, other] = [membersOf(rule), membersOf(running)];
    const members = [...new Set([...old.keys(), ...other.keys()])].flatMap((member) => {
      const one = { member, before: old.get(member) ?? null, after: other.get(member) ?? null };
      return one.before === one.after ? [] : [one];
    });
    return members.length === 0 ? [] : [{ role, id: rule.id, runningId: running?.id ?? null, members }];
  });
