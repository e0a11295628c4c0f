import { type DailyData, periodOf } from '@wattproof/database';
import {
  adjustmentParts,
  adjustmentsPerDay,
  type EnpiPeriod,
  type LocalDate,
  restatedSavings,
  type Savings,
  withoutAdjustments,
} from '@wattproof/energy';
import type { PerformanceInput } from './performance.ts';

/** Periods of an EnPI with its approved adjustments taken off, and how they are put back into what the models state. */
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
  const perDay = adjustmentsPerDay(data.dates, adjustments);
  // A day's share of an adjustment lies evenly on its hours.
  const hours =
    data.hours?.map((day, i) => {
      const added = perDay.get(data.dates[i] as LocalDate) ?? 0;
      return added === 0
        ? day
        : { ...day, energy_wh: Array.from(day.energy_wh, (wh) => wh - added / day.energy_wh.length) };
    }) ?? null;
  const changed: DailyData = { ...data, energy_wh: withoutAdjustments(data, perDay), hours };
  const reporting = periodOf(changed, from, to);
  const parts = adjustmentParts(reporting, adjustments);
  return {
    reporting,
    whole: periodOf(changed, data.dates[0] ?? from, input.reportingTo),
    perDay,
    parts: parts.map(({ effect: { id, event }, energy_wh }) => ({ id, event, energy_wh })),
    restated: (savings) => restatedSavings(savings, parts),
  };
}
