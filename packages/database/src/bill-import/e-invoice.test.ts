import { describe, expect, it, test } from 'vitest';
import { readBillSheet } from './bill-file.ts';
import { type BilledPoint, pointOfPeriod, readBillLine } from './bill-line.ts';
import { ciiBill, pdfWith, ublBill } from './e-invoice.fixture.ts';
import { readEInvoice } from './e-invoice.ts';
import { billsOfInvoice, codeOf, type InvoiceContext } from './invoice-bills.ts';
import { xmlOfPdf } from './pdf-attachment.ts';
import { parseXml, textAt } from './xml-document.ts';

const dated = (
  code: string,
  carrier: BilledPoint['carrier'],
  validFrom = '2025-01-01',
  validTo: string | null = null,
) => ({
  id: `${code} from ${validFrom}`,
  code,
  carrier,
  validFrom,
  validTo,
});
const points = new Map([
  ['PRM 14500000000001', [dated('PRM 14500000000001', 'electricity')]],
  ['PCE GI000001', [dated('PCE GI000001', 'gas')]],
  [
    'SOLD',
    [dated('SOLD', 'electricity', '2025-01-01', '2026-03-16'), dated('SOLD', 'electricity', '2026-03-16')],
  ],
]);
const context: InvoiceContext = {
  points,
  today: '2026-11-22',
  energyLines: null,
  isEstimated: false,
  knownLines: new Map(),
};
const billsOf = (xml: string, rest: Partial<InvoiceContext> = {}) =>
  billsOfInvoice(readEInvoice(xml), { ...context, ...rest });

describe('an electronic bill', () => {
  it('in UBL asks which of two lines in kWh is the energy, naming both', () => {
    expect(billsOf(ublBill())).toEqual([
      {
        row: 1,
        column: 'energy_lines',
        value: '1,2',
        message: expect.stringMatching(/1: Energy & losses, 12\.3450 MWh; 2: Network <use>, 12345 kWh/),
      },
    ]);
  });

  it('becomes a bill once that is said, or was said of an earlier bill', () => {
    const expected = [
      expect.objectContaining({
        number: 'R-2026-03',
        kind: 'bill',
        periodFrom: '2026-03-01',
        periodTo: '2026-04-01',
        quantity: '12345',
        unit: 'kWh',
        energy_kwh: '12345.000',
        amountExVat: '1320.50',
        vatAmount: '264.10',
        issuedOn: '2026-04-04',
        lines: [
          expect.objectContaining({ position: 1, countsAsEnergy: true, vatRate: '20', unitPrice: '81.00' }),
          expect.objectContaining({ position: 2, countsAsEnergy: false, name: 'Network <use>' }),
        ],
      }),
    ];
    expect(billsOf(ublBill(), { energyLines: [1] })).toEqual(expected);
    const knownLines = new Map([
      ['PRM 14500000000001\nEnergy & losses', true],
      ['PRM 14500000000001\nNetwork <use>', false],
    ]);
    expect(billsOf(ublBill(), { knownLines })).toEqual(expected);
  });

  it('as a credit note takes back energy and money', () => {
    const note = ublBill({ root: 'CreditNote', number: 'C-1', corrects: 'R-2026-03' });
    expect(billsOf(note, { energyLines: [1] })).toMatchObject([
      { kind: 'creditNote', corrects: 'R-2026-03', energy_kwh: '-12345.000', amountExVat: '-1320.50' },
    ]);
  });

  it('in CII gives allowances to the one point, and the bill its kWh by a dated factor', () => {
    expect(billsOf(ciiBill)).toMatchObject([
      {
        number: 'F-77',
        deliveryPointId: 'PCE GI000001 from 2025-01-01',
        quantity: '1000',
        unit: 'm³',
        energy_kwh: '11200.000',
        factorId: 'gas-m3-gcv',
        calorificBasis: 'gross',
        amountExVat: '590.00',
        issuedOn: '2026-04-02',
      },
    ]);
  });

  it('is taken out of the PDF that carries it; a PDF without one has none', () => {
    expect(xmlOfPdf(pdfWith(ciiBill))).toBe(ciiBill);
    expect(xmlOfPdf(pdfWith('<html/>'))).toBeNull();
    expect(xmlOfPdf(Buffer.from('%PDF-1.7 nothing'))).toBeNull();
  });

  it.each([
    ['an unknown point', ublBill({ object: '99999999999999' }), 'delivery_point', /no delivery point/],
    ['no point at all', ublBill({ object: '' }), 'delivery_point', /neither the line nor the bill/],
    ['a total below zero', ublBill({ total: '-5.00' }), 'amount_ex_vat', /no credit note/],
    [
      'a point that changed hands in its period',
      ublBill({ object: 'SOLD' }),
      'delivery_point',
      /another legal entity on 2026-03-16/,
    ],
  ])('with %s is refused with the reason', (_, xml, column, message) => {
    const faults = billsOf(xml, { energyLines: [1] });
    expect(faults).toContainEqual(
      expect.objectContaining({ column, message: expect.stringMatching(message) }),
    );
  });
});

