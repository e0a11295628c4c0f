import type { LatestRow, TermRow } from '@wattproof/database/queries';
import { describe, expect, it } from 'vitest';
import { powerWeights, sumOfPower } from './site-power.ts';

const term = (sourceMeterId: number, sourceMeasurand: string, sign: 1 | -1): TermRow => ({
  meterId: 1,
  sourceMeterId,
  sourceName: '',
  sourceMeasurand,
  sign,
});
const latest = (meterId: number, power_w: number, at_ms: number): [number, LatestRow] => [
  meterId,
  {
    meterId,
    at: new Date(at_ms),
    receivedAt: new Date(at_ms),
    quality: 0,
    values: { active_power_w: [power_w, at_ms] },
  },
];

describe('power of a site', () => {
  it('is import minus export plus own production, each meter once', () => {
    const weights = powerWeights([
      term(2, 'active_energy_import_wh', 1),
      term(2, 'active_energy_export_wh', -1),
      term(3, 'active_energy_import_wh', 1),
    ]);
    // The main meter exports 5 kW while the PV gives 20 kW: the site uses 15 kW.
    expect(sumOfPower(weights, new Map([latest(2, -5_000, 70), latest(3, 20_000, 60)]))).toEqual({
      value_w: 15_000,
      at_ms: 60,
    });
  });

  it('counts a generator that only has an export counter with its sign turned', () => {
    const weights = powerWeights([
      term(2, 'active_energy_import_wh', 1),
      term(3, 'active_energy_export_wh', 1),
    ]);
    expect(sumOfPower(weights, new Map([latest(2, 1_000, 5), latest(3, -4_000, 5)]))?.value_w).toBe(5_000);
  });

  it('is not known where one part is not', () => {
    const weights = powerWeights([
      term(2, 'active_energy_import_wh', 1),
      term(3, 'active_energy_import_wh', 1),
    ]);
    expect(sumOfPower(weights, new Map([latest(2, 1_000, 5)]))).toBeNull();
    expect(sumOfPower(new Map(), new Map())).toBeNull();
  });
});
