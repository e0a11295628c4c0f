import {
  type CalorificBasis,
  type Carrier,
  calorificBases,
  type Decimal,
  fuelEnergy_kwh,
  fuelFactor,
  isDecimal,
  type LocalDate,
  roundDecimal,
} from '@wattproof/energy';
import type { BillColumn, BillLine, Rejection } from './bill-file.ts';

/** A delivery point that a bill may name. */
export interface BilledPoint {
  readonly id: string;
  readonly code: string;
  readonly carrier: Carrier;
  readonly validFrom: LocalDate;
  readonly validTo: LocalDate | null;
}

/** A bill ready to be stored. */
export interface NewBill {
  readonly row: number;
  readonly deliveryPointId: string;
  readonly number: string;
  /** [from, to), local dates. */
  readonly periodFrom: LocalDate;
  readonly periodTo: LocalDate;
  readonly quantity: Decimal;
  readonly unit: string;
  readonly energy_kwh: Decimal;
  /** Factor that made the energy of the quantity; null where the bill states its energy itself. */
  readonly factorId: string | null;
  readonly calorificBasis: CalorificBasis;
  readonly amountExVat: Decimal;
  readonly currency: string;
  readonly estimated: boolean;
}

const longestPeriod_days = 400;
const fuels: ReadonlySet<Carrier> = new Set(['gas', 'lpg', 'diesel', 'biomass']);
const currencies = new Set(Intl.supportedValuesOf('currency'));
const yes = new Set(['yes', 'true', '1']);
const no = new Set(['no', 'false', '0', '']);

/** One line as a bill, or everything that is wrong with it. */
export function readBillLine(
  { row, cells }: BillLine,
  points: ReadonlyMap<string, BilledPoint>,
  today: LocalDate,
): NewBill | readonly Rejection[] {
  const rejections: Rejection[] = [];
  const fault = (column: BillColumn, message: string): void => {
    rejections.push({ row, column, value: cells[column].slice(0, 100), message });
  };
  const point = points.get(cells.delivery_point);
  if (!point) fault('delivery_point', 'no delivery point has this code');
  if (cells.number.length === 0 || cells.number.length > 64) fault('number', 'must have 1 to 64 characters');
  checkPeriod(cells, { point, today, fault });
  checkDecimal(cells, 'quantity', { digits: 3, fault });
  if (cells.quantity.startsWith('-')) fault('quantity', 'must not be negative');
  checkDecimal(cells, 'amount_ex_vat', { digits: 2, fault });
  if (cells.energy_kwh !== '') checkDecimal(cells, 'energy_kwh', { digits: 3, fault });
  if (!currencies.has(cells.currency)) fault('currency', 'must be a currency code such as EUR');
  const estimated = cells.estimated.toLowerCase();
  if (!yes.has(estimated) && !no.has(estimated)) fault('estimated', 'must be yes or no');
  const basis = basisOf(cells.calorific_basis, point);
  if (!basis) fault('calorific_basis', `must be ${calorificBases.join(', ')} or empty`);
  if (!point || !basis || rejections.length > 0) return rejections;
  const energy = energyOf(cells, { point, basis });
  if (!energy) {
    fault(
      'unit',
      `no factor makes kWh (${basis} calorific value) of this unit of ${point.carrier}; state energy_kwh`,
    );
    return rejections;
  }
  return {
    row,
    deliveryPointId: point.id,
    number: cells.number,
    periodFrom: cells.period_from,
    periodTo: cells.period_to,
    quantity: cells.quantity,
    unit: unitOf(cells.unit),
    ...energy,
    calorificBasis: basis,
    amountExVat: cells.amount_ex_vat,
    currency: cells.currency,
    estimated: yes.has(estimated),
  };
}

type Fault = (column: BillColumn, message: string) => void;

function checkPeriod(
  cells: BillLine['cells'],
  { point, today, fault }: { point: BilledPoint | undefined; today: LocalDate; fault: Fault },
): void {
  const from = epochDay(cells.period_from);
  const to = epochDay(cells.period_to);
  if (from === null) fault('period_from', 'must be a date written YYYY-MM-DD');
  if (to === null) fault('period_to', 'must be a date written YYYY-MM-DD, the day after the last one billed');
  if (from === null || to === null) return;
  if (to <= from) fault('period_to', 'must lie after period_from');
  else if (to - from > longestPeriod_days)
    fault('period_to', `the period is longer than ${longestPeriod_days} days`);
  if (cells.period_from > today) fault('period_from', 'lies in the future');
  if (!point) return;
  if (cells.period_from < point.validFrom)
    fault('period_from', `the delivery point belongs to the organisation from ${point.validFrom}`);
  if (point.validTo !== null && cells.period_to > point.validTo)
    fault('period_to', `the delivery point belongs to the organisation until ${point.validTo}`);
}

function epochDay(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const at_ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at_ms) || new Date(at_ms).toISOString().slice(0, 10) !== text
    ? null
    : at_ms / 86_400_000;
}

function checkDecimal(
  cells: BillLine['cells'],
  column: 'quantity' | 'amount_ex_vat' | 'energy_kwh',
  { digits, fault }: { digits: number; fault: Fault },
): void {
  const text = cells[column];
  if (!isDecimal(text)) fault(column, 'must be a number with a point and no spaces, such as 1234.5');
  else if ((text.split('.')[1] ?? '').length > digits)
    fault(column, `has more than ${digits} digits after the point`);
  else if (text.replace(/^-?0*|\..*/g, '').length > 14) fault(column, 'is too large');
}

function basisOf(text: string, point: BilledPoint | undefined): CalorificBasis | undefined {
  if (text === '') return point && fuels.has(point.carrier) ? 'gross' : 'none';
  return calorificBases.find((basis) => basis === text.toLowerCase());
}

const unitOf = (text: string): string => (text === 'm3' ? 'm³' : text);

function energyOf(
  cells: BillLine['cells'],
  { point, basis }: { readonly point: BilledPoint; readonly basis: CalorificBasis },
): Pick<NewBill, 'energy_kwh' | 'factorId'> | null {
  if (cells.energy_kwh !== '') return { energy_kwh: cells.energy_kwh, factorId: null };
  const found = fuelFactor({
    carrier: point.carrier,
    unit: unitOf(cells.unit),
    basis,
    date: cells.period_from,
  });
  if (!found.ok) return null;
  return {
    energy_kwh: roundDecimal(fuelEnergy_kwh(cells.quantity, found.factor), 3, 'halfEven'),
    factorId: found.factor.id,
  };
}
