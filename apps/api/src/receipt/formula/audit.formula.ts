import { runningVersion } from '@wattproof/energy';
import { receiptId } from '@wattproof/evidence/receipt';
import type { FigureFormula, FigurePlace, FigureSource, Formulas } from '../figure-formula.ts';
import { currencyBeside, nearestText, textOf } from './place.ts';

const auditOf = ({ owners, params }: FigurePlace): string =>
  params.auditId ?? textOf(owners.find((owner) => 'periodFrom' in owner && 'guide' in owner)?.id);
const coverage =
  (basis: 'rule' | 'bill') =>
  (place: FigurePlace): FigureSource[] => {
    const auditId = auditOf(place);
    return auditId
      ? [{ kind: 'receipt', name: 'auditCoverage', id: receiptId('auditCoverage', { auditId, basis }) }]
      : [];
  };
/** Bills that the object of a figure names. */
const bills = ({ owners }: FigurePlace): FigureSource[] => {
  const own = owners[0]?.cells;
  const cells = Array.isArray(own) ? (own as { readonly billIds: readonly string[] }[]) : [owners[0]];
  return [...new Set(cells.flatMap((cell) => (cell?.billIds as readonly string[] | undefined) ?? []))].map(
    (billId) => ({ kind: 'receipt', name: 'bill', id: receiptId('bill', { billId }) }),
  );
};
const billItself = (place: FigurePlace): FigureSource[] => {
  const billId = place.params.billId ?? textOf(place.owners.find((owner) => 'periodFrom' in owner)?.id);
  return billId ? [{ kind: 'receipt', name: 'bill', id: receiptId('bill', { billId }) }] : [];
};

const coverageShare = (basis: 'rule' | 'bill'): FigureFormula => ({
  name: 'auditCoverage',
  version: runningVersion('auditCoverage'),
  expression: 'coverage = Σ in scope ÷ Σ all, by days within the period; cut off, never rounded up',
  unit: '1',
  sources: coverage(basis),
});
const coverageFigures = (prefix: string, basis: 'rule' | 'bill') => ({
  [`${prefix}share`]: coverageShare(basis),
  [`${prefix}audited`]: {
    ...coverageShare(basis),
    name: 'inScope',
    expression: 'Σ of the rows in scope, by days within the period',
    unit: (place: FigurePlace) => nearestText(place, 'unit'),
  },
  [`${prefix}total`]: {
    ...coverageShare(basis),
    name: 'accountTotal',
    expression: 'Σ of all rows of the account, by days within the period',
    unit: (place: FigurePlace) => nearestText(place, 'unit'),
  },
  [`${prefix}estimatedShare`]: {
    ...coverageShare(basis),
    name: 'estimatedShare',
    expression: 'Σ estimated ÷ Σ all',
  },
  [`${prefix}range.lowest_percent`]: {
    ...coverageShare(basis),
    name: 'coverageRange',
    expression: 'coverage if every metered item errs by its limit against it',
    unit: '%',
  },
  [`${prefix}range.highest_percent`]: {
    ...coverageShare(basis),
    name: 'coverageRange',
    expression: 'coverage if every metered item errs by its limit for it',
    unit: '%',
  },
});
const measuredShare: FigureFormula = {
  name: 'measuredShare',
  version: runningVersion('measuredShare'),
  expression: 'energy seen by meters ÷ energy of the account; never called coverage',
  unit: '1',
  sources: coverage('rule'),
};
const metered: FigureFormula = {
  name: 'meteredEnergy',
  version: 1,
  expression: 'Σ meters Σ days Δ within the period',
  sources: coverage('rule'),
};
const account = (name: string, expression: string, unit?: FigureFormula['unit']): FigureFormula => ({
  name,
  version: runningVersion('auditCoverage'),
  expression,
  ...(unit === undefined ? {} : { unit }),
  sources: (place) => [...bills(place), ...coverage('rule')(place)],
});
const billed = (expression: string, unit?: FigureFormula['unit']): FigureFormula => ({
  name: 'bill',
  version: 1,
  expression,
  ...(unit === undefined ? {} : { unit }),
  sources: billItself,
});
const proposal = (expression: string, unit?: FigureFormula['unit']): FigureFormula => ({
  name: 'scopeProposal',
  version: 1,
  expression,
  ...(unit === undefined ? {} : { unit }),
  sources: coverage('rule'),
});
const proposalUnit = ({ owners }: FigurePlace): string => textOf(owners.at(-1)?.unit);
const costUnit = ({ owners }: FigurePlace): string => textOf(owners.at(-1)?.costUnit);
const choice = (prefix: string) => ({
  [`${prefix}quantity`]: proposal('Σ quantity of the chosen places', proposalUnit),
  [`${prefix}share_percent`]: proposal('Σ chosen ÷ total, cut off'),
  [`${prefix}cost`]: proposal('Σ auditor-days · rate + travel', costUnit),
  [`${prefix}days`]: proposal('Σ auditor-days', 'd'),
  [`${prefix}leastCost`]: proposal('bound: nothing that reaches the threshold costs less', costUnit),
});

