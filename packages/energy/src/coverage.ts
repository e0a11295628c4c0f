/**
 * Audit coverage: the share of an obliged unit's energy that lies inside the audited scope. This is the legal test;
 * what meters see is the measured share (`measured-share.ts`), another figure with another name.
 *
 * coverage = Σ in scope / Σ all, on one basis, for one period and one unit. Bills that reach over the period's ends
 * count by days. Sums and the comparison share ≥ threshold are exact: 79.995 % fails a rule of 80 %.
 */
import type { AccountKind, AuditRule, CoverageBasis } from './audit-rule.ts';
import { guideRule } from './audit-rule.ts';
import {
  type BilledPeriod,
  type BillingCell,
  billingMatrix,
  commonDays,
  type DateRange,
  type DeliveryPoint,
} from './billing-matrix.ts';
import { dayOrdinal, type LocalDate } from './calendar.ts';
import { type ClusterResult, judgeCluster, type SiteCluster } from './cluster.ts';
import { type Disqualified, type Finding, finding } from './finding.ts';
import {
  add,
  compare,
  divide,
  type Fraction,
  fractionOf,
  multiply,
  negate,
  toDecimal,
  zero,
} from './fraction.ts';
import { type CalorificBasis, commonBasis } from './fuel.ts';
import { addDecimal, compareDecimal, type Decimal, subtractDecimal } from './money.ts';
import { standingBills } from './standing-bills.ts';
import { type Verification, worstVerification } from './verification.ts';
import type { Carrier, EnergyUse } from './vocabulary.ts';

export interface AccountPoint extends DeliveryPoint {
  readonly carrier: Carrier;
  /** null: not at one site (own fleet). */
  readonly siteId: string | null;
  readonly energyUse?: EnergyUse | null;
}

export interface AccountBill extends BilledPeriod {
  readonly id: string;
  readonly number: string;
  readonly kind: 'bill' | 'creditNote';
  /** Number of the bill that a credit note corrects. */
  readonly corrects: string | null;
  /** Of a credit note below zero, or zero where only money is corrected. */
  readonly energy_kwh: Decimal;
  readonly calorificBasis: CalorificBasis;
  /** Excluding VAT. */
  readonly amount: Decimal;
  readonly currency: string;
}

/** A row of the account that is no bill, for the whole period. */
export interface AccountRow {
  readonly id: string;
  readonly kind: Exclude<AccountKind, 'purchased'>;
  readonly carrier: Carrier;
  readonly siteId: string | null;
  readonly energy_kwh: Decimal;
  readonly calorificBasis: CalorificBasis;
  /** Limit of error of the meter, percent of the energy; null: stated by a document, taken as exact. */
  readonly limit_percent: Decimal | null;
  readonly included: boolean;
  readonly reason: string;
}

/** Whether a delivery point is audited; points not named are not. */
export interface ScopeEntry {
  readonly deliveryPointId: string;
  readonly included: boolean;
  readonly reason: string;
}

/** A use that is audited by itself at a site of which the rest is not. */
export interface AuditedUse {
  readonly siteId: string;
  /** What the use draws from; own generation used on site belongs to electricity. */
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse;
  /** Measured share of the carrier at the site, 0 to 1; cut off, never rounded up. */
  readonly share: Decimal;
  /** Limit of error of its meters, percent of the use; null: none is stated. */
  readonly limit_percent: Decimal | null;
}

export interface CoverageInput {
  readonly rule: AuditRule;
  /** Reference period [from, to). */
  readonly period: DateRange;
  readonly points: readonly AccountPoint[];
  readonly bills: readonly AccountBill[];
  readonly rows?: readonly AccountRow[];
  readonly scope: readonly ScopeEntry[];
  readonly clusters?: readonly SiteCluster[];
  /** Count with their measured share of what their site has of the carrier and does not count already. */
  readonly uses?: readonly AuditedUse[];
  /** Who takes responsibility for applying an unverified rule. */
  readonly reviewer?: { readonly name: string; readonly date: LocalDate } | null;
}

export interface CoverageFigure {
  readonly ruleId: string;
  readonly basis: CoverageBasis;
  /** kWh or a currency code. */
  readonly unit: string;
  readonly threshold: Decimal;
  /** Shown with 3 digits (energy) or 2 (money); compared exactly. */
  readonly inScope: Decimal;
  readonly total: Decimal;
  /** Cut off, never rounded up, after 2 digits. */
  readonly share_percent: Decimal;
  /** Exact comparison; says nothing about missing bills (see the verdict). */
  readonly reachesThreshold: boolean;
  /** Share of the total that rests on estimated bills, 2 digits. */
  readonly estimated_percent: Decimal;
  /** Where the share may lie if every meter errs by its limit, each in the worse direction. */
  readonly range: CoverageRange;
}

