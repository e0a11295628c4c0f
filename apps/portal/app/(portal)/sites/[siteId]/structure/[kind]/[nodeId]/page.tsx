import { series as seriesSchema, siteConsumption, siteStructure } from '@wattproof/contracts/api';
import { localMidnight_ms } from '@wattproof/energy';
import { formatLocalDate } from '@wattproof/messages';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../../../src/api/server.ts';
import { seriesPath } from '../../../../../../../src/explore/series-path.ts';
import { getTranslator } from '../../../../../../../src/i18n/server.ts';
import {
  addDays,
  dateIn,
  fitPeriod,
  parsePeriod,
  periodText,
  spanOf,
} from '../../../../../../../src/shell/period.ts';
import { RememberSite } from '../../../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../../../src/state/forbidden.tsx';
import { findNode, metersBelow, nodeKinds } from '../../../../../../../src/structure/node.ts';
import { NodeView } from '../../../../../../../src/structure/node-view.tsx';

interface Props {
  readonly params: Promise<{ siteId: string; kind: string; nodeId: string }>;
  readonly searchParams: Promise<{ period?: string }>;
}

/** Curves that one chart can tell apart. */
const mostCurves = 6;
const partsOf = { zone: 'panel', panel: 'circuit', circuit: 'meter' } as const;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.structure') };
}

/** A zone, a panel or a circuit of a site. */
export default async function NodePage({ params, searchParams }: Props) {
  const [{ siteId, kind: askedKind, nodeId }, asked, me, t] = await Promise.all([
    params,
    searchParams,
    currentMe(),
    getTranslator(),
  ]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.structure" />;
  const site = me.sites.find((s) => s.id === siteId);
  const kind = nodeKinds.find((k) => k === askedKind);
  if (!site || !kind) notFound();
  const structure = await apiGet(`/sites/${siteId}/structure`, siteStructure);
  const node = findNode(structure, kind, nodeId);
  if (!node) notFound();
  const period = fitPeriod(parsePeriod(asked.period), 'range', dateIn(site.timeZone, Date.now()));
  const span = spanOf(period);
  const end = addDays(span.to, 1);
  const pathOf = (by: string): string => `/sites/${siteId}/consumption?by=${by}&from=${span.from}&to=${end}`;
  const consumption = (by: string) => apiGet(pathOf(by), siteConsumption);
  const partsKind = partsOf[kind];
  const [whole, parts] = await Promise.all([consumption(kind), consumption(partsKind)]);
  const listed = whole.rows.filter((r) => r.id === node.id);
  // An incomer is no part of the site beside the circuits it feeds, so it has no row of its own; its meter has one.
  const own =
    listed.length > 0 || kind !== 'circuit'
      ? listed
      : parts.rows.filter((r) => node.meterIds.includes(Number(r.id)));
  const below = metersBelow(structure.meters, node.meterIds);
  const inside = new Set([...node.meterIds, ...below.map((m) => m.id)]);
  const partIds = new Set<string | null>(
    kind === 'circuit' ? partMeters(node.meterIds, below, structure.meters) : node.parts.map((p) => p.id),
  );
  const meters = structure.meters.filter((m) => inside.has(m.id));
  const curves = [...new Set(own.flatMap((r) => r.meterIds))].slice(0, mostCurves);
  const measurand = structure.meters.find((m) => m.id === curves[0])?.measurand ?? null;
  const alike = curves.filter((id) => structure.meters.find((m) => m.id === id)?.measurand === measurand);
  const path = measurand
    ? seriesPath({
        meterIds: alike,
        measurands: [measurand],
        from: new Date(localMidnight_ms(site.timeZone, span.from)).toISOString(),
        to: new Date(localMidnight_ms(site.timeZone, end)).toISOString(),
      })
    : null;
  return (
    <>
      <RememberSite siteId={siteId} />
      <NodeView
        siteId={siteId}
        timeZone={site.timeZone}
        now={new Date().toISOString()}
        period={periodText(period)}
        periodName={
          span.from === span.to
            ? formatLocalDate(t.locale, span.from, 'day')
            : t('period.span', {
                from: formatLocalDate(t.locale, span.from, 'date'),
                to: formatLocalDate(t.locale, span.to, 'date'),
              })
        }
        node={node}
        own={own}
        parts={parts.rows.filter((r) => partIds.has(r.id))}
        partsKind={partsKind}
        totals={whole.totals}
        wholePath={pathOf(listed.length > 0 || kind !== 'circuit' ? kind : partsKind)}
        partsPath={pathOf(partsKind)}
        seriesPath={path}
        series={path ? await apiGet(path, seriesSchema) : null}
        meters={meters}
      />
    </>
  );
}

/** What a circuit's meter is divided in: the meters right below it, or the meter itself where none is. */
function partMeters(
  own: readonly number[],
  below: readonly { readonly id: number; readonly parentId: number | null }[],
  all: readonly { readonly id: number }[],
): string[] {
  const direct = below.filter((m) => m.parentId !== null && own.includes(m.parentId)).map((m) => m.id);
  return (direct.length > 0 ? direct : all.filter((m) => own.includes(m.id)).map((m) => m.id)).map(String);
}
