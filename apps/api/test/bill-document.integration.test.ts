import { accountRows, billDetail, billImport } from '@wattproof/contracts/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

/** An electronic bill with the energy and a network fee, which state the same kWh. */
const invoice = (number: string, month: string): string => `<Invoice><ID>${number}</ID>
  <IssueDate>2026-07-02</IssueDate><InvoiceTypeCode>380</InvoiceTypeCode>
  <DocumentCurrencyCode>EUR</DocumentCurrencyCode>
  <InvoicePeriod><StartDate>${month}-01</StartDate><EndDate>${month}-30</EndDate></InvoicePeriod>
  <AdditionalDocumentReference><ID>PRM-first</ID><DocumentTypeCode>130</DocumentTypeCode></AdditionalDocumentReference>
  <TaxTotal><TaxAmount currencyID="EUR">20.00</TaxAmount></TaxTotal>
  <LegalMonetaryTotal><TaxExclusiveAmount>100.00</TaxExclusiveAmount></LegalMonetaryTotal>
  <InvoiceLine><ID>1</ID><InvoicedQuantity unitCode="KWH">900</InvoicedQuantity>
    <LineExtensionAmount>70.00</LineExtensionAmount><Item><Name>Energy</Name></Item></InvoiceLine>
  <InvoiceLine><ID>2</ID><InvoicedQuantity unitCode="KWH">900</InvoicedQuantity>
    <LineExtensionAmount>30.00</LineExtensionAmount><Item><Name>Network</Name></Item></InvoiceLine></Invoice>`;
const xml = { 'content-type': 'application/xml' };

describe('an electronic bill', () => {
  it('is asked about, stored with its lines, and the next one like it needs no question', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const asked = billImport.parse(
      (await manager('POST /bill-imports', invoice('E-1', '2026-06'), xml)).json,
    );
    expect(asked).toMatchObject({
      mediaType: 'application/xml',
      stored: 0,
      rejected: [{ column: 'energy_lines' }],
    });
    const stored = billImport.parse(
      (
        await manager(
          'POST /bill-imports?dryRun=false&fileName=june.xml&energyLines=1',
          invoice('E-1', '2026-06'),
          xml,
        )
      ).json,
    );
    expect(stored).toMatchObject({
      stored: 1,
      rejected: [],
      preview: [{ energy_kwh: '900.000', number: 'E-1' }],
    });
    const listed = (await manager('GET /bills?from=2026-06&to=2026-06')).json.bills;
    const detail = billDetail.parse((await manager(`GET /bills/${listed[0].id}`)).json);
    expect(detail).toMatchObject({
      vatAmount: '20.00',
      issuedOn: '2026-07-02',
      document: { fileName: 'june.xml', mediaType: 'application/xml' },
      lines: [
        { name: 'Energy', countsAsEnergy: true, amountExVat: '70.00' },
        { name: 'Network', countsAsEnergy: false },
      ],
    });
    const file = await manager(`GET /bill-imports/${stored.id}/file`);
    expect(file.text).toBe(invoice('E-1', '2026-06'));
    const next = await manager('POST /bill-imports', invoice('E-2', '2026-09'), xml);
    expect(next.json).toMatchObject({ stored: 1, rejected: [] });
  });

  it('that cannot be read is refused with the reason', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const faults = async (body: string, type: string) =>
      (await manager('POST /bill-imports', body, { 'content-type': type })).json.rejected[0].message;
    expect(await faults('<Invoice><ID>1</Invoice>', 'application/xml')).toMatch(/closes what is not open/);
    expect(await faults('%PDF-1.7 scanned', 'application/pdf')).toMatch(/carries no electronic bill/);
  });
});

describe('a bill by form', () => {
  const bill = {
    deliveryPoint: 'PRM-first',
    number: 'F-1',
    periodFrom: '2026-10-01',
    periodTo: '2026-11-01',
    quantity: '500',
    unit: 'kWh',
    amountExVat: '60.00',
    currency: 'EUR',
  };

  it('is stored once, and refused with the field where it is wrong', async () => {
    const manager = await api.as(api.first, 'energyManager');
    expect((await manager('POST /bills', bill)).status).toBe(204);
    expect((await manager('POST /bills', bill)).json.errors).toMatchObject([{ path: 'number' }]);
    const negative = await manager('POST /bills', { ...bill, number: 'F-2', quantity: '-1' });
    expect(negative.status).toBe(422);
    expect(negative.json.detail).toMatch(/credit note/);
    const credit = {
      ...bill,
      number: 'C-1',
      kind: 'credit',
      corrects: 'F-1',
      quantity: '-500',
      amountExVat: '-60.00',
    };
    expect((await manager('POST /bills', credit)).status).toBe(204);
    const { deliveryPoints } = (await manager('GET /bills?from=2026-10&to=2026-10')).json;
    expect(deliveryPoints[0].cells[0]).toMatchObject({ state: 'missing', energy_kwh: '0.000' });
  });
});

describe('the energy account', () => {
  it('hands a delivery point over on a day, unless a bill reaches over it', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const { rows } = await api.admin.query(
      'INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, $2, $3) RETURNING id',
      [api.first.id, 'Buyer', 'FR'],
    );
    await api.admin.query('UPDATE site SET legal_entity_id = $2 WHERE id = $1', [
      api.first.otherSiteId,
      rows[0].id,
    ]);
    const path = `POST /delivery-points/${api.first.deliveryPointId}/hand-over`;
    const across = await manager(path, { on: '2026-06-15', legalEntityId: rows[0].id });
    expect(across.status).toBe(409);
    expect(across.json.detail).toMatch(/E-1/);
    const done = await manager(path, { on: '2026-12-01', legalEntityId: rows[0].id });
    expect(done.status, done.text).toBe(200);
    expect(done.json.ids).toHaveLength(2);
    const december = 'PRM-first,D-1,2026-11-15,2026-12-15,10,kWh,1.00,EUR';
    const head = 'delivery_point,number,period_from,period_to,quantity,unit,amount_ex_vat,currency';
    const { rejected } = (await manager('POST /bill-imports', `${head}\n${december}`)).json;
    expect(JSON.stringify(rejected)).toMatch(/passed to another legal entity on 2026-12-01/);
  });

  it('keeps rows with their dates and source, refuses what contradicts itself, and traces removal', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const row = {
      legalEntityId: api.first.legalEntityId,
      kind: 'passedOn',
      carrier: 'electricity',
      siteId: api.first.siteId,
      meterId: null,
      energy_kwh: '1200.000',
      calorificBasis: 'none',
      validFrom: '2026-01-01',
      validTo: '2027-01-01',
      limit_percent: '2',
      counterpartEntityId: null,
      reason: 'Canteen of another company',
      source: 'Meter reading by the landlord, 2026-01-02',
    };
    const added = accountRows.parse((await manager('POST /account-rows', row)).json);
    const mine = added.accountRows.find(({ reason }) => reason === row.reason);
    expect(mine).toMatchObject({ energy_kwh: '1200.000', limit_percent: '2.0000' });
    expect((await manager('POST /account-rows', { ...row, meterId: 1 })).status).toBe(422);
    expect((await manager('POST /account-rows', { ...row, validTo: null })).status).toBe(422);
    expect((await manager('POST /account-rows', { ...row, siteId: api.second.siteId })).status).toBe(404);
    expect((await manager(`DELETE /account-rows/${mine?.id}`)).status).toBe(204);
    const { rows } = await api.admin.query(
      "SELECT before->>'reason' AS reason FROM audit_event WHERE action = 'energyAccount.removeRow'",
    );
    expect(rows).toEqual([{ reason: row.reason }]);
  });
});
