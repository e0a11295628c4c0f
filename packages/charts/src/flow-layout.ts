export interface FlowNode {
  readonly id: string;
  /** 0 is the left column: the supplies. */
  readonly column: number;
}

export interface FlowLink {
  readonly from: string;
  readonly to: string;
  /** Not negative; all links of a flow share one unit. */
  readonly value: number;
}

export interface PlacedNode<N extends FlowNode> {
  readonly node: N;
  readonly value: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface PlacedLink<L extends FlowLink> {
  readonly link: L;
  readonly x1: number;
  readonly x2: number;
  /** Upper edge at either end; the ribbon is `height` high at both. */
  readonly y1: number;
  readonly y2: number;
  readonly height: number;
}

export interface FlowLayout<N extends FlowNode, L extends FlowLink> {
  readonly nodes: readonly PlacedNode<N>[];
  readonly links: readonly PlacedLink<L>[];
  /** Pixels per unit, the same for every ribbon. */
  readonly scale: number;
}

export interface FlowBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly nodeWidth: number;
  /** Least space between nodes of a column. */
  readonly gap: number;
}

/**
 * Places a flow from supplies to uses. A node is as high as what flows through it, max(Σ in, Σ out); every ribbon has
 * one scale, the largest at which the fullest column fits. Nodes of a column are in the order of the middle of what
 * feeds them, so ribbons cross seldom; nodes fed by the same ones keep the order given.
 */
export function flowLayout<N extends FlowNode, L extends FlowLink>(
  nodes: readonly N[],
  links: readonly L[],
  box: FlowBox,
): FlowLayout<N, L> {
  const sum = (list: readonly L[]): number => list.reduce((total, l) => total + l.value, 0);
  const incoming = (id: string): L[] => links.filter((l) => l.to === id);
  const outgoing = (id: string): L[] => links.filter((l) => l.from === id);
  const flows = new Map(nodes.map((n) => [n.id, Math.max(sum(incoming(n.id)), sum(outgoing(n.id)))]));
  const columnCount = Math.max(0, ...nodes.map((n) => n.column)) + 1;
  const columns = Array.from({ length: columnCount }, (_, c) => nodes.filter((n) => n.column === c));
  const height = box.bottom - box.top;
  const scales = columns.flatMap((column) => {
    const total = column.reduce((s, n) => s + (flows.get(n.id) ?? 0), 0);
    return total > 0 ? [Math.max(0, height - box.gap * Math.max(0, column.length - 1)) / total] : [];
  });
  const scale = scales.length > 0 ? Math.min(...scales) : 0;
  const pitch = columnCount > 1 ? (box.right - box.left - box.nodeWidth) / (columnCount - 1) : 0;
  const placed = new Map<string, PlacedNode<N>>();
  columns.forEach((column, c) => {
    const middle = (n: N): number | null => {
      const feeds = incoming(n.id).flatMap((l) => {
        const source = placed.get(l.from);
        return source ? [{ at: source.y + source.height / 2, value: l.value }] : [];
      });
      const weight = feeds.reduce((s, f) => s + f.value, 0);
      return weight > 0 ? feeds.reduce((s, f) => s + f.at * f.value, 0) / weight : null;
    };
    const ordered = column
      .map((n, i) => ({ n, i, at: middle(n) }))
      .sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || a.i - b.i);
    const used = ordered.reduce((s, { n }) => s + (flows.get(n.id) ?? 0) * scale, 0);
    // Space that is left stands between the nodes, so that every column has the full height, yet not without measure.
    const gap = ordered.length > 1 ? Math.min(box.gap * 4, (height - used) / (ordered.length - 1)) : 0;
    let y = box.top + Math.max(0, (height - used - gap * Math.max(0, ordered.length - 1)) / 2);
    for (const { n } of ordered) {
      const value = flows.get(n.id) ?? 0;
      placed.set(n.id, { node: n, value, x: box.left + c * pitch, y, height: value * scale });
      y += value * scale + gap;
    }
  });
  // At either end ribbons lie in the order of where they go to or come from.
  const ends = (list: readonly L[], id: string, other: (l: L) => string): Map<L, number> => {
    const node = placed.get(id) as PlacedNode<N>;
    let y = node.y;
    const result = new Map<L, number>();
    const at = (l: L): number => placed.get(other(l))?.y ?? 0;
    for (const l of [...list].sort((a, b) => at(a) - at(b))) {
      result.set(l, y);
      y += l.value * scale;
    }
    return result;
  };
  const starts = new Map<L, number>();
  const stops = new Map<L, number>();
  for (const n of nodes) {
    for (const [l, y] of ends(outgoing(n.id), n.id, (x) => x.to)) starts.set(l, y);
    for (const [l, y] of ends(incoming(n.id), n.id, (x) => x.from)) stops.set(l, y);
  }
  return {
    scale,
    nodes: nodes.map((n) => placed.get(n.id) as PlacedNode<N>),
    links: links.map((link) => ({
      link,
      x1: (placed.get(link.from)?.x ?? 0) + box.nodeWidth,
      x2: placed.get(link.to)?.x ?? 0,
      y1: starts.get(link) ?? 0,
      y2: stops.get(link) ?? 0,
      height: link.value * scale,
    })),
  };
}

/** Closed path of a ribbon, bending in its middle. */
export function ribbonPath({ x1, x2, y1, y2, height }: PlacedLink<FlowLink>): string {
  const middle = (x1 + x2) / 2;
  const f = (v: number): string => v.toFixed(1);
  return [
    `M${f(x1)} ${f(y1)}C${f(middle)} ${f(y1)} ${f(middle)} ${f(y2)} ${f(x2)} ${f(y2)}`,
    `L${f(x2)} ${f(y2 + height)}`,
    `C${f(middle)} ${f(y2 + height)} ${f(middle)} ${f(y1 + height)} ${f(x1)} ${f(y1 + height)}Z`,
  ].join('');
}
