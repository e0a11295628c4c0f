/**
 * Which sites to audit so that the threshold is reached at the least cost, and which are the fewest: an exact search
 * with a written limit. Where the limit is met first, the answer says how far it may lie above the least cost.
 *
 *     minimise Σ cost(i)  subject to  Σ quantity(i) ≥ threshold · total,  mandatory parts chosen
 *
 * A cluster of alike sites counts whole from `sampleSize` audited members on. Of a place either the whole is chosen or some of
 * its uses, never both, and the way to it is paid once however many of its uses are chosen. Sums and comparisons are exact
 * integers.
 */
import { type Disqualified, finding } from './finding.ts';
import { compare, divide, type Fraction, fractionOf, multiply, toDecimal } from './fraction.ts';
import { addDecimal, type Decimal } from './money.ts';

export interface ScopePart {
  readonly id: string;
  /** In the unit of the rule's basis; parts below zero are never worth choosing. */
  readonly quantity: Decimal;
  /** In one currency, or in days; not below zero. */
  readonly cost: Decimal;
  readonly isMandatory: boolean;
  readonly clusterId: string | null;
  /** A use of this place, which is a part itself; absent: the part is a place. */
  readonly useOf?: string;
  /** Of a use, beside `cost`: paid once for the uses of a place. The cost of a place holds it already. */
  readonly travel?: Decimal;
}

export interface ScopeCluster {
  readonly id: string;
  readonly sampleSize: number;
}

export interface ScopeWish {
  readonly parts: readonly ScopePart[];
  readonly clusters?: readonly ScopeCluster[];
  /** The denominator; it may hold more than the parts (own fleet, rows without a site). */
  readonly total: Decimal;
  readonly threshold: Decimal;
  readonly nodeLimit?: number;
}

export interface ScopeChoice {
  readonly ok: true;
  readonly ids: readonly string[];
  /** Clusters that count whole by their sample. */
  readonly sampledClusterIds: readonly string[];
  readonly quantity: Decimal;
  /** Percent of the total, cut off after 2 digits. */
  readonly share_percent: Decimal;
  readonly cost: Decimal;
  /** Proved: nothing costs less. */
  readonly isOptimal: boolean;
  /** Nothing can cost less than this. */
  readonly leastCost: Decimal;
  readonly nodes: number;
}

/** Steps of the search; about a second. */
export const scopeNodeLimit = 300_000;
/** Clusters whose sampling is decided exactly: 2^n cases. */
export const scopeClusterLimit = 10;

interface Item {
  readonly id: string;
  readonly quantity: bigint;
  readonly cost: bigint;
  readonly place: string;
  readonly isUse: boolean;
  readonly travel: bigint;
}

interface Case {
  readonly items: readonly Item[];
  readonly taken: readonly Item[];
  readonly sampled: readonly string[];
  readonly need: bigint;
  readonly spent: bigint;
}

interface Best {
  cost: bigint | null;
  chosen: readonly Item[];
  sampled: readonly string[];
  nodes: number;
}

const digitsOf = (values: readonly Decimal[]): number =>
  Math.max(0, ...values.map((value) => (value.split('.')[1] ?? '').length));

const scaled = (value: Decimal, digits: number): bigint => {
  const { numerator, denominator } = fractionOf(value, 1, 1);
  return (numerator * 10n ** BigInt(digits)) / denominator;
};

const ceilDivide = (a: bigint, b: bigint): bigint => (a <= 0n ? 0n : (a + b - 1n) / b);

const sumOf = (items: readonly Item[], of: 'quantity' | 'cost'): bigint =>
  items.reduce((sum, item) => sum + item[of], 0n);

/** Cheapest per unit first; equal ones by id, so that the answer does not depend on the order of the question. */
function byPrice(a: Item, b: Item): number {
  const difference = a.cost * b.quantity - b.cost * a.quantity;
  return difference < 0n ? -1 : difference > 0n ? 1 : a.id < b.id ? -1 : 1;
}

