import {
  addDecimal,
  type Carrier,
  compareDecimal,
  type Decimal,
  multiplyDecimal,
  negateDecimal,
  subtractDecimal,
  sumDecimals,
} from '@wattproof/energy';
import type { Rejection } from '../table-file.ts';
import {
  type BilledPoint,
  type NewBill,
  type NewBillLine,
  pointOfPeriod,
  readBillLine,
} from './bill-line.ts';
import type { EInvoice, EInvoiceLine } from './e-invoice.ts';

export interface InvoiceContext {
  /** Delivery points by code; a point that was handed over has several. */
  readonly points: ReadonlyMap<string, readonly BilledPoint[]>;
  readonly today: string;
  /** Positions of the lines whose quantity is the energy; null: not said. */
  readonly energyLines: readonly number[] | null;
  /** EN 16931 has no word for it: said by the person who sends the bill. */
  readonly isEstimated: boolean;
  /** Whether a line of this name counted as energy on bills of the point before. */
  readonly knownLines: ReadonlyMap<string, boolean>;
}

export const knownLineKey = (pointCode: string, name: string): string => `${pointCode}\n${name}`;

const energyUnits: Readonly<Partial<Record<Carrier, ReadonlySet<string>>>> = {
  gas: new Set(['kWh', 'MWh', 'm³']),
  diesel: new Set(['l']),
  lpg: new Set(['l', 'kg']),
};
const otherUnits: ReadonlySet<string> = new Set(['kWh', 'MWh']);

/** Letters and digits alone: suppliers write "PRM 145…", "145…" or "FR-145…" for one point. */
const plainCode = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** The code of the one delivery point that an identifier means; null where none or several could be meant. */
export function codeOf(objectId: string, codes: Iterable<string>): string | null {
  const wanted = plainCode(objectId);
  if (wanted.length < 4) return null;
  const found = [...codes].filter((code) => {
    const plain = plainCode(code);
    return plain === wanted || plain.endsWith(wanted) || wanted.endsWith(plain);
  });
  const exact = found.filter((code) => plainCode(code) === wanted);
  const [one, ...others] = exact.length > 0 ? exact : found;
  return one !== undefined && others.length === 0 ? one : null;
}

type Fault = (row: number, column: string, value: string, message: string) => void;

/** One bill for each delivery point that the document bills, or everything that is wrong with it. */
export function billsOfInvoice(invoice: EInvoice, context: InvoiceContext): NewBill[] | Rejection[] {
  const rejections: Rejection[] = [];
  const fault: Fault = (row, column, value, message) =>
    rejections.push({ row, column, value: value.slice(0, 100), message });
  checkTotal(invoice, fault);
  const byCode = groups(invoice, context, fault);
  const bills = [...byCode].flatMap(([code, lines]) => {
    const read = billOf(invoice, { code, lines, isOnly: byCode.size === 1 }, { context, fault });
    return read ? [read] : [];
  });
  return rejections.length > 0 ? rejections : bills;
}

/** Lines by the delivery point that each names, or the head names for all. */
function groups(invoice: EInvoice, { points }: InvoiceContext, fault: Fault): Map<string, EInvoiceLine[]> {
  const found = new Map<string, EInvoiceLine[]>();
  const ofHead = invoice.objectIds.map((id) => codeOf(id, points.keys())).find((code) => code !== null);
  for (const line of invoice.lines) {
    const code = line.objectId ? codeOf(line.objectId, points.keys()) : (ofHead ?? null);
    if (code === null) {
      const named = line.objectId || invoice.objectIds.join(', ');
      fault(
        line.position,
        'delivery_point',
        named,
        named
          ? 'no delivery point, or more than one, has this identifier'
          : 'neither the line nor the bill names what is billed (BT-128, BT-18, BT-71)',
      );
    } else found.set(code, [...(found.get(code) ?? []), line]);
  }
  return found;
}

/** Allowances and charges of the whole document are what the lines do not add up to. */
const remainder = (invoice: EInvoice): Decimal =>
  subtractDecimal(invoice.amountExVat, sumDecimals(invoice.lines.map((line) => line.amountExVat)));

function checkTotal(invoice: EInvoice, fault: Fault): void {
  const ids = new Set(invoice.lines.map((line) => line.objectId));
  if (compareDecimal(remainder(invoice), '0') !== 0 && ids.size > 1)
    fault(
      1,
      'amount_ex_vat',
      invoice.amountExVat,
      'the lines do not add up to it, and the difference cannot be given to one of several delivery points',
    );
  if (invoice.kind === 'bill' && invoice.amountExVat.startsWith('-'))
    fault(1, 'amount_ex_vat', invoice.amountExVat, 'is below zero, and the document is no credit note');
  if (invoice.lines.length === 0) fault(1, 'lines', '', 'the bill has no line');
}

