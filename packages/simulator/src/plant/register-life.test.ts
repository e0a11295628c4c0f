import {
  baseBoundaries,
  billingPeriods,
  type CounterEvent,
  counterIntervals,
  defaultGapLimit_ms,
  intervalQualityCode,
  localMidnight_ms,
  periodBoundaries,
  tier,
} from '@wattproof/energy';
import { describe, expect, it } from 'vitest';
import { demoPlant } from './demo-plant.ts';
import { plantModelOf } from './plant-model.ts';

const zone = 'Europe/Paris';
const quarter_ms = 900_000;
const day_ms = 86_400_000;
const modulus = 100_000_000;

/** October 2026 has the day of 25 hours. */
const from_ms = localMidnight_ms(zone, '2026-10-01');
const to_ms = localMidnight_ms(zone, '2026-11-01');

const plant = demoPlant({ seed: 42, start_ms: from_ms - 30 * day_ms, reportingFrom_ms: from_ms });
const model = plantModelOf(plant);
const site = model.site('laval');

/** A use meter of the plant: what really flows through it. */
const meter = site.meters.find((m) => m.meter.role === 'use' && m.meter.carrier === 'electricity');
if (!meter) throw new Error('the plant has no use meter');
const flowed = (at_ms: number): number => Math.floor(meter.truth(from_ms - day_ms, at_ms));

interface Register {
  readonly kind: CounterEvent['kind'];
  readonly at_ms: number;
  readonly opening: number;
}

/** A month in a meter's life: replaced on the 8th, its transformers changed on the 15th, reset by a power cut on the 22nd. */
const life: readonly Register[] = [
  { kind: 'replacement', at_ms: from_ms + 7 * day_ms + 34_567_000, opening: 17 },
  { kind: 'ratioChange', at_ms: from_ms + 14 * day_ms + 40_123_000, opening: 0 },
  { kind: 'reset', at_ms: from_ms + 21 * day_ms + 12_345_000, opening: 0 },
];
/** Eight digits, 500 Wh before the end when the month begins. */
const startIndex = modulus - 500 - flowed(from_ms);

function indexAt(at_ms: number, registers: readonly Register[]): number {
  const last = registers.findLast((register) => register.at_ms <= at_ms);
  const index = last ? last.opening + flowed(at_ms) - flowed(last.at_ms) : startIndex + flowed(at_ms);
  return index % modulus;
}

const events: readonly CounterEvent[] = life.map((register, i) => ({
  ...register,
  closing: indexAt(register.at_ms, life.slice(0, i)),
}));

function monthOf(period_ms: number, declared: readonly CounterEvent[]) {
  const at_ms: number[] = [];
  for (let at = from_ms - 4 * quarter_ms; at <= to_ms + 4 * quarter_ms; at += period_ms) at_ms.push(at);
  const boundaries_ms = baseBoundaries(from_ms, to_ms);
  const result = counterIntervals({
    at_ms,
    index: at_ms.map((at) => indexAt(at, life)),
    rules: { modulus, maxRate_per_s: 200, gapLimit_ms: defaultGapLimit_ms },
    events: declared,
    boundaries_ms,
  });
  const base = { start_ms: boundaries_ms.slice(0, -1), delta: result.delta, quality: result.quality };
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  const months = tier(base, periodBoundaries(zone, 'month', from_ms, to_ms));
  const days = tier(base, periodBoundaries(zone, 'day', from_ms, to_ms));
  return { result, month: sum(months.delta.subarray(0, months.count)), days, months };
}

describe('a month with a replacement, a ratio change, a reset and a rollover', () => {
  const truth = flowed(to_ms) - flowed(from_ms);

  it('holds what really flowed, to the Wh, whether read each quarter of an hour or each minute', () => {
    expect(truth).toBeGreaterThan(100_000);
    for (const period_ms of [quarter_ms, 60_000]) {
      const { month, months, days, result } = monthOf(period_ms, events);
      expect(month).toBe(truth);
      expect(months.n_missing[0]).toBe(0);
      expect(result.findings.countByCode).toMatchObject({ counterRollover: 1 });
      expect(result.findings.countByCode).not.toHaveProperty('backwardStep');
      expect(days.count).toBe(31);
      // 25 October has 25 hours: a hundred quarter hours.
      expect(days.n_measured[24]).toBe(100);
      expect(days.duration_s[24]).toBe(25 * 3600);
    }
  });

  it('misses the three quarter hours, and nothing else, while nobody has declared anything', () => {
    const { result, month } = monthOf(quarter_ms, []);
    const missing = [...result.quality].filter((code) => code === intervalQualityCode('missing'));
    expect(missing).toHaveLength(3);
    const lost = life.map(({ at_ms }) => {
      const start = Math.floor(at_ms / quarter_ms) * quarter_ms;
      return flowed(start + quarter_ms) - flowed(start);
    });
    expect(month).toBe(truth - lost.reduce((a, b) => a + b, 0));
    expect(result.findings.countByCode).toMatchObject({ backwardStep: 3 });
  });

  it('adds up to a billing period from the 9th, across the change of the clocks', () => {
    const [period] = billingPeriods(zone, 9, { from: '2026-10-09', to: '2026-10-10' });
    if (!period) throw new Error('no period');
    const { days } = monthOf(quarter_ms, events);
    const inside = Array.from({ length: days.count }, (_, i) => i).filter(
      (i) => (days.start_ms[i] as number) >= period.start_ms && (days.start_ms[i] as number) < to_ms,
    );
    expect(inside.reduce((sum, i) => sum + (days.delta[i] as number), 0)).toBe(
      flowed(to_ms) - flowed(period.start_ms),
    );
  });
});
