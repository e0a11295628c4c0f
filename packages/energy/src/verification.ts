/**
 * How well a rule or factor was checked against its source: read in the cited text, taken from a secondary source,
 * or recalled and still to be checked. What is not verified is shown as such and never printed as a verdict.
 */
export const verifications = ['verified', 'secondary', 'unverified'] as const;
export type Verification = (typeof verifications)[number];

/** A chain of clauses is as well checked as the worst of them. */
export const worstVerification = (all: readonly Verification[]): Verification =>
  verifications.findLast((v) => all.includes(v)) ?? 'verified';
