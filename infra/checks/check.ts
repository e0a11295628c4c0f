/** Kinds of checks of `npm test`, in the order they run. */
export const checkKinds = ['lint', 'types', 'boundaries', 'generated', 'unit', 'integration', 'e2e'] as const;
export type CheckKind = (typeof checkKinds)[number];

export interface CheckOutcome {
  readonly passed: number;
  readonly failed: number;
  /** What a person needs to see of a failure; empty when all passed. */
  readonly output: string;
}

export const passedOnce: CheckOutcome = { passed: 1, failed: 0, output: '' };

export function failedOnce(output: string): CheckOutcome {
  return { passed: 0, failed: 1, output };
}

export function sumOutcomes(outcomes: readonly CheckOutcome[]): CheckOutcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
    output: outcomes
      .map(({ output }) => output)
      .filter((output) => output !== '')
      .join('\n'),
  };
}
