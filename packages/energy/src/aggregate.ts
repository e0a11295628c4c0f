/**
 * Performance of several meters, carriers or sites together. Energies are added in one unit and on one basis, and the
 * percentage is that of the sums: percentages are never averaged.
 */
import { type Disqualified, finding } from './finding.ts';
import type { CalorificBasis } from './fuel.ts';
import { type Verdict, verdictOf } from './savings.ts';

/** What the energies are: final energy at the site, primary energy by factors, or the energy of the carrier as sold. */
export const energyKinds = ['final', 'primary'] as const;
export type EnergyKind = (typeof energyKinds)[number];

export interface PerformancePart {
  readonly name: string;
  readonly unit: string;
  readonly kind: EnergyKind;
  readonly basis: CalorificBasis;
  readonly adjusted: number;
  readonly actual: number;
  readonly confidence: number;
  /** Independent of every other part. */
  readonly modelHalfWidth: number;
  /** Parts of the same bias group err together (one meter, one calibration bench) and their half-widths add up. */
  readonly meteringHalfWidth: number;
  readonly biasGroup: string | null;
}

export interface AggregatedPerformance {
  readonly unit: string;
  readonly kind: EnergyKind;
  readonly basis: CalorificBasis;
  readonly adjusted: number;
  readonly actual: number;
  readonly savings: number;
  readonly savings_percent: number;
  readonly senpi: number;
  readonly confidence: number;
  readonly modelHalfWidth: number;
  readonly meteringHalfWidth: number;
  readonly halfWidth: number;
  readonly verdict: Verdict;
}

const hypot = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));

function mixed(parts: readonly PerformancePart[]): Disqualified | null {
  const found = (['unit', 'kind', 'confidence'] as const).flatMap((what) => {
    const values = [...new Set(parts.map((part) => part[what]))];
    return values.length > 1
      ? [finding(`${what}Mixed`, 'Parts that differ in this are not added', { what, values })]
      : [];
  });
  const bases = [...new Set(parts.map(({ basis }) => basis).filter((basis) => basis !== 'none'))].sort();
  if (bases.length > 1)
    found.push(finding('calorificBasisMixed', 'Gross and net calorific values are not added', { bases }));
  const unknown = parts.filter(
    ({ adjusted, actual }) => !Number.isFinite(adjusted) || !Number.isFinite(actual),
  );
  if (unknown.length > 0)
    found.push(finding('partUnknown', 'A part is not known', { names: unknown.map(({ name }) => name) }));
  return found.length > 0 ? { ok: false, disqualifications: found } : null;
}

/** Adds parts; refuses what differs in unit, kind, calorific basis or confidence. */
export function aggregatePerformance(
  parts: readonly PerformancePart[],
): { readonly ok: true; readonly performance: AggregatedPerformance } | Disqualified {
  const [first] = parts;
  if (!first) return { ok: false, disqualifications: [finding('noPart', 'There is nothing to add')] };
  const refused = mixed(parts);
  if (refused) return refused;
  const adjusted = parts.reduce((sum, part) => sum + part.adjusted, 0);
  const actual = parts.reduce((sum, part) => sum + part.actual, 0);
  if (!(adjusted > 0))
    return {
      ok: false,
      disqualifications: [
        finding(
          'adjustedNotPositive',
          'The adjusted energy is not above zero, so that no share can be stated',
          {
            adjusted,
          },
        ),
      ],
    };
  const groups = new Map<string, number>();
  const alone: number[] = [];
  for (const { biasGroup, meteringHalfWidth } of parts)
    if (biasGroup === null) alone.push(meteringHalfWidth);
    else groups.set(biasGroup, (groups.get(biasGroup) ?? 0) + meteringHalfWidth);
  const modelHalfWidth = hypot(parts.map((part) => part.modelHalfWidth));
  const meteringHalfWidth = hypot([...groups.values(), ...alone]);
  const halfWidth = Math.hypot(modelHalfWidth, meteringHalfWidth);
  const savings = adjusted - actual;
  return {
    ok: true,
    performance: {
      unit: first.unit,
      kind: first.kind,
      basis: parts.find(({ basis }) => basis !== 'none')?.basis ?? 'none',
      adjusted,
      actual,
      savings,
      savings_percent: (100 * savings) / adjusted,
      senpi: actual / adjusted,
      confidence: first.confidence,
      modelHalfWidth,
      meteringHalfWidth,
      halfWidth,
      verdict: verdictOf(savings, halfWidth),
    },
  };
}
