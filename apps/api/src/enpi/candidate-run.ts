import { createHash } from 'node:crypto';
import {
  type CandidateWish,
  candidateModels,
  designRows,
  type EnbModel,
  type EnpiPeriod,
  expectedOf,
  type Finding,
  type FittedBaseline,
  type RankedCandidate,
  type RememberFit,
  savingsOver,
} from '@wattproof/energy';

/** What the thread is asked: the data of a choice, and what to try. */
export interface CandidateQuestion {
  readonly whole: EnpiPeriod;
  readonly baseline: EnpiPeriod;
  readonly reporting: EnpiPeriod | null;
  readonly wish: CandidateWish;
  readonly confidence: number;
}

export interface AnsweredCandidate extends RankedCandidate {
  /** Expected energy of each day of the whole period; NaN where unknown. */
  readonly expected_wh: Float64Array;
  readonly savings: {
    readonly percent: number;
    readonly halfWidth_percent: number;
    readonly findings: readonly Finding[];
  } | null;
}

export interface CandidateAnswer {
  readonly candidates: readonly AnsweredCandidate[];
  readonly findings: readonly Finding[];
  /** First days of the rows that the fit is made of. */
  readonly fittedDates: readonly string[];
}

function savingsOf(
  model: EnbModel,
  { reporting, confidence }: CandidateQuestion,
): AnsweredCandidate['savings'] {
  if (!reporting || reporting.dates.length === 0) return null;
  const savings = savingsOver(model, reporting, { confidence, metering: null });
  if (savings.days === 0 || !(savings.expected_wh > 0)) return null;
  return {
    percent: savings.savings_percent,
    halfWidth_percent: savings.halfWidth_percent,
    findings: savings.findings,
  };
}

const hourColumns = (hours: EnpiPeriod['hours'] = []): readonly ArrayLike<number>[] =>
  hours.flatMap((day) => [day.energy_wh, day.temperature_c]);

/** Fits that are kept of days that were asked for before: a change of variables leaves those of the temperature alone. */
const greatestFits = 256;

/** Remembers fits by the energy and temperature of their rows. */
export function rememberedFits(): RememberFit {
  const kept = new Map<string, FittedBaseline>();
  return (id, rows, fit) => {
    const hash = createHash('sha256');
    for (const column of [
      rows.y,
      rows.weights ?? [],
      rows.days.temperature_c ?? [],
      ...(id.startsWith('timeOfWeek') ? hourColumns(rows.days.hours) : []),
    ])
      hash.update(new Uint8Array(Float64Array.from(column).buffer));
    const key = `${id} ${rows.dates[0]} ${rows.dates.at(-1)} ${hash.digest('hex')}`;
    const known = kept.get(key);
    if (known) return known;
    const fitted = fit();
    kept.set(key, fitted);
    const [oldest] = kept.keys();
    if (kept.size > greatestFits && oldest !== undefined) kept.delete(oldest);
    return fitted;
  };
}

/** Ranks the candidates of a choice. */
export function runCandidates(question: CandidateQuestion, remember?: RememberFit): CandidateAnswer {
  const found = candidateModels(question.baseline, question.wish, remember);
  if (!found.ok) return { candidates: [], findings: found.disqualifications, fittedDates: [] };
  return {
    findings: found.findings,
    fittedDates: found.rows.dates,
    candidates: found.candidates.map((candidate) => ({
      ...candidate,
      expected_wh: Float64Array.from(designRows(candidate.model, question.whole), (row) =>
        expectedOf(candidate.model, row),
      ),
      savings: savingsOf(candidate.model, question),
    })),
  };
}

/** The same question is the same data and the same wish. */
export function questionKey({ whole, baseline, reporting, wish, confidence }: CandidateQuestion): string {
  const hash = createHash('sha256');
  const period = ({ dates, energy_wh, given, temperature_c, hours }: EnpiPeriod): void => {
    hash.update(JSON.stringify([dates[0], dates.length, Object.keys(given), hours !== undefined]));
    for (const column of [energy_wh, ...Object.values(given), temperature_c ?? [], ...hourColumns(hours)])
      hash.update(new Uint8Array(Float64Array.from(column).buffer));
  };
  period(whole);
  hash.update(
    JSON.stringify([baseline.dates[0], baseline.dates.length, reporting?.dates[0], reporting?.dates.length]),
  );
  hash.update(JSON.stringify([wish, confidence]));
  return hash.digest('hex');
}
