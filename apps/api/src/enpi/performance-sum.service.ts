import { Injectable } from '@nestjs/common';
import type { PerformanceSum } from '@wattproof/contracts/api';
import {
  type EnergyFactorRow,
  type EnpiPartRow,
  listEnergyFactors,
  listEnpiParts,
  type Scope,
} from '@wattproof/database/queries';
import {
  aggregatePerformance,
  type Carrier,
  type EnergyKind,
  type Finding,
  finding,
  findMeasurand,
  type LocalDate,
  type PerformancePart,
} from '@wattproof/energy';
import { basisOf, primaryOf } from '../factor/organisation-factors.ts';
import { grossEnergyPerLitre_wh } from '../figure/fuel-energy.ts';
import { Resources } from '../resources.ts';
import { findingsView } from './enb-view.ts';

export interface SumWish {
  readonly energy: EnergyKind;
  readonly siteIds?: readonly string[] | undefined;
  readonly carrier?: string | undefined;
}

type PartView = PerformanceSum['parts'][number];
interface Stated {
  readonly view: PartView;
  readonly part: PerformancePart | null;
  readonly findings: readonly Finding[];
}

@Injectable()
export class PerformanceSumService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, wish: SumWish): Promise<PerformanceSum> {
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const rows = (await listEnpiParts(client, scope)).filter(
        ({ siteId, carrier }) =>
          (wish.siteIds === undefined || wish.siteIds.includes(siteId)) &&
          (wish.carrier === undefined || wish.carrier === carrier),
      );
      return sumOf(rows, wish.energy, await listEnergyFactors(client, scope));
    });
  }
}

/** Sums EnPIs in kWh; each meter once, or the same energy would be counted twice. */
function sumOf(
  rows: readonly EnpiPartRow[],
  energy: EnergyKind,
  factors: readonly EnergyFactorRow[],
): PerformanceSum {
  const seen = new Set<number>();
  const stated = rows.map((row): Stated => {
    const twice = row.meterIds.some((id) => seen.has(id));
    for (const id of row.meterIds) seen.add(id);
    return partOf(row, { energy, factors, twice });
  });
  const findings = stated.flatMap((part) => part.findings);
  const parts = stated.flatMap(({ part }) => (part ? [part] : []));
  const sum = aggregatePerformance(parts);
  if (!sum.ok) findings.push(...(parts.length === 0 ? [] : sum.disqualifications));
  const performance = sum.ok ? sum.performance : null;
  return {
    energy,
    unit: 'kWh',
    confidence: performance?.confidence ?? null,
    total: performance && {
      adjusted_kwh: performance.adjusted,
      actual_kwh: performance.actual,
      savings_kwh: {
        value: performance.savings,
        halfWidth: performance.halfWidth,
        confidence: performance.confidence,
      },
      savings_percent: performance.savings_percent,
      senpi: performance.senpi,
      modelHalfWidth_kwh: performance.modelHalfWidth,
      meteringHalfWidth_kwh: performance.meteringHalfWidth,
      verdict: performance.verdict,
    },
    findings: findingsView(findings),
    parts: stated.map(({ view }) => view),
  };
}

function partOf(
  row: EnpiPartRow,
  { energy, factors, twice }: { energy: EnergyKind; factors: readonly EnergyFactorRow[]; twice: boolean },
): Stated {
  const { savings } = row;
  const confidence = savings?.energy_wh.confidence ?? null;
  const leave = (...findings: readonly Finding[]): Stated => ({
    part: null,
    findings,
    view: {
      ...head,
      factor: null,
      factorSource: null,
      adjusted_kwh: null,
      actual_kwh: null,
      halfWidth_kwh: null,
      isIncluded: false,
    },
  });
  const head = {
    enpiId: row.enpiId,
    name: row.name,
    siteId: row.siteId,
    siteName: row.siteName,
    carrier: row.carrier,
  };
  if (!savings || confidence === null || row.reportingTo === null)
    return leave(finding('partUnknown', 'A part is not known', { names: [row.name] }));
  if (twice)
    return leave(finding('countedTwice', 'A meter of the EnPI is in the sum already', { name: row.name }));
  const final = toKwh(row);
  if (final === null)
    return leave(
      finding('noFuelFactor', 'No factor converts this unit to kWh', {
        carrier: row.carrier,
        name: row.name,
      }),
    );
  const primary = energy === 'primary' ? primaryFor(row, factors) : { factor: 1, source: null, findings: [] };
  if (primary.factor === null) return leave(...primary.findings);
  const factor = final.perUnit * primary.factor;
  const adjusted = savings.expected_wh * factor;
  const actual = savings.actual_wh * factor;
  const modelHalfWidth = savings.modelHalfWidth * Math.abs(adjusted);
  const meteringHalfWidth = savings.meteringHalfWidth * Math.abs(adjusted);
  return {
    findings: primary.findings,
    part: {
      name: row.name,
      unit: 'kWh',
      kind: energy,
      basis: energy === 'primary' ? 'none' : basisOf(row.carrier),
      adjusted,
      actual,
      confidence,
      modelHalfWidth,
      meteringHalfWidth,
      biasGroup: null,
    },
    view: {
      ...head,
      factor: String(factor * (final.unit === 'Wh' ? 1000 : 1)),
      factorSource: primary.source ?? final.source,
      adjusted_kwh: adjusted,
      actual_kwh: actual,
      halfWidth_kwh: Math.hypot(modelHalfWidth, meteringHalfWidth),
      isIncluded: true,
    },
  };
}

/** kWh per unit that the meter counts. */
function toKwh({
  measurand,
  carrier,
}: EnpiPartRow): { readonly perUnit: number; readonly unit: string; readonly source: string | null } | null {
  const unit = findMeasurand(measurand)?.unit ?? '';
  if (unit === 'Wh') return { perUnit: 1 / 1000, unit, source: null };
  const perLitre = unit === 'l' ? grossEnergyPerLitre_wh(carrier) : null;
  return perLitre === null ? null : { perUnit: perLitre / 1000, unit, source: 'gross calorific value' };
}

function primaryFor(
  row: EnpiPartRow,
  factors: readonly EnergyFactorRow[],
): { readonly factor: number | null; readonly source: string | null; readonly findings: readonly Finding[] } {
  const found = primaryOf(factors, {
    carrier: row.carrier as Carrier,
    place: row.country,
    date: row.reportingTo as LocalDate,
  });
  if (!found.ok) return { factor: null, source: null, findings: found.disqualifications };
  return {
    factor: Number(found.factor.primaryPerSite),
    source: found.factor.source,
    findings: found.warnings,
  };
}
