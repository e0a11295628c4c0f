import {
  enbRegister,
  enpiDetail,
  enpiPerformance,
  rebaselineProposals,
  relevantVariables,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { EnpiView } from '../../../../src/performance/enpi-view.tsx';
import { dateIn } from '../../../../src/shell/period.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('performance.enpi') };
}

export default async function EnpiPage({ params }: { readonly params: Promise<{ enpiId: string }> }) {
  const [{ enpiId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.performance" />;
  const path = `/enpis/${encodeURIComponent(enpiId)}`;
  const [enpi, performance, register] = await Promise.all([
    apiGet(path, enpiDetail),
    apiGet(`${path}/performance`, enpiPerformance),
    apiGet(`${path}/enbs`, enbRegister),
  ]);
  const [{ proposals }, { variables }] = await Promise.all([
    apiGet(`/rebaseline-proposals?siteId=${enpi.siteId}`, rebaselineProposals),
    apiGet(`/sites/${enpi.siteId}/variables`, relevantVariables),
  ]);
  return (
    <EnpiView
      enpi={enpi}
      performance={performance}
      register={register}
      proposals={proposals.filter((p) => p.enpiId === enpi.id)}
      variables={variables}
      today={dateIn(performance.timeZone, Date.now())}
      mayWrite={may(me, 'performance:write')}
    />
  );
}
