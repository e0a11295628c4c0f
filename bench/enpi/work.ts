import {
  defaultBaselineSettings,
  type EnbModel,
  type EnpiPeriod,
  fitBaseline,
  monthlyPerformance,
  savingsOver,
} from '@wattproof/energy';
import { syntheticDays } from '../../packages/energy/src/synthetic-site.fixture.ts';

export const baselineDays = 365;
export const monthDays = 30;

/** A meter's year of daily energy, production and temperature, and the month after it. */
export interface MeterDays {
  readonly baseline: EnpiPeriod;
  readonly month: EnpiPeriod;
}

function part(period: EnpiPeriod, from: number, to: number): EnpiPeriod {
  const cut = (column: ArrayLike<number>): Float64Array => Float64Array.from(column).slice(from, to);
  return {
    dates: period.dates.slice(from, to),
    energy_wh: cut(period.energy_wh),
    given: Object.fromEntries(Object.entries(period.given).map(([name, column]) => [name, cut(column)])),
    ...(period.temperature_c ? { temperature_c: cut(period.temperature_c) } : {}),
  };
}

export function meterDays(seed: number): MeterDays {
  const both = syntheticDays({ seed, from: 0, days: baselineDays + monthDays });
  return { baseline: part(both, 0, baselineDays), month: part(both, baselineDays, baselineDays + monthDays) };
}

/** A month's EnPI of one meter: the model refitted over every pair of base temperatures, then the month's savings. */
export function enpiOf({ baseline, month }: MeterDays): EnbModel {
  const fit = fitBaseline(baseline, defaultBaselineSettings);
  if (!fit.ok) throw new Error(fit.disqualifications.map(({ message }) => message).join('; '));
  const settings = {
    confidence: 0.9,
    metering: { standardUncertainty_percent: 0.6, chain: 'unchanged' },
  } as const;
  savingsOver(fit.model, month, settings);
  monthlyPerformance(fit.model, month, settings);
  return fit.model;
}

/** Candidate regressions behind one EnPI: every subset of production, heating bases and cooling bases ≥ heating. */
export function candidatesOf(): number {
  const { heatingBases_c, coolingBases_c } = defaultBaselineSettings;
  const pairs = heatingBases_c.flatMap((h) => coolingBases_c.filter((c) => c >= h)).length;
  return 2 * (1 + heatingBases_c.length + coolingBases_c.length + pairs);
}
