/** The rules of obligation that are recorded. Changing the law is adding a row; a row is never edited once reports rest on it. */
import { finalEnergy } from './audit-rule.ts';
import type { ObligationRule, Trigger } from './obligation-rule.ts';
import { type Sourced, sourced } from './sourced.ts';

const million = (n: number): string => `${n}000000`;

/** Staff, or turnover and balance together: not a small or medium enterprise. */
const notSmall = (turnover: string, balance: string, currency: string): Trigger => ({
  kind: 'any',
  of: [
    { kind: 'staff', comparison: 'atLeast', limit: '250' },
    {
      kind: 'all',
      of: [
        { kind: 'turnover', comparison: 'above', limit: turnover, currency },
        { kind: 'balance', comparison: 'above', limit: balance, currency },
      ],
    },
  ],
});
const notSmallInEuro = notSmall(million(50), million(43), 'EUR');

/** Each of the three by itself: how the guide prints it, and how France first wrote it. */
const anyOfThree = (staff: 'above' | 'atLeast'): Trigger => ({
  kind: 'any',
  of: [
    { kind: 'staff', comparison: staff, limit: '250' },
    { kind: 'turnover', comparison: 'above', limit: million(50), currency: 'EUR' },
    { kind: 'balance', comparison: 'above', limit: million(43), currency: 'EUR' },
  ],
});

const meanAbove = (limit: string, unit: 'TJ' | 'GWh'): Trigger => ({
  kind: 'energy',
  comparison: 'above',
  limit,
  unit,
  years: 3,
  account: finalEnergy,
});

const oneEntity = (source: string): Sourced<'legalEntity'> => sourced('legalEntity', 'verified', source);

const guide = 'Legrand, Energy management in electrical panels: European Directive 2012/27/EU';
const oldDirective = 'Directive 2012/27/EU art. 8';
const directive = 'Directive (EU) 2023/1791 art. 11';
const directiveFrom = '2023-10-10';
const frenchSize = 'Code de l’énergie R233-1, R233-2 (version of 2016-12-07)';
const frenchLaw = 'Loi 2025-391 art. 25';
const frenchDecree = 'Décret 2025-1382 (JO of 30 December 2025)';
const edlg = 'EDL-G §§ 8 ff.';
const enefg = 'EnEfG § 8, § 9';
const esos = 'The Energy Savings Opportunity Scheme Regulations 2014, as amended';

const frenchSanction = sourced(
  { kind: 'turnoverShare', percent: '2', repeatPercent: '4' } as const,
  'secondary',
  'After a notice: up to 2 % of turnover without VAT of the last closed year, 4 % on repeat (law firms’ notes; article text not read)',
);

