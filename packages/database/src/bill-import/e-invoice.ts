import { addDays, type Decimal, isDecimal, type LocalDate } from '@wattproof/energy';
import { elementsAt, parseXml, textAt, type XmlElement, XmlFault } from './xml-document.ts';

/** A line of an electronic bill (EN 16931), as it states it. */
export interface EInvoiceLine {
  /** From 1. */
  readonly position: number;
  readonly name: string;
  readonly quantity: Decimal | null;
  /** As used here: kWh, MWh, m³, l, kg; the code itself where it is another. */
  readonly unit: string;
  readonly unitPrice: Decimal | null;
  readonly amountExVat: Decimal;
  readonly vatRate: Decimal | null;
  /** Identifier of what is billed: the delivery point; '' where the line names none. */
  readonly objectId: string;
  readonly period: { readonly from: LocalDate; readonly to: LocalDate } | null;
}

/** An electronic bill by the semantic model of EN 16931, from either of its syntaxes. */
export interface EInvoice {
  readonly syntax: 'UBL' | 'CII';
  readonly number: string;
  readonly kind: 'bill' | 'creditNote';
  readonly corrects: string | null;
  readonly issuedOn: LocalDate | null;
  readonly currency: string;
  /** [from, to). */
  readonly period: { readonly from: LocalDate; readonly to: LocalDate } | null;
  /** Identifiers of what is billed, from the head: invoiced object, place of delivery. */
  readonly objectIds: readonly string[];
  readonly amountExVat: Decimal;
  readonly vatAmount: Decimal | null;
  readonly lines: readonly EInvoiceLine[];
}

/** Codes of UNECE Recommendation 20 that energy is billed in. */
const units: Readonly<Record<string, string>> = {
  KWH: 'kWh',
  MWH: 'MWh',
  MTQ: 'm³',
  LTR: 'l',
  KGM: 'kg',
};
/** UNTDID 1001: credit notes. */
const creditNotes = new Set(['81', '83', '261', '296', '308', '381', '396', '420', '458', '532']);
/** UNTDID 1001: reference to the object billed. */
const objectReference = '130';

/** @throws XmlFault where the document is no bill by EN 16931, or a figure of it cannot be read. */
export function readEInvoice(source: string): EInvoice {
  const root = parseXml(source);
  if (root.name === 'CrossIndustryInvoice') return readCii(root);
  if (root.name === 'Invoice' || root.name === 'CreditNote') return readUbl(root);
  throw new XmlFault(
    `<${root.name}> is no bill by EN 16931 (UBL Invoice or CreditNote, CII CrossIndustryInvoice)`,
  );
}

function decimalAt(element: XmlElement, path: string, name: string): Decimal {
  const text = textAt(element, path);
  if (!isDecimal(text)) throw new XmlFault(`${name} is missing or no number: “${text.slice(0, 40)}”`);
  return text;
}
const optionalDecimal = (text: string): Decimal | null => (isDecimal(text) ? text : null);
const unitOf = (code: string | undefined): string => units[code ?? ''] ?? code ?? '';

function dateOf(text: string): LocalDate | null {
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  const date = compact ? `${compact[1]}-${compact[2]}-${compact[3]}` : text.slice(0, 10);
  return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)) ? date : null;
}

/** The last day billed is stated; ranges end on the day after. */
function periodOf(from: string, to: string): EInvoice['period'] {
  const [first, last] = [dateOf(from), dateOf(to)];
  return first && last ? { from: first, to: addDays(last, 1) } : null;
}

const objectIdOf = (references: readonly XmlElement[], code: string, id: string): string => {
  const found = references.find((reference) => textAt(reference, code) === objectReference);
  return found ? textAt(found, id) : '';
};

