import { formatNumber, type UnitScale } from '@wattproof/messages';
import type { EChartsOption } from 'echarts';
import { type ChartContext, faded, isCompact } from './chart-context.ts';
import { escapeHtml } from './escape-html.ts';
import { type FlowLink, type FlowNode, flowLayout, ribbonPath } from './flow-layout.ts';
import { baseOption, haloText } from './theme.ts';

export interface EnergyFlowNode extends FlowNode {
  readonly label: string;
  /** Colour of a carrier or a use; null: a meter between them. */
  readonly color: string | null;
  /** What no meter explains is open, not filled. */
  readonly isUnexplained: boolean;
}

export interface EnergyFlowLink extends FlowLink {
  readonly color: string;
  /** Share 0…1 that was not measured. */
  readonly estimatedShare: number;
  readonly isUnexplained: boolean;
}

export interface EnergyFlowInput {
  readonly nodes: readonly EnergyFlowNode[];
  readonly links: readonly EnergyFlowLink[];
  readonly scale: UnitScale;
}

/** Height that a flow needs for its fullest column, so that no label lies on another one. */
export const flowHeight = (nodes: readonly FlowNode[], least: number): number => {
  const columns = new Map<number, number>();
  for (const n of nodes) columns.set(n.column, (columns.get(n.column) ?? 0) + 1);
  return Math.max(least, 22 * Math.max(0, ...columns.values()) + 140);
};

/**
 * Energy from the supplies at the left to the uses at the right, ribbons as wide as what flows, in the carrier's
 * colour. What no meter below explains ends in an open box; an estimated ribbon is paler than a measured one.
 */
export function energyFlowOption(
  input: EnergyFlowInput,
  context: ChartContext,
  texts: { readonly estimated: (share: string) => string; readonly unexplained: string },
): EChartsOption {
  const { theme, locale, width } = context;
  const { colors } = theme;
  const highest = Math.max(0, ...input.links.map((l) => l.value));
  const text = (value: number): string => {
    const scaled = value / input.scale.factor;
    const decimals = highest / input.scale.factor >= 100 ? (scaled < 10 ? 1 : 0) : 1;
    return formatNumber(locale, scaled, { decimals });
  };
  const withUnit = (value: number): string => `${text(value)}\u00a0${input.scale.unit}`;
  const labelSpace = isCompact(context) ? 122 : 168;
  const nodeWidth = 7;
  const items = [
    ...input.links.map((link) => ({ kind: 'link' as const, link })),
    ...input.nodes.map((node) => ({ kind: 'node' as const, node })),
  ];
  const labelOf = new Map(input.nodes.map((n) => [n.id, n.label]));
  const layoutOf = (height: number) =>
    flowLayout(input.nodes, input.links, {
      left: 2,
      right: Math.max(120, width - labelSpace),
      top: 10,
      bottom: height - 10,
      nodeWidth,
      gap: 12,
    });
  // Items are drawn one by one; the layout is the same for all of them.
  let known: { height: number; layout: ReturnType<typeof layoutOf> } | null = null;
  const layoutAt = (height: number): ReturnType<typeof layoutOf> => {
    if (known?.height !== height) known = { height, layout: layoutOf(height) };
    return known.layout;
  };
  return {
    ...baseOption(context),
    tooltip: {
      ...(baseOption(context).tooltip as object),
      trigger: 'item',
      formatter: (hit: unknown) => {
        const item = items[(hit as { dataIndex: number }).dataIndex];
        if (!item) return '';
        if (item.kind === 'node') {
          const placed = layoutAt(1000).nodes.find((n) => n.node.id === item.node.id);
          return `${escapeHtml(item.node.label)}<br><b>${withUnit(placed?.value ?? 0)}</b>`;
        }
        const { link } = item;
        return [
          `${escapeHtml(labelOf.get(link.from) ?? '')} → ${escapeHtml(labelOf.get(link.to) ?? '')}`,
          `<b>${withUnit(link.value)}</b>`,
          ...(link.estimatedShare > 0.0005
            ? [texts.estimated(`${formatNumber(locale, link.estimatedShare * 100, { decimals: 1 })}\u00a0%`)]
            : []),
          ...(link.isUnexplained ? [texts.unexplained] : []),
        ].join('<br>');
      },
    },
    series: [
      {
        type: 'custom',
        coordinateSystem: 'none',
        z: 2,
        data: items.map((_, i) => i),
        renderItem: (params, api) => {
          const item = items[params.dataIndex];
          const layout = layoutAt(api.getHeight());
          if (!item) return { type: 'group', children: [] } as never;
          if (item.kind === 'link') {
            const placed = layout.links[params.dataIndex];
            if (!placed || placed.height <= 0) return { type: 'group', children: [] } as never;
            return {
              type: 'path',
              shape: { pathData: ribbonPath({ ...placed, height: Math.max(1, placed.height) }) },
              style: item.link.isUnexplained
                ? { fill: faded(colors.ctl, 0.18) }
                : { fill: faded(item.link.color, item.link.estimatedShare > 0.5 ? 0.16 : 0.3) },
              emphasis: { style: { fill: faded(item.link.color, 0.55) } },
            } as never;
          }
          const placed = layout.nodes.find((n) => n.node.id === item.node.id);
          if (!placed) return { type: 'group', children: [] } as never;
          const { node } = item;
          const height = Math.max(2, placed.height);
          const short = shortened(node.label, isCompact(context) ? 17 : 26);
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { x: placed.x, y: placed.y, width: nodeWidth, height },
                style: node.isUnexplained
                  ? { fill: colors.sheet, stroke: colors.ink2, lineWidth: 1, lineDash: [3, 2] }
                  : { fill: node.color ?? colors.ink2 },
              },
              haloText(context, `${short} ${text(placed.value)}`, {
                x: placed.x + nodeWidth + 6,
                y: placed.y + height / 2,
              }),
            ],
          } as never;
        },
      },
    ],
  };
}

const shortened = (label: string, most: number): string =>
  label.length > most ? `${label.slice(0, most - 1).trimEnd()}…` : label;