export const obligationRules: readonly ObligationRule[] = [
  {
    id: 'guide-2012-27-audit',
    jurisdiction: 'guide',
    standing: 'guide',
    duty: 'energyAudit',
    effectiveFrom: '2012-12-04',
    effectiveTo: null,
    unit: oneEntity(guide),
    trigger: sourced(
      anyOfThree('above'),
      'verified',
      `${guide}. As printed; the directive itself asks for staff, or turnover and balance together`,
    ),
    deadline: sourced({ kind: 'first', date: '2015-12-06', every_years: 4 }, 'verified', guide),
    exemptions: [
      sourced(
        { standards: ['iso50001'], needsAnnexViAudit: false, leastShare: '0.80' },
        'verified',
        `${guide}. The certificate covers 80 % of the energy bill`,
      ),
    ],
    sanctions: [
      sourced(
        { kind: 'turnoverShare', percent: '2', repeatPercent: null },
        'verified',
        `${guide}. Up to 2 % of sales; this is French law`,
      ),
    ],
    coverageRuleIds: ['guide-energy-bill-80'],
  },
  {
    id: 'eu-2012-27-audit',
    jurisdiction: 'EU',
    standing: 'directive',
    duty: 'energyAudit',
    effectiveFrom: '2012-12-04',
    effectiveTo: directiveFrom,
    unit: sourced('legalEntity', 'unverified', `${oldDirective}(4): enterprises that are not SMEs`),
    trigger: sourced(
      notSmallInEuro,
      'verified',
      'Recommendation 2003/361/EC as France transposed it in 2016: staff ≥ 250, or turnover > 50 M€ and balance > 43 M€',
    ),
    deadline: sourced(
      { kind: 'first', date: '2015-12-05', every_years: 4 },
      'unverified',
      `${oldDirective}(4)`,
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas', 'iso14001'], needsAnnexViAudit: true, leastShare: null },
        'unverified',
        `${oldDirective}(6)`,
      ),
    ],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'eu-2023-1791-audit',
    jurisdiction: 'EU',
    standing: 'directive',
    duty: 'energyAudit',
    effectiveFrom: directiveFrom,
    effectiveTo: null,
    unit: sourced(
      'legalEntity',
      'unverified',
      `${directive}: enterprises; how groups count is for the states`,
    ),
    trigger: sourced(
      meanAbove('10', 'TJ'),
      'secondary',
      `${directive}(2): more than 10 TJ a year, mean of 3 years`,
    ),
    deadline: sourced({ kind: 'first', date: '2026-10-11', every_years: 4 }, 'secondary', `${directive}(2)`),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'performanceContract'], needsAnnexViAudit: false, leastShare: null },
        'unverified',
        directive,
      ),
      sourced(
        { standards: ['emas', 'iso14001'], needsAnnexViAudit: true, leastShare: null },
        'unverified',
        directive,
      ),
    ],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'eu-2023-1791-enms',
    jurisdiction: 'EU',
    standing: 'directive',
    duty: 'energyManagementSystem',
    effectiveFrom: directiveFrom,
    effectiveTo: null,
    unit: sourced(
      'legalEntity',
      'unverified',
      `${directive}: enterprises; how groups count is for the states`,
    ),
    trigger: sourced(
      meanAbove('85', 'TJ'),
      'secondary',
      `${directive}(1): more than 85 TJ a year, mean of 3 years`,
    ),
    deadline: sourced(
      { kind: 'first', date: '2027-10-11', every_years: null },
      'secondary',
      `${directive}(1)`,
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'performanceContract'], needsAnnexViAudit: false, leastShare: null },
        'unverified',
        directive,
      ),
    ],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'fr-2013-audit',
    jurisdiction: 'FR',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2013-12-05',
    effectiveTo: '2016-01-01',
    unit: oneEntity(frenchSize),
    trigger: sourced(
      { kind: 'everyYear', years: 2, of: anyOfThree('atLeast') },
      'unverified',
      'Décret 2013-1121, mended by décret 2015-1823; dates recalled',
    ),
    deadline: sourced(
      { kind: 'first', date: '2015-12-05', every_years: 4 },
      'unverified',
      'Code de l’énergie L233-1',
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001'], needsAnnexViAudit: false, leastShare: '0.80' },
        'secondary',
        frenchSize,
      ),
    ],
    sanctions: [frenchSanction],
    coverageRuleIds: ['fr-2014-energy-bill-65', 'fr-2015-energy-bill-80'],
  },
  {
    id: 'fr-2016-audit',
    jurisdiction: 'FR',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2016-01-01',
    effectiveTo: '2025-10-01',
    unit: oneEntity(`${frenchSize}: the legal person, by SIREN`),
    trigger: sourced(
      { kind: 'everyYear', years: 2, of: notSmallInEuro },
      'verified',
      `${frenchSize}: the two last closed accounting years`,
    ),
    deadline: sourced(
      { kind: 'first', date: '2015-12-05', every_years: 4 },
      'secondary',
      'Code de l’énergie L233-1',
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001'], needsAnnexViAudit: false, leastShare: '0.80' },
        'secondary',
        frenchSize,
      ),
    ],
    sanctions: [frenchSanction],
    coverageRuleIds: ['fr-2014-energy-bill-65', 'fr-2015-energy-bill-80'],
  },
  {
    id: 'fr-2025-audit',
    jurisdiction: 'FR',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2025-10-01',
    effectiveTo: null,
    unit: oneEntity(`${frenchDecree}, R233-1: all activities of the legal person`),
    trigger: sourced(
      meanAbove('2.75', 'GWh'),
      'secondary',
      `${frenchLaw}: more than 2.75 GWh; ${frenchDecree}, R233-1: mean final energy of the 3 calendar years before, own renewable energy used on site included`,
    ),
    deadline: sourced({ kind: 'first', date: '2026-10-11', every_years: 4 }, 'secondary', frenchLaw),
    exemptions: [
      sourced(
        { standards: ['iso50001'], needsAnnexViAudit: false, leastShare: '0.80' },
        'verified',
        `${frenchDecree}, D233-3: the system covers 80 % of final energy`,
      ),
    ],
    sanctions: [frenchSanction],
    coverageRuleIds: ['fr-2015-energy-bill-80', 'fr-2026-final-energy-80'],
  },
  {
    id: 'fr-2025-enms',
    jurisdiction: 'FR',
    standing: 'law',
    duty: 'energyManagementSystem',
    effectiveFrom: '2025-10-01',
    effectiveTo: null,
    unit: oneEntity(`${frenchDecree}, R233-1`),
    trigger: sourced(meanAbove('23.6', 'GWh'), 'secondary', `${frenchLaw}: more than 23.6 GWh`),
    deadline: sourced({ kind: 'first', date: '2027-10-11', every_years: null }, 'secondary', frenchLaw),
    exemptions: [
      sourced(
        { standards: ['iso50001'], needsAnnexViAudit: false, leastShare: '0.80' },
        'verified',
        `${frenchDecree}, D233-3: certified by ISO 50001:2018, 80 % of final energy`,
      ),
    ],
    sanctions: [frenchSanction],
    coverageRuleIds: ['fr-2026-final-energy-80'],
  },
  {
    id: 'fr-2026-declaration',
    jurisdiction: 'FR',
    standing: 'law',
    duty: 'consumptionDeclaration',
    effectiveFrom: '2026-01-01',
    effectiveTo: null,
    unit: oneEntity(`${frenchDecree}, R233-1`),
    trigger: sourced(
      meanAbove('2.75', 'GWh'),
      'secondary',
      `${frenchDecree}, D233-2: yearly declaration of final energy; who declares by ${frenchLaw}`,
    ),
    deadline: null,
    exemptions: [],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'de-edlg-audit',
    jurisdiction: 'DE',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2015-04-22',
    effectiveTo: null,
    unit: sourced('legalEntity', 'verified', `${edlg}: the smallest legally independent undertaking`),
    trigger: sourced(notSmallInEuro, 'secondary', `${edlg}: no SME by Recommendation 2003/361/EC`),
    deadline: sourced(
      { kind: 'sinceObliged', date: '2015-12-05', months: 20, every_years: 4 },
      'verified',
      `${edlg}: every 4 years; 20 months for those that become obliged`,
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas'], needsAnnexViAudit: false, leastShare: '0.90' },
        'secondary',
        'BAFA leaflet: the system covers 90 % of total energy',
      ),
    ],
    sanctions: [
      sourced({ kind: 'amount', least: null, most: '50000', currency: 'EUR' }, 'secondary', `${edlg}, fine`),
    ],
    coverageRuleIds: ['de-edlg-total-energy-90'],
    simplified: sourced(
      { atMost_kwh: '500000' },
      'secondary',
      'EDL-G: up to 500 000 kWh in 12 months a declaration on line',
    ),
  },
  {
    id: 'de-enefg-enms',
    jurisdiction: 'DE',
    standing: 'law',
    duty: 'energyManagementSystem',
    effectiveFrom: '2023-11-18',
    effectiveTo: null,
    unit: sourced('legalEntity', 'secondary', `${enefg}: undertakings`),
    trigger: sourced(
      meanAbove('7.5', 'GWh'),
      'secondary',
      `${enefg}: more than 7.5 GWh, mean final energy of the last 3 completed calendar years`,
    ),
    deadline: sourced(
      { kind: 'sinceObliged', date: '2025-07-18', months: 20, every_years: 3 },
      'unverified',
      `${enefg}; date recalled`,
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas'], needsAnnexViAudit: false, leastShare: null },
        'secondary',
        `${enefg}: the duty is met by ISO 50001 or EMAS`,
      ),
    ],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'de-enefg-plan',
    jurisdiction: 'DE',
    standing: 'law',
    duty: 'implementationPlan',
    effectiveFrom: '2023-11-18',
    effectiveTo: null,
    unit: sourced('legalEntity', 'secondary', `${enefg}: undertakings`),
    trigger: sourced(
      meanAbove('2.5', 'GWh'),
      'secondary',
      `${enefg}: more than 2.5 GWh; measures with a net present value above zero within half of their life (DIN EN 17463)`,
    ),
    deadline: null,
    exemptions: [],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'de-draft-2025-audit',
    jurisdiction: 'DE',
    standing: 'draft',
    duty: 'energyAudit',
    effectiveFrom: '2025-12-01',
    effectiveTo: null,
    unit: sourced('legalEntity', 'secondary', 'Draft of December 2025'),
    trigger: sourced(
      meanAbove('2.77', 'GWh'),
      'secondary',
      'Draft of December 2025; not enacted in any source found',
    ),
    deadline: sourced(
      { kind: 'first', date: '2026-10-11', every_years: 4 },
      'secondary',
      'Draft of December 2025',
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas', 'iso14001'], needsAnnexViAudit: false, leastShare: null },
        'secondary',
        'Draft of December 2025',
      ),
    ],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'de-draft-2025-enms',
    jurisdiction: 'DE',
    standing: 'draft',
    duty: 'energyManagementSystem',
    effectiveFrom: '2025-12-01',
    effectiveTo: null,
    unit: sourced('legalEntity', 'secondary', 'Draft of December 2025'),
    trigger: sourced(
      meanAbove('23.6', 'GWh'),
      'secondary',
      'Draft of December 2025; not enacted in any source found',
    ),
    deadline: sourced(
      { kind: 'first', date: '2027-10-11', every_years: null },
      'secondary',
      'Draft of December 2025',
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas'], needsAnnexViAudit: false, leastShare: null },
        'secondary',
        'Draft of December 2025',
      ),
    ],
    sanctions: [],
    coverageRuleIds: [],
  },
  {
    id: 'gb-esos-audit',
    jurisdiction: 'GB',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2014-07-17',
    effectiveTo: null,
    unit: sourced(
      'group',
      'secondary',
      `${esos}: the highest parent and its undertakings in the United Kingdom`,
    ),
    trigger: sourced(
      notSmall(million(44), million(38), 'GBP'),
      'secondary',
      `${esos}: staff ≥ 250, or turnover > 44 M£ and balance > 38 M£, on the qualification date`,
    ),
    deadline: sourced(
      {
        kind: 'phases',
        phases: [
          { qualification: '2014-12-31', compliance: '2015-12-05' },
          { qualification: '2018-12-31', compliance: '2019-12-05' },
          { qualification: '2022-12-31', compliance: '2024-06-05' },
          { qualification: '2026-12-31', compliance: '2027-12-05' },
        ],
      },
      'secondary',
      `${esos}: phase 4 as published; dates of the phases before recalled`,
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001'], needsAnnexViAudit: false, leastShare: '0.95' },
        'unverified',
        `${esos}: a certificate that covers the energy of the group is a route to compliance`,
      ),
    ],
    sanctions: [],
    coverageRuleIds: ['gb-esos-total-energy-90', 'gb-esos-total-energy-95'],
  },
  {
    id: 'es-rd56-2016-audit',
    jurisdiction: 'ES',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2016-02-14',
    effectiveTo: null,
    unit: sourced('either', 'secondary', 'Real Decreto 56/2016: company or consolidated group'),
    trigger: sourced(notSmallInEuro, 'secondary', 'Real Decreto 56/2016: large enterprises'),
    deadline: sourced(
      { kind: 'sinceObliged', date: '2016-11-14', months: 9, every_years: 4 },
      'unverified',
      'Real Decreto 56/2016: every 4 years; first date and months recalled',
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas', 'iso14001'], needsAnnexViAudit: true, leastShare: null },
        'unverified',
        'Real Decreto 56/2016',
      ),
    ],
    sanctions: [
      sourced(
        { kind: 'amount', least: '300', most: '60000', currency: 'EUR' },
        'secondary',
        'Real Decreto 56/2016',
      ),
    ],
    coverageRuleIds: ['es-rd56-2016-final-energy-85'],
  },
  {
    id: 'it-dlgs102-audit',
    jurisdiction: 'IT',
    standing: 'law',
    duty: 'energyAudit',
    effectiveFrom: '2014-07-19',
    effectiveTo: null,
    unit: sourced('legalEntity', 'secondary', 'D.Lgs. 102/2014 art. 8'),
    trigger: sourced(
      { kind: 'any', of: [notSmallInEuro, { kind: 'energyIntensive' }] },
      'secondary',
      'D.Lgs. 102/2014 art. 8: large enterprises, and those on the list of energy-intensive ones whatever their size',
    ),
    deadline: sourced(
      { kind: 'rounds', first: '2015-12-05', every_years: 4 },
      'secondary',
      'D.Lgs. 102/2014 art. 8: by 5 December, every 4 years',
    ),
    exemptions: [
      sourced(
        { standards: ['iso50001', 'emas', 'iso14001'], needsAnnexViAudit: true, leastShare: null },
        'unverified',
        'D.Lgs. 102/2014 art. 8',
      ),
    ],
    sanctions: [
      sourced(
        { kind: 'amount', least: '4000', most: '40000', currency: 'EUR' },
        'secondary',
        'D.Lgs. 102/2014 art. 16',
      ),
    ],
    coverageRuleIds: [],
  },
];

export const findObligationRule = (id: string): ObligationRule | undefined =>
  obligationRules.find((rule) => rule.id === id);
