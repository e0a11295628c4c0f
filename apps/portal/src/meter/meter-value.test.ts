import type { MeterStatistics } from '@wattproof/contracts/api';
import { describe, expect, test } from 'vitest';
import type { LiveMeter } from '../live/live-meters.ts';
import { currentUnbalance, meterValues, phaseRows } from './meter-value.ts';

const shares = { measured: 1, interpolated: 0, estimated: 0, manual: 0, missing: 0 };
const statistic = (
  measurand: string,
  [min, last, max]: readonly [number, number, number],
): MeterStatistics['measurands'][number] => ({
  measurand,
  unit: 'A',
  kind: 'gauge',
  last: { value: last, at: '2026-11-19T13:00:00Z', age_s: 4, stale: false, quality: 'good' },
  min: { value: min, at: '2026-11-19T03:00:00Z' },
  max: { value: max, at: '2026-11-19T11:00:00Z' },
  mean: (min + max) / 2,
  delta: null,
  source: 'readings',
  shares,
});
const statistics = [
  statistic('current_l2_a', [8, 12, 40]),
  statistic('current_l1_a', [5, 10, 30]),
  statistic('current_l3_a', [6, 14, 20]),
  statistic('active_power_w', [1000, 2000, 9000]),
];
const live = (values: Record<string, { value: number; at: string }>): LiveMeter => ({
  at: '2026-11-19T13:00:10Z',
  isStale: false,
  quality: 'good',
  values: new Map(Object.entries(values).map(([name, v]) => [name, { ...v, quality: 'good' }])),
});

describe('values of a meter', () => {
  test('the newer value wins, in the order of the registry', () => {
    const values = meterValues(
      live({
        current_l1_a: { value: 11, at: '2026-11-19T13:00:10Z' },
        current_l2_a: { value: 99, at: '2026-11-19T12:00:00Z' },
        frequency_hz: { value: 50.01, at: '2026-11-19T13:00:10Z' },
        not_a_measurand: { value: 1, at: '2026-11-19T13:00:10Z' },
      }),
      statistics,
    );
    expect([...values.keys()]).toEqual([
      'active_power_w',
      'current_l1_a',
      'current_l2_a',
      'current_l3_a',
      'frequency_hz',
    ]);
    expect(values.get('current_l1_a')?.now?.value).toBe(11);
    expect(values.get('current_l2_a')?.now?.value).toBe(12);
    expect(values.get('frequency_hz')?.statistic).toBeNull();
  });

  test('rows hold what the meter has, on one scale for the phases', () => {
    const rows = phaseRows(meterValues(undefined, statistics));
    expect(rows.map((r) => r.id)).toEqual(['current', 'activePower']);
    expect(rows[0]?.reach).toEqual({ low: 5, high: 40 });
    expect(rows[0]?.all).toBeNull();
    expect(rows[1]?.cells).toEqual([null, null, null]);
    expect(rows[1]?.all?.now?.value).toBe(2000);
  });

  test('unbalance is told only where currents flow in all phases', () => {
    expect(currentUnbalance(meterValues(undefined, statistics))).toBeCloseTo(2 / 12);
    expect(currentUnbalance(meterValues(undefined, statistics.slice(0, 2)))).toBeNull();
    const idle = ['current_l1_a', 'current_l2_a', 'current_l3_a'].map((n) => statistic(n, [0, 0.1, 1]));
    expect(currentUnbalance(meterValues(undefined, idle))).toBeNull();
  });
});
