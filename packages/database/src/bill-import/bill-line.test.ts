import { describe, expect, it } from 'vitest';
import { readBillFile } from './bill-file.ts';
import { type BilledPoint, type NewBill, readBillLine } from './bill-line.ts';

const point = (
  code: string,
  carrier: BilledPoint['carrier'],
  validTo: string | null = null,
): [string, BilledPoint[]] => [
  code,
  [{ id: `id of ${code}`, code, carrier, validFrom: '2025-01-01', validTo }],
];
const points = new Map([
  point('PRM 1', 'electricity'),
  point('PCE 1', 'gas'),
  point('CARD 1', 'diesel'),
  point('OLD', 'electricity', '2025-06-01'),
  point('W 1', 'water'),
]);
const head = 'delivery_point,number,period_from,period_to,quantity,unit,amount_ex_vat,currency,estimated';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (...lines: string[]) =>
  readBillFile(bytes([head, ...lines].join('\n'))).lines.map((line) =>
    readBillLine(line, points, '2026-11-22'),
  );
const good = 'PRM 1,B1,2026-01-01,2026-02-01,1000.5,kWh,123.45,EUR,no';

describe('a line of bills', () => {
  it('becomes a bill with its energy by a dated factor', () => {
    expect(read(good, 'PCE 1,G1,2026-01-01,2026-02-01,100,m3,80.00,EUR,yes')).toEqual([
      {
        row: 2,
        deliveryPointId: 'id of PRM 1',
        number: 'B1',
        periodFrom: '2026-01-01',
        periodTo: '2026-02-01',
        quantity: '1000.5',
        unit: 'kWh',
        energy_kwh: '1000.500',
        factorId: 'electricity-kwh',
        calorificBasis: 'none',
        amountExVat: '123.45',
        vatAmount: null,
        currency: 'EUR',
        estimated: false,
        kind: 'bill',
        corrects: null,
        issuedOn: null,
        lines: [],
      },
      expect.objectContaining({
        unit: 'm³',
        energy_kwh: '1120.000',
        factorId: 'gas-m3-gcv',
        calorificBasis: 'gross',
        estimated: true,
      }),
    ]);
  });

  it('takes the energy that the bill itself states', () => {
    const file = `${head},calorific_basis,energy_kwh\nPCE 1,G1,2026-01-01,2026-02-01,100,m³,80,EUR,,net,987.654\n`;
    const [line] = readBillFile(bytes(file)).lines;
    const bill = line && (readBillLine(line, points, '2026-11-22') as NewBill);
    expect(bill).toMatchObject({ energy_kwh: '987.654', factorId: null, calorificBasis: 'net' });
  });

  it.each([
    ['XX,B1,2026-01-01,2026-02-01,1,kWh,1,EUR,no', 'delivery_point'],
    ['PRM 1,,2026-01-01,2026-02-01,1,kWh,1,EUR,no', 'number'],
    ['PRM 1,B1,01/01/2026,2026-02-01,1,kWh,1,EUR,no', 'period_from'],
    ['PRM 1,B1,2026-02-30,2026-03-01,1,kWh,1,EUR,no', 'period_from'],
    ['PRM 1,B1,2026-02-01,2026-02-01,1,kWh,1,EUR,no', 'period_to'],
    ['PRM 1,B1,2026-01-01,2027-12-01,1,kWh,1,EUR,no', 'period_to'],
    ['PRM 1,B1,2027-01-01,2027-02-01,1,kWh,1,EUR,no', 'period_from'],
    ['PRM 1,B1,2024-12-01,2025-01-01,1,kWh,1,EUR,no', 'period_from'],
    ['OLD,B1,2025-05-01,2025-07-01,1,kWh,1,EUR,no', 'period_to'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1e3,kWh,1,EUR,no', 'quantity'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1.2345,kWh,1,EUR,no', 'quantity'],
    ['PRM 1,B1,2026-01-01,2026-02-01,-5,kWh,1,EUR,no', 'quantity'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1,gallon,1,EUR,no', 'unit'],
    ['W 1,B1,2026-01-01,2026-02-01,1,m3,1,EUR,no', 'unit'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1,kWh,1.005,EUR,no', 'amount_ex_vat'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1,kWh,999999999999999,EUR,no', 'amount_ex_vat'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1,kWh,1,euro,no', 'currency'],
    ['PRM 1,B1,2026-01-01,2026-02-01,1,kWh,1,EUR,perhaps', 'estimated'],
  ])('refuses %s and names %s', (line, column) => {
    expect(read(line)).toEqual([[expect.objectContaining({ row: 2, column })]]);
  });

  it('tells every fault of a line at once', () => {
    expect(read('XX,,2026,2026,a,kWh,b,EUR,no')[0]).toHaveLength(6);
  });
});

describe('a file of bills', () => {
  it('may be separated by semicolons, have a byte order mark, Windows letters and quoted cells', () => {
    const text = `${head.replaceAll(',', ';')}\r\n"PRM 1";"Nº ""1"";x";2026-01-01;2026-02-01;1;m³;1;EUR;no\r\n`;
    const windows = Uint8Array.from(text, (c) => c.charCodeAt(0));
    for (const content of [bytes(`\uFEFF${text}`), windows])
      expect(readBillFile(content).lines).toMatchObject([
        { row: 2, cells: { number: 'Nº "1";x', unit: 'm³' } },
      ]);
  });

  it('counts rows as a spreadsheet does, also past empty lines', () => {
    expect(readBillFile(bytes(`${head}\n\n${good}\n`)).lines.map((l) => l.row)).toEqual([3]);
  });

  it('names missing, unknown and doubled columns, short lines and broken quotes', () => {
    const faults = (text: string) => readBillFile(bytes(text)).rejections;
    expect(faults('delivery_point,number\n').map((r) => r.column)).toContain('period_from');
    expect(faults(`${head},colour\n`)).toMatchObject([{ row: 1, column: 'colour' }]);
    expect(faults(`${head},number\n`)).toMatchObject([
      { row: 1, column: 'number', message: expect.stringMatching(/twice/) },
    ]);
    expect(faults(`${head}\nPRM 1,B1\n`)).toMatchObject([
      { row: 2, message: 'has 2 cells where the head has 9' },
    ]);
    expect(faults(`${head}\n"PRM 1,B1\n`)).toHaveLength(1);
    expect(faults('').length).toBeGreaterThan(0);
  });
});
