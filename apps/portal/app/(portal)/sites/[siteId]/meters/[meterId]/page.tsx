import {
  meterDetail,
  meterEvents,
  meterStatistics,
  partialCounters,
  series as seriesSchema,
  siteStructure,
} from '@wattproof/contracts/api';
import { localMidnight_ms } from '@wattproof/energy';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../../src/api/server.ts';
import { seriesPath } from '../../../../../../src/explore/series-path.ts';
import { getTranslator } from '../../../../../../src/i18n/server.ts';
import { chosenGroup, curveGroups } from '../../../../../../src/meter/curve-group.ts';
import { MeterView } from '../../../../../../src/meter/meter-view.tsx';
import {
  addDays,
  dateIn,
  fitPeriod,
  parsePeriod,
  periodText,
  spanOf,
} from '../../../../../../src/shell/period.ts';
import { RememberSite } from '../../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../../src/state/forbidden.tsx';

interface Props {
  readonly params: Promise<{ siteId: string; meterId: string }>;
  readonly searchParams: Promise<{ period?: string; curve?: string }>;
}

/** Statistics read every reading; the service takes no more days at once. */
const mostStatisticsDays = 93;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ meterId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'site:read') || !/^\d+$/.test(meterId))
    return { title: (await getTranslator())('explore.meters') };
  return { title: (await apiGet(`/meters/${meterId}`, meterDetail)).name };
}

export default async function MeterPage({ params, searchParams }: Props) {
  const [{ siteId, meterId }, asked, me] = await Promise.all([params, searchParams, currentMe()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.structure" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site || !/^\d+$/.test(meterId)) notFound();
  const period = fitPeriod(parsePeriod(asked.period), 'range', dateIn(site.timeZone, Date.now()));
  const span = spanOf(period);
  const end = addDays(span.to, 1);
  const instantOf = (date: string): string => new Date(localMidnight_ms(site.timeZone, date)).toISOString();
  const [from, to] = [instantOf(span.from), instantOf(end)];
  const earliest = addDays(end, -mostStatisticsDays);
  const isCut = span.from < earliest;
  const query = new URLSearchParams({ from: isCut ? instantOf(earliest) : from, to });
  const statisticsPath = `/meters/${meterId}/statistics?${query}`;
  const [meter, statistics, { events }, counters] = await Promise.all([
    apiGet(`/meters/${meterId}`, meterDetail),
    apiGet(statisticsPath, meterStatistics),
    apiGet(`/meters/${meterId}/events`, meterEvents),
    apiGet(`/meters/${meterId}/partial-counters`, partialCounters),
  ]);
  if (meter.siteId !== siteId) notFound();
  const groups = curveGroups(
    statistics.measurands.map((m) => m.measurand),
    meter.measurand,
  );
  const group = chosenGroup(groups, asked.curve);
  const path = group ? seriesPath({ meterIds: [meter.id], measurands: group.measurands, from, to }) : null;
  const [series, structure] = await Promise.all([
    path ? apiGet(path, seriesSchema) : null,
    meter.parentId === null ? null : apiGet(`/sites/${siteId}/structure`, siteStructure),
  ]);
  return (
    <>
      <RememberSite siteId={siteId} />
      <MeterView
        key={periodText(period)}
        meter={meter}
        timeZone={site.timeZone}
        now={new Date().toISOString()}
        period={period}
        from={from}
        to={to}
        statistics={statistics}
        statisticsPath={statisticsPath}
        statisticsDays={isCut ? mostStatisticsDays : null}
        events={events}
        partialCounters={counters.partialCounters}
        groups={groups}
        groupId={group?.id ?? null}
        series={series}
        parentName={structure?.meters.find((m) => m.id === meter.parentId)?.name ?? null}
        mayWrite={may(me, 'meter:write')}
        mayExport={may(me, 'data:export')}
      />
    </>
  );
}
