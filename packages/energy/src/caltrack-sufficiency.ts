/**
 * Whether the data suffice for CalTRACK 2.0 (section 2), each rule a setting and each breach a finding: which periods
 * are used, and what disqualifies or only warns.
 */
import type { CaltrackRow, UsagePeriod } from './caltrack-design.ts';
import type { CaltrackInterval } from './caltrack-model.ts';
import { type Finding, finding } from './finding.ts';
import { quantile } from './quantile.ts';

const day_ms = 86_400_000;

export interface SufficiencySettings {
  /** Length of the baseline (3.1.3) and days of it that may be missing, or are estimated (2.2.1.2). */
  readonly baseline_days: number;
  readonly greatestMissing_days: number;
  /** Bills shorter than this are dropped, longer ones too (2.2.3.4, 2.2.3.5). */
  readonly leastBill_days: number;
  readonly greatestMonthlyBill_days: number;
  readonly greatestBimonthlyBill_days: number;
  /** A value above median + this many interquartile ranges is pointed at (2.3.6). */
  readonly outlierRanges: number;
  /** A weather station further away is pointed at (2.4.2). */
  readonly greatestStation_km: number;
}

export const caltrackSufficiency: SufficiencySettings = {
  baseline_days: 365,
  greatestMissing_days: 37,
  leastBill_days: 25,
  greatestMonthlyBill_days: 35,
  greatestBimonthlyBill_days: 70,
  outlierRanges: 3,
  greatestStation_km: 200,
};

export interface MeteredPeriod extends UsagePeriod {
  readonly estimated?: boolean;
}

export interface UsageRule {
  readonly interval: CaltrackInterval;
  readonly billing?: 'monthly' | 'bimonthly';
  /** An electricity value of 0 is a missing one, a gas value of 0 is none used (2.2.1.4). */
  readonly zeroIsMissing: boolean;
}

/**
 * Periods as they may be used, in order: a zero that means missing is unknown, an estimated bill is joined with the
 * next ones up to the longest allowed bill, bills of a length that is not allowed are unknown, and periods that repeat
 * are kept once. What was done is told.
 */
