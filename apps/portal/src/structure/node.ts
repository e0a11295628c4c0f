import type { Meter, SiteConsumption, SiteStructure } from '@wattproof/contracts/api';

export const nodeKinds = ['zone', 'panel', 'circuit'] as const;
export type NodeKind = (typeof nodeKinds)[number];

type Zone = SiteStructure['zones'][number];
type Panel = Zone['panels'][number];
type Circuit = Panel['circuits'][number];

export interface NodeRef {
  readonly kind: NodeKind;
  readonly id: string;
  readonly name: string;
}

/** A zone, panel or circuit of a site with what lies above it and what belongs to it. */
export interface StructureNode extends NodeRef {
  /** From the zone down to the one above it. */
  readonly path: readonly NodeRef[];
  /** What it is divided in: a zone in panels, a panel in circuits, a circuit in nothing but meters. */
  readonly parts: readonly NodeRef[];
  /** Meters that are in it. */
  readonly meterIds: readonly number[];
  readonly circuit: Circuit | null;
}

const refOf = (kind: NodeKind, { id, name }: { readonly id: string; readonly name: string }): NodeRef => ({
  kind,
  id,
  name,
});

/** The node of a kind and id; null where the structure has none. */
export function findNode(structure: SiteStructure, kind: NodeKind, id: string): StructureNode | null {
  for (const zone of structure.zones) {
    if (kind === 'zone' && zone.id === id)
      return {
        ...refOf('zone', zone),
        path: [],
        parts: zone.panels.map((p) => refOf('panel', p)),
        meterIds: [...zone.meterIds, ...zone.panels.flatMap(metersOfPanel)],
        circuit: null,
      };
    for (const panel of zone.panels) {
      if (kind === 'panel' && panel.id === id)
        return {
          ...refOf('panel', panel),
          path: [refOf('zone', zone)],
          parts: panel.circuits.map((c) => refOf('circuit', c)),
          meterIds: metersOfPanel(panel),
          circuit: null,
        };
      const circuit = kind === 'circuit' ? panel.circuits.find((c) => c.id === id) : undefined;
      if (circuit)
        return {
          ...refOf('circuit', circuit),
          path: [refOf('zone', zone), refOf('panel', panel)],
          parts: [],
          meterIds: circuit.meterIds,
          circuit,
        };
    }
  }
  return null;
}

const metersOfPanel = (panel: Panel): number[] => panel.circuits.flatMap((c) => c.meterIds);

/** Meters fed by some others, nearest first; a circle in the data ends the walk. */
export function metersBelow(meters: readonly Meter[], ids: readonly number[]): Meter[] {
  const found: Meter[] = [];
  const seen = new Set(ids);
  let level = new Set(ids);
  while (level.size > 0) {
    const next = meters.filter((m) => m.parentId !== null && level.has(m.parentId) && !seen.has(m.id));
    for (const meter of next) seen.add(meter.id);
    found.push(...next);
    level = new Set(next.map((m) => m.id));
  }
  return found;
}

type Row = SiteConsumption['rows'][number];

/**
 * What a whole holds beyond its parts, in the unit of its carrier; null where either is not known in full. A part that
 * feeds other parts (the incomer of a panel) is left out of the sum: its energy is in theirs.
 */
export function residualOf(
  whole: Row | undefined,
  parts: readonly Row[],
  meters: readonly Meter[],
): number | null {
  if (!whole) return null;
  const amount = (row: Row): number | null => (row.unit === 'l' ? row.volume_l : row.energy_wh);
  const alike = parts.filter((p) => p.carrier === whole.carrier);
  const fed = (part: Row): boolean => {
    const below = new Set(metersBelow(meters, part.meterIds).map((m) => m.id));
    return alike.some((other) => other !== part && other.meterIds.some((id) => below.has(id)));
  };
  const amounts = alike.filter((part) => !fed(part)).map(amount);
  const total = amount(whole);
  if (total === null || amounts.length === 0 || amounts.some((a) => a === null)) return null;
  return total - (amounts as number[]).reduce((a, b) => a + b, 0);
}
