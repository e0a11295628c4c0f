/**
 * Measured share: how much of a site's energy meters see, by site and by use. It is not the audit coverage, and is
 * never called so: a site known by bills alone can be audited, a fully metered one can lie outside the scope.
 */
import { type Finding, finding } from './finding.ts';
import type { Carrier, EnergyUse } from './vocabulary.ts';

export interface MeasuredSite {
  readonly siteId: string;
  readonly carrier: Carrier;
  /** The whole: main meters, or bills where there are none. */
  readonly total_wh: number;
  readonly totalFrom: 'mainMeters' | 'bills';
}

/** Energy seen by meters of one use at a site; each physical Wh once. null: metered, but of no single use. */
export interface MeasuredUse {
  readonly siteId: string;
  readonly carrier: Carrier;
  readonly energyUse: EnergyUse | null;
  readonly energy_wh: number;
}

export interface MeasuredShareRow {
  readonly siteId: string;
  readonly carrier: Carrier;
  readonly total_wh: number;
  readonly totalFrom: 'mainMeters' | 'bills';
  readonly measured_wh: number;
  /** measured/total, 0 to 1; above 1 is told in the findings. Null where the total is zero. */
  readonly share: number | null;
  /** What no meter below the main one sees. */
  readonly unmeasured_wh: number;
  readonly uses: readonly {
    readonly energyUse: EnergyUse | null;
    readonly energy_wh: number;
    readonly share: number | null;
  }[];
}

export interface MeasuredShare {
  readonly rows: readonly MeasuredShareRow[];
  /** Over all sites with a total: Σ measured/Σ total per carrier. */
  readonly carriers: readonly {
    readonly carrier: Carrier;
    readonly total_wh: number;
    readonly measured_wh: number;
    readonly share: number | null;
  }[];
  readonly findings: readonly Finding[];
}

/** Measured energy above the total by more than this share is told: double counting or a wrong ratio. */
const excessTolerance = 0.02;

const shareOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** Measured share by site, carrier and use. */
export function measuredShare(sites: readonly MeasuredSite[], uses: readonly MeasuredUse[]): MeasuredShare {
  const findings: Finding[] = [];
  const rows = sites.map((site): MeasuredShareRow => {
    const byUse = new Map<EnergyUse | null, number>();
    for (const use of uses)
      if (use.siteId === site.siteId && use.carrier === site.carrier)
        byUse.set(use.energyUse, (byUse.get(use.energyUse) ?? 0) + use.energy_wh);
    const measured_wh = [...byUse.values()].reduce((a, b) => a + b, 0);
    if (measured_wh > site.total_wh * (1 + excessTolerance))
      findings.push(
        finding('measuredAboveTotal', 'Meters see more than the whole site: something is counted twice', {
          siteId: site.siteId,
          carrier: site.carrier,
          measured_wh,
          total_wh: site.total_wh,
        }),
      );
    return {
      ...site,
      measured_wh,
      share: shareOf(measured_wh, site.total_wh),
      unmeasured_wh: Math.max(0, site.total_wh - measured_wh),
      uses: [...byUse]
        .map(([energyUse, energy_wh]) => ({ energyUse, energy_wh, share: shareOf(energy_wh, site.total_wh) }))
        .sort((a, b) => b.energy_wh - a.energy_wh),
    };
  });
  for (const use of uses)
    if (!sites.some((site) => site.siteId === use.siteId && site.carrier === use.carrier))
      findings.push(
        finding('measuredWithoutTotal', 'A meter belongs to a site and carrier without a total', {
          siteId: use.siteId,
          carrier: use.carrier,
        }),
      );
  const carriers = [...new Set(rows.map(({ carrier }) => carrier))].map((carrier) => {
    const own = rows.filter((row) => row.carrier === carrier);
    const total_wh = own.reduce((sum, row) => sum + row.total_wh, 0);
    const measured_wh = own.reduce((sum, row) => sum + row.measured_wh, 0);
    return { carrier, total_wh, measured_wh, share: shareOf(measured_wh, total_wh) };
  });
  return { rows, carriers, findings };
}
