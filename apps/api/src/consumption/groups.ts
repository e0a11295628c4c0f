import type { MeterRow, Structure } from '@wattproof/database/queries';

export type Grouping = 'zone' | 'panel' | 'circuit' | 'meter' | 'use';

type GroupedMeter = Pick<
  MeterRow,
  | 'id'
  | 'name'
  | 'role'
  | 'kind'
  | 'carrier'
  | 'measurand'
  | 'energyUse'
  | 'parentId'
  | 'circuitId'
  | 'zoneId'
>;

/** Meters of one carrier whose signed sum is a group's consumption. */
export interface MeterGroup<Meter> {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly use: string | null;
  readonly carrier: string;
  readonly plus: readonly Meter[];
  /** Meters below those, that lie in another zone. */
  readonly minus: readonly Meter[];
}

/**
 * Groups of a site's meters, each kWh in one place of a group at most:
 * - of nested meters in one group only the uppermost counts;
 * - a zone is a place: what a meter passes on to meters in other zones is taken off;
 * - a panel, a circuit and a meter have what flows through them, so that one may contain another (`parentId`);
 * - supplies (main meters with meters below them) stand for the site and belong to no zone, panel, circuit or use;
 * - generation, breakers, variables and totals consume nothing.
 */
export function meterGroups<Meter extends GroupedMeter>(
  by: Grouping,
  meters: readonly Meter[],
  structure: Structure,
): MeterGroup<Meter>[] {
  const tree = treeOf(meters);
  const consuming = meters.filter((m) => consumes(m) && (by === 'meter' || !tree.isSupply(m)));
  const places = placesOf(structure);
  const keyOf = (meter: Meter): string | null => {
    switch (by) {
      case 'meter':
        return String(meter.id);
      case 'use':
        return meter.role === 'use' ? meter.energyUse : null;
      default:
        return places.keyOf(by, meter);
    }
  };
  const grouped = Map.groupBy(consuming, (meter) => {
    const key = keyOf(meter);
    return key === null ? null : `${key}\n${meter.carrier}`;
  });
  grouped.delete(null);
  return [...grouped.values()].flatMap((members) => {
    const [first] = members;
    const id = first && keyOf(first);
    if (!first || !id) return [];
    const plus = members.filter((m) => !tree.hasAncestor(m, (above) => members.includes(above)));
    const minus =
      by === 'zone' ? elsewhere(plus, { tree, zoneOf: (m) => places.keyOf('zone', m), zone: id }) : [];
    return [{ id, ...labelOf(by, first, places), carrier: first.carrier, plus, minus }];
  });
}

function labelOf(
  by: Grouping,
  meter: GroupedMeter,
  places: ReturnType<typeof placesOf>,
): Pick<MeterGroup<never>, 'name' | 'parentId' | 'use'> {
  if (by === 'meter')
    return {
      name: meter.name,
      parentId: meter.parentId === null ? null : String(meter.parentId),
      use: meter.energyUse,
    };
  if (by === 'use') return { name: meter.energyUse ?? '', parentId: null, use: meter.energyUse };
  return places.labelOf(by, meter);
}

const consumes = (meter: GroupedMeter): boolean =>
  meter.measurand !== null && (meter.role === 'main' || meter.role === 'feeder' || meter.role === 'use');

interface Tree<Meter> {
  readonly isSupply: (meter: Meter) => boolean;
  readonly childrenOf: (meter: Meter) => readonly Meter[];
  /** Whether a meter above it, of the same carrier, is one of those. */
  readonly hasAncestor: (meter: Meter, isOne: (above: Meter) => boolean) => boolean;
}

function treeOf<Meter extends GroupedMeter>(meters: readonly Meter[]): Tree<Meter> {
  const byId = new Map(meters.map((m) => [m.id, m]));
  const children = Map.groupBy(meters, (m) => m.parentId ?? 0);
  const childrenOf = (meter: Meter): readonly Meter[] =>
    (children.get(meter.id) ?? []).filter((child) => consumes(child) && child.carrier === meter.carrier);
  return {
    childrenOf,
    isSupply: (meter) => meter.role === 'main' && childrenOf(meter).length > 0,
    hasAncestor: (meter, isOne) => {
      const passed = new Set<number>([meter.id]);
      for (let above = byId.get(meter.parentId ?? 0); above; above = byId.get(above.parentId ?? 0)) {
        // A circle of parents is a mistake of the structure; it ends here.
        if (passed.has(above.id)) return false;
        passed.add(above.id);
        if (above.carrier === meter.carrier && isOne(above)) return true;
      }
      return false;
    },
  };
}

/** The uppermost meters below `tops` that lie in another zone. */
function elsewhere<Meter extends GroupedMeter>(
  tops: readonly Meter[],
  {
    tree,
    zoneOf,
    zone,
  }: {
    readonly tree: Tree<Meter>;
    readonly zoneOf: (meter: Meter) => string | null;
    readonly zone: string;
  },
): Meter[] {
  const found: Meter[] = [];
  const passed = new Set<number>(tops.map((m) => m.id));
  const waiting = tops.flatMap((m) => tree.childrenOf(m));
  for (let meter = waiting.pop(); meter; meter = waiting.pop()) {
    if (passed.has(meter.id)) continue;
    passed.add(meter.id);
    const own = zoneOf(meter);
    if (own !== null && own !== zone) found.push(meter);
    else waiting.push(...tree.childrenOf(meter));
  }
  return found.sort((a, b) => a.id - b.id);
}

/** Where a meter stands: its circuit says panel and zone; without a circuit it may have a zone of its own. */
function placesOf({ zones, panels, circuits }: Structure) {
  const zone = new Map(zones.map((z) => [z.id, z]));
  const panel = new Map(panels.map((p) => [p.id, p]));
  const circuit = new Map(circuits.map((c) => [c.id, c]));
  type Place = 'zone' | 'panel' | 'circuit';
  const find = (by: Place, meter: GroupedMeter) => {
    const ofCircuit = circuit.get(meter.circuitId ?? '');
    const ofPanel = panel.get(ofCircuit?.panelId ?? '');
    if (by === 'circuit')
      return ofCircuit && { ...ofCircuit, parentId: ofCircuit.panelId, use: ofCircuit.energyUse };
    if (by === 'panel') return ofPanel && { ...ofPanel, parentId: ofPanel.zoneId, use: null };
    const ofZone = zone.get(meter.zoneId ?? ofPanel?.zoneId ?? '');
    return ofZone && { ...ofZone, parentId: null, use: null };
  };
  return {
    keyOf: (by: Place, meter: GroupedMeter): string | null => find(by, meter)?.id ?? null,
    labelOf: (by: Place, meter: GroupedMeter) => {
      const place = find(by, meter);
      return { name: place?.name ?? '', parentId: place?.parentId ?? null, use: place?.use ?? null };
    },
  };
}
