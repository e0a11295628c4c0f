import { alarms as alarmsSchema, siteLoad, siteOverview, siteUses } from '@wattproof/contracts/api';
import { formatLocalDate } from '@wattproof/messages';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { AlarmTable } from '../../../../src/alarm/alarm-table.tsx';
import { byCost } from '../../../../src/alarm/alarm-text.ts';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { Section } from '../../../../src/figure/section.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../src/receipt/figure-source.tsx';
import { addDays, dateIn, fitPeriod, parsePeriod, spanOf } from '../../../../src/shell/period.ts';
import { Consumption } from '../../../../src/site/consumption.tsx';
import { SiteOverviewView } from '../../../../src/site/overview.tsx';
import { RememberSite } from '../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

interface Props {
  readonly params: Promise<{ siteId: string }>;
  readonly searchParams: Promise<{ period?: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { siteId } = await params;
  const me = await currentMe();
  return { title: me.sites.find((s) => s.id === siteId)?.name ?? null };
}

export default async function SitePage({ params, searchParams }: Props) {
  const [{ siteId }, { period }, me, t] = await Promise.all([
    params,
    searchParams,
    currentMe(),
    getTranslator(),
  ]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.site" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const today = dateIn(site.timeZone, Date.now());
  const { to: date } = spanOf(fitPeriod(parsePeriod(period), 'day', today));
  const path = `/sites/${siteId}`;
  const [overview, load, uses, open] = await Promise.all([
    apiGet(`${path}/overview`, siteOverview),
    apiGet(`${path}/load?date=${date}`, siteLoad),
    apiGet(`${path}/uses?from=${date}&to=${addDays(date, 1)}`, siteUses),
    may(me, 'alarm:read') ? apiGet(`/alarms?state=open&siteId=${siteId}`, alarmsSchema) : null,
  ]);
  const day = formatLocalDate(t.locale, date, 'day');
  return (
    <>
      <RememberSite siteId={siteId} />
      <SiteOverviewView initial={overview} initialLoad={load} isToday={date === today}>
        {open && (
          <Section
            title={t('site.alarms')}
            subject={
              open.alarms.length > 0 ? t('site.alarmsSubject', { count: open.alarms.length }) : undefined
            }
            basis={<Link href={`/alarms?site=${siteId}`}>{t('site.alarmsAll')}</Link>}
          >
            {open.alarms.length === 0 ? (
              <p>{t('site.alarmsNone')}</p>
            ) : (
              <FigureSource path={`/alarms?state=open&siteId=${siteId}`}>
                <AlarmTable
                  alarms={[...open.alarms].sort(byCost).slice(0, 4)}
                  timeZone={site.timeZone}
                  now={overview.now}
                  withSite={false}
                  withTools={false}
                  name={t('site.alarms')}
                />
              </FigureSource>
            )}
          </Section>
        )}
        <div style={{ marginTop: 18 }}>
          <Consumption siteId={siteId} initial={uses} isToday={date === today} subject={day} />
        </div>
      </SiteOverviewView>
    </>
  );
}
