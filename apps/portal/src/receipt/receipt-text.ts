import type { Receipt } from '@wattproof/contracts/api';
import {
  formatMoney,
  formatNumber,
  formatPercent,
  formatQuantity,
  type PortalKey,
  type PortalTranslator,
  quantityText,
} from '@wattproof/messages';

type Value = Receipt['value'];

const currency = /^[A-Z]{3}$/;

/** A figure as people read it. */
export function valueText(t: PortalTranslator, { number, decimal, unit }: Value): string {
  if (decimal !== null && currency.test(unit))
    return formatMoney(t.locale, { amount: decimal, currency: unit }, { decimals: 2 });
  if (decimal !== null)
    return quantityText({ value: formatNumber(t.locale, decimal, { decimals: decimalsIn(decimal) }), unit });
  if (number === null) return '—';
  if (unit === '1') return quantityText(formatPercent(t.locale, number, { signed: true }));
  return quantityText(formatQuantity(t.locale, number, unit === 'l' ? 'l' : 'Wh'));
}

/** The same number to its last digit, where what people read is rounded. */
export function exactText(t: PortalTranslator, { number, unit }: Value): string | null {
  if (number === null || unit === '1') return null;
  return quantityText({
    value: formatNumber(t.locale, number, { decimals: Number.isInteger(number) ? 0 : 3 }),
    unit,
  });
}

const decimalsIn = (decimal: string): number => decimal.split('.')[1]?.length ?? 0;

const known: Readonly<Record<string, PortalKey>> = {
  siteEnergy: 'receipt.kind.siteEnergy',
  siteCost: 'receipt.kind.siteCost',
  meterEnergy: 'receipt.kind.meterEnergy',
  meterDay: 'receipt.kind.meterDay',
  enpiSaving: 'receipt.kind.enpiSaving',
  auditCoverage: 'receipt.kind.auditCoverage',
  bill: 'receipt.kind.bill',
  carrier: 'receipt.setting.carrier',
  measurand: 'receipt.setting.measurand',
  indexStart: 'receipt.setting.indexStart',
  indexEnd: 'receipt.setting.indexEnd',
  baseline: 'receipt.setting.baseline',
  enbVersion: 'receipt.setting.enbVersion',
  knownDays: 'receipt.setting.knownDays',
  confidence: 'receipt.setting.confidence',
  adjustedR2: 'receipt.setting.adjustedR2',
  cvRmse: 'receipt.setting.cvRmse',
  modelHalfWidth: 'receipt.setting.modelHalfWidth',
  meteringHalfWidth: 'receipt.setting.meteringHalfWidth',
  meteringUncertainty: 'receipt.setting.meteringUncertainty',
  meteringChain: 'receipt.setting.meteringChain',
  rule: 'receipt.setting.rule',
  ruleDate: 'receipt.setting.ruleDate',
  threshold: 'receipt.setting.threshold',
  verification: 'receipt.setting.verification',
  estimatedPercent: 'receipt.setting.estimatedPercent',
  deliveryPoint: 'receipt.setting.deliveryPoint',
  calorificBasis: 'receipt.setting.calorificBasis',
  estimated: 'receipt.setting.estimated',
  document: 'receipt.setting.document',
  documentSha256: 'receipt.setting.documentSha256',
  inScope: 'receipt.part.inScope',
  outOfScope: 'receipt.part.outOfScope',
  total: 'receipt.part.total',
  actual: 'receipt.part.actual',
  expected: 'receipt.part.expected',
  quantity: 'receipt.part.quantity',
  energy: 'receipt.part.energy',
  amount: 'receipt.part.amount',
  changedSinceSeal: 'receipt.finding.changedSinceSeal',
  priceMissing: 'receipt.finding.priceMissing',
};

/** A word that the API gives as a code; names of meters, bills and dates stand for themselves. */
export const wordText = (t: PortalTranslator, code: string): string => {
  const key = known[code];
  return key ? t(key) : code;
};
