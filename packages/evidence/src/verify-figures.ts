/** The figures of a bundle, computed again from what the bundle carries, by the functions that the product itself uses. */
import {
  adjustedSavings,
  auditCoverage,
  auditRules,
  type CoverageInput,
  correctedRules,
  coverageVersions,
  type EnbModel,
  type EnpiPeriod,
} from '@wattproof/energy';
import { accountFile, type EnpiEntry, type SumEntry } from './bundle-form.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ChainRecord } from './chain.ts';
import { seriesKey } from './meter-day.ts';
import { Differs } from './verification.ts';
import type { SealedDays } from './verify-seals.ts';

/** Sums that the bundle states, beside those of the meter-days in force. */
export function checkSums(stated: readonly SumEntry[], { sums }: SealedDays): number {
  for (const [i, sum] of stated.entries()) {
    const { delta, days } = sums[i] ?? { delta: null, days: 0 };
    if (delta !== sum.delta || days !== sum.days)
      throw new Differs(
        `data/sums.json, meter ${sum.meterId}, ${sum.measurand}`,
        `its ${days} sealed days add up to ${String(delta)}; ${String(sum.delta)} over ${sum.days} days is stated`,
      );
  }
  return stated.length;
}

/** Coverage from bills, account rows and scope; the rule must be one that the verifier itself knows. */
export function checkCoverage(json: unknown): number {
  const place = 'data/account.json';
  const { input, stated, coverageVersion } = accountFile.parse(json);
  const account = input as unknown as CoverageInput;
  const known = [...auditRules, ...correctedRules].filter(({ id }) => id === account.rule.id);
  const isPublished = known.some((rule) => canonicalJson(rule) === canonicalJson(account.rule));
  if (known.length > 0 && !isPublished)
    throw new Differs(
      `${place}, rule ${account.rule.id}`,
      'the rule was changed: it is not the published one',
    );
  const version = coverageVersions.find((one) => one === coverageVersion);
  if (version === undefined)
    throw new Differs(
      place,
      `it was computed with version ${coverageVersion} of the coverage, which this verifier does not know: use the one handed out with the bundle`,
    );
  const result = auditCoverage(account, version);
  if (!result.ok || stated === null) {
    if (result.ok !== (stated !== null))
      throw new Differs(place, 'whether a coverage can be stated is not what the report says');
    return account.bills.length;
  }
  const again = {
    inScope: result.onRule.inScope,
    total: result.onRule.total,
    share_percent: result.onRule.share_percent,
    unit: result.onRule.unit,
  };
  for (const [name, value] of Object.entries(again))
    if (stated[name as keyof typeof again] !== value)
      throw new Differs(
        `${place}, ${name}`,
        `computed again it is ${value}; ${stated[name as keyof typeof again]} is stated`,
      );
  return account.bills.length;
}

/** Sums of the same numbers in the same order are equal to the last bit but for the order in which engines add: one part in 10¹². */
const isSame = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));

const column = (values: readonly (number | null)[]): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN);

/** Every sum that the versions of a date's days can give: an EnPI may have been computed before a restatement. */
function possibleSums(days: readonly (readonly (number | null)[] | undefined)[]): ReadonlySet<number> {
  let sums = new Set([0]);
  for (const versions of days) {
    const next = new Set<number>();
    for (const sum of sums) for (const delta of versions ?? []) if (delta !== null) next.add(sum + delta);
    sums = next;
  }
  return sums;
}

/** The days of a period as models take them. */
function periodOf(days: EnpiEntry['days']): EnpiPeriod {
  const names = new Set(days.flatMap(({ given }) => Object.keys(given)));
  return {
    dates: days.map(({ date }) => date),
    energy_wh: column(days.map((day) => day.actual_wh)),
    given: Object.fromEntries(
      [...names].map((name) => [name, column(days.map(({ given }) => given[name] ?? null))]),
    ),
    temperature_c: column(days.map((day) => day.temperature_c)),
  };
}

