import type { SupplyTariff } from '../plant.ts';

/** Prices of the demo, EUR without value added tax: plausible for a site of that kind, of no supplier in particular. */
export const tariffs = {
  frElectricity: {
    energy_per_kwh: 0.0812,
    network_per_kwh: 0.0216,
    levies_per_kwh: 0.0205,
    standing_per_month: 2140,
  },
  frGas: { energy_per_kwh: 0.0382, network_per_kwh: 0.0061, levies_per_kwh: 0.0101, standing_per_month: 760 },
  deElectricity: {
    energy_per_kwh: 0.0975,
    network_per_kwh: 0.0418,
    levies_per_kwh: 0.0239,
    standing_per_month: 1890,
  },
  deGas: { energy_per_kwh: 0.0415, network_per_kwh: 0.0074, levies_per_kwh: 0.0123, standing_per_month: 540 },
  esElectricity: {
    energy_per_kwh: 0.0891,
    network_per_kwh: 0.0187,
    levies_per_kwh: 0.0064,
    standing_per_month: 2310,
  },
  esGas: { energy_per_kwh: 0.0368, network_per_kwh: 0.0049, levies_per_kwh: 0.0027, standing_per_month: 480 },
} as const satisfies Record<string, SupplyTariff>;