export interface CoverageRange {
  /** Percent, cut off after 2 digits. */
  readonly lowest_percent: Decimal;
  readonly highest_percent: Decimal;
  /** Whether the comparison with the threshold comes out the same at both ends. */
  readonly isDecided: boolean;
}

export interface CoverageVerdict {
  readonly outcome: 'reached' | 'notReached' | 'insufficientData';
  readonly ruleId: string;
  readonly verification: Verification;
  readonly reviewer: { readonly name: string; readonly date: LocalDate } | null;
  /** Whether the outcome may be printed as a verdict; if not, both figures are shown side by side without one. */
  readonly isPrintable: boolean;
  /** Cells of the matrix that stand in the way. */
  readonly blocking: readonly BillingCell[];
  /** What else stands in the way. */
  readonly blockingFindings: readonly Finding[];
}

/** One line of the account with what became of it. */
export interface CoverageLine {
  /** Delivery point or account row. */
  readonly id: string;
  readonly kind: AccountKind;
  readonly carrier: Carrier;
  readonly siteId: string | null;
  readonly energyUse: EnergyUse | null;
  readonly energy_kwh: Decimal;
  readonly amount: Decimal | null;
  readonly included: boolean;
  readonly reason: string;
  /** Counts without being audited itself, because its cluster is sampled. */
  readonly clusterId: string | null;
}

export interface Coverage {
  readonly ok: true;
  /** On the basis of the rule in force. */
  readonly onRule: CoverageFigure;
  /** On the guide's basis, the energy bill; null where it cannot be formed (see findings). */
  readonly onBill: CoverageFigure | null;
  readonly verdict: CoverageVerdict;
  readonly lines: readonly CoverageLine[];
  /** Lines outside the audited scope, each with its reason. */
  readonly excluded: readonly CoverageLine[];
  readonly clusters: readonly ClusterResult[];
  readonly matrix: readonly BillingCell[];
  readonly calorificBasis: CalorificBasis;
  readonly findings: readonly Finding[];
}

interface Line {
  readonly line: CoverageLine;
  readonly energy: Fraction;
  readonly amount: Fraction;
  readonly estimatedEnergy: Fraction;
  readonly estimatedAmount: Fraction;
  /** Half-width by the meter's limit of error. */
  readonly limit: Fraction;
}

const sum = (values: Iterable<Fraction>): Fraction => {
  let total = zero;
  for (const value of values) total = add(total, value);
  return total;
};

/** The part of a bill's quantity that falls into a range, by days. */
const within = (quantity: Decimal, bill: AccountBill, range: DateRange): Fraction =>
  fractionOf(quantity, commonDays(bill, range), dayOrdinal(bill.to) - dayOrdinal(bill.from));

/** The days of the period on which a point belongs to the entity; what is billed outside belongs to another. */
const rangeOf = ({ validFrom, validTo }: DeliveryPoint, period: DateRange): DateRange => ({
  from: validFrom > period.from ? validFrom : period.from,
  to: validTo !== null && validTo < period.to ? validTo : period.to,
});

/** Versions whose arithmetic is at hand (`formula.ts` says how they differ), so that what was issued can be checked. */
export const coverageVersions = [1, 2] as const;
export type CoverageVersion = (typeof coverageVersions)[number];
export const runningCoverage: CoverageVersion = 2;

