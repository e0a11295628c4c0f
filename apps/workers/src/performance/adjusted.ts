import { type DailyData, periodOf } from '@wattproof/database';
import { type EnpiPeriod, type LocalDate, type Savings, verdictOf } from '@wattproof/energy';
import type { PerformanceInput } from './performance.ts';

/**
 * Non-routine adjustments A are added to the expected energy. expected + A − actual = expected − (actual − A): so the
 * models see actual − A, and what they state is put back on both sides. The half-width of an adjustment is one error on
 * all of its days and joins the model part by squares.
 */
export interface Adjusted {
  /** Periods whose energy has the adjustments taken off. */
  readonly reporting: EnpiPeriod;
  readonly whole: EnpiPeriod;
  readonly perDay: ReadonlyMap<LocalDate, number>;
  readonly parts: readonly { readonly id: string; readonly event: string; readonly energy_wh: number }[];
  /** Savings as computed on the adjusted energy, put back on both sides. */
  readonly restated: (savings: Savings) => Savings;
}

export function adjustedBy(
  input: Pick<PerformanceInput, 'data' | 'adjustments' | 'reportingTo'>,
  from: LocalDate,
  to: LocalDate,
): Adjusted {
  const { data, adjustments } = input;
  const perDay = new Map<LocalDate, number>();
  for (const adjustment of adjustments)
    for (const date of data.dates)
      if (date >= adjustment.from && (adjustment.to === null || date < adjustment.to))
        perDay.set(date, (perDay.get(date) ?? 0) + adjustment.energy_wh_per_day);
  const energy = data.energy_wh.map((wh, i) => wh - (perDay.get(data.dates[i] as LocalDate) ?? 0));
  // A day's share of an adjustment lies evenly on its hours.
  const hours =
    data.hours?.map((day, i) => {
      const added = perDay.get(data.dates[i] as LocalDate) ?? 0;
      return added === 0
        ? day
        : { ...day, energy_wh: Array.from(day.energy_wh, (wh) => wh - added / day.energy_wh.length) };
    }) ?? null;
  const changed: DailyData = { ...data, energy_wh: energy, hours };
  const reporting = periodOf(changed, from, to);
  const isKnown = (i: number): boolean => Number.isFinite(reporting.energy_wh[i]);
  const known = reporting.dates.filter((_, i) => isKnown(i));
  const parts = adjustments
    .map(({ id, event, ...adjustment }) => {
      const days = known.filter(
        (date) => date >= adjustment.from && (adjustment.to === null || date < adjustment.to),
      ).length;
      return {
        id,
        event,
        energy_wh: days * adjustment.energy_wh_per_day,
        half_wh: days * adjustment.halfWidth_wh_per_day,
      };
    })
    .filter(({ energy_wh, half_wh }) => energy_wh !== 0 || half_wh !== 0);
  const energy_wh = parts.reduce((sum, part) => sum + part.energy_wh, 0);
  const half_wh = Math.hypot(...parts.map((part) => part.half_wh));
  return {
    reporting,
    whole: periodOf(changed, data.dates[0] ?? from, input.reportingTo),
    perDay,
    parts: parts.map(({ half_wh: _half, ...part }) => part),
    restated: (savings) => (parts.length === 0 ? savings : restate(savings, energy_wh, half_wh)),
  };
}

function restate(savings: Savings, energy_wh: number, half_wh: number): Savings {
  const actual_wh = savings.actual_wh + energy_wh;
  const expected_wh = savings.expected_wh + energy_wh;
  const modelHalfWidth_wh = Math.hypot(savings.modelHalfWidth_wh, half_wh);
  const halfWidth_wh = Math.hypot(modelHalfWidth_wh, savings.meteringHalfWidth_wh);
  return {
    ...savings,
    actual_wh,
    expected_wh,
    savings_percent: (100 * savings.savings_wh) / expected_wh,
    performanceRatio: actual_wh / expected_wh,
    modelHalfWidth_wh,
    halfWidth_wh,
    halfWidth_percent: (100 * halfWidth_wh) / expected_wh,
    verdict: savings.days === 0 ? savings.verdict : verdictOf(savings.savings_wh, halfWidth_wh),
  };
}
