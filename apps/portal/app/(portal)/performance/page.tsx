import { enpis as enpisSchema, performanceSum, rebaselineProposals } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { getTranslator } from '../../../src/i18n/server.ts';
import { EnpiList } from '../../../src/performance/enpi-list.tsx';
import { Forbidden } from '../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.performance') };
}

export default async function PerformancePage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string; energy?: string }>;
}) {
  const [{ site, energy }, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.performance" />;
  const query = new URLSearchParams({
    energy: energy === 'primary' ? 'primary' : 'final',
    ...(site ? { siteIds: site } : {}),
  });
  const [{ enpis }, sum, { proposals }] = await Promise.all([
    apiGet('/enpis', enpisSchema),
    apiGet(`/performance?${query}`, performanceSum),
    apiGet(
      `/rebaseline-proposals?state=open${site ? `&siteId=${encodeURIComponent(site)}` : ''}`,
      rebaselineProposals,
    ),
  ]);
  const openProposals: Record<string, number> = {};
  for (const { enpiId } of proposals) openProposals[enpiId] = (openProposals[enpiId] ?? 0) + 1;
  return (
    <EnpiList
      enpis={site ? enpis.filter((e) => e.siteId === site) : enpis}
      sum={sum}
      openProposals={openProposals}
      timeZone={me.sites[0]?.timeZone ?? 'UTC'}
      mayWrite={may(me, 'performance:write')}
    />
  );
}