function linesOf(input: CoverageInput, version: CoverageVersion): readonly Line[] {
  const scope = new Map(input.scope.map((entry) => [entry.deliveryPointId, entry]));
  const billed = input.points.map((point): Line => {
    const period = version === 1 ? input.period : rangeOf(point, input.period);
    const bills = input.bills.filter((bill) => bill.deliveryPointId === point.id);
    const estimates = bills.filter((bill) => bill.estimated);
    const energy = sum(bills.map((bill) => within(bill.energy_kwh, bill, period)));
    const amount = sum(bills.map((bill) => within(bill.amount, bill, period)));
    const entry = scope.get(point.id);
    return {
      line: {
        id: point.id,
        kind: 'purchased',
        carrier: point.carrier,
        siteId: point.siteId,
        energyUse: point.energyUse ?? null,
        energy_kwh: toDecimal(energy, 3, 'halfEven'),
        amount: toDecimal(amount, 2, 'halfEven'),
        included: entry?.included ?? false,
        reason: entry?.reason ?? 'notListed',
        clusterId: null,
      },
      limit: zero,
      energy,
      amount,
      estimatedEnergy: sum(estimates.map((bill) => within(bill.energy_kwh, bill, period))),
      estimatedAmount: sum(estimates.map((bill) => within(bill.amount, bill, period))),
    };
  });
  const others = (input.rows ?? []).map(
    (row): Line => ({
      line: {
        id: row.id,
        kind: row.kind,
        carrier: row.carrier,
        siteId: row.siteId,
        energyUse: null,
        energy_kwh: toDecimal(fractionOf(row.energy_kwh, 1, 1), 3, 'halfEven'),
        amount: null,
        included: row.included,
        reason: row.reason,
        clusterId: null,
      },
      limit:
        row.limit_percent === null
          ? zero
          : multiply(fractionOf(row.energy_kwh, 1, 1), fractionOf(row.limit_percent, 1, 100)),
      energy: fractionOf(row.energy_kwh, 1, 1),
      amount: zero,
      estimatedEnergy: zero,
      estimatedAmount: zero,
    }),
  );
  return [...billed, ...others];
}

/** Own generation used on site feeds the uses of electricity. */
export const drawnFrom = (carrier: Carrier): Carrier => (carrier === 'pv' ? 'electricity' : carrier);

/** Lines of a sampled cluster count though they are not audited. */
const counts = ({ included, clusterId }: CoverageLine): boolean => included || clusterId !== null;

/**
 * Extremes of N/D when each metered quantity q lies in q ± limit. The share rises with what counts in the numerator
 * and falls with what only stands in the denominator, so the extremes lie at the limits; exact for 0 ≤ N ≤ D.
 */
function rangeOfShare(
  rule: AuditRule,
  lines: readonly Line[],
  {
    inScope,
    total,
    useLimit,
  }: {
    readonly inScope: Fraction;
    readonly total: Fraction;
    /** Of the audited uses: moves the numerator alone. */
    readonly useLimit: Fraction;
  },
): CoverageRange {
  const metered =
    rule.basis === 'energyBill' ? [] : lines.filter((l) => rule.account[l.line.kind] !== 'ignore');
  const inside = sum(metered.filter((l) => counts(l.line)).map((l) => l.limit));
  const outside = sum(metered.filter((l) => !counts(l.line)).map((l) => l.limit));
  const extreme = (sign: -1 | 1): Fraction => {
    const signed = (limit: Fraction): Fraction => (sign === 1 ? limit : negate(limit));
    const moved = signed(inside);
    const others = signed(negate(outside));
    return divide(add(add(inScope, moved), signed(useLimit)), add(add(total, moved), others)) ?? zero;
  };
  const threshold = fractionOf(rule.threshold, 1, 1);
  const ends = [extreme(-1), extreme(1)] as const;
  const percentOf = (share: Fraction): Decimal =>
    toDecimal(multiply(share, fractionOf('100', 1, 1)), 2, 'down');
  return {
    lowest_percent: percentOf(ends[0]),
    highest_percent: percentOf(ends[1]),
    isDecided: compare(ends[0], threshold) >= 0 === compare(ends[1], threshold) >= 0,
  };
}

/** Uses of a site with shares that are together no more than the whole, whatever the meters say. */
export function effectiveUses(uses: readonly AuditedUse[]): readonly AuditedUse[] {
  const taken = new Map<string, Decimal>();
  return uses.map((use) => {
    const key = `${use.siteId} ${use.carrier}`;
    const left = subtractDecimal('1', taken.get(key) ?? '0');
    const share = compareDecimal(use.share, left) > 0 ? left : use.share;
    taken.set(key, addDecimal(taken.get(key) ?? '0', share));
    return { ...use, share };
  });
}

