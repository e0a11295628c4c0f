import { meterDetail, series as seriesSchema, siteStructure } from '@wattproof/contracts/api';
import { localMidnight_ms } from '@wattproof/energy';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../../src/api/server.ts';
import { getTranslator } from '../../../../../../src/i18n/server.ts';
import { addDays, dateIn, fitPeriod, parsePeriod, spanOf } from '../../../../../../src/shell/period.ts';
import { RememberSite } from '../../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../../src/state/forbidden.tsx';
import { MeterView } from '../../../../../../src/structure/meter-view.tsx';

interface Props {
  readonly params: Promise<{ siteId: string; meterId: string }>;
  readonly searchParams: Promise<{ period?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('explore.meters') };
}

export default async function MeterPage({ params, searchParams }: Props) {
  const [{ siteId, meterId }, { period }, me] = await Promise.all([params, searchParams, currentMe()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.structure" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site || !/^\d+$/.test(meterId)) notFound();
  const meter = await apiGet(`/meters/${meterId}`, meterDetail);
  const names = meter.latest?.values.map((v) => v.measurand) ?? [];
  const measurand = names.includes('active_power_w') ? 'active_power_w' : (meter.measurand ?? names[0]);
  const span = spanOf(fitPeriod(parsePeriod(period), 'range', dateIn(site.timeZone, Date.now())));
  const query = new URLSearchParams({
    meters: meterId,
    measurand: measurand ?? '',
    from: new Date(localMidnight_ms(site.timeZone, span.from)).toISOString(),
    to: new Date(localMidnight_ms(site.timeZone, addDays(span.to, 1))).toISOString(),
  });
  const [series, structure] = await Promise.all([
    measurand ? apiGet(`/series?${query}`, seriesSchema) : null,
    meter.parentId === null ? null : apiGet(`/sites/${siteId}/structure`, siteStructure),
  ]);
  return (
    <>
      <RememberSite siteId={siteId} />
      <MeterView
        key={span.from + span.to}
        meter={meter}
        timeZone={site.timeZone}
        now={new Date().toISOString()}
        series={series}
        parentName={structure?.meters.find((m) => m.id === meter.parentId)?.name ?? null}
      />
    </>
  );
}