/** The lines whose quantity is the energy. A network fee states the same kWh, so several have to be told apart. */
function energyLinesOf(
  lines: readonly EInvoiceLine[],
  { code, carrier }: { readonly code: string; readonly carrier: Carrier },
  { context, fault }: { readonly context: InvoiceContext; readonly fault: Fault },
): readonly EInvoiceLine[] {
  const units = energyUnits[carrier] ?? otherUnits;
  const candidates = lines.filter(
    (line) => units.has(line.unit) && line.quantity !== null && compareDecimal(line.quantity, '0') !== 0,
  );
  const { energyLines, knownLines } = context;
  if (energyLines) return candidates.filter(({ position }) => energyLines.includes(position));
  if (candidates.length <= 1) return candidates;
  const remembered = candidates.map(({ name }) => knownLines.get(knownLineKey(code, name)));
  if (remembered.every((known) => known !== undefined)) return candidates.filter((_, i) => remembered[i]);
  fault(
    candidates[0]?.position ?? 1,
    'energy_lines',
    candidates.map(({ position }) => position).join(','),
    `several lines state a quantity of energy (${candidates
      .map(({ position, name, quantity, unit }) => `${position}: ${name}, ${quantity} ${unit}`)
      .join('; ')}); say which of them are the energy, the others being fees on it`,
  );
  return [];
}

function billOf(
  invoice: EInvoice,
  {
    code,
    lines,
    isOnly,
  }: { readonly code: string; readonly lines: readonly EInvoiceLine[]; readonly isOnly: boolean },
  { context, fault }: { readonly context: InvoiceContext; readonly fault: Fault },
): NewBill | null {
  const period = invoice.period ?? spanOf(lines);
  const position = lines[0]?.position ?? 1;
  if (!period) {
    fault(
      position,
      'period_from',
      '',
      'neither the bill nor its lines state the period billed (BT-73, BT-74)',
    );
    return null;
  }
  const point = pointOfPeriod(context.points.get(code) ?? [], period);
  if (typeof point === 'string') {
    fault(position, 'delivery_point', code, point);
    return null;
  }
  const ofEnergy = energyLinesOf(lines, { code, carrier: point.carrier }, { context, fault });
  const inUnits = [...new Set(ofEnergy.map(({ unit }) => unit))];
  if (inUnits.length > 1) {
    fault(position, 'unit', inUnits.join(', '), 'the lines of energy are in different units');
    return null;
  }
  const sign = (value: Decimal): Decimal => (invoice.kind === 'creditNote' ? negateDecimal(value) : value);
  const own = sumDecimals(lines.map((line) => line.amountExVat));
  const amount = isOnly ? addDecimal(own, remainder(invoice)) : own;
  const quantity = sumDecimals(ofEnergy.map((line) => line.quantity ?? '0'));
  const isMega = inUnits[0] === 'MWh';
  const read = readBillLine(
    {
      row: position,
      cells: {
        delivery_point: code,
        number: invoice.number,
        period_from: period.from,
        period_to: period.to,
        quantity: trimmed(sign(isMega ? multiplyDecimal(quantity, '1000') : quantity), 0),
        unit: isMega || inUnits.length === 0 ? 'kWh' : (inUnits[0] ?? 'kWh'),
        amount_ex_vat: trimmed(sign(amount), 2),
        currency: invoice.currency,
        estimated: context.isEstimated ? 'yes' : 'no',
        calorific_basis: '',
        energy_kwh: inUnits.length === 0 ? '0' : '',
        kind: invoice.kind === 'creditNote' ? 'credit' : 'bill',
        corrects: invoice.corrects ?? '',
        issued_on: invoice.issuedOn ?? '',
        vat_amount: isOnly && invoice.vatAmount ? trimmed(sign(invoice.vatAmount), 2) : '',
        amount_inc_vat: '',
      },
    },
    context.points,
    context.today,
  );
  if (!('deliveryPointId' in read)) {
    for (const one of read) fault(one.row, one.column, one.value, one.message);
    return null;
  }
  const energyPositions = new Set(ofEnergy.map((line) => line.position));
  return { ...read, lines: lines.map((line) => lineOf(line, energyPositions.has(line.position), sign)) };
}

const lineOf = (line: EInvoiceLine, isEnergy: boolean, sign: (value: Decimal) => Decimal): NewBillLine => ({
  position: line.position,
  name: line.name,
  quantity: line.quantity === null ? null : sign(line.quantity),
  unit: line.unit,
  unitPrice: line.unitPrice,
  amountExVat: sign(line.amountExVat),
  vatRate: line.vatRate,
  countsAsEnergy: isEnergy,
});

function spanOf(lines: readonly EInvoiceLine[]): EInvoice['period'] {
  const periods = lines.flatMap((line) => line.period ?? []);
  const from = periods.map((period) => period.from).sort()[0];
  const to = periods
    .map((period) => period.to)
    .sort()
    .at(-1);
  return from && to ? { from, to } : null;
}

/** Zeros after the last digit that counts are cut, so that 12.3400 has two digits; others are left to be refused. */
function trimmed(value: Decimal, digits: number): Decimal {
  const [whole = '0', part = ''] = value.split('.');
  const kept = part.slice(0, digits) + part.slice(digits).replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}
