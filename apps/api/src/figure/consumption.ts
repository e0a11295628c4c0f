import type { Money } from '@wattproof/contracts/api';
import {
  type CountedMeter,
  type IntervalRow,
  type MeterRow,
  readConsumption,
  type Scope,
  type SiteRow,
  type TariffRow,
  type Tier,
} from '@wattproof/database/queries';
import { costOfDays, findMeasurand, type QualityCounts, type Unit } from '@wattproof/energy';
import type { PoolClient } from 'pg';
import { grossEnergyPerLitre_wh } from './fuel-energy.ts';
import { sumOfCounts } from './quality.ts';

/** Consumption of one meter over a period, in intervals of a tier. */
export interface MeterConsumption {
  readonly meter: MeterRow;
  readonly unit: Unit;
  readonly rows: readonly IntervalRow[];
}

/** Meters that count something, with the number of what they count. */
export const countedMeters = (meters: readonly MeterRow[]): CountedMeter[] =>
  meters.flatMap((meter) => {
    const measurand = meter.measurand ? findMeasurand(meter.measurand) : undefined;
    return measurand?.kind === 'counter' ? [{ meterId: meter.id, measurandId: measurand.id }] : [];
  });

export async function consumptionOf(
  client: PoolClient,
  scope: Scope,
  tier: Tier,
  { meters, from, to }: { readonly meters: readonly MeterRow[]; readonly from: Date; readonly to: Date },
): Promise<MeterConsumption[]> {
  const rows = await readConsumption(client, scope, tier, { meters: countedMeters(meters), from, to });
  const byMeter = Map.groupBy(rows, (row) => row.meterId);
  return meters.flatMap((meter) => {
    const unit = meter.measurand ? findMeasurand(meter.measurand)?.unit : undefined;
    return unit ? [{ meter, unit, rows: byMeter.get(meter.id) ?? [] }] : [];
  });
}

/** Energy and volume of a sum of meters; null where nothing is known. */
export interface Amount {
  readonly energy_wh: number | null;
  readonly volume_l: number | null;
}

const add = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);

/** Σ delta of the rows; null where none is known. */
export const sumOfDeltas = (rows: readonly IntervalRow[]): number | null =>
  rows.reduce<number | null>((sum, row) => add(sum, row.delta), null);

/** What some meters consumed: Wh as counted, litres as counted, and of fuels measured by volume also their gross energy. */
export function amountOf(consumptions: readonly MeterConsumption[]): Amount {
  let energy_wh: number | null = null;
  let volume_l: number | null = null;
  for (const { meter, unit, rows } of consumptions) {
    const sum = sumOfDeltas(rows);
    if (unit === 'Wh') energy_wh = add(energy_wh, sum);
    if (unit !== 'l') continue;
    volume_l = add(volume_l, sum);
    const perLitre = grossEnergyPerLitre_wh(meter.carrier);
    if (perLitre !== null && sum !== null) energy_wh = add(energy_wh, Math.round(sum * perLitre));
  }
  return { energy_wh, volume_l };
}

export const countsOf = (consumptions: readonly MeterConsumption[]): QualityCounts =>
  sumOfCounts(consumptions.flatMap((c) => c.rows));

/**
 * Cost of what some meters of one carrier consumed, from rows of the day tier. Null where nothing is known, where there
 * is no price, or where the price is per a unit that the meter's count cannot be put into.
 */
export function costOf(
  consumptions: readonly MeterConsumption[],
  {
    site,
    tariffs,
  }: { readonly site: Pick<SiteRow, 'id' | 'timeZone'>; readonly tariffs: readonly TariffRow[] },
): Money | null {
  const [first] = consumptions;
  if (!first) return null;
  const prices = tariffs.filter((t) => t.siteId === site.id && t.carrier === first.meter.carrier);
  const [price] = prices;
  if (!price) return null;
  const days = consumptions.flatMap(({ meter, unit, rows }) => {
    const factor = pricedFactor(unit, price.unit, meter.carrier);
    return rows.map((row) => ({
      start_ms: row.start_ms,
      amount: row.delta === null || factor === null ? null : row.delta * factor,
    }));
  });
  const amount = costOfDays(days, prices, site.timeZone);
  return amount === null ? null : { amount, currency: price.currency };
}

function pricedFactor(unit: Unit, pricedUnit: TariffRow['unit'], carrier: string): number | null {
  if (unit === 'Wh') return pricedUnit === 'kWh' ? 1 : null;
  if (unit !== 'l') return null;
  return pricedUnit === 'm³' ? 1 : grossEnergyPerLitre_wh(carrier);
}
