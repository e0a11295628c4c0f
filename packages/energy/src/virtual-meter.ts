/**
 * Virtual meters: signed sums of the intervals of other meters, each term valid over a range of its own. The total
 * of a site, what a feeder leaves unexplained, and the own use of generation are such sums.
 */
import { type Disqualified, type Finding, finding } from './finding.ts';
import type { MeasurandName } from './measurand.ts';
import { intervalQualityCode } from './vocabulary.ts';

export interface VirtualTerm {
  readonly meterId: number;
  readonly measurand: MeasurandName;
  readonly sign: 1 | -1;
  /** Valid in [from_ms, to_ms); null is open. */
  readonly from_ms: number | null;
  readonly to_ms: number | null;
}

/** Intervals of one term on the common grid; NaN is missing. */
export interface TermColumn {
  readonly value: ArrayLike<number>;
  readonly quality: ArrayLike<number>;
}

export interface VirtualIntervals {
  readonly value: Float64Array;
  readonly quality: Uint8Array;
  /** Intervals whose sum is negative: more went out than came in. The value stays as it is, sums must add up. */
  readonly negative: readonly number[];
}

const missingCode = intervalQualityCode('missing');

/**
 * value = Σ sign·value over the terms valid in the interval; its class is the worst of theirs. One missing term
 * makes the interval missing: a sum without it would be a number about something else. An interval in which no
 * term is valid is missing. Validity is judged at the start of the interval.
 * Throws RangeError where terms and columns differ in number or length.
 */
export function virtualIntervals(
  terms: readonly VirtualTerm[],
  columns: readonly TermColumn[],
  start_ms: ArrayLike<number>,
): VirtualIntervals {
  if (terms.length !== columns.length) throw new RangeError('Every term needs one column');
  const n = start_ms.length;
  for (const column of columns)
    if (column.value.length !== n || column.quality.length !== n)
      throw new RangeError('Columns are not on the common grid');
  const value = new Float64Array(n);
  const quality = new Uint8Array(n);
  const hasTerm = new Uint8Array(n);
  terms.forEach((term, t) => {
    const column = columns[t] as TermColumn;
    const from_ms = term.from_ms ?? Number.NEGATIVE_INFINITY;
    const to_ms = term.to_ms ?? Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      const start = start_ms[i] as number;
      if (start < from_ms || start >= to_ms) continue;
      hasTerm[i] = 1;
      value[i] = (value[i] as number) + term.sign * (column.value[i] as number);
      quality[i] = Math.max(quality[i] as number, column.quality[i] as number);
    }
  });
  const negative: number[] = [];
  for (let i = 0; i < n; i++) {
    if (hasTerm[i] === 0 || quality[i] === missingCode || Number.isNaN(value[i])) {
      value[i] = Number.NaN;
      quality[i] = missingCode;
    } else if ((value[i] as number) < 0) negative.push(i);
    else if (Object.is(value[i], -0)) value[i] = 0;
  }
  return { value, quality, negative };
}

/**
 * Terms of the energy generated and used on site: generation − export. With the main meters' import added they give
 * the consumption of the site (the threshold of the French rule counts self-consumed renewables).
 */
export const selfConsumptionTerms = (
  generationMeterIds: readonly number[],
  mainMeterIds: readonly number[],
): readonly VirtualTerm[] => [
  ...generationMeterIds.map(
    (meterId): VirtualTerm => ({
      meterId,
      measurand: 'active_energy_import_wh',
      sign: 1,
      from_ms: null,
      to_ms: null,
    }),
  ),
  ...mainMeterIds.map(
    (meterId): VirtualTerm => ({
      meterId,
      measurand: 'active_energy_export_wh',
      sign: -1,
      from_ms: null,
      to_ms: null,
    }),
  ),
];

/** Terms of a site's consumption: import − export of the mains, plus generation. */
export const siteConsumptionTerms = (
  mainMeterIds: readonly number[],
  generationMeterIds: readonly number[] = [],
): readonly VirtualTerm[] => [
  ...mainMeterIds.map(
    (meterId): VirtualTerm => ({
      meterId,
      measurand: 'active_energy_import_wh',
      sign: 1,
      from_ms: null,
      to_ms: null,
    }),
  ),
  ...(generationMeterIds.length > 0 ? selfConsumptionTerms(generationMeterIds, mainMeterIds) : []),
];

export type VirtualOrder = { readonly ok: true; readonly order: readonly number[] } | Disqualified;

/**
 * An order in which every virtual meter comes after those it is made of; physical meters are not in it. A sum that
 * contains itself is disqualified, with its path.
 */
export function virtualOrder(
  definitions: ReadonlyMap<number, readonly { readonly meterId: number }[]>,
): VirtualOrder {
  const order: number[] = [];
  const done = new Set<number>();
  const path: number[] = [];
  const cycles: Finding[] = [];
  const visit = (meterId: number): void => {
    if (done.has(meterId)) return;
    const at = path.indexOf(meterId);
    if (at >= 0) {
      const cycle = [...path.slice(at), meterId];
      cycles.push(finding('virtualMeterCycle', 'A virtual meter is part of its own sum', { cycle }));
      return;
    }
    const terms = definitions.get(meterId);
    if (!terms) return;
    path.push(meterId);
    for (const term of terms) visit(term.meterId);
    path.pop();
    done.add(meterId);
    order.push(meterId);
  };
  for (const meterId of definitions.keys()) visit(meterId);
  return cycles.length > 0 ? { ok: false, disqualifications: cycles } : { ok: true, order };
}
