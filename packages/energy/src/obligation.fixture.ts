/**
 * Cases of obligation, each worked by hand: unit, figures, date and rule, and what must come out. A new jurisdiction
 * adds its rows here. Energy is in GWh by calendar year, money in millions.
 */

import { multiplyDecimal } from './money.ts';
import type { ObligationOutcome } from './obligation.ts';
import type { CertificateStandard } from './obligation-rule.ts';
import type { UnitCertificate, UnitProfile } from './unit-profile.ts';

export interface CaseUnit {
  readonly kind?: UnitProfile['kind'];
  readonly country: string;
  /** Staff, turnover, balance of the two accounting years before the date's, the older first. */
  readonly size?: readonly (readonly [
    staff: string | null,
    turnover: string | null,
    balance: string | null,
  ])[];
  readonly currency?: string;
  /** Final energy of the three calendar years before, GWh; null: not stated. */
  readonly energy_gwh?: readonly (string | null)[];
  /** Further rows, each the same in all years, GWh. */
  readonly selfConsumed_gwh?: string;
  readonly passedOn_gwh?: string;
  readonly ambientHeat_gwh?: string;
  readonly certificate?: {
    readonly standard: CertificateStandard;
    readonly covered?: string;
    readonly total?: string;
    readonly annexVi?: boolean;
    readonly validTo?: string;
  };
  readonly audits?: readonly string[];
  readonly obligedSince?: string;
  readonly energyIntensive?: boolean;
}

export interface ObligationCase {
  readonly name: string;
  readonly unit: CaseUnit;
  readonly on: string;
  readonly ruleId: string;
  readonly outcome: ObligationOutcome;
  readonly dueOn?: string | null;
  /** Whether it prints as a verdict; left out where the case is about something else. */
  readonly isVerdict?: boolean;
}

/** A unit of the cases as a profile, seen from a date. */
export function caseProfile(unit: CaseUnit, on: string): UnitProfile {
  const year = Number(on.slice(0, 4));
  const currency = unit.currency ?? 'EUR';
  const million = (value: string | null) =>
    value === null ? null : { amount: multiplyDecimal(value, '1000000'), currency };
  const years = (unit.energy_gwh ?? [null, null, null]).map((gwh, i, all) => ({
    year: year - all.length + i,
    gwh,
  }));
  const row = (
    kind: 'purchased' | 'selfConsumed' | 'passedOn' | 'ambientHeat',
    gwh: string | undefined,
    at: number,
  ) =>
    gwh === undefined
      ? []
      : [
          {
            year: at,
            carrier: 'electricity' as const,
            kind,
            energy_kwh: multiplyDecimal(gwh, '1000000'),
            calorificBasis: 'none' as const,
            source: 'case',
          },
        ];
  return {
    kind: unit.kind ?? 'legalEntity',
    country: unit.country,
    accountingYears: (unit.size ?? []).map(([staff, turnover, balance], i, all) => ({
      year: year - all.length + i,
      staff,
      turnover: million(turnover),
      balance: million(balance),
    })),
    energy: years.flatMap(({ year: at, gwh }) => [
      ...row('purchased', gwh ?? undefined, at),
      ...row('selfConsumed', unit.selfConsumed_gwh, at),
      ...row('passedOn', unit.passedOn_gwh, at),
      ...row('ambientHeat', unit.ambientHeat_gwh, at),
    ]),
    wholeYears: years.filter(({ gwh }) => gwh !== null).map((y) => y.year),
    certificates: unit.certificate ? [certificateOf(unit.certificate)] : [],
    audits: unit.audits ?? [],
    obligedSince: unit.obligedSince ?? null,
    isEnergyIntensive: unit.energyIntensive ?? null,
  };
}

const certificateOf = (stated: NonNullable<CaseUnit['certificate']>): UnitCertificate => ({
  standard: stated.standard,
  number: 'case',
  validFrom: '2010-01-01',
  validTo: stated.validTo ?? '2040-01-01',
  includesAnnexViAudit: stated.annexVi ?? false,
  scope: stated.covered && stated.total ? { covered: stated.covered, total: stated.total } : null,
});

