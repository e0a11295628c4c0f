import { periods as periodsSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { PeriodsView } from '../../../../src/evidence/periods-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { siteOf } from '../../../../src/shell/site-of.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';
import { State } from '../../../../src/state/state.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.periods') };
}

export default async function PeriodsPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string }>;
}) {
  const [asked, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const site = await siteOf(me, '/audit/periods', asked);
  if (!site) return <State title={(await getTranslator())('period.none')} />;
  const periods = await apiGet(`/sites/${site.id}/periods`, periodsSchema);
  return (
    <PeriodsView key={site.id} periods={periods} siteName={site.name} mayClose={may(me, 'audit:write')} />
  );
}
