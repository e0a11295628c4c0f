import { deflateSync } from 'node:zlib';

/** An electronic bill in UBL: energy and a network fee, which both state the kWh of one delivery point. */
export const ublBill = ({
  root = 'Invoice',
  number = 'R-2026-03',
  corrects = '',
  total = '1320.50',
  object = '14500000000001',
} = {}): string => {
  const credit = root === 'CreditNote';
  const line = credit ? 'CreditNoteLine' : 'InvoiceLine';
  const quantity = credit ? 'CreditedQuantity' : 'InvoicedQuantity';
  return `<?xml version="1.0" encoding="UTF-8"?>
<ubl:${root} xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:${root}-2" xmlns:cbc="urn:cbc" xmlns:cac="urn:cac">
  <cbc:ID>${number}</cbc:ID><cbc:IssueDate>2026-04-04</cbc:IssueDate>
  ${credit ? '' : '<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>'}
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:InvoicePeriod><cbc:StartDate>2026-03-01</cbc:StartDate><cbc:EndDate>2026-03-31</cbc:EndDate></cac:InvoicePeriod>
  ${corrects ? `<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>${corrects}</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>` : ''}
  <cac:AdditionalDocumentReference><cbc:ID>${object}</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode></cac:AdditionalDocumentReference>
  <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">264.10</cbc:TaxAmount></cac:TaxTotal>
  <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">${total}</cbc:TaxExclusiveAmount></cac:LegalMonetaryTotal>
  <cac:${line}><cbc:ID>1</cbc:ID><cbc:${quantity} unitCode="MWH">12.3450</cbc:${quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">1000.00</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name>Energy &amp; losses</cbc:Name><cac:ClassifiedTaxCategory><cbc:Percent>20</cbc:Percent></cac:ClassifiedTaxCategory></cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">81.00</cbc:PriceAmount></cac:Price></cac:${line}>
  <cac:${line}><cbc:ID>2</cbc:ID><cbc:${quantity} unitCode="KWH">12345</cbc:${quantity}>
    <cbc:LineExtensionAmount currencyID="EUR">320.50</cbc:LineExtensionAmount>
    <cac:Item><cbc:Name><![CDATA[Network <use>]]></cbc:Name></cac:Item></cac:${line}>
</ubl:${root}>`;
};

/** The same bill in CII, with the energy alone and an allowance of the whole document. */
export const ciiBill = `<rsm:CrossIndustryInvoice xmlns:rsm="urn:rsm" xmlns:ram="urn:ram" xmlns:udt="urn:udt">
  <rsm:ExchangedDocument><ram:ID>F-77</ram:ID><ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20260402</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct><ram:Name>Erdgas</ram:Name></ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>0.60</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="MTQ">1000</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>600.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
        <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>GI 000-001</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode></ram:AdditionalReferencedDocument>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>
    <ram:ApplicableHeaderTradeAgreement/><ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:BillingSpecifiedPeriod>
        <ram:StartDateTime><udt:DateTimeString format="102">20260301</udt:DateTimeString></ram:StartDateTime>
        <ram:EndDateTime><udt:DateTimeString format="102">20260331</udt:DateTimeString></ram:EndDateTime>
      </ram:BillingSpecifiedPeriod>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>600.00</ram:LineTotalAmount><ram:TaxBasisTotalAmount>590.00</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">112.10</ram:TaxTotalAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>`;

/** The smallest PDF that carries a file, as Factur-X embeds its XML; beside it a page's content that is none. */
export function pdfWith(xml: string): Buffer {
  const stream = (dictionary: string, data: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(`<< ${dictionary} /Length ${data.length} /Filter /FlateDecode >>\nstream\n`),
      data,
      Buffer.from('\nendstream\nendobj\n'),
    ]);
  return Buffer.concat([
    Buffer.from('%PDF-1.7\n1 0 obj\n'),
    stream('', deflateSync(Buffer.from('BT /F1 12 Tf (Invoice) Tj ET'))),
    Buffer.from('2 0 obj\n'),
    stream(
      '/Type /EmbeddedFile /Subtype /text#2Fxml /Params << /Size 1 >>',
      deflateSync(Buffer.from(xml, 'utf8')),
    ),
    Buffer.from('%%EOF\n'),
  ]);
}
