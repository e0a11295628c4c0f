import { series as seriesSchema, siteStructure } from '@wattproof/contracts/api';
import { findMeasurand, localMidnight_ms } from '@wattproof/energy';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { Explore } from '../../../../../src/explore/explore.tsx';
import { exploreViews, shownResolutions } from '../../../../../src/explore/explore-view.ts';
import { seriesPath } from '../../../../../src/explore/series-path.ts';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import {
  addDays,
  dateIn,
  fitPeriod,
  parsePeriod,
  periodText,
  spanOf,
} from '../../../../../src/shell/period.ts';
import { RememberSite } from '../../../../../src/site/remember-site.tsx';
import { inOrder, totalOf } from '../../../../../src/site/site-meters.ts';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';

interface Props {
  readonly params: Promise<{ siteId: string }>;
  readonly searchParams: Promise<{
    period?: string;
    meters?: string;
    measurand?: string;
    carrier?: string;
    view?: string;
    resolution?: string;
    from?: string;
    to?: string;
  }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.explore') };
}

const instantOf = (text: string | undefined): string | null => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
};

export default async function ExplorePage({ params, searchParams }: Props) {
  const [{ siteId }, asked, me] = await Promise.all([params, searchParams, currentMe()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.explore" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const { meters: unordered } = await apiGet(`/sites/${siteId}/structure`, siteStructure);
  const meters = inOrder(unordered);
  const wanted = (asked.meters ?? '').split(',').map(Number);
  const chosen = meters.filter((m) => wanted.includes(m.id)).slice(0, 6);
  const fallback = totalOf(meters, asked.carrier ?? 'electricity') ?? meters[0];
  const picked = chosen.length > 0 ? chosen : fallback ? [fallback] : [];
  const measurand =
    asked.measurand && findMeasurand(asked.measurand)
      ? asked.measurand
      : (picked[0]?.measurand ?? picked[0]?.latest?.values[0]?.measurand ?? 'active_energy_import_wh');
  const period = fitPeriod(parsePeriod(asked.period), 'range', dateIn(site.timeZone, Date.now()));
  const span = spanOf(period);
  const from = new Date(localMidnight_ms(site.timeZone, span.from)).toISOString();
  const to = new Date(localMidnight_ms(site.timeZone, addDays(span.to, 1))).toISOString();
  const [zoomFrom, zoomTo] = [instantOf(asked.from), instantOf(asked.to)];
  const zoom = zoomFrom && zoomTo && zoomFrom < zoomTo ? { from: zoomFrom, to: zoomTo } : null;
  const view = exploreViews.find((v) => v === asked.view) ?? 'curve';
  const resolution = shownResolutions.find((r) => r === asked.resolution) ?? 'auto';
  const path = seriesPath({
    meterIds: picked.map((m) => m.id),
    measurands: [measurand],
    from: zoom?.from ?? from,
    to: zoom?.to ?? to,
    resolution,
  });
  const initialSeries = view === 'curve' && path ? await apiGet(path, seriesSchema) : null;
  return (
    <>
      <RememberSite siteId={siteId} />
      <Explore
        key={`${periodText(period)} ${asked.carrier ?? ''}`}
        siteName={site.name}
        timeZone={site.timeZone}
        meters={meters}
        period={period}
        initialView={view}
        initialResolution={resolution}
        initialMeterIds={picked.map((m) => m.id)}
        initialMeasurand={measurand}
        from={from}
        to={to}
        initialZoom={zoom}
        initialSeries={initialSeries}
      />
    </>
  );
}