/** Sums before each item, for the bound. */
interface Prefix {
  readonly quantity: readonly bigint[];
  readonly cost: readonly bigint[];
}

function prefixOf(items: readonly Item[]): Prefix {
  const quantity = [0n];
  const cost = [0n];
  for (const item of items) {
    quantity.push((quantity.at(-1) ?? 0n) + item.quantity);
    cost.push((cost.at(-1) ?? 0n) + item.cost);
  }
  return { quantity, cost };
}

/** Least cost of covering `need` from item `from` on if the last item could be taken in part; null: impossible. */
function bound(items: readonly Item[], prefix: Prefix, from: number, need: bigint): bigint | null {
  if (need <= 0n) return 0n;
  const goal = (prefix.quantity[from] as bigint) + need;
  let low = from;
  let high = items.length;
  if ((prefix.quantity[high] as bigint) < goal) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((prefix.quantity[middle] as bigint) >= goal) high = middle;
    else low = middle;
  }
  const last = items[low] as Item;
  const open = goal - (prefix.quantity[low] as bigint);
  return (
    (prefix.cost[low] as bigint) - (prefix.cost[from] as bigint) + ceilDivide(open * last.cost, last.quantity)
  );
}

/** The bound knows neither of places nor of the way to them, so it lies at the cost or below. */
function search(one: Case, best: Best, nodeLimit: number): void {
  const prefix = prefixOf(one.items);
  const chosen: Item[] = [];
  /** What is chosen of a place: the whole, or so many uses. */
  const ofPlace = new Map<string, 'whole' | number>();
  const visit = (at: number, need: bigint, spent: bigint): void => {
    if (best.nodes >= nodeLimit) return;
    best.nodes++;
    if (need <= 0n) {
      if (best.cost === null || spent < best.cost) {
        best.cost = spent;
        best.chosen = [...one.taken, ...chosen];
        best.sampled = one.sampled;
      }
      return;
    }
    const least = bound(one.items, prefix, at, need);
    if (least === null || (best.cost !== null && spent + least >= best.cost)) return;
    const item = one.items[at] as Item;
    const before = ofPlace.get(item.place);
    if (before === undefined || (item.isUse && before !== 'whole')) {
      ofPlace.set(item.place, item.isUse ? Number(before ?? 0) + 1 : 'whole');
      chosen.push(item);
      visit(at + 1, need - item.quantity, spent + item.cost + (before === undefined ? item.travel : 0n));
      chosen.pop();
      if (before === undefined) ofPlace.delete(item.place);
      else ofPlace.set(item.place, before);
    }
    visit(at + 1, need, spent);
  };
  visit(0, one.need, one.spent);
}

interface Scaled {
  readonly items: ReadonlyMap<string, Item>;
  readonly need: bigint;
}

/** One case for each way of sampling the clusters or not. */
function casesOf(wish: ScopeWish, { items, need }: Scaled): readonly Case[] {
  const clusters = wish.clusters ?? [];
  const members = Map.groupBy(wish.parts, (part) => part.clusterId);
  const itemOf = (part: ScopePart): Item => items.get(part.id) as Item;
  return Array.from({ length: 2 ** clusters.length }, (_, mask) => {
    const taken: Item[] = [];
    const open: Item[] = [];
    const sampled: string[] = [];
    let covered = 0n;
    const single = new Set(wish.parts);
    const whole = new Set(wish.parts.flatMap((part) => (part.isMandatory ? [part.id] : [])));
    for (const [i, cluster] of clusters.entries()) {
      const own = members.get(cluster.id) ?? [];
      if ((mask & (1 << i)) === 0 || own.length < cluster.sampleSize) continue;
      const ranked = [...own].sort(
        (a, b) => Number(b.isMandatory) - Number(a.isMandatory) || compareCost(itemOf(a), itemOf(b)),
      );
      const audited = ranked.filter((part, n) => part.isMandatory || n < cluster.sampleSize);
      taken.push(...audited.map(itemOf));
      covered += sumOf(own.map(itemOf), 'quantity');
      sampled.push(cluster.id);
      for (const part of own) {
        single.delete(part);
        whole.add(part.id);
      }
    }
    for (const part of single) {
      // What is counted whole has no uses to choose.
      if (part.useOf !== undefined && whole.has(part.useOf)) continue;
      if (part.isMandatory) {
        taken.push(itemOf(part));
        covered += itemOf(part).quantity;
      } else if (itemOf(part).quantity > 0n) open.push(itemOf(part));
    }
    return { items: open.sort(byPrice), taken, sampled, need: need - covered, spent: sumOf(taken, 'cost') };
  });
}