function readUbl(root: XmlElement): EInvoice {
  const isCredit = root.name === 'CreditNote' || creditNotes.has(textAt(root, 'InvoiceTypeCode'));
  const currency = textAt(root, 'DocumentCurrencyCode');
  const line = isCredit && root.name === 'CreditNote' ? 'CreditNoteLine' : 'InvoiceLine';
  const quantity = line === 'CreditNoteLine' ? 'CreditedQuantity' : 'InvoicedQuantity';
  const vat = elementsAt(root, 'TaxTotal/TaxAmount').find(
    ({ attributes }) => attributes.currencyID === currency,
  );
  return {
    syntax: 'UBL',
    number: textAt(root, 'ID'),
    kind: isCredit ? 'creditNote' : 'bill',
    corrects: textAt(root, 'BillingReference/InvoiceDocumentReference/ID') || null,
    issuedOn: dateOf(textAt(root, 'IssueDate')),
    currency,
    period: periodOf(textAt(root, 'InvoicePeriod/StartDate'), textAt(root, 'InvoicePeriod/EndDate')),
    objectIds: [
      objectIdOf(elementsAt(root, 'AdditionalDocumentReference'), 'DocumentTypeCode', 'ID'),
      textAt(root, 'Delivery/DeliveryLocation/ID'),
    ].filter(Boolean),
    amountExVat: decimalAt(root, 'LegalMonetaryTotal/TaxExclusiveAmount', 'the total without VAT'),
    vatAmount: optionalDecimal(vat?.text ?? ''),
    lines: elementsAt(root, line).map((element, i) => ({
      position: i + 1,
      name: textAt(element, 'Item/Name'),
      quantity: optionalDecimal(textAt(element, quantity)),
      unit: unitOf(elementsAt(element, quantity)[0]?.attributes.unitCode),
      unitPrice: optionalDecimal(textAt(element, 'Price/PriceAmount')),
      amountExVat: decimalAt(element, 'LineExtensionAmount', `the amount of line ${i + 1}`),
      vatRate: optionalDecimal(textAt(element, 'Item/ClassifiedTaxCategory/Percent')),
      objectId: objectIdOf(elementsAt(element, 'DocumentReference'), 'DocumentTypeCode', 'ID'),
      period: periodOf(textAt(element, 'InvoicePeriod/StartDate'), textAt(element, 'InvoicePeriod/EndDate')),
    })),
  };
}

function readCii(root: XmlElement): EInvoice {
  const [transaction] = elementsAt(root, 'SupplyChainTradeTransaction');
  const [settlement] = transaction ? elementsAt(transaction, 'ApplicableHeaderTradeSettlement') : [];
  if (!transaction || !settlement) throw new XmlFault('the bill has no settlement');
  const currency = textAt(settlement, 'InvoiceCurrencyCode');
  const totals = 'SpecifiedTradeSettlementHeaderMonetarySummation';
  const vat = elementsAt(settlement, `${totals}/TaxTotalAmount`).find(
    ({ attributes }) => attributes.currencyID === currency || attributes.currencyID === undefined,
  );
  return {
    syntax: 'CII',
    number: textAt(root, 'ExchangedDocument/ID'),
    kind: creditNotes.has(textAt(root, 'ExchangedDocument/TypeCode')) ? 'creditNote' : 'bill',
    corrects: textAt(settlement, 'InvoiceReferencedDocument/IssuerAssignedID') || null,
    issuedOn: dateOf(textAt(root, 'ExchangedDocument/IssueDateTime/DateTimeString')),
    currency,
    period: ciiPeriod(settlement),
    objectIds: [
      objectIdOf(
        elementsAt(transaction, 'ApplicableHeaderTradeAgreement/AdditionalReferencedDocument'),
        'TypeCode',
        'IssuerAssignedID',
      ),
      textAt(transaction, 'ApplicableHeaderTradeDelivery/ShipToTradeParty/ID'),
    ].filter(Boolean),
    amountExVat: decimalAt(settlement, `${totals}/TaxBasisTotalAmount`, 'the total without VAT'),
    vatAmount: optionalDecimal(vat?.text ?? ''),
    lines: elementsAt(transaction, 'IncludedSupplyChainTradeLineItem').map((element, i) => {
      const [own = element] = elementsAt(element, 'SpecifiedLineTradeSettlement');
      const quantity = 'SpecifiedLineTradeDelivery/BilledQuantity';
      return {
        position: i + 1,
        name: textAt(element, 'SpecifiedTradeProduct/Name'),
        quantity: optionalDecimal(textAt(element, quantity)),
        unit: unitOf(elementsAt(element, quantity)[0]?.attributes.unitCode),
        unitPrice: optionalDecimal(
          textAt(element, 'SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount'),
        ),
        amountExVat: decimalAt(
          own,
          'SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount',
          `the amount of line ${i + 1}`,
        ),
        vatRate: optionalDecimal(textAt(own, 'ApplicableTradeTax/RateApplicablePercent')),
        objectId: objectIdOf(elementsAt(own, 'AdditionalReferencedDocument'), 'TypeCode', 'IssuerAssignedID'),
        period: ciiPeriod(own),
      };
    }),
  };
}

const ciiPeriod = (element: XmlElement): EInvoice['period'] =>
  periodOf(
    textAt(element, 'BillingSpecifiedPeriod/StartDateTime/DateTimeString'),
    textAt(element, 'BillingSpecifiedPeriod/EndDateTime/DateTimeString'),
  );
