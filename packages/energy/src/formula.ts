/**
 * The formulas of the figures with their dated versions. A change that lets a figure come out otherwise from the same data
 * appends a version and says what changed (recipe in CONTRIBUTING.md); a published version is never edited.
 */
import type { LocalDate } from './calendar.ts';

export interface FormulaVersion {
  readonly version: number;
  /** First day on which the running version computed with it. */
  readonly since: LocalDate;
  /** What is computed otherwise than by the version before, and how that one did; null of the first version. */
  readonly change: string | null;
}

const first = (since: LocalDate): readonly [FormulaVersion] => [{ version: 1, since, change: null }];

export const formulaHistory = {
  /** Coverage, and the rows of the account that it adds up. */
  auditCoverage: [
    ...first('2026-11-22'),
    {
      version: 2,
      since: '2026-11-23',
      change:
        'A bill counts with the days on which its delivery point belonged to the entity, and sampled clusters count whole; before, all days of the bill within the period counted, and every site for itself.',
    },
  ],
  measuredShare: first('2026-11-22'),
  /** Saving of an EnPI with its half-widths. */
  savings: [
    ...first('2026-11-22'),
    {
      version: 2,
      since: '2026-11-23',
      change:
        'The metering part of the half-width counts energy that moved to another load; before, an unchanged chain erred in proportion to the net saving alone.',
    },
  ],
  /** Net present value, internal rate and payback of a measure. */
  investment: first('2026-11-23'),
} as const satisfies Readonly<Record<string, readonly FormulaVersion[]>>;

export type FormulaName = keyof typeof formulaHistory;
export const formulaNames = Object.keys(formulaHistory) as readonly FormulaName[];

/** Versions by formula: of a report, or of what runs. */
export type FormulaVersions = Readonly<Record<FormulaName, number>>;

const historyOf = (name: FormulaName): readonly FormulaVersion[] => formulaHistory[name];

/** The version that computes now. */
export const runningVersion = (name: FormulaName): number => historyOf(name).at(-1)?.version ?? 1;

const versionsBy = (versionOf: (name: FormulaName) => number): FormulaVersions =>
  Object.fromEntries(formulaNames.map((name) => [name, versionOf(name)])) as FormulaVersions;

export const runningFormulas = (): FormulaVersions => versionsBy(runningVersion);

/** The versions that computed on a day; of a formula that came later, its first. */
export const formulasOn = (date: LocalDate): FormulaVersions =>
  versionsBy((name) => historyOf(name).findLast(({ since }) => since <= date)?.version ?? 1);

/** A formula whose version is another one now, with every version that lies between. */
export interface FormulaChange {
  readonly formula: FormulaName;
  readonly from: number;
  readonly to: number;
  /** The versions after `from`, oldest first, each with what it changed. */
  readonly steps: readonly FormulaVersion[];
}

export const formulaChanges = (
  before: FormulaVersions,
  now: FormulaVersions = runningFormulas(),
): readonly FormulaChange[] =>
  formulaNames.flatMap((formula) => {
    const from = before[formula];
    const to = now[formula];
    if (from === to) return [];
    const steps = historyOf(formula).filter(({ version }) => version > from && version <= to);
    return [{ formula, from, to, steps }];
  });
