import type { Verification } from './verification.ts';

/** One clause of a rule with the place it was taken from: clauses of one rule are often checked unequally well. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly source: string;
  readonly verification: Verification;
}

export const sourced = <Value>(value: Value, verification: Verification, source: string): Sourced<Value> => ({
  value,
  source,
  verification,
});