const cell = (prefix: string) => ({
  [`${prefix}energy_kwh`]: {
    name: 'billsOfMonth',
    version: 1,
    expression: 'Σ bills · days of the month ÷ days of the bill',
    sources: bills,
  },
  [`${prefix}amount`]: {
    name: 'billsOfMonth',
    version: 1,
    expression: 'Σ bills · days of the month ÷ days of the bill',
    unit: currencyBeside,
    sources: bills,
  },
});
const unit = (prefix: string) =>
  ({
    [`${prefix}stated.accountingYears[].turnover.amount`]: 'stated',
    [`${prefix}stated.accountingYears[].balance.amount`]: 'stated',
    [`${prefix}stated.energy[].energy_kwh`]: 'stated',
    [`${prefix}years[].energy_kwh`]: {
      name: 'yearOfUnit',
      version: 1,
      expression: 'Σ bills and account rows of the members by days within the year',
    },
    [`${prefix}obligations[].exemptions[].share_percent`]: {
      name: 'certifiedShare',
      version: 1,
      expression: 'energy within certificates ÷ energy of the unit',
    },
    [`${prefix}obligations[].exemptions[].leastShare`]: 'limit',
    [`${prefix}obligations[].sanctions[].percent`]: 'limit',
    [`${prefix}obligations[].sanctions[].least.amount`]: 'limit',
    [`${prefix}obligations[].sanctions[].exposure.amount`]: {
      name: 'sanctionExposure',
      version: 1,
      expression: 'percent of the turnover, at least the stated amount, at most the cap',
      unit: currencyBeside,
    },
    [`${prefix}obligations[].sanctions[].repeatExposure.amount`]: {
      name: 'sanctionExposure',
      version: 1,
      expression: 'the same for a repeated breach',
      unit: currencyBeside,
    },
  }) as const;

const ofReport = (expression: string): FigureFormula => ({
  name: 'figureOfReport',
  version: 1,
  expression,
  unit: ({ owners }) => textOf(owners[0]?.unit) || '1',
});

