/**
 * What makes the definition of a virtual meter wrong: a sum that contains itself, energy counted twice, terms that
 * cannot be added. Checked before anything is computed.
 */
import { type Finding, finding } from './finding.ts';
import { findMeasurand, type MeasurandName } from './measurand.ts';
import { type VirtualTerm, virtualOrder } from './virtual-meter.ts';

/** A meter as far as sums are concerned. */
export interface SummedMeter {
  readonly meterId: number;
  readonly name: string;
  readonly carrier: string;
  /** The meter whose energy contains this one's. */
  readonly parentId: number | null;
  /** Counters that are kept as intervals. */
  readonly kept: readonly MeasurandName[];
}

export interface VirtualDefinition {
  /** null: not stored yet. */
  readonly meterId: number | null;
  readonly carrier: string;
  readonly measurand: MeasurandName;
  readonly terms: readonly VirtualTerm[];
}

export interface DefinitionContext {
  readonly meters: ReadonlyMap<number, SummedMeter>;
  /** Terms of the virtual meters that are stored. */
  readonly definitions: ReadonlyMap<number, readonly VirtualTerm[]>;
}

/** Stands for the meter that is being defined, where it has no number yet. */
const newMeterId = 0;
/** Nesting of sums in sums that is followed. */
const deepest = 16;
/** Carriers whose energy is one and the same: what the sun makes is used as electricity. */
const carrierGroup = (carrier: string): string => (carrier === 'pv' ? 'electricity' : carrier);

/**
 * Everything wrong with a definition; empty where it may be stored.
 *
 * Counted twice: a Wh that flows through meter x is part of x and of every meter above x (`parentId`). At an instant it
 * enters the sum as often as the signs of the valid terms on x and above x, of one counter, add up to; sums inside
 * the sum are resolved to their physical terms first. More than once, in either sign, is refused. So `main − feeder +
 * use below the feeder` is right and `main + feeder` is not.
 */
export function definitionFindings(
  definition: VirtualDefinition,
  { meters, definitions }: DefinitionContext,
): Finding[] {
  const findings = definition.terms.flatMap((term) => termFindings(definition, term, meters));
  if (findings.length > 0) return findings;
  const ownId = definition.meterId ?? newMeterId;
  const all = new Map([...definitions, [ownId, definition.terms]]);
  const order = virtualOrder(all);
  if (!order.ok) return [...order.disqualifications];
  return countedTwice(leavesOf(definition.terms, all, 0), meters);
}

function termFindings(
  { carrier, measurand }: VirtualDefinition,
  term: VirtualTerm,
  meters: ReadonlyMap<number, SummedMeter>,
): Finding[] {
  const data = { meterId: term.meterId, measurand: term.measurand };
  const meter = meters.get(term.meterId);
  if (!meter) return [finding('otherSite', `The site has no meter ${term.meterId}`, data)];
  const findings: Finding[] = [];
  const unit = findMeasurand(measurand)?.unit;
  const termUnit = findMeasurand(term.measurand)?.unit;
  if (unit !== termUnit)
    findings.push(
      finding('unitMismatch', `${meter.name} counts ${termUnit} there, the sum ${unit}`, {
        ...data,
        unit,
        termUnit,
      }),
    );
  if (carrierGroup(meter.carrier) !== carrierGroup(carrier))
    findings.push(
      finding('carrierMismatch', `${meter.name} measures ${meter.carrier}, the sum ${carrier}`, {
        ...data,
        carrier,
        termCarrier: meter.carrier,
      }),
    );
  if (!meter.kept.includes(term.measurand))
    findings.push(
      finding('notKept', `${meter.name} keeps no intervals of ${term.measurand}`, {
        ...data,
        kept: meter.kept,
      }),
    );
  if (term.from_ms !== null && term.to_ms !== null && term.from_ms >= term.to_ms)
    findings.push(finding('termValidity', `The term on ${meter.name} ends before it begins`, data));
  return findings;
}

/** Physical terms of a sum, its virtual terms resolved: signs multiplied, validities cut. */
function leavesOf(
  terms: readonly VirtualTerm[],
  definitions: ReadonlyMap<number, readonly VirtualTerm[]>,
  depth: number,
): VirtualTerm[] {
  return terms.flatMap((term) => {
    const below = definitions.get(term.meterId);
    if (!below || depth >= deepest) return [term];
    return leavesOf(below, definitions, depth + 1).flatMap((leaf) => {
      const from_ms = later(term.from_ms, leaf.from_ms);
      const to_ms = earlier(term.to_ms, leaf.to_ms);
      if (from_ms !== null && to_ms !== null && from_ms >= to_ms) return [];
      return [{ ...leaf, sign: term.sign * leaf.sign === 1 ? (1 as const) : (-1 as const), from_ms, to_ms }];
    });
  });
}

const later = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

const isValid = (term: VirtualTerm, at_ms: number): boolean =>
  (term.from_ms === null || at_ms >= term.from_ms) && (term.to_ms === null || at_ms < term.to_ms);

function countedTwice(leaves: readonly VirtualTerm[], meters: ReadonlyMap<number, SummedMeter>): Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  // Terms come and go at these instants only.
  const instants = new Set(
    leaves.flatMap(({ from_ms, to_ms }) => [
      from_ms ?? Number.NEGATIVE_INFINITY,
      ...(to_ms === null ? [] : [to_ms]),
    ]),
  );
  for (const at_ms of instants) {
    const valid = leaves.filter((leaf) => isValid(leaf, at_ms));
    for (const leaf of valid) {
      const path = pathOf(leaf.meterId, meters);
      const on = valid.filter((other) => other.measurand === leaf.measurand && path.includes(other.meterId));
      const times = on.reduce((sum, other) => sum + other.sign, 0);
      if (Math.abs(times) <= 1) continue;
      const other = on.find((o) => o !== leaf && o.sign === Math.sign(times)) ?? leaf;
      const key = `${leaf.meterId} ${other.meterId} ${leaf.measurand}`;
      if (seen.has(key) || seen.has(`${other.meterId} ${leaf.meterId} ${leaf.measurand}`)) continue;
      seen.add(key);
      findings.push(twiceFinding(leaf, other, { times, meters }));
    }
  }
  return findings;
}

function twiceFinding(
  leaf: VirtualTerm,
  other: VirtualTerm,
  { times, meters }: { readonly times: number; readonly meters: ReadonlyMap<number, SummedMeter> },
): Finding {
  const name = meters.get(leaf.meterId)?.name ?? String(leaf.meterId);
  const otherName = meters.get(other.meterId)?.name ?? String(other.meterId);
  const message =
    leaf.meterId === other.meterId
      ? `${name} is in the sum ${Math.abs(times)} times`
      : `The energy of ${name} is contained in ${otherName}: the sum counts it ${Math.abs(times)} times`;
  return finding('countedTwice', message, {
    meterId: leaf.meterId,
    alsoIn: other.meterId,
    measurand: leaf.measurand,
    times,
    from_ms: later(leaf.from_ms, other.from_ms),
    to_ms: earlier(leaf.to_ms, other.to_ms),
  });
}

/** A meter and those above it. */
function pathOf(meterId: number, meters: ReadonlyMap<number, SummedMeter>): number[] {
  const path = [meterId];
  for (
    let at = meters.get(meterId)?.parentId;
    at != null && !path.includes(at);
    at = meters.get(at)?.parentId
  )
    path.push(at);
  return path;
}