const compareCost = (a: Item, b: Item): number =>
  a.cost < b.cost ? -1 : a.cost > b.cost ? 1 : a.id < b.id ? -1 : 1;

/** The cheapest parts that reach the threshold; refused where even all of them do not. */
export function cheapestScope(wish: ScopeWish): ScopeChoice | Disqualified {
  const refused = refusal(wish);
  if (refused) return refused;
  const quantityDigits = digitsOf([wish.total, ...wish.parts.map((part) => part.quantity)]);
  const costDigits = digitsOf(wish.parts.flatMap((part) => [part.cost, part.travel ?? '0']));
  const items = new Map(
    wish.parts.map((part): [string, Item] => [
      part.id,
      {
        id: part.id,
        quantity: scaled(part.quantity, quantityDigits),
        cost: scaled(part.cost, costDigits),
        place: part.useOf ?? part.id,
        isUse: part.useOf !== undefined,
        travel: scaled(part.travel ?? '0', costDigits),
      },
    ]),
  );
  const goal = multiply(fractionOf(wish.total, 1, 1), fractionOf(wish.threshold, 1, 1));
  const need = ceilDivide(goal.numerator * 10n ** BigInt(quantityDigits), goal.denominator);
  const cases = casesOf(wish, { items, need });
  const leasts = cases.map((one) => {
    const least = bound(one.items, prefixOf(one.items), 0, one.need);
    return least === null ? null : one.spent + least;
  });
  const possible = leasts.filter((least) => least !== null);
  if (possible.length === 0) return unreachable(wish);
  const nodeLimit = wish.nodeLimit ?? scopeNodeLimit;
  const best: Best = { cost: null, chosen: [], sampled: [], nodes: 0 };
  // The most promising case first: its answer prunes the others.
  const order = cases.flatMap((_, i) => (leasts[i] === null ? [] : [i]));
  order.sort((a, b) => ((leasts[a] as bigint) < (leasts[b] as bigint) ? -1 : 1));
  // Places alone are found soon; what uses can do better is looked for from there.
  if (wish.parts.some(({ useOf }) => useOf !== undefined))
    for (const i of order) {
      const one = cases[i] as Case;
      search({ ...one, items: one.items.filter(({ isUse }) => !isUse) }, best, nodeLimit);
    }
  for (const i of order) search(cases[i] as Case, best, nodeLimit);
  if (best.cost === null) return unreachable(wish);
  const isOptimal = best.nodes < nodeLimit;
  const leastCost = isOptimal ? best.cost : leastOf(possible);
  return choiceOf({ wish, best, isOptimal, leastCost, costDigits });
}

const leastOf = ([first = 0n, ...rest]: readonly bigint[]): bigint => {
  let least = first;
  for (const value of rest) if (value < least) least = value;
  return least;
};

