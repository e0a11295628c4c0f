import type { AuditDetail } from '@wattproof/contracts/api';
import type { ReportVersions } from '@wattproof/database/queries';
import {
  type FactorUse,
  type FormulaVersions,
  factorsInUse,
  type LocalDate,
  runningFormulas,
  type VersionChanges,
  versionChanges,
} from '@wattproof/energy';

/** What a stored report says of its versions. */
export interface StoredSnapshot {
  readonly formulas?: FormulaVersions;
  readonly factors?: readonly FactorUse[];
  readonly entity?: { readonly country?: string };
  readonly rule?: { readonly date?: LocalDate };
  readonly createdAt?: string;
}

export const versionsOf = ({
  formulas,
  factors,
  entity,
  rule,
  createdAt,
}: StoredSnapshot): ReportVersions => ({
  formulas: formulas ?? null,
  factors: factors ?? null,
  country: entity?.country ?? null,
  ruleDate: rule?.date ?? null,
  createdAt: createdAt ?? null,
});

/** What the running version computes with otherwise than a report was computed; of none, and of one that says nothing, nothing. */
export function changesOf(used: ReportVersions | null): VersionChanges {
  const { formulas, factors, country, ruleDate, createdAt } = used ?? {};
  if (!createdAt || !country || !ruleDate) return { formulas: [], factors: [] };
  return versionChanges(
    { formulas: formulas ?? null, factors: factors ?? null, createdAt },
    { formulas: runningFormulas(), factors: factorsInUse(country, ruleDate) },
  );
}

export const changesView = ({
  formulas,
  factors,
}: VersionChanges): AuditDetail['documents'][number]['changes'] => ({
  formulas: formulas.map(({ steps, ...change }) => ({
    ...change,
    steps: steps.map((step) => ({ ...step })),
  })),
  factors: factors.map(({ members, ...change }) => ({
    ...change,
    members: members.map((member) => ({ ...member })),
  })),
});
