import { Injectable } from '@nestjs/common';
import type { Measuring, SiteCompleteness } from '@wattproof/contracts/api';
import {
  type CircuitRow,
  type CountedMeter,
  listMeters,
  type MeterRow,
  readConsumption,
  readStructure,
  type Scope,
  type Structure,
} from '@wattproof/database/queries';
import { localMidnight_ms } from '@wattproof/energy';
import { countedMeters, sumOfDeltas } from '../figure/consumption.ts';
import { Resources } from '../resources.ts';
import { requireSite } from '../site/site.service.ts';
import { balancedMeters, carrierGroup } from './balance-tree.ts';
import { type DateRange, requireDates } from './date-range.ts';
import { exportingMains } from './exporting-mains.ts';

/** Outgoing feeders above this rated current are measured one by one (building rules; see the guide's plan of measuring). */
const feederLimit_a = 80;

@Injectable()
export class CompletenessService {
  constructor(private readonly resources: Resources) {}

  read(scope: Scope, siteId: string, query: DateRange): Promise<SiteCompleteness> {
    requireDates(query);
    return this.resources.database.readOrganisation(scope.organisationId, async (client) => {
      const site = await requireSite(client, scope, siteId);
      const all = await listMeters(client, scope, { siteId });
      const meters = balancedMeters(all).filter((m) => carrierGroup(m.carrier) === 'electricity');
      const range = {
        from: new Date(localMidnight_ms(site.timeZone, query.from)),
        to: new Date(localMidnight_ms(site.timeZone, query.to)),
      };
      const days = (counted: readonly CountedMeter[]) =>
        readConsumption(client, scope, 'day', { meters: counted, ...range });
      const byMeter = Map.groupBy(await days(countedMeters(meters)), (row) => row.meterId);
      const energy = new Map(meters.map((m) => [m.id, sumOfDeltas(byMeter.get(m.id) ?? [])]));
      const exported_wh = sumOfDeltas(await days(await exportingMains(client, meters))) ?? 0;
      const structure = await readStructure(client, scope, siteId);
      return { ...query, ...completenessOf(structure, meters, { energy, exported_wh }) };
    });
  }
}

type Energy = ReadonlyMap<number, number | null>;

export interface CompletenessFigures {
  /** Of each meter over the period; null where nothing is known. */
  readonly energy: Energy;
  /** What went back to the grid. */
  readonly exported_wh: number;
}

/** What is measured of a site's electricity and by which meter; every kWh once. Pure. */
export function completenessOf(
  structure: Structure,
  meters: readonly MeterRow[],
  { energy, exported_wh }: CompletenessFigures,
): Omit<SiteCompleteness, 'from' | 'to'> {
  const subs = meters.filter((m) => m.role === 'feeder' || m.role === 'use');
  const sources = meters.filter((m) => m.role === 'main' || m.role === 'generation');
  const supplied_wh = sumOf(sources, energy);
  const mains_wh = supplied_wh === null ? null : supplied_wh - exported_wh;
  const measured_wh = sumOf(topmost(subs, meters), energy);
  const share = (energy_wh: number | null): number | null =>
    energy_wh === null || mains_wh === null || mains_wh <= 0 ? null : energy_wh / mains_wh;
  const measuring = (own: readonly MeterRow[], within: readonly MeterRow[] = []): Measuring => {
    const energy_wh = sumOf(topmost(own, meters), energy);
    const shown = own.length > 0 ? own : within;
    return {
      state: own.length > 0 ? 'own' : within.length > 0 ? 'within' : 'none',
      meterIds: shown.map((m) => m.id),
      energy_wh,
      share: share(energy_wh),
    };
  };
  const place = placesOf(structure);
  const onCircuit = (circuit: CircuitRow): MeterRow[] => subs.filter((m) => m.circuitId === circuit.id);
  const zoneOf = (meter: MeterRow): string | null =>
    meter.zoneId ?? (meter.circuitId ? (place.zoneOfCircuit.get(meter.circuitId) ?? null) : null);
  const measuredOf = (circuits: readonly CircuitRow[]): number =>
    circuits.filter((c) => onCircuit(c).length > 0).length;
  return {
    mains_wh,
    measured_wh,
    measuredShare: share(measured_wh),
    feederLimit_a,
    zones: structure.zones.map((zone) => {
      const circuits = structure.circuits.filter((c) => place.zoneOfCircuit.get(c.id) === zone.id);
      return {
        zoneId: zone.id,
        name: zone.name,
        circuits: circuits.length,
        measuredCircuits: measuredOf(circuits),
        ...measuring(subs.filter((m) => zoneOf(m) === zone.id)),
      };
    }),
    feeders: structure.circuits.flatMap((circuit) => {
      const { ratedCurrent_a } = circuit;
      if (ratedCurrent_a === null || ratedCurrent_a <= feederLimit_a) return [];
      const panel = structure.panels.find((p) => p.id === circuit.panelId);
      const zone = structure.zones.find((z) => z.id === panel?.zoneId);
      return [
        {
          circuitId: circuit.id,
          name: circuit.name,
          panelName: panel?.name ?? '',
          zoneId: zone?.id ?? '',
          zoneName: zone?.name ?? '',
          ratedCurrent_a,
          energyUse: circuit.energyUse as SiteCompleteness['feeders'][number]['energyUse'],
          ...measuring(
            meters.filter((m) => m.circuitId === circuit.id),
            subs.filter((m) => m.role === 'feeder' && m.circuitId === null && zoneOf(m) === zone?.id),
          ),
        },
      ];
    }),
    uses: usesOf(structure, subs).map((use) => {
      const circuits = structure.circuits.filter((c) => c.energyUse === use);
      const own = subs.filter((m) => m.role === 'use' && m.energyUse === use);
      const within = circuits.flatMap(onCircuit);
      return {
        use: use as SiteCompleteness['uses'][number]['use'],
        circuits: circuits.length,
        measuredCircuits: measuredOf(circuits),
        ...measuring(own, within),
      };
    }),
  };
}

const usesOf = (structure: Structure, subs: readonly MeterRow[]): string[] =>
  [...new Set([...structure.circuits, ...subs].flatMap(({ energyUse }) => energyUse ?? []))].sort();

function placesOf({ circuits, panels }: Structure): { readonly zoneOfCircuit: ReadonlyMap<string, string> } {
  const zoneOfPanel = new Map(panels.map((panel) => [panel.id, panel.zoneId]));
  return {
    zoneOfCircuit: new Map(
      circuits.flatMap((circuit) => {
        const zoneId = zoneOfPanel.get(circuit.panelId);
        return zoneId ? [[circuit.id, zoneId] as const] : [];
      }),
    ),
  };
}

/** Those that no other of them contains. */
function topmost(chosen: readonly MeterRow[], all: readonly MeterRow[]): MeterRow[] {
  const byId = new Map(all.map((m) => [m.id, m]));
  const ids = new Set(chosen.map((m) => m.id));
  return chosen.filter((meter) => {
    const passed = new Set([meter.id]);
    for (let at = meter.parentId; at !== null && !passed.has(at); at = byId.get(at)?.parentId ?? null) {
      if (ids.has(at)) return false;
      passed.add(at);
    }
    return true;
  });
}

/** Σ energy; null where none of them is known. */
const sumOf = (meters: readonly MeterRow[], energy: Energy): number | null =>
  meters.reduce<number | null>((sum, { id }) => {
    const own = energy.get(id) ?? null;
    return own === null ? sum : (sum ?? 0) + own;
  }, null);