test('damaged XML and declared entities are refused', () => {
  for (const [xml, why] of [
    ['<a><b></a>', /closes what is not open/],
    ['<a>', /not closed/],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /document type/],
    ['<a>&unknown;</a>', /not known/],
    ['<Order/>', /no bill by EN 16931/],
    ['', /no element/],
    [ublBill({ total: 'much' }), /total without VAT/],
  ] as const)
    expect(() => readEInvoice(xml)).toThrow(why);
  expect(
    textAt(parseXml("<?xml version='1.0'?><!-- x --><r><p:a b='&#65;'>1<![CDATA[<2>]]></p:a></r>"), 'a'),
  ).toBe('1<2>');
});

test('identifiers mean one point, however they are written, and never one of several', () => {
  const codes = ['PRM 145', 'PRM 1450', 'MALO 777'];
  expect(codeOf('FR PRM-1450', codes)).toBe('PRM 1450');
  expect(codeOf('PRM145', codes)).toBe('PRM 145');
  expect(codeOf('777', codes)).toBeNull();
  expect(codeOf('1450', ['A 1450', 'B 1450'])).toBeNull();
});

test('a workbook has its dates as numbers and may begin with empty rows', () => {
  const { lines, rejections } = readBillSheet([
    [],
    [
      'delivery_point',
      'number',
      'period_from',
      'period_to',
      'quantity',
      'unit',
      'amount_ex_vat',
      'currency',
      '',
    ],
    ['PRM 1', 'B1', '46023', '46054', '1000', 'kWh', '10.5', 'EUR'],
  ]);
  expect(rejections).toEqual([]);
  expect(lines[0]).toMatchObject({
    row: 3,
    cells: { period_from: '2026-01-01', period_to: '2026-02-01', quantity: '1000' },
  });
});

test('VAT, signs and credit notes are checked in files too', () => {
  const cells = {
    delivery_point: 'PRM 14500000000001',
    number: 'B1',
    period_from: '2026-01-01',
    period_to: '2026-02-01',
    quantity: '100',
    unit: 'kWh',
    amount_ex_vat: '120.00',
    currency: 'EUR',
    estimated: '',
    calorific_basis: '',
    energy_kwh: '',
    kind: '',
    corrects: '',
    issued_on: '',
    vat_amount: '',
    amount_inc_vat: '',
  };
  const faults = (change: Partial<typeof cells>) => {
    const read = readBillLine({ row: 2, cells: { ...cells, ...change } }, points, '2026-11-22');
    return 'deliveryPointId' in read ? [] : read.map(({ column, message }) => `${column} ${message}`);
  };
  expect(faults({})).toEqual([]);
  expect(faults({ vat_amount: '20.00', amount_inc_vat: '120.00' })).toEqual([
    'amount_inc_vat is not amount_ex_vat + vat_amount; is VAT in amount_ex_vat?',
  ]);
  expect(faults({ amount_ex_vat: '100', vat_amount: '20.00', amount_inc_vat: '120.00' })).toEqual([]);
  expect(faults({ quantity: '-100', amount_ex_vat: '-1' })).toHaveLength(2);
  expect(faults({ quantity: '-100', amount_ex_vat: '-120', kind: 'credit', corrects: 'B0' })).toEqual([]);
  expect(faults({ kind: 'credit' })).toHaveLength(2);
  expect(faults({ corrects: 'B0' })[0]).toMatch(/only a credit note/);
});

test('a point that changed its entity is another one from that day on', () => {
  const sold = points.get('SOLD') ?? [];
  expect(pointOfPeriod(sold, { from: '2026-02-01', to: '2026-03-16' })).toBe(sold[0]);
  expect(pointOfPeriod(sold, { from: '2026-03-16', to: '2026-04-01' })).toBe(sold[1]);
  expect(pointOfPeriod(sold, { from: '2024-12-01', to: '2025-01-02' })).toMatch(/from 2025-01-01/);
});
