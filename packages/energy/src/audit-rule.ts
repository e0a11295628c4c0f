/**
 * Rules of audit coverage as dated data: what share of whose energy, measured how, an audit must cover. A rule says
 * where it comes from and how well that was checked; changing the law is adding a row.
 */
import type { LocalDate } from './calendar.ts';
import { type Disqualified, finding } from './finding.ts';
import type { Decimal } from './money.ts';
import type { Verification } from './verification.ts';

/** What the share is a share of. `totalEnergy` is final energy by the German reading: passed-on energy is deducted. */
export type CoverageBasis = 'finalEnergy' | 'energyBill' | 'totalEnergy';

/** Kinds of rows of an energy account (see `coverage.ts`). */
export const accountKinds = ['purchased', 'selfConsumed', 'passedOn', 'feedstock'] as const;
export type AccountKind = (typeof accountKinds)[number];

export interface AuditRule {
  readonly id: string;
  /** ISO 3166-1 alpha-2; `*` for the guide's rule. */
  readonly country: string;
  /** Whether it is law, or only what the guide prints. */
  readonly kind: 'law' | 'guide';
  /** In force in [effectiveFrom, effectiveTo); null: not limited on that side as far as recorded here. */
  readonly effectiveFrom: LocalDate | null;
  readonly effectiveTo: LocalDate | null;
  readonly basis: CoverageBasis;
  /** Least share, reached when share ≥ threshold. */
  readonly threshold: Decimal;
  /** Whose energy it is. */
  readonly obligedUnit: string;
  /** How each kind of row enters numerator and denominator. */
  readonly account: Readonly<Record<AccountKind, 'count' | 'deduct' | 'ignore'>>;
  readonly source: string;
  readonly verification: Verification;
}

const finalEnergy = {
  purchased: 'count',
  selfConsumed: 'count',
  passedOn: 'deduct',
  feedstock: 'deduct',
} as const;
const billsOnly = {
  purchased: 'count',
  selfConsumed: 'ignore',
  passedOn: 'ignore',
  feedstock: 'ignore',
} as const;

/** The guide's "80 % of the energy bill", shown beside the rule in force and labelled as the guide's. */
export const guideRule: AuditRule = {
  id: 'guide-energy-bill-80',
  country: '*',
  kind: 'guide',
  effectiveFrom: null,
  effectiveTo: null,
  basis: 'energyBill',
  threshold: '0.80',
  obligedUnit: 'company',
  account: billsOnly,
  source: 'Legrand, Energy management in electrical panels: audit of at least 80 % of the energy bill',
  verification: 'verified',
};

export const auditRules: readonly AuditRule[] = [
  {
    id: 'fr-2014-energy-bill-65',
    country: 'FR',
    kind: 'law',
    effectiveFrom: null,
    effectiveTo: '2015-12-05',
    basis: 'energyBill',
    threshold: '0.65',
    obligedUnit: 'SIREN',
    account: billsOnly,
    source: 'Code de l’énergie D233-3 (version of 2016-12-07): 65 % for audits before 5 December 2015',
    verification: 'verified',
  },
  {
    id: 'fr-2015-energy-bill-80',
    country: 'FR',
    kind: 'law',
    effectiveFrom: '2015-12-05',
    effectiveTo: '2026-01-01',
    basis: 'energyBill',
    threshold: '0.80',
    obligedUnit: 'SIREN',
    account: billsOnly,
    source: 'Code de l’énergie D233-3 (version of 2016-12-07): 80 % of the amount of the energy bills',
    verification: 'verified',
  },
  {
    id: 'fr-2026-final-energy-80',
    country: 'FR',
    kind: 'law',
    effectiveFrom: '2026-01-01',
    effectiveTo: null,
    basis: 'finalEnergy',
    threshold: '0.80',
    obligedUnit: 'SIREN',
    account: finalEnergy,
    source: 'Code de l’énergie D233-3 as of décret 2025-1382: 80 % of final energy consumption',
    verification: 'verified',
  },
  {
    id: 'de-edlg-total-energy-90',
    country: 'DE',
    kind: 'law',
    effectiveFrom: null,
    effectiveTo: null,
    basis: 'totalEnergy',
    threshold: '0.90',
    obligedUnit: 'smallest legally independent undertaking',
    account: finalEnergy,
    source: 'EDL-G §§ 8 ff. and the BAFA leaflet: at most 10 % of total energy may be left out',
    verification: 'unverified',
  },
  {
    id: 'es-rd56-2016-final-energy-85',
    country: 'ES',
    kind: 'law',
    effectiveFrom: null,
    effectiveTo: null,
    basis: 'finalEnergy',
    threshold: '0.85',
    obligedUnit: 'company or consolidated group',
    account: finalEnergy,
    source: 'Real Decreto 56/2016: 85 % of the final energy of the installations',
    verification: 'secondary',
  },
];

/** The law in force in a country on a date. */
export function ruleInForce(
  country: string,
  date: LocalDate,
  rules: readonly AuditRule[] = auditRules,
): { readonly ok: true; readonly rule: AuditRule } | Disqualified {
  const rule = rules.find(
    (r) =>
      r.kind === 'law' &&
      r.country === country &&
      (r.effectiveFrom === null || r.effectiveFrom <= date) &&
      (r.effectiveTo === null || date < r.effectiveTo),
  );
  return rule
    ? { ok: true, rule }
    : {
        ok: false,
        disqualifications: [
          finding('noAuditRule', 'No rule of audit coverage is recorded for this country and date', {
            country,
            date,
          }),
        ],
      };
}