/** Audits, the energy account, bills and obligations. */
export const auditFormulas: Formulas = {
  audits: {
    ...coverageFigures('audits[].coverage.', 'rule'),
    ...coverageFigures('audits[].guide.', 'bill'),
    'audits[].measuredShare': measuredShare,
    'audits[].rule.threshold': 'limit',
  },
  'audits/{auditId}': {
    ...coverageFigures('coverage.', 'rule'),
    ...coverageFigures('guide.', 'bill'),
    measuredShare,
    'rule.threshold': 'limit',
    'rows[].energy_kwh': account('accountRow', 'Σ bills of the point by days within the period'),
    'rows[].amount.amount': account(
      'accountRow',
      'Σ bills of the point by days within the period',
      currencyBeside,
    ),
    'rows[].share': account('accountShare', 'row ÷ total of the account', '1'),
    ...cell('rows[].cells[].'),
    'measured.sites[].account_kwh': account('accountOfSite', 'Σ rows of the site'),
    'measured.sites[].metered_kwh': metered,
    'measured.sites[].share': measuredShare,
    'measured.uses[].metered_kwh': metered,
    'measured.uses[].share': measuredShare,
    'uses[].share': measuredShare,
    'documents[].bytes': 'operation',
  },
  'audits/{auditId}/scope-proposal': {
    total: proposal('Σ of the account on the basis of the rule', proposalUnit),
    threshold: 'limit',
    'effort.ratePerDay': 'stated',
    'effort.sites[].auditorDays': 'stated',
    'effort.sites[].travelCost': 'stated',
    'effort.uses[].auditorDays': 'stated',
    'uses[].quantity': proposal(
      'measured share of the use · Σ of its carrier at the site, on the basis of the rule',
      proposalUnit,
    ),
    'uses[].share': proposal('energy of the use ÷ energy of its carrier at the site, cut off'),
    'parts[].quantity': proposal('Σ of the place on the basis of the rule', proposalUnit),
    'parts[].share_percent': proposal('place ÷ total, cut off'),
    'parts[].auditorDays': 'stated',
    'parts[].travelCost': 'stated',
    'parts[].cost': proposal('auditor-days · rate + travel', costUnit),
    ...choice('cheapest.'),
    ...choice('fewest.'),
  },
  // What the auditor typed.
  'audits/{auditId}/dossier': { '*': 'stated' },
  'documents/{documentId}/reissue': {
    'reissue.differences[].before': ofReport(
      'as the replaced report states it, by the versions it was computed with',
    ),
    'reissue.differences[].after': ofReport(
      'as the re-issued report states it, by the versions that ran then',
    ),
    'reissue.differences[].difference': {
      ...ofReport('after − before'),
      sources: () => [{ kind: 'siblings', names: ['before', 'after'] }],
    },
    'reissue.unchanged': 'count',
  },
  'audits/{auditId}/bundles': { 'bundles[].bytes': 'operation' },
  obligations: unit('units[].'),
  'obligations/{unitId}': unit(''),
  bills: {
    'bills[].quantity': billed('as billed', (place) => textOf(place.owners[0]?.unit)),
    'bills[].energy_kwh': billed('energy = quantity · factor'),
    'bills[].amountExVat.amount': billed('as billed, excluding VAT', currencyBeside),
    'bills[].pricePerMwh': billed(
      'amount excluding VAT ÷ energy, in MWh',
      (place) => `${billCurrency(place)}/MWh`,
    ),
    'bills[].metered_kwh': {
      name: 'meteredEnergy',
      version: 1,
      expression: 'Σ meters of the carrier over the days of the bill',
      sources: billItself,
    },
    ...cell('deliveryPoints[].cells[].'),
  },
  'bills/{billId}': {
    quantity: billed('as billed', (place) => textOf(place.owners[0]?.unit)),
    energy_kwh: billed('energy = quantity · factor'),
    'amountExVat.amount': billed('as billed, excluding VAT', currencyBeside),
    vatAmount: billed('as billed', (place) =>
      textOf((place.owners[0]?.amountExVat as { currency?: string })?.currency),
    ),
    'lines[].quantity': billed('as billed', (place) => textOf(place.owners[0]?.unit)),
    'lines[].unitPrice': billed('as billed', (place) => billCurrency(place)),
    'lines[].amountExVat': billed('as billed, excluding VAT', (place) => billCurrency(place)),
    'lines[].vatRate': 'stated',
  },
  'bill-imports': {
    'billImports[].preview[].energy_kwh': 'stated',
    'billImports[].preview[].amountExVat.amount': 'stated',
    'billImports[].preview[].lines[].unitPrice': 'stated',
    'billImports[].preview[].lines[].amountExVat': 'stated',
  },
  'energy-account': { '*': 'stated' },
  'account-rows': { 'accountRows[].energy_kwh': 'stated', 'accountRows[].limit_percent': 'stated' },
};

const billCurrency = ({ owners }: FigurePlace): string =>
  owners
    .map(({ amountExVat }) => textOf((amountExVat as { currency?: string } | null)?.currency))
    .find(Boolean) ?? '';