const today = '2026-11-22';
/** Medium by size, large by energy. */
const dairy = {
  size: [
    ['120', '30', '20'],
    ['120', '30', '20'],
  ],
  energy_gwh: ['8', '8', '8'],
} as const satisfies Omit<CaseUnit, 'country'>;
const small = [
  ['100', '20', '10'],
  ['100', '20', '10'],
] as const;
const large = [
  ['300', '20', '10'],
  ['300', '20', '10'],
] as const;

export const obligationCases: readonly ObligationCase[] = [
  // The vectors of the thresholds in energy: mean of three years, strict comparison, 1 TJ = 1 000/3.6 MWh.
  {
    name: 'EU: 2.70, 2.80, 2.85 GWh are 10.02 TJ, above 10',
    unit: { country: 'FR', energy_gwh: ['2.70', '2.80', '2.85'] },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'obliged',
    dueOn: '2026-10-11',
    isVerdict: false,
  },
  {
    name: 'EU: 2.74, 2.76, 2.76 GWh are 9.912 TJ, not above 10',
    unit: { country: 'FR', energy_gwh: ['2.74', '2.76', '2.76'] },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'notObliged',
  },
  {
    name: 'FR: the same 2.7533 GWh are above 2.75',
    unit: { country: 'FR', energy_gwh: ['2.74', '2.76', '2.76'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
    dueOn: '2026-10-11',
    isVerdict: true,
  },
  {
    name: 'EU: 23.62 GWh are 85.032 TJ, above 85',
    unit: { country: 'DE', energy_gwh: ['23.62', '23.62', '23.62'] },
    on: today,
    ruleId: 'eu-2023-1791-enms',
    outcome: 'obliged',
    dueOn: '2027-10-11',
  },
  {
    name: 'EU: 23.605 GWh are 84.978 TJ, not above 85',
    unit: { country: 'FR', energy_gwh: ['23.605', '23.605', '23.605'] },
    on: today,
    ruleId: 'eu-2023-1791-enms',
    outcome: 'notObliged',
  },
  {
    name: 'FR: the same 23.605 GWh are above 23.6',
    unit: { country: 'FR', energy_gwh: ['23.605', '23.605', '23.605'] },
    on: today,
    ruleId: 'fr-2025-enms',
    outcome: 'obliged',
    dueOn: '2027-10-11',
    isVerdict: true,
  },
  {
    name: 'FR: and an audit is asked by the lower threshold all the same',
    unit: { country: 'FR', energy_gwh: ['23.605', '23.605', '23.605'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
  },
  {
    name: 'FR: exactly 2.75 GWh is not above it',
    unit: { country: 'FR', energy_gwh: ['2.75', '2.75', '2.75'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'notObliged',
    isVerdict: true,
  },
  {
    name: 'FR: a third of a watt-hour above 2.75 GWh is',
    unit: { country: 'FR', energy_gwh: ['2.75', '2.75', '2.750000001'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
  },
  {
    name: 'EU: 2777.778 MWh, rounded up from 10 TJ, is above it',
    unit: { country: 'IT', energy_gwh: ['2.777778', '2.777778', '2.777778'] },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'obliged',
  },
  {
    name: 'EU: 2777.777 MWh, cut off, is not',
    unit: { country: 'IT', energy_gwh: ['2.777777', '2.777777', '2.777777'] },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'notObliged',
  },
  {
    name: 'EU: a year that is not stated is not averaged away',
    unit: { country: 'FR', energy_gwh: ['9', null, '9'] },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'insufficientData',
    isVerdict: false,
  },
  {
    name: 'FR: nor in France',
    unit: { country: 'FR', energy_gwh: [null, '2.8', '2.8'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'insufficientData',
    isVerdict: false,
  },
  // What counts as energy.
  {
    name: 'FR: own photovoltaic energy used on site counts',
    unit: { country: 'FR', energy_gwh: ['2.6', '2.6', '2.6'], selfConsumed_gwh: '0.2' },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
  },
  {
    name: 'FR: without it the unit is below',
    unit: { country: 'FR', energy_gwh: ['2.6', '2.6', '2.6'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'notObliged',
  },
  {
    name: 'DE: energy passed on to others is deducted',
    unit: { country: 'DE', energy_gwh: ['8', '8', '8'], passedOn_gwh: '0.6' },
    on: today,
    ruleId: 'de-enefg-enms',
    outcome: 'notObliged',
  },
  {
    name: 'DE: ambient heat is no energy of the unit',
    unit: { country: 'DE', energy_gwh: ['7.4', '7.4', '7.4'], ambientHeat_gwh: '2' },
    on: today,
    ruleId: 'de-enefg-enms',
    outcome: 'notObliged',
  },
  // Germany's own thresholds, and the draft that is no law.
  {
    name: 'DE: 7.5 GWh is not above 7.5',
    unit: { country: 'DE', energy_gwh: ['7.4', '7.5', '7.6'] },
    on: today,
    ruleId: 'de-enefg-enms',
    outcome: 'notObliged',
    isVerdict: true,
  },
  {
    name: 'DE: 7.6 GWh is',
    unit: { country: 'DE', energy_gwh: ['7.6', '7.6', '7.6'] },
    on: today,
    ruleId: 'de-enefg-enms',
    outcome: 'obliged',
  },
  {
    name: 'DE: above 2.5 GWh a plan of implementation',
    unit: { country: 'DE', energy_gwh: ['2.4', '2.5', '2.7'] },
    on: today,
    ruleId: 'de-enefg-plan',
    outcome: 'obliged',
    dueOn: null,
  },
  {
    name: 'DE: the draft of 2.77 GWh never prints as a verdict',
    unit: { country: 'DE', energy_gwh: ['2.8', '2.8', '2.8'] },
    on: today,
    ruleId: 'de-draft-2025-audit',
    outcome: 'obliged',
    isVerdict: false,
  },
  // One group, three countries, three answers.
  {
    name: 'the dairy in France: audit by its energy',
    unit: { country: 'FR', ...dairy },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
  },
  {
    name: 'the dairy in Germany: no audit by size',
    unit: { country: 'DE', ...dairy },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'notObliged',
  },
  {
    name: 'the dairy in Germany: but a management system by energy',
    unit: { country: 'DE', ...dairy },
    on: today,
    ruleId: 'de-enefg-enms',
    outcome: 'obliged',
    dueOn: '2025-07-18',
  },
  {
    name: 'the dairy in Spain: nothing, it is not large',
    unit: { country: 'ES', ...dairy },
    on: today,
    ruleId: 'es-rd56-2016-audit',
    outcome: 'notObliged',
    isVerdict: true,
  },
  // Size: staff, or turnover and balance together.
  {
    name: 'DE: 250 persons are large',
    unit: {
      country: 'DE',
      size: [
        ['249', '10', '10'],
        ['250', '10', '10'],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
    dueOn: '2015-12-05',
  },
  {
    name: 'DE: 249.9 work units are not',
    unit: {
      country: 'DE',
      size: [
        ['250', '10', '10'],
        ['249.9', '10', '10'],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'notObliged',
  },
  {
    name: 'DE: turnover alone does not make large',
    unit: {
      country: 'DE',
      size: [
        ['10', '80', '43'],
        ['10', '80', '43'],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'notObliged',
  },
  {
    name: 'DE: turnover and balance together do',
    unit: {
      country: 'DE',
      size: [
        ['10', '50.01', '43.01'],
        ['10', '50.01', '43.01'],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
  },
  {
    name: 'DE: exactly 50 and 43 million do not',
    unit: {
      country: 'DE',
      size: [
        ['10', '50', '43'],
        ['10', '50', '43'],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'notObliged',
  },
  {
    name: 'DE: staff not stated and turnover below leaves it open',
    unit: {
      country: 'DE',
      size: [
        [null, '20', '10'],
        [null, '20', '10'],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'insufficientData',
  },
  {
    name: 'DE: staff stated as large settles it without the rest',
    unit: {
      country: 'DE',
      size: [
        [null, null, null],
        ['400', null, null],
      ],
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
  },
  {
    name: 'the guide reads turnover alone as enough',
    unit: {
      country: 'DE',
      size: [
        ['10', '80', '43'],
        ['10', '80', '43'],
      ],
    },
    on: today,
    ruleId: 'guide-2012-27-audit',
    outcome: 'obliged',
    isVerdict: false,
  },
  {
    name: 'and asks for more than 250 persons',
    unit: {
      country: 'FR',
      size: [
        ['250', '10', '10'],
        ['250', '10', '10'],
      ],
    },
    on: today,
    ruleId: 'guide-2012-27-audit',
    outcome: 'notObliged',
    isVerdict: false,
  },
  {
    name: 'the directive of 2012 corrects it',
    unit: {
      country: 'DE',
      size: [
        ['10', '80', '43'],
        ['10', '80', '43'],
      ],
    },
    on: '2018-06-01',
    ruleId: 'eu-2012-27-audit',
    outcome: 'notObliged',
  },
  // France before: two closed years; and the first wording.
  {
    name: 'FR 2018: large in both years',
    unit: { country: 'FR', size: large },
    on: '2018-06-01',
    ruleId: 'fr-2016-audit',
    outcome: 'obliged',
    dueOn: '2015-12-05',
    isVerdict: true,
  },
  {
    name: 'FR 2018: large in one year only',
    unit: { country: 'FR', size: [small[0], large[1]] },
    on: '2018-06-01',
    ruleId: 'fr-2016-audit',
    outcome: 'notObliged',
  },
  {
    name: 'FR 2018: one year stated, large, leaves it open',
    unit: { country: 'FR', size: [large[1]] },
    on: '2018-06-01',
    ruleId: 'fr-2016-audit',
    outcome: 'insufficientData',
  },
  {
    name: 'FR 2018: one year stated, small, settles it',
    unit: { country: 'FR', size: [small[1]] },
    on: '2018-06-01',
    ruleId: 'fr-2016-audit',
    outcome: 'notObliged',
  },
  {
    name: 'FR 2014: the first wording took turnover alone',
    unit: {
      country: 'FR',
      size: [
        ['10', '80', '10'],
        ['10', '80', '10'],
      ],
    },
    on: '2014-06-01',
    ruleId: 'fr-2013-audit',
    outcome: 'obliged',
    isVerdict: false,
  },
  {
    name: 'FR 2018: the mended wording does not',
    unit: {
      country: 'FR',
      size: [
        ['10', '80', '10'],
        ['10', '80', '10'],
      ],
    },
    on: '2018-06-01',
    ruleId: 'fr-2016-audit',
    outcome: 'notObliged',
  },
  {
    name: 'FR: a group is not what its rule addresses',
    unit: { country: 'FR', kind: 'group', energy_gwh: ['9', '9', '9'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'notAddressed',
  },
  // Exemption: only if the certificate reaches far enough.
  {
    name: 'FR: a certificate over exactly 80 % exempts',
    unit: {
      country: 'FR',
      energy_gwh: ['9', '9', '9'],
      certificate: { standard: 'iso50001', covered: '8000', total: '10000' },
    },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'exempt',
    isVerdict: true,
  },
  {
    name: 'FR: 79.995 % does not',
    unit: {
      country: 'FR',
      energy_gwh: ['9', '9', '9'],
      certificate: { standard: 'iso50001', covered: '79995', total: '100000' },
    },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
  },
  {
    name: 'FR: a certificate of unknown reach leaves it open',
    unit: { country: 'FR', energy_gwh: ['9', '9', '9'], certificate: { standard: 'iso50001' } },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'insufficientData',
  },
  {
    name: 'DE: 85 % that suffices in France does not reach 90 %',
    unit: { country: 'DE', size: large, certificate: { standard: 'iso50001', covered: '85', total: '100' } },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
  },
  {
    name: 'DE: EMAS over 90 % exempts',
    unit: { country: 'DE', size: large, certificate: { standard: 'emas', covered: '90', total: '100' } },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'exempt',
  },
  {
    name: 'DE: a certificate that ran out exempts nobody',
    unit: {
      country: 'DE',
      size: large,
      certificate: { standard: 'emas', covered: '99', total: '100', validTo: today },
    },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
  },
  {
    name: 'EU: ISO 14001 exempts only with an audit by Annex VI',
    unit: { country: 'FR', energy_gwh: ['9', '9', '9'], certificate: { standard: 'iso14001' } },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'obliged',
  },
  {
    name: 'EU: with it, it does',
    unit: {
      country: 'FR',
      energy_gwh: ['9', '9', '9'],
      certificate: { standard: 'iso14001', annexVi: true },
    },
    on: today,
    ruleId: 'eu-2023-1791-audit',
    outcome: 'exempt',
    isVerdict: false,
  },
  // Cycles.
  {
    name: 'FR: an audit of 2024 runs until 2028',
    unit: { country: 'FR', energy_gwh: ['3', '3', '3'], audits: ['2024-03-15'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
    dueOn: '2028-03-15',
  },
  {
    name: 'FR: an audit of 2019 is too old on 11 October 2026',
    unit: { country: 'FR', energy_gwh: ['3', '3', '3'], audits: ['2019-12-01'] },
    on: today,
    ruleId: 'fr-2025-audit',
    outcome: 'obliged',
    dueOn: '2026-10-11',
  },
  {
    name: 'DE: 20 months from becoming large',
    unit: { country: 'DE', size: large, obligedSince: '2026-01-01' },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
    dueOn: '2027-09-01',
  },
  {
    name: 'DE: four years from 29 February',
    unit: { country: 'DE', size: large, audits: ['2024-02-29'] },
    on: today,
    ruleId: 'de-edlg-audit',
    outcome: 'obliged',
    dueOn: '2028-02-29',
  },
  {
    name: 'IT: on the list whatever its size',
    unit: { country: 'IT', size: small, energyIntensive: true },
    on: today,
    ruleId: 'it-dlgs102-audit',
    outcome: 'obliged',
    dueOn: '2023-12-05',
  },
  {
    name: 'IT: the round of 2023 met, the next is 2027',
    unit: { country: 'IT', size: large, audits: ['2023-11-20'] },
    on: today,
    ruleId: 'it-dlgs102-audit',
    outcome: 'obliged',
    dueOn: '2027-12-05',
  },
  {
    name: 'IT: small and not said whether on the list',
    unit: { country: 'IT', size: small },
    on: today,
    ruleId: 'it-dlgs102-audit',
    outcome: 'insufficientData',
  },
  {
    name: 'GB: a group of 250, phase 4',
    unit: { country: 'GB', kind: 'group', size: [['250', '10', '10']], currency: 'GBP' },
    on: today,
    ruleId: 'gb-esos-audit',
    outcome: 'obliged',
    dueOn: '2027-12-05',
  },
  {
    name: 'GB: turnover in euro is not compared with pounds',
    unit: { country: 'GB', kind: 'group', size: [['100', '60', '60']], currency: 'EUR' },
    on: today,
    ruleId: 'gb-esos-audit',
    outcome: 'insufficientData',
  },
  {
    name: 'GB: 44 and 38 million pounds exactly are not above',
    unit: { country: 'GB', kind: 'group', size: [['100', '44', '38']], currency: 'GBP' },
    on: today,
    ruleId: 'gb-esos-audit',
    outcome: 'notObliged',
  },
  {
    name: 'GB: a subsidiary alone is not addressed',
    unit: { country: 'GB', size: [['400', '60', '60']], currency: 'GBP' },
    on: today,
    ruleId: 'gb-esos-audit',
    outcome: 'notAddressed',
  },
  {
    name: 'ES: a consolidated group is addressed',
    unit: { country: 'ES', kind: 'group', size: large },
    on: today,
    ruleId: 'es-rd56-2016-audit',
    outcome: 'obliged',
    dueOn: '2016-11-14',
  },
];
