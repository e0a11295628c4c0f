import { consumptionGroups, siteConsumption, siteMetering, siteStructure } from '@wattproof/contracts/api';
import { formatLocalDate } from '@wattproof/messages';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { Verdict } from '../../../../../src/figure/section.tsx';
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
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { MeteringForm } from '../../../../../src/structure/metering-form.tsx';
import { SiteParts } from '../../../../../src/structure/site-parts.tsx';
import styles from '../../../../../src/structure/structure.module.css';
import { StructureTree } from '../../../../../src/structure/structure-tree.tsx';

interface Props {
  readonly params: Promise<{ siteId: string }>;
  readonly searchParams: Promise<{ period?: string; by?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.structure') };
}

export default async function StructurePage({ params, searchParams }: Props) {
  const [{ siteId }, asked, me, t] = await Promise.all([params, searchParams, currentMe(), getTranslator()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.structure" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const period = fitPeriod(parsePeriod(asked.period), 'range', dateIn(site.timeZone, Date.now()));
  const { from, to } = spanOf(period);
  const by = consumptionGroups.find((g) => g === asked.by) ?? 'zone';
  const query = `from=${from}&to=${addDays(to, 1)}`;
  const [structure, consumption, metering] = await Promise.all([
    apiGet(`/sites/${siteId}/structure`, siteStructure),
    apiGet(`/sites/${siteId}/consumption?by=${by}&${query}`, siteConsumption),
    apiGet(`/sites/${siteId}/metering`, siteMetering),
  ]);
  const circuits = structure.zones.flatMap((z) => z.panels.flatMap((p) => p.circuits));
  const stale = structure.meters.filter((m) => m.latest?.stale ?? false).length;
  const unmeasured = circuits.filter((c) => c.meterIds.length === 0).length;
  return (
    <>
      <RememberSite siteId={siteId} />
      <Verdict
        title={t('structure.title', { meters: structure.meters.length, circuits: circuits.length })}
        aside={<Link href={`/sites/${siteId}/structure/calculated`}>{t('calculated.title')}</Link>}
      >
        {[
          stale > 0 ? t('structure.stale', { count: stale }) : t('structure.allFresh'),
          ...(unmeasured > 0 ? [t('structure.unmeasured', { count: unmeasured })] : []),
        ].join(' ')}
      </Verdict>
      <div className={styles.sections}>
        <SiteParts
          key={periodText(period)}
          siteId={siteId}
          initial={consumption}
          period={periodText(period)}
          query={query}
          basis={
            from === to
              ? formatLocalDate(t.locale, from, 'day')
              : t('period.span', {
                  from: formatLocalDate(t.locale, from, 'dayShort'),
                  to: formatLocalDate(t.locale, to, 'date'),
                })
          }
        />
        <StructureTree
          siteId={siteId}
          timeZone={site.timeZone}
          now={new Date().toISOString()}
          structure={structure}
        />
        <MeteringForm
          key={`${metering.baseInterval_s} ${metering.billingDay}`}
          siteId={siteId}
          metering={metering}
          mayWrite={may(me, 'meter:write')}
        />
      </div>
    </>
  );
}
