import {
  addDecimal,
  type Decimal,
  decimalOf,
  localMidnight_ms,
  multiplyDecimal,
  roundDecimal,
} from '@wattproof/energy';
import type {
  PlantLegalEntity,
  PlantOrganisation,
  PlantSite,
  PlantSupply,
  SiteModel,
} from '@wattproof/simulator';
import { monthBefore } from './demo-clock.ts';

/** One bill as a supplier's file states it. */
export interface DemoBill {
  readonly deliveryPoint: string;
  readonly number: string;
  readonly periodFrom: string;
  readonly periodTo: string;
  readonly quantity: Decimal;
  readonly unit: 'kWh' | 'm³' | 'l';
  readonly amountExVat: Decimal;
  readonly currency: string;
  readonly estimated: boolean;
}

/** kWh on the gross calorific value in a cubic metre, as the suppliers of the demo bill it. */
const gas_kwh_per_m3 = 11.2;
/** Price of a litre of diesel on the fuel card without VAT, by year of the demo. */
const diesel_per_l = 1.243;
/** The estimated bill of the demo: the supplier did not read the meter that month. */
const estimate = { point: 'PCE GI051388', month: '02', factor: 1.035 };

/** Code of the delivery point of an entity's own lorries. */
export const fleetCode = (entity: PlantLegalEntity): string =>
  `FUEL-CARD ${entity.registrationNumber.replace(/\D/g, '')}`;

/** Every monthly bill of a legal entity for months that begin in [from, to), oldest first. */
export function billsOf(
  organisation: PlantOrganisation,
  entity: PlantLegalEntity,
  {
    months,
    modelOf,
  }: { readonly months: readonly string[]; readonly modelOf: (siteKey: string) => SiteModel },
): DemoBill[] {
  const sites = organisation.sites.filter((s) => s.legalEntityKey === entity.key);
  return months.flatMap((from) => [
    ...sites.flatMap((site) =>
      site.supplies.map((supply) => supplyBill({ site, supply, from }, modelOf(site.key))),
    ),
    ...(entity.fleetDiesel_l > 0 ? [fuelBill(entity, from, organisation.currency)] : []),
  ]);
}

/** First days of the months in [from, to), both first days of months. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month < to; month = monthBefore(month, -1)) months.push(month);
  return months;
}

interface SupplyMonth {
  readonly site: PlantSite;
  readonly supply: PlantSupply;
  readonly from: string;
}

function supplyBill({ site, supply, from }: SupplyMonth, model: SiteModel): DemoBill {
  const to = monthBefore(from, -1);
  const inward = model
    .meter(supply.meterKey)
    .truth(localMidnight_ms(site.timeZone, from), localMidnight_ms(site.timeZone, to));
  // The supplier's own meter: class 0.5 or better, always the same error.
  const measured = inward * supplyMeterGain(supply.code);
  const isEstimated = supply.code === estimate.point && from.slice(5, 7) === estimate.month;
  const quantity = Math.round((measured / 1000) * (isEstimated ? estimate.factor : 1));
  const unit = supply.carrier === 'electricity' ? 'kWh' : site.country === 'DE' ? 'm³' : 'kWh';
  const billed =
    supply.carrier === 'gas' && unit === 'kWh' ? Math.round(quantity * gas_kwh_per_m3) : quantity;
  const energy_kwh = unit === 'm³' ? decimalOf(Math.round(billed * gas_kwh_per_m3)) : decimalOf(billed);
  const { tariff } = supply;
  const yearly = priceFactor(from);
  const lines = [tariff.energy_per_kwh, tariff.network_per_kwh, tariff.levies_per_kwh].map((price) =>
    roundDecimal(multiplyDecimal(energy_kwh, decimalOf(Math.round(price * yearly * 1e6) / 1e6)), 2, 'halfUp'),
  );
  // Each line of a bill is rounded by itself.
  const amountExVat = lines.reduce(
    addDecimal,
    roundDecimal(decimalOf(tariff.standing_per_month), 2, 'halfUp'),
  );
  return {
    deliveryPoint: supply.code,
    number: billNumber(supply.code, from),
    periodFrom: from,
    periodTo: to,
    quantity: decimalOf(billed),
    unit,
    amountExVat,
    currency: site.currency,
    estimated: isEstimated,
  };
}

function fuelBill(entity: PlantLegalEntity, from: string, currency: string): DemoBill {
  const code = fleetCode(entity);
  const litres =
    Math.round(entity.fleetDiesel_l * (1 + 0.11 * (2 * fraction(`${code} ${from}`) - 1)) * 100) / 100;
  return {
    deliveryPoint: code,
    number: billNumber(code, from),
    periodFrom: from,
    periodTo: monthBefore(from, -1),
    quantity: decimalOf(litres),
    unit: 'l',
    amountExVat: roundDecimal(
      multiplyDecimal(decimalOf(litres), decimalOf(Math.round(diesel_per_l * priceFactor(from) * 1e4) / 1e4)),
      2,
      'halfUp',
    ),
    currency,
    estimated: false,
  };
}

/** Contracts rise by 2 % each January. */
const priceFactor = (month: string): number => 1 + 0.02 * (Number(month.slice(0, 4)) - 2026);

/** A number in [0, 1) that belongs to a text. */
function fraction(text: string): number {
  let n = 17;
  for (const c of text) n = (Math.imul(n, 16_777_619) ^ (c.codePointAt(0) ?? 0)) >>> 0;
  return (Math.imul(n ^ (n >>> 15), 0x2c1b3c6d) >>> 0) / 4_294_967_296;
}

const supplyMeterGain = (code: string): number => 1 + 0.002 * (2 * fraction(code) - 1);

const billNumber = (code: string, from: string): string =>
  `${from.slice(0, 7)}-${String(Math.floor(fraction(`${code} ${from} number`) * 90_000) + 10_000)}`;

/** The columns of a bill file, in this order. */
const columns = [
  'delivery_point',
  'number',
  'period_from',
  'period_to',
  'quantity',
  'unit',
  'amount_ex_vat',
  'currency',
  'estimated',
] as const;

/** The bills as the file that the import reads. */
export function billsCsv(bills: readonly DemoBill[]): string {
  const rows = bills.map((b) =>
    [
      b.deliveryPoint,
      b.number,
      b.periodFrom,
      b.periodTo,
      b.quantity,
      b.unit,
      b.amountExVat,
      b.currency,
      b.estimated ? 'yes' : 'no',
    ].join(','),
  );
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}
