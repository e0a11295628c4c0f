/**
 * Calculation certificate: published cases, run again on this version of the arithmetic and compared with the
 * published results. A case reads its inputs by the name of their file, so that this package does no I/O itself.
 */

/** How near the obtained value must come to the expected one. */
export type Tolerance =
  /** Significant digits shared: −log₁₀(|obtained − expected|/|expected|). */
  | { readonly kind: 'digits'; readonly least: number }
  | { readonly kind: 'absolute'; readonly greatest: number }
  | { readonly kind: 'exact' };

export interface CertificateQuantity {
  readonly name: string;
  readonly expected: number;
  readonly obtained: number;
  readonly tolerance: Tolerance;
}

export interface CertificateCheck extends CertificateQuantity {
  /** obtained − expected. */
  readonly difference: number;
  /** Shared significant digits, at most 16; null where the expected value is zero. */
  readonly digits: number | null;
  readonly passed: boolean;
}

/** Reads an input file of the reference cases as text. */
export type ReadInput = (file: string) => string;

export interface CertificateCase {
  readonly id: string;
  readonly title: string;
  /** What is proved: the method in a sentence. */
  readonly method: string;
  readonly source: string;
  readonly licence: string;
  readonly run: (read: ReadInput) => readonly CertificateQuantity[];
}

export interface CertificateResult {
  readonly id: string;
  readonly title: string;
  readonly method: string;
  readonly source: string;
  readonly licence: string;
  readonly checks: readonly CertificateCheck[];
  readonly passed: boolean;
  /** Why the case could not be run; null where it was. */
  readonly failure: string | null;
}

/** Shared significant digits of two numbers, at most 16; null where the expected value is zero. */
export function sharedDigits(obtained: number, expected: number): number | null {
  if (obtained === expected) return 16;
  if (expected === 0) return null;
  return Math.min(16, Math.max(0, -Math.log10(Math.abs(obtained - expected) / Math.abs(expected))));
}

/** Compares; what is not a number never passes. */
export function check(quantity: CertificateQuantity): CertificateCheck {
  const { expected, obtained, tolerance } = quantity;
  const difference = obtained - expected;
  const digits = sharedDigits(obtained, expected);
  const passed =
    tolerance.kind === 'digits'
      ? digits !== null && digits >= tolerance.least
      : tolerance.kind === 'absolute'
        ? Math.abs(difference) <= tolerance.greatest
        : obtained === expected;
  return { ...quantity, difference, digits, passed };
}

/** Runs a case. A case that throws is a case that failed, with its reason: the certificate is never shorter for it. */
export function runCase(
  { id, title, method, source, licence, run }: CertificateCase,
  read: ReadInput,
): CertificateResult {
  const about = { id, title, method, source, licence };
  try {
    const checks = run(read).map(check);
    return {
      ...about,
      checks,
      passed: checks.length > 0 && checks.every(({ passed }) => passed),
      failure: null,
    };
  } catch (error) {
    return {
      ...about,
      checks: [],
      passed: false,
      failure: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Half a unit of the last printed digit: a published 1571.28 is met by anything that rounds to it. */
export const printed = (decimals: number): Tolerance => ({
  kind: 'absolute',
  greatest: 0.5 * 10 ** -decimals + 1e-12,
});

export const digitsAtLeast = (least: number): Tolerance => ({ kind: 'digits', least });

/** Rows of a CSV file without its head. */
export const csvRows = (text: string): string[][] =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));