function choiceOf({
  wish,
  best,
  isOptimal,
  leastCost,
  costDigits,
}: {
  readonly wish: ScopeWish;
  readonly best: Best;
  readonly isOptimal: boolean;
  readonly leastCost: bigint;
  readonly costDigits: number;
}): ScopeChoice {
  const ids = new Set(best.chosen.map(({ id }) => id));
  const counted = wish.parts.filter(
    (part) => ids.has(part.id) || (part.clusterId !== null && best.sampled.includes(part.clusterId)),
  );
  const digits = digitsOf(wish.parts.map((part) => part.quantity));
  const quantity = counted.reduce<Fraction>(
    (sum, part) => {
      const own = fractionOf(part.quantity, 1, 1);
      return {
        numerator: sum.numerator * own.denominator + own.numerator * sum.denominator,
        denominator: sum.denominator * own.denominator,
      };
    },
    { numerator: 0n, denominator: 1n },
  );
  const share = divide(quantity, fractionOf(wish.total, 1, 1));
  const unscaled = (cost: bigint): Decimal =>
    toDecimal({ numerator: cost, denominator: 10n ** BigInt(costDigits) }, costDigits, 'down');
  return {
    ok: true,
    ids: [...ids].sort(),
    sampledClusterIds: [...best.sampled].sort(),
    quantity: toDecimal(quantity, digits, 'down'),
    share_percent: share ? toDecimal(multiply(share, fractionOf('100', 1, 1)), 2, 'down') : '0.00',
    cost: unscaled(best.cost ?? 0n),
    isOptimal,
    leastCost: unscaled(leastCost),
    nodes: best.nodes,
  };
}

const unreachable = ({ threshold, total }: ScopeWish): Disqualified => ({
  ok: false,
  disqualifications: [
    finding('thresholdUnreachable', 'Even all sites together do not reach the threshold', {
      threshold,
      total,
    }),
  ],
});

function refusal({ parts, clusters = [], total }: ScopeWish): Disqualified | null {
  const negative = parts
    .filter((part) => part.cost.startsWith('-') || part.travel?.startsWith('-'))
    .map(({ id }) => id);
  const findings = [
    ...(negative.length > 0
      ? [finding('costNegative', 'A cost of auditing is below zero', { ids: negative })]
      : []),
    ...(clusters.length > scopeClusterLimit
      ? [
          finding('clustersTooMany', 'More clusters than can be decided exactly', {
            clusters: clusters.length,
            limit: scopeClusterLimit,
          }),
        ]
      : []),
    ...(compare(fractionOf(total, 1, 1), fractionOf('0', 1, 1)) <= 0
      ? [finding('noEnergy', 'The account of this period is empty')]
      : []),
  ];
  return findings.length > 0 ? { ok: false, disqualifications: findings } : null;
}

/** The fewest parts that reach the threshold: every one costs the same, and no way counts. */
export const fewestParts = (wish: ScopeWish): ScopeChoice | Disqualified =>
  cheapestScope({ ...wish, parts: wish.parts.map((part) => ({ ...part, cost: '1', travel: '0' })) });

/** Cost of some parts: their own, and the way once to each place of which only uses are among them. */
export function scopeCost(
  parts: readonly Pick<ScopePart, 'id' | 'cost' | 'useOf' | 'travel'>[],
  ids: ReadonlySet<string>,
): Decimal {
  const reached = new Set<string>();
  let cost: Decimal = '0.00';
  for (const part of parts) {
    if (!ids.has(part.id)) continue;
    cost = addDecimal(cost, part.cost);
    if (part.useOf === undefined || reached.has(part.useOf)) continue;
    reached.add(part.useOf);
    cost = addDecimal(cost, part.travel ?? '0');
  }
  return cost;
}

/** days × rate + travel, exactly; days and travel as entered for the site. */
export const auditCost = (effort: {
  readonly auditor_days: Decimal;
  readonly travel: Decimal;
  readonly ratePerDay: Decimal;
}): Decimal => {
  const days = multiply(fractionOf(effort.auditor_days, 1, 1), fractionOf(effort.ratePerDay, 1, 1));
  const travel = fractionOf(effort.travel, 1, 1);
  return toDecimal(
    {
      numerator: days.numerator * travel.denominator + travel.numerator * days.denominator,
      denominator: days.denominator * travel.denominator,
    },
    2,
    'halfUp',
  );
};