/** What the audited uses of sites add to the numerator, and by how much their meters may err. */
function usesOf(
  uses: readonly AuditedUse[],
  lines: readonly Line[],
  { rule, quantity }: { readonly rule: AuditRule; readonly quantity: (line: Line) => Fraction },
): { readonly inScope: Fraction; readonly limit: Fraction } {
  const parts = effectiveUses(uses).map(({ siteId, carrier, share, limit_percent }) => {
    const own = lines.filter(
      ({ line }) =>
        line.siteId === siteId &&
        drawnFrom(line.carrier) === carrier &&
        rule.account[line.kind] === 'count' &&
        !counts(line),
    );
    const part = multiply(sum(own.map(quantity)), fractionOf(share, 1, 1));
    return { part, limit: multiply(part, fractionOf(limit_percent ?? '0', 1, 100)) };
  });
  return { inScope: sum(parts.map(({ part }) => part)), limit: sum(parts.map(({ limit }) => limit)) };
}

/** The figure of a rule over the lines; null where its total is not above zero. */
function figureOf(
  rule: AuditRule,
  lines: readonly Line[],
  { currency, uses }: { readonly currency: string; readonly uses: readonly AuditedUse[] },
): CoverageFigure | null {
  const isBill = rule.basis === 'energyBill';
  const counted = (which: (line: Line) => Fraction, from: readonly Line[]): Fraction =>
    sum(
      from
        .filter(({ line }) => rule.account[line.kind] !== 'ignore')
        .map((l) => (rule.account[l.line.kind] === 'deduct' ? negate(which(l)) : which(l))),
    );
  const quantity = (l: Line): Fraction => (isBill ? l.amount : l.energy);
  const total = counted(quantity, lines);
  if (compare(total, zero) <= 0) return null;
  const audited = usesOf(uses, lines, { rule, quantity });
  const inScope = add(
    counted(
      quantity,
      lines.filter(({ line }) => counts(line)),
    ),
    audited.inScope,
  );
  const estimated = counted((l) => (isBill ? l.estimatedAmount : l.estimatedEnergy), lines);
  const percent = (part: Fraction): Fraction =>
    multiply(divide(part, total) ?? zero, fractionOf('100', 1, 1));
  const share = divide(inScope, total) ?? zero;
  return {
    ruleId: rule.id,
    basis: rule.basis,
    unit: isBill ? currency : 'kWh',
    threshold: rule.threshold,
    inScope: toDecimal(inScope, isBill ? 2 : 3, 'halfEven'),
    total: toDecimal(total, isBill ? 2 : 3, 'halfEven'),
    share_percent: toDecimal(percent(inScope), 2, 'down'),
    reachesThreshold: compare(share, fractionOf(rule.threshold, 1, 1)) >= 0,
    estimated_percent: toDecimal(percent(estimated), 2, 'halfEven'),
    range: rangeOfShare(rule, lines, { inScope, total, useLimit: audited.limit }),
  };
}

function inputFindings(input: CoverageInput): readonly Finding[] {
  const known = new Set(input.points.map(({ id }) => id));
  const unknown = input.bills.filter((bill) => !known.has(bill.deliveryPointId));
  const reversed = input.bills.filter((bill) => bill.to <= bill.from);
  return [
    ...(unknown.length > 0
      ? [
          finding('billOfUnknownPoint', 'A bill belongs to no delivery point of the account', {
            bills: unknown.map(({ id }) => id),
          }),
        ]
      : []),
    ...(reversed.length > 0
      ? [
          finding('billPeriodReversed', 'A bill ends before it begins', {
            bills: reversed.map(({ id }) => id),
          }),
        ]
      : []),
  ];
}

/** What stands in the way of a verdict, though figures can be formed. */
function blockingFindings(input: CoverageInput, bills: readonly AccountBill[]): readonly Finding[] {
  const negative = bills.filter(
    (bill) => bill.kind === 'bill' && (bill.energy_kwh.startsWith('-') || bill.amount.startsWith('-')),
  );
  const points = new Map(input.points.map((point) => [point.id, point]));
  const handedOver = bills.filter((bill) => {
    const point = points.get(bill.deliveryPointId);
    return (
      point !== undefined &&
      (bill.from < point.validFrom || (point.validTo !== null && bill.to > point.validTo))
    );
  });
  return [
    ...(negative.length > 0
      ? [
          finding('billNegative', 'A bill is below zero and is no credit note', {
            bills: negative.map(({ number }) => number),
          }),
        ]
      : []),
    ...(handedOver.length > 0
      ? [
          finding(
            'billAcrossEntities',
            'A bill reaches over the days on which its delivery point belonged to this entity; its part was taken by days and has to be replaced by a reading',
            { bills: handedOver.map(({ number }) => number) },
          ),
        ]
      : []),
  ];
}