/** Saving of an EnPI as it follows from its model and its days. */
export function savingsOf({
  model,
  days,
  reporting,
  confidence,
  adjustments,
}: Omit<EnpiEntry, 'stated'>): EnpiEntry['stated'] {
  const inPeriod = days.filter(({ date }) => date >= reporting.from && date < reporting.to);
  const savings = adjustedSavings(model as unknown as EnbModel, periodOf(inPeriod), {
    confidence,
    metering: null,
    adjustments,
  });
  return {
    knownDays: savings.days,
    actual_wh: savings.actual_wh,
    expected_wh: savings.expected_wh,
    savings_wh: savings.savings_wh,
    modelHalfWidth_wh: savings.modelHalfWidth_wh,
  };
}

type Act = Readonly<Record<string, unknown>>;

/** What people did to the adjustments, by adjustment and act: `adjustment ID` and `adjustment.approve`. */
function adjustmentActs(records: readonly ChainRecord[]): ReadonlyMap<string, Act> {
  const acts = records.flatMap(({ kind, body }) => (kind === 'act' && body ? [body] : []));
  return new Map(
    acts
      .filter(({ action }) => String(action).startsWith('adjustment.'))
      .map((body) => [`${String(body.object)} ${String(body.action)}`, body]),
  );
}

/** An adjustment is the one whose dossier was proposed and approved in the chain, to the number, and was not withdrawn. */
function adjustmentFault(
  { id, from, to, energy_wh_per_day, halfWidth_wh_per_day }: EnpiEntry['adjustments'][number],
  enpiId: string,
  acts: ReadonlyMap<string, Act>,
): string | null {
  const act = (name: string): Act | undefined => acts.get(`adjustment ${id} adjustment.${name}`);
  const dossier = act('propose')?.after as Act | undefined;
  if (!dossier) return 'the chain holds no dossier of this adjustment';
  if (!act('approve')) return 'nobody approved this adjustment';
  if (act('withdraw')) return 'this adjustment was withdrawn';
  const effects = (dossier.effects ?? []) as readonly Act[];
  const own = effects.find((effect) => effect.enpiId === enpiId);
  const stated = { from, to, energy_wh_per_day, halfWidth_wh_per_day };
  const proposed = {
    from: dossier.from ?? null,
    to: dossier.to ?? null,
    energy_wh_per_day: own?.energy_wh_per_day ?? null,
    halfWidth_wh_per_day: own?.halfWidth_wh_per_day ?? null,
  };
  return canonicalJson(stated) === canonicalJson(proposed)
    ? null
    : 'its days or its energy are not those of the dossier that was approved';
}

/** Whether the chain holds the dossier of an adjustment and its approval. */
export const isAdjustmentRecorded = (
  adjustment: EnpiEntry['adjustments'][number],
  enpiId: string,
  records: readonly ChainRecord[],
): boolean => adjustmentFault(adjustment, enpiId, adjustmentActs(records)) === null;

/** Savings of each EnPI from its days, its model and its adjustments; its days from the sealed meter-days. */
export function checkEnpis(
  enpis: readonly EnpiEntry[],
  { bySeries }: SealedDays,
  records: readonly ChainRecord[],
): number {
  const acts = adjustmentActs(records);
  let compared = 0;
  for (const enpi of enpis) {
    for (const adjustment of enpi.adjustments) {
      const fault = adjustmentFault(adjustment, enpi.id, acts);
      if (fault) throw new Differs(`data/enpis.json, ${enpi.name}, ${adjustment.event}`, fault);
    }
    const place = `data/enpis.json, ${enpi.name}`;
    const sealed = enpi.meterIds.map((meterId) => bySeries.get(seriesKey(meterId, enpi.measurand)));
    for (const day of enpi.days) {
      const versions = sealed.map((dates) => dates?.get(day.date));
      if (day.actual_wh === null || versions.includes(undefined)) continue;
      compared++;
      if (!possibleSums(versions).has(day.actual_wh))
        throw new Differs(
          `${place}, ${day.date}`,
          `${day.actual_wh} Wh is stated, the sealed day says otherwise`,
        );
    }
    const again = savingsOf(enpi);
    for (const [name, value] of Object.entries(again)) {
      const said = enpi.stated[name as keyof typeof again];
      if (said !== null && value !== null && !isSame(said, value))
        throw new Differs(`${place}, ${name}`, `computed again it is ${value}; ${said} is stated`);
    }
  }
  return compared;
}
