import { siteStructure, virtualMeters } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../../src/api/server.ts';
import { CalculatedView } from '../../../../../../src/calculated/calculated-view.tsx';
import { getTranslator } from '../../../../../../src/i18n/server.ts';
import { RememberSite } from '../../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../../src/state/forbidden.tsx';

interface Props {
  readonly params: Promise<{ siteId: string }>;
  readonly searchParams: Promise<{ meter?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('calculated.title') };
}

/** Meters of a site that are sums of others. */
export default async function CalculatedPage({ params, searchParams }: Props) {
  const [{ siteId }, { meter }, me] = await Promise.all([params, searchParams, currentMe()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.structure" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const [value, structure] = await Promise.all([
    apiGet(`/sites/${siteId}/virtual-meters`, virtualMeters),
    apiGet(`/sites/${siteId}/structure`, siteStructure),
  ]);
  return (
    <>
      <RememberSite siteId={siteId} />
      <CalculatedView
        siteId={siteId}
        siteName={site.name}
        timeZone={site.timeZone}
        value={value}
        zones={structure.zones.map(({ id, name }) => ({ id, name }))}
        initialMeterId={meter && /^\d+$/.test(meter) ? Number(meter) : null}
        mayWrite={may(me, 'meter:write')}
        now={new Date().toISOString()}
      />
    </>
  );
}
