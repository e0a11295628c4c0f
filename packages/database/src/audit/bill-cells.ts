import {
  addDecimal,
  type BillingCell,
  commonDays,
  type Decimal,
  divideDecimal,
  type LocalDate,
  multiplyDecimal,
} from '@wattproof/energy';
import type { AuditBill, AuditPoint, AuditRecord } from './audit.queries.ts';
import type { BillCell } from './computed-audit.ts';

const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
};

/** Months `YYYY-MM` that the dates [from, to) touch. */
export function monthsOf(from: LocalDate, to: LocalDate): string[] {
  const months: string[] = [];
  for (let month = from.slice(0, 7); `${month}-01` < to; month = nextMonth(month)) months.push(month);
  return months;
}

/** The part of a bill's quantity that falls into a range, by days. */
function partOf(quantity: Decimal, bill: AuditBill, days: number): Decimal {
  const all = commonDays(bill, bill);
  return divideDecimal(multiplyDecimal(quantity, String(days)), String(all), {
    digits: 3,
    rounding: 'halfEven',
  });
}

/** The months of one delivery point, with the energy and money that its bills put into each. */
export function billCells(
  point: AuditPoint,
  {
    bills,
    matrix,
    audit,
  }: {
    readonly bills: readonly AuditBill[];
    readonly matrix: readonly BillingCell[];
    readonly audit: AuditRecord;
  },
): BillCell[] {
  const states = new Map(matrix.filter((c) => c.deliveryPointId === point.id).map((c) => [c.month, c.state]));
  const own = bills.filter((bill) => bill.deliveryPointId === point.id);
  return monthsOf(audit.periodFrom, audit.periodTo).map((month) => {
    const range = {
      from: maxDate(`${month}-01`, audit.periodFrom),
      to: minDate(`${nextMonth(month)}-01`, audit.periodTo),
    };
    const inMonth = own.filter((bill) => commonDays(bill, range) > 0);
    let energy_kwh: Decimal = '0.000';
    let amount: Decimal = '0.000';
    for (const bill of inMonth) {
      const days = commonDays(bill, range);
      energy_kwh = addDecimal(energy_kwh, partOf(bill.energy_kwh, bill, days));
      amount = addDecimal(amount, partOf(bill.amount, bill, days));
    }
    const isKnown = inMonth.length > 0;
    return {
      month,
      state: states.get(month) ?? 'outsideValidity',
      energy_kwh: isKnown ? energy_kwh : null,
      amount: isKnown ? divideDecimal(amount, '1', { digits: 2, rounding: 'halfEven' }) : null,
      billIds: inMonth.map((bill) => bill.id),
    };
  });
}

const maxDate = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);
const minDate = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? a : b);
