/**
 * Non-routine adjustments. What an event adds to the energy that a baseline would expect (A, Wh a day, negative where it takes
 * away) is added to the expected energy of its days: expected + A − actual = expected − (actual − A). So a model sees
 * actual − A, and what it states is put back on both sides. The half-width of an adjustment is one and the same error on all
 * of its days (half-width a day · days); it joins the model part by squares, those of several events likewise.
 */
import type { LocalDate } from './calendar.ts';
import type { EnbModel, EnpiPeriod } from './enb.ts';
import { type Savings, type SavingsSettings, savingsOver, verdictOf } from './savings.ts';

export interface AdjustmentEffect {
  readonly id: string;
  readonly from: LocalDate;
  /** The day after the last one; null: it lasts. */
  readonly to: LocalDate | null;
  readonly energy_wh_per_day: number;
  readonly halfWidth_wh_per_day: number;
}

/** What an event adds over the days of a period on which the energy is known, Wh. */
export interface AdjustmentPart<Effect extends AdjustmentEffect = AdjustmentEffect> {
  readonly effect: Effect;
  readonly energy_wh: number;
  readonly halfWidth_wh: number;
}

const touches = ({ from, to }: AdjustmentEffect, date: LocalDate): boolean =>
  date >= from && (to === null || date < to);

/** A of each date that an event touches, Wh a day. */
export function adjustmentsPerDay(
  dates: readonly LocalDate[],
  effects: readonly AdjustmentEffect[],
): ReadonlyMap<LocalDate, number> {
  const perDay = new Map<LocalDate, number>();
  for (const effect of effects)
    for (const date of dates)
      if (touches(effect, date)) perDay.set(date, (perDay.get(date) ?? 0) + effect.energy_wh_per_day);
  return perDay;
}

/** A period's energy with the adjustments taken off, Wh. */
export const withoutAdjustments = (
  { dates, energy_wh }: Pick<EnpiPeriod, 'dates' | 'energy_wh'>,
  perDay: ReadonlyMap<LocalDate, number>,
): Float64Array => Float64Array.from(energy_wh, (wh, i) => wh - (perDay.get(dates[i] as LocalDate) ?? 0));

/** The events that touch a period, each with its sum over the days whose energy is known; those that add nothing are left out. */
export function adjustmentParts<Effect extends AdjustmentEffect>(
  { dates, energy_wh }: Pick<EnpiPeriod, 'dates' | 'energy_wh'>,
  effects: readonly Effect[],
): readonly AdjustmentPart<Effect>[] {
  return effects
    .map((effect) => {
      const days = dates.filter((date, i) => Number.isFinite(energy_wh[i]) && touches(effect, date)).length;
      return {
        effect,
        energy_wh: days * effect.energy_wh_per_day,
        halfWidth_wh: days * effect.halfWidth_wh_per_day,
      };
    })
    .filter(({ energy_wh, halfWidth_wh }) => energy_wh !== 0 || halfWidth_wh !== 0);
}

/** Savings that were stated on energy without its adjustments, with these put back on both sides. */
export function restatedSavings(savings: Savings, parts: readonly AdjustmentPart[]): Savings {
  if (parts.length === 0) return savings;
  const energy_wh = parts.reduce((sum, part) => sum + part.energy_wh, 0);
  const actual_wh = savings.actual_wh + energy_wh;
  const expected_wh = savings.expected_wh + energy_wh;
  const modelHalfWidth_wh = Math.hypot(savings.modelHalfWidth_wh, ...parts.map((part) => part.halfWidth_wh));
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

/** Savings over a period with the approved adjustments of the EnPI. */
export function adjustedSavings(
  model: EnbModel,
  period: EnpiPeriod,
  { adjustments, ...settings }: SavingsSettings & { readonly adjustments: readonly AdjustmentEffect[] },
): Savings {
  const perDay = adjustmentsPerDay(period.dates, adjustments);
  const plain = { ...period, energy_wh: withoutAdjustments(period, perDay) };
  return restatedSavings(savingsOver(model, plain, settings), adjustmentParts(period, adjustments));
}
