import type { EnergyFlowLink, EnergyFlowNode } from '@wattproof/charts';
import type { BalanceNode, SiteBalance } from '@wattproof/contracts/api';

export type FlowUnit = 'energy' | 'cost';

/** What one unit of a carrier's meters (Wh, l) is in the unit of the flow; null where that is not known. */
export type FlowFactor = (carrier: string) => number | null;

export interface SiteFlowNode extends Omit<EnergyFlowNode, 'color'> {
  readonly kind: 'supply' | 'meter' | 'use' | 'unexplained';
  readonly carrier: string | null;
  readonly use: string | null;
  readonly meterId: number | null;
}

export interface SiteFlowLink extends Omit<EnergyFlowLink, 'color'> {
  readonly carrier: string;
}

export interface FlowStyle {
  readonly isShort: boolean;
  /** Words for what no meter explains. */
  readonly unexplained: string;
  readonly nameOfUse: (use: string) => string;
}

export interface SiteFlow {
  readonly nodes: readonly SiteFlowNode[];
  readonly links: readonly SiteFlowLink[];
  /** Carriers that have a balance and no factor: they are left out, and that is said. */
  readonly leftOut: readonly string[];
  /** Meters below which more is seen than above: the flow is drawn as wide as what is seen. */
  readonly excess: readonly { readonly name: string; readonly value: number }[];
}

const guessed = ({ quality }: BalanceNode): number =>
  Math.min(1, quality.estimated + quality.interpolated + quality.missing);

/** Where a ribbon comes from: a supply or a meter, with its share of what flows. */
interface Source {
  readonly id: string;
  readonly share: number;
  readonly carrier: string;
}

/** A meter that sees less than this share of the site has no box of its own; its energy still reaches its use. */
const leastShare = 0.01;

/** Own generation that the site used: what was given back to the grid is not part of its flow. */
const generationOf = (node: BalanceNode): { readonly meter: BalanceNode; readonly energy: number }[] => {
  const made = node.children.filter((c) => c.role === 'generation' && (c.energy ?? 0) > 0);
  const total = made.reduce((sum, c) => sum + (c.energy ?? 0), 0);
  const kept = total > 0 ? Math.max(0, total - (node.exported ?? 0)) / total : 0;
  return made.map((meter) => ({ meter, energy: (meter.energy ?? 0) * kept }));
};

const consumers = (node: BalanceNode): BalanceNode[] => node.children.filter((c) => c.role !== 'generation');

const depthOf = (node: BalanceNode): number => Math.max(0, ...consumers(node).map((c) => 1 + depthOf(c)));

/**
 * The flow of a site: mains and own generation at the left, the meters below them by their depth, uses at the right.
 * What a meter sees and those below it do not is a ribbon of its own to "not explained". Generation joins what its main
 * feeds in proportion, as energy on a busbar does. With `isShort` the meters between supply and use are left out, for
 * narrow screens; the sums stay.
 */
export function siteFlow(
  carriers: SiteBalance['carriers'],
  factor: FlowFactor,
  { isShort, unexplained, nameOfUse }: FlowStyle,
): SiteFlow {
  const nodes = new Map<string, SiteFlowNode>();
  const links = new Map<string, SiteFlowLink>();
  const excess: { name: string; value: number }[] = [];
  const isKnown = (c: SiteBalance['carriers'][number]): boolean => factor(c.carrier) !== null;
  const known = carriers.filter(isKnown);
  const lastColumn = isShort ? 1 : Math.max(0, ...known.flatMap((c) => c.roots.map(depthOf))) + 1;
  const total = known.reduce(
    (sum, c) => sum + c.roots.reduce((s, r) => s + (r.energy ?? 0), 0) * (factor(c.carrier) ?? 0),
    0,
  );
  for (const { carrier, roots } of known)
    for (const root of roots) {
      if (root.energy === null) continue;
      const id = place(root, carrier, 0);
      spread(root, [{ id, share: 1, carrier }], { value: root.energy, carrier, column: 0 });
    }
  const drawn = new Set([...links.values()].flatMap((l) => [l.from, l.to]));
  return {
    nodes: [...nodes.values()].filter((n) => drawn.has(n.id)),
    links: [...links.values()],
    leftOut: carriers.filter((c) => !isKnown(c) && c.roots.length > 0).map((c) => c.carrier),
    excess,
  };

  /** Sends what flows into a meter on to those below it, and the rest to its use or to "not explained". */
  function spread(
    node: BalanceNode,
    feeding: readonly Source[],
    { value, carrier, column }: { readonly value: number; readonly carrier: string; readonly column: number },
  ): void {
    const rate = factor(carrier) ?? 0;
    const made = generationOf(node);
    const inflow = value + made.reduce((sum, m) => sum + m.energy, 0);
    if (!(inflow > 0)) return;
    const sources: Source[] = [
      ...feeding.map((s) => ({ ...s, share: (s.share * value) / inflow })),
      ...made.map((m) => ({ id: place(m.meter, 'pv', 0), share: m.energy / inflow, carrier: 'pv' })),
    ];
    const below = consumers(node);
    if (below.length === 0) {
      emit(sources, end(node.energyUse), inflow * rate, guessed(node));
      return;
    }
    let seen = 0;
    for (const child of below) {
      const energy = Math.max(0, child.energy ?? 0);
      seen += energy;
      const isLeaf = child.children.length === 0;
      const isBox = !isShort && (!isLeaf || energy * rate >= leastShare * total);
      const onward: readonly Source[] = isBox
        ? [{ id: place(child, carrier, column + 1), share: 1, carrier }]
        : sources;
      if (isBox) emit(sources, onward[0]?.id ?? '', energy * rate, guessed(child));
      if (isLeaf) emit(onward, end(child.energyUse), energy * rate, guessed(child));
      else spread(child, onward, { value: energy, carrier, column: column + 1 });
    }
    const rest = inflow - seen;
    if (rest > 0) emit(sources, end(null), rest * rate, guessed(node));
    else if (-rest > 0.005 * inflow) excess.push({ name: node.name, value: -rest * rate });
  }

  function emit(sources: readonly Source[], to: string, value: number, estimatedShare: number): void {
    for (const source of sources) {
      const part = value * source.share;
      if (!(part > 0)) continue;
      const id = `${source.id} ${to}`;
      const before = links.get(id);
      const sum = (before?.value ?? 0) + part;
      links.set(id, {
        from: source.id,
        to,
        value: sum,
        carrier: source.carrier,
        estimatedShare: ((before?.estimatedShare ?? 0) * (before?.value ?? 0) + estimatedShare * part) / sum,
        isUnexplained: to === 'unexplained',
      });
    }
  }

  function place(node: BalanceNode, carrier: string, column: number): string {
    const id = `meter ${node.meterId}`;
    const kind = column === 0 ? 'supply' : 'meter';
    nodes.set(id, {
      id,
      column,
      label: node.name,
      kind,
      carrier: kind === 'supply' ? carrier : null,
      use: null,
      meterId: node.meterId,
      isUnexplained: false,
    });
    return id;
  }

  function end(use: string | null): string {
    const id = use === null ? 'unexplained' : `use ${use}`;
    nodes.set(id, {
      id,
      column: lastColumn,
      label: use === null ? unexplained : nameOfUse(use),
      kind: use === null ? 'unexplained' : 'use',
      carrier: null,
      use,
      meterId: null,
      isUnexplained: use === null,
    });
    return id;
  }
}
