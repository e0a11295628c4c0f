/**
 * Rules of audit coverage as dated data: what share of whose energy, measured how, an audit must cover. A rule says
 * where it comes from and how well that was checked; changing the law is adding a row.
 */
import type { LocalDate } from './calendar.ts';
import { type Disqualified, finding } from './finding.ts';
import type { Decimal } from './money.ts';
import { type Sourced, sourced } from './sourced.ts';
import type { Verification } from './verification.ts';

/** What the share is a share of. `totalEnergy` is final energy by the German reading: passed-on energy is deducted. */
export type CoverageBasis = 'finalEnergy' | 'energyBill' | 'totalEnergy';

/**
 * Kinds of rows of an energy account (see `coverage.ts`). `received`: from another unit, without a bill of one's own.
 * `converted`: output of own boilers and generators, whose fuel is counted already.
 */
export const accountKinds = [
  'purchased',
  'received',
  'selfConsumed',
  'ambientHeat',
  'thirdPartyHaulage',
  'converted',
  'passedOn',
  'feedstock',
] as const;
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
  readonly account: Account;
  /** How many of N alike sites stand for all of them; null: no sampling is recorded, each site counts for itself. */
  readonly sampling: Sourced<Sampling> | null;
  readonly source: string;
  readonly verification: Verification;
}

/** How each kind of row enters a figure. */
export type Account = Readonly<Record<AccountKind, 'count' | 'deduct' | 'ignore'>>;

/** `squareRoot`: n ≥ √N, rounded up. `stated`: the auditor states the number with the reason. */
export type Sampling = 'squareRoot' | 'stated';

/** Energy bought or received, own renewable energy used on site; less what others use and what is no fuel. */
export const finalEnergy: Account = {
  purchased: 'count',
  received: 'count',
  selfConsumed: 'count',
  ambientHeat: 'ignore',
  thirdPartyHaulage: 'ignore',
  converted: 'ignore',
  passedOn: 'deduct',
  feedstock: 'deduct',
};
export const billsOnly: Account = {
  purchased: 'count',
  received: 'ignore',
  selfConsumed: 'ignore',
  ambientHeat: 'ignore',
  thirdPartyHaulage: 'ignore',
  converted: 'ignore',
  passedOn: 'ignore',
  feedstock: 'ignore',
};

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
  sampling: null,
  source: 'Legrand, Energy management in electrical panels: audit of at least 80 % of the energy bill',
  verification: 'verified',
};

const frenchSampling = sourced<Sampling>(
  'stated',
  'unverified',
  'Arrêté of 24 November 2014, Annex I: alike buildings may be sampled if justified; its formula was not found',
);

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
    sampling: frenchSampling,
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
    sampling: frenchSampling,
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
    sampling: frenchSampling,
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
    sampling: sourced(
      'squareRoot',
      'secondary',
      'BAFA leaflet: alike sites in clusters, at least √N of them audited; rounding up recalled',
    ),
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
    sampling: null,
    source: 'Real Decreto 56/2016: 85 % of the final energy of the installations',
    verification: 'secondary',
  },
  {
    id: 'gb-esos-total-energy-90',
    country: 'GB',
    kind: 'law',
    effectiveFrom: null,
    effectiveTo: '2019-12-06',
    basis: 'totalEnergy',
    threshold: '0.90',
    obligedUnit: 'group',
    account: finalEnergy,
    sampling: null,
    source: 'ESOS, phases 1 and 2: at most 10 % of total energy may be left out',
    verification: 'secondary',
  },
  {
    id: 'gb-esos-total-energy-95',
    country: 'GB',
    kind: 'law',
    effectiveFrom: '2019-12-06',
    effectiveTo: null,
    basis: 'totalEnergy',
    threshold: '0.95',
    obligedUnit: 'group',
    account: finalEnergy,
    sampling: null,
    source: 'ESOS from phase 3 on: at most 5 % of total energy may be left out',
    verification: 'secondary',
  },
];

/** Rules that were published and corrected since, as they were: what was issued by them can be checked. */
export const correctedRules: readonly AuditRule[] = [];

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

/** Of some rules, the one in force on a date; null where none is. */
export const ruleOfIds = (ids: readonly string[], date: LocalDate): AuditRule | null =>
  [...auditRules, guideRule].find(
    (r) =>
      ids.includes(r.id) &&
      (r.effectiveFrom === null || r.effectiveFrom <= date) &&
      (r.effectiveTo === null || date < r.effectiveTo),
  ) ?? null;

/** Sites of a cluster of N that must be audited so that all of it counts; null where the number must be stated. */
export function sampleSize(sampling: Sampling, siteCount: number): number | null {
  if (sampling === 'stated') return null;
  let n = Math.floor(Math.sqrt(siteCount));
  while (n * n < siteCount) n++;
  return n;
}