export function usablePeriods(
  periods: readonly MeteredPeriod[],
  rule: UsageRule,
  settings: SufficiencySettings = caltrackSufficiency,
): { readonly periods: readonly UsagePeriod[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const count = (code: string, message: string, n: number): void => {
    if (n > 0) findings.push(finding(code, message, { n }));
  };
  const ordered = [...periods].sort((a, b) => a.start_ms - b.start_ms || a.end_ms - b.end_ms);
  const same = (a: MeteredPeriod, b: MeteredPeriod | undefined): boolean =>
    a.start_ms === b?.start_ms && a.end_ms === b.end_ms;
  const distinct = ordered.filter((period, i) => !same(period, ordered[i - 1]));
  const contradicting = ordered.filter(
    (period, i) => same(period, ordered[i - 1]) && period.energy !== ordered[i - 1]?.energy,
  ).length;
  count('duplicatePeriod', 'A period occurs more than once', ordered.length - distinct.length);
  count('contradictingPeriod', 'A period occurs with different values: several meters?', contradicting);
  const longest_days =
    rule.billing === 'bimonthly' ? settings.greatestBimonthlyBill_days : settings.greatestMonthlyBill_days;
  const joined: UsagePeriod[] = [];
  let estimates = 0;
  let zeros = 0;
  let lengths = 0;
  for (let i = 0; i < distinct.length; i++) {
    let { start_ms, end_ms, energy, estimated } = distinct[i] as MeteredPeriod;
    const next = (): MeteredPeriod | undefined => distinct[i + 1];
    while (estimated && next()?.start_ms === end_ms) {
      const following = next() as MeteredPeriod;
      if (following.end_ms - start_ms > settings.greatestBimonthlyBill_days * day_ms) break;
      estimates++;
      i++;
      end_ms = following.end_ms;
      energy += following.energy;
      estimated = following.estimated ?? false;
    }
    if (estimated) energy = Number.NaN;
    if (rule.zeroIsMissing && energy === 0) {
      zeros++;
      energy = Number.NaN;
    }
    const days = (end_ms - start_ms) / day_ms;
    // What was joined may be as long as two bills.
    const isJoined = (distinct[i] as MeteredPeriod).start_ms !== start_ms;
    const greatest = isJoined ? settings.greatestBimonthlyBill_days : longest_days;
    if (rule.interval === 'billing' && (days < settings.leastBill_days || days > greatest)) {
      lengths++;
      energy = Number.NaN;
    }
    joined.push({ start_ms, end_ms, energy });
  }
  count('estimatedBill', 'An estimated bill was joined with the next one', estimates);
  count('zeroIsMissing', 'A value of zero was taken to be missing', zeros);
  count('billLength', 'A bill is shorter or longer than allowed and was left out', lengths);
  return { periods: joined, findings };
}

export interface Sufficiency {
  readonly isSufficient: boolean;
  readonly disqualifications: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly validDays: number;
}

/** Judges the rows of a baseline [from, to). */
export function caltrackSufficient(
  rows: readonly CaltrackRow[],
  asked: {
    readonly from_ms: number;
    readonly to_ms: number;
    readonly isNetMetered?: boolean;
    readonly stationDistance_km?: number;
  },
  settings: SufficiencySettings = caltrackSufficiency,
): Sufficiency {
  const disqualifications: Finding[] = [];
  const warnings: Finding[] = [];
  const asked_days = (asked.to_ms - asked.from_ms) / day_ms;
  if (Math.round(asked_days) !== settings.baseline_days)
    disqualifications.push(
      finding('baselineLength', 'The baseline is not as long as asked for', {
        days: asked_days,
        asked: settings.baseline_days,
      }),
    );
  const inside = rows.filter(({ start_ms, end_ms }) => start_ms >= asked.from_ms && end_ms <= asked.to_ms);
  const known = inside.filter(({ usagePerDay }) => Number.isFinite(usagePerDay));
  const usageDays = known.reduce((sum, { days }) => sum + days, 0);
  const temperatureDays = inside.reduce((sum, { dayTemperatures }) => sum + dayTemperatures.length, 0);
  const validDays = known.reduce(
    (sum, { days, dayTemperatures }) => sum + Math.min(days, dayTemperatures.length),
    0,
  );
  const lacks = (code: string, message: string, days: number): void => {
    const missing_days = settings.baseline_days - days;
    if (missing_days > settings.greatestMissing_days)
      disqualifications.push(
        finding(code, message, { missing_days, allowed_days: settings.greatestMissing_days }),
      );
  };
  lacks('energyMissing', 'Too many days of energy are missing', usageDays);
  lacks('temperatureMissing', 'Too many days of temperature are missing', temperatureDays);
  if (
    usageDays >= settings.baseline_days - settings.greatestMissing_days &&
    temperatureDays >= settings.baseline_days - settings.greatestMissing_days
  )
    lacks('bothMissing', 'Too many days lack energy or temperature', validDays);
  const negative = known.filter(({ usagePerDay }) => usagePerDay < 0).length;
  if (negative > 0)
    (asked.isNetMetered ? warnings : disqualifications).push(
      finding('negativeEnergy', 'Consumption is negative on some days', { days: negative }),
    );
  if (known.length > 3) {
    const ascending = Float64Array.from(known, ({ usagePerDay }) => usagePerDay).sort();
    const limit =
      quantile(ascending, 0.5) +
      settings.outlierRanges * (quantile(ascending, 0.75) - quantile(ascending, 0.25));
    const extreme = known.filter(({ usagePerDay }) => usagePerDay > limit).length;
    if (extreme > 0)
      warnings.push(
        finding('extremeEnergy', 'Some periods use far more than the others', { n: extreme, limit }),
      );
  }
  const { stationDistance_km } = asked;
  if (stationDistance_km !== undefined && stationDistance_km > settings.greatestStation_km)
    warnings.push(
      finding('stationFar', 'The weather station is far away', {
        distance_km: stationDistance_km,
        greatest_km: settings.greatestStation_km,
      }),
    );
  return { isSufficient: disqualifications.length === 0, disqualifications, warnings, validDays };
}