/** Clusters as judged on the audited sites, and the lines that count by them. */
function sampledLines(
  input: CoverageInput,
  lines: readonly Line[],
): { readonly clusters: readonly ClusterResult[]; readonly lines: readonly Line[] } {
  const audited = new Set(
    lines.flatMap(({ line }) => (line.included && line.siteId !== null ? [line.siteId] : [])),
  );
  const clusters = (input.clusters ?? []).map((cluster) => judgeCluster(cluster, input.rule, audited));
  const clusterOf = new Map(
    clusters
      .filter((result) => result.counts)
      .flatMap(({ cluster }) => cluster.siteIds.map((siteId) => [siteId, cluster.id] as const)),
  );
  return {
    clusters,
    lines: lines.map((l) => {
      const clusterId = l.line.siteId === null ? undefined : clusterOf.get(l.line.siteId);
      const isSampled = clusterId !== undefined && !l.line.included && !audited.has(l.line.siteId ?? '');
      return isSampled ? { ...l, line: { ...l.line, clusterId } } : l;
    }),
  };
}

/**
 * Audit coverage on the basis of the rule, and beside it on the guide's bill basis. Refused where gross and net
 * calorific values or currencies would have to be added. Missing or doubly billed months do not change the figures;
 * they block the verdict.
 * @param version of the formula; another one than the running one only to check what was issued with it.
 */
export function auditCoverage(
  input: CoverageInput,
  version: CoverageVersion = runningCoverage,
): Coverage | Disqualified {
  const refused = [...inputFindings(input)];
  const relevant = input.bills.filter((bill) => bill.to > bill.from && commonDays(bill, input.period) > 0);
  const basis = commonBasis([...relevant, ...(input.rows ?? [])].map((row) => row.calorificBasis));
  if (!basis.ok) refused.push(...basis.disqualifications);
  const currencies = [...new Set(relevant.map((bill) => bill.currency))].sort();
  const mixedCurrencies = finding('currencyMixed', 'Amounts in several currencies are not added', {
    currencies,
  });
  if (currencies.length > 1 && input.rule.basis === 'energyBill') refused.push(mixedCurrencies);
  if (refused.length > 0 || !basis.ok) return { ok: false, disqualifications: refused };

  const own = linesOf(input, version);
  const { clusters, lines } = version === 1 ? { clusters: [], lines: own } : sampledLines(input, own);
  const currency = currencies[0] ?? '';
  const beside = { currency, uses: input.uses ?? [] };
  const onRule = figureOf(input.rule, lines, beside);
  if (!onRule)
    return {
      ok: false,
      disqualifications: [
        finding('noEnergy', 'The account of this period is empty', { period: input.period }),
      ],
    };
  const onBill = currencies.length > 1 ? null : figureOf(guideRule, lines, beside);
  const matrix = billingMatrix(input.points, standingBills(input.bills), input.period);
  const blocking = matrix.filter(({ state }) => state === 'missing' || state === 'overlapping');
  const inTheWay = version === 1 ? [] : blockingFindings(input, relevant);
  const reviewer = input.reviewer ?? null;
  const outcome =
    blocking.length > 0 || inTheWay.length > 0 || !onRule.range.isDecided
      ? 'insufficientData'
      : onRule.reachesThreshold
        ? 'reached'
        : 'notReached';
  const restsOn = worstVerification([
    input.rule.verification,
    ...(clusters.some((result) => result.counts) && input.rule.sampling
      ? [input.rule.sampling.verification]
      : []),
  ]);
  const printed = lines.map(({ line }) => line);
  return {
    ok: true,
    onRule,
    onBill,
    verdict: {
      outcome,
      ruleId: input.rule.id,
      verification: restsOn,
      reviewer,
      isPrintable: outcome !== 'insufficientData' && (restsOn !== 'unverified' || reviewer !== null),
      blocking,
      blockingFindings: inTheWay,
    },
    lines: printed,
    excluded: printed.filter((line) => !counts(line)),
    clusters,
    matrix,
    calorificBasis: basis.basis,
    findings: [
      ...(currencies.length > 1 ? [mixedCurrencies] : []),
      ...inTheWay,
      ...clusters.flatMap((result) => (result.finding ? [result.finding] : [])),
      ...(onRule.range.isDecided
        ? []
        : [
            finding(
              'verdictWithinUncertainty',
              'The meters’ limits of error leave open whether the threshold is reached',
              {
                ...onRule.range,
              },
            ),
          ]),
    ],
  };
}
