import {
  addDecimal,
  type CalorificBasis,
  type Carrier,
  calorificBases,
  compareDecimal,
  type Decimal,
  fuelEnergy_kwh,
  fuelFactor,
  isDecimal,
  type LocalDate,
  roundDecimal,
} from '@wattproof/energy';
import type { Rejection } from '../table-file.ts';
import type { BillColumn, BillLine } from './bill-file.ts';

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
  readonly vatAmount: Decimal | null;
  readonly currency: string;
  readonly estimated: boolean;
  readonly kind: 'bill' | 'creditNote';
  /** Number of the bill that a credit note corrects. */
  readonly corrects: string | null;
  readonly issuedOn: LocalDate | null;
  readonly lines: readonly NewBillLine[];
}

/** A line of the bill itself, as an electronic bill or a form states it. */
export interface NewBillLine {
  readonly position: number;
  readonly name: string;
  readonly quantity: Decimal | null;
  readonly unit: string;
  readonly unitPrice: Decimal | null;
  readonly amountExVat: Decimal;
  readonly vatRate: Decimal | null;
  readonly countsAsEnergy: boolean;
}

const longestPeriod_days = 400;
const fuels: ReadonlySet<Carrier> = new Set(['gas', 'lpg', 'diesel', 'biomass']);
const currencies = new Set(Intl.supportedValuesOf('currency'));
const kinds: Readonly<Record<string, NewBill['kind']>> = {
  '': 'bill',
  bill: 'bill',
  credit: 'creditNote',
};
const yes = new Set(['yes', 'true', '1']);
const no = new Set(['no', 'false', '0', '']);

/**
 * The delivery point of a code over a period, or why there is none. A point that changed its legal entity is several of
 * the same code, one after the other; a bill over the change would belong to both.
 */
export function pointOfPeriod(
  dated: readonly BilledPoint[],
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
): BilledPoint | string {
  const inside = dated.find(
    (point) => point.validFrom <= from && (point.validTo === null || to <= point.validTo),
  );
  if (inside) return inside;
  if (dated.length === 0) return 'no delivery point has this code';
  const change = dated.slice(1).find((point) => from < point.validFrom && point.validFrom < to);
  if (change)
    return `the delivery point passed to another legal entity on ${change.validFrom}: a bill must not reach over that day; split it by a reading`;
  const [first] = dated;
  const last = dated.at(-1);
  return first && from < first.validFrom
    ? `the delivery point belongs to the organisation from ${first.validFrom}`
    : `the delivery point belongs to the organisation until ${last?.validTo ?? ''}`;
}

/** One line as a bill, or everything that is wrong with it. */
export function readBillLine(
  { row, cells }: BillLine,
  points: ReadonlyMap<string, readonly BilledPoint[]>,
  today: LocalDate,
): NewBill | readonly Rejection[] {
  const rejections: Rejection[] = [];
  const fault = (column: BillColumn, message: string): void => {
    rejections.push({ row, column, value: cells[column].slice(0, 100), message });
  };
  const dated = points.get(cells.delivery_point) ?? [];
  if (dated.length === 0) fault('delivery_point', 'no delivery point has this code');
  if (cells.number.length === 0 || cells.number.length > 64) fault('number', 'must have 1 to 64 characters');
  const point = checkPeriod(cells, { dated, today, fault }) ?? dated[0];
  checkDecimal(cells, 'quantity', { digits: 3, fault });
  checkDecimal(cells, 'amount_ex_vat', { digits: 2, fault });
  if (cells.energy_kwh !== '') checkDecimal(cells, 'energy_kwh', { digits: 3, fault });
  const kind = kinds[cells.kind.toLowerCase()];
  if (!kind) fault('kind', 'must be bill, credit or empty');
  checkSigns(cells, kind ?? 'bill', fault);
  checkVat(cells, fault);
  if (!currencies.has(cells.currency)) fault('currency', 'must be a currency code such as EUR');
  if (cells.issued_on !== '' && epochDay(cells.issued_on) === null)
    fault('issued_on', 'must be a date written YYYY-MM-DD');
  const estimated = cells.estimated.toLowerCase();
  if (!yes.has(estimated) && !no.has(estimated)) fault('estimated', 'must be yes or no');
  const basis = basisOf(cells.calorific_basis, point);
  if (!basis) fault('calorific_basis', `must be ${calorificBases.join(', ')} or empty`);
  if (!point || !basis || !kind || rejections.length > 0) return rejections;
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
    vatAmount: cells.vat_amount === '' ? null : cells.vat_amount,
    currency: cells.currency,
    estimated: yes.has(estimated),
    kind,
    corrects: cells.corrects === '' ? null : cells.corrects.slice(0, 64),
    issuedOn: cells.issued_on === '' ? null : cells.issued_on,
    lines: [],
  };
}

