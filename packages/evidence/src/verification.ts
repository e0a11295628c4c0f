/** What a verification says. Texts here are the plain English of the command line; the codes are what catalogues translate. */

export const checkNames = [
  'archive',
  'manifest',
  'signature',
  'fingerprint',
  'chain',
  'anchor',
  'seals',
  'tree',
  'samples',
  'sums',
  'coverage',
  'enpis',
  'spreadsheet',
  'report',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface Difference {
  readonly check: CheckName;
  /** File of the bundle, record of the chain, or figure. */
  readonly place: string;
  readonly message: string;
}

export interface Check {
  readonly name: CheckName;
  /** notDone: what it needs was not given, or an earlier check failed. */
  readonly state: 'passed' | 'failed' | 'notDone';
  /** What was compared, in numbers. */
  readonly counts: Readonly<Record<string, number>>;
  readonly difference: Difference | null;
}

/**
 * intact: everything agrees, and with what was obtained outside the bundle; unanchored: everything agrees with itself, but
 * fingerprint or anchor were not given, so that a bundle made anew by somebody else would look the same; broken: it does not.
 */
export type Outcome = 'intact' | 'unanchored' | 'broken';

export interface Verification {
  readonly outcome: Outcome;
  readonly firstDifference: Difference | null;
  readonly checks: readonly Check[];
  /** What the bundle says of itself; null where it cannot be read. */
  readonly bundle: {
    readonly organisation: string;
    readonly entity: string;
    readonly audit: string;
    readonly from: string;
    readonly to: string;
    readonly createdAt: string;
    readonly fingerprint: string;
    readonly anchor: string;
    readonly meterDays: number;
    readonly restatedDays: number;
    /** Upper bound of the share of wrong days that the sample leaves, at 95 % confidence. */
    readonly errorBound: number;
  } | null;
}

/** Ends a check with the difference that it met. */
export class Differs extends Error {
  readonly place: string;

  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}