/** A credit note takes back: nothing of it is above zero. A bill is never below. */
function checkSigns(cells: BillLine['cells'], kind: NewBill['kind'], fault: Fault): void {
  for (const column of ['quantity', 'amount_ex_vat', 'energy_kwh'] as const) {
    if (!isDecimal(cells[column]) || compareDecimal(cells[column], '0') === 0) continue;
    const isNegative = cells[column].startsWith('-');
    if (kind === 'bill' && isNegative)
      fault(column, 'must not be negative; what is taken back is a credit note (kind: credit)');
    if (kind === 'creditNote' && !isNegative) fault(column, 'of a credit note must be negative or 0');
  }
  if (kind === 'bill' && cells.corrects !== '') fault('corrects', 'only a credit note corrects another bill');
}

/** Amounts are without VAT. Where the bill's VAT and total are given too, the three must agree. */
function checkVat(cells: BillLine['cells'], fault: Fault): void {
  if (cells.vat_amount !== '') checkDecimal(cells, 'vat_amount', { digits: 2, fault });
  if (cells.amount_inc_vat === '') return;
  checkDecimal(cells, 'amount_inc_vat', { digits: 2, fault });
  if (![cells.amount_ex_vat, cells.amount_inc_vat].every(isDecimal)) return;
  if (!isDecimal(cells.vat_amount)) fault('vat_amount', 'must be given with amount_inc_vat');
  else if (compareDecimal(addDecimal(cells.amount_ex_vat, cells.vat_amount), cells.amount_inc_vat) !== 0)
    fault('amount_inc_vat', 'is not amount_ex_vat + vat_amount; is VAT in amount_ex_vat?');
}

type Fault = (column: BillColumn, message: string) => void;

function checkPeriod(
  cells: BillLine['cells'],
  {
    dated,
    today,
    fault,
  }: { readonly dated: readonly BilledPoint[]; readonly today: LocalDate; readonly fault: Fault },
): BilledPoint | undefined {
  const from = epochDay(cells.period_from);
  const to = epochDay(cells.period_to);
  if (from === null) fault('period_from', 'must be a date written YYYY-MM-DD');
  if (to === null) fault('period_to', 'must be a date written YYYY-MM-DD, the day after the last one billed');
  if (from === null || to === null) return undefined;
  if (to <= from) fault('period_to', 'must lie after period_from');
  else if (to - from > longestPeriod_days)
    fault('period_to', `the period is longer than ${longestPeriod_days} days`);
  if (cells.period_from > today) fault('period_from', 'lies in the future');
  if (dated.length === 0 || to <= from) return undefined;
  const point = pointOfPeriod(dated, { from: cells.period_from, to: cells.period_to });
  if (typeof point !== 'string') return point;
  fault(cells.period_from < (dated[0]?.validFrom ?? '') ? 'period_from' : 'period_to', point);
  return undefined;
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
  column: 'quantity' | 'amount_ex_vat' | 'energy_kwh' | 'vat_amount' | 'amount_inc_vat',
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
