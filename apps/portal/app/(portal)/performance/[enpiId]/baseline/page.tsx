import {
  enbRegister,
  enpiDetail,
  enpiPerformance,
  relevantVariables,
  siteStructure,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { dateIn } from '../../../../../src/shell/period.ts';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { choiceOf } from '../../../../../src/workbench/choice.ts';
import { energyMeters } from '../../../../../src/workbench/energy-meters.ts';
import { Workbench } from '../../../../../src/workbench/workbench.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('workbench.baselineOf') };
}

/** Another baseline of an EnPI: the same meters, looked at again. */
export default async function BaselinePage({
  params,
  searchParams,
}: {
  readonly params: Promise<{ enpiId: string }>;
  readonly searchParams: Promise<{ proposal?: string }>;
}) {
  const [{ enpiId }, { proposal }, me] = await Promise.all([params, searchParams, currentMe()]);
  if (!may(me, 'performance:read') || !may(me, 'site:read'))
    return <Forbidden me={me} page="nav.performance" />;
  const path = `/enpis/${encodeURIComponent(enpiId)}`;
  const [enpi, performance, register] = await Promise.all([
    apiGet(path, enpiDetail),
    apiGet(`${path}/performance`, enpiPerformance),
    apiGet(`${path}/enbs`, enbRegister),
  ]);
  const site = me.sites.find((s) => s.id === enpi.siteId);
  if (!site) notFound();
  const [structure, { variables }] = await Promise.all([
    apiGet(`/sites/${site.id}/structure`, siteStructure),
    apiGet(`/sites/${site.id}/variables`, relevantVariables),
  ]);
  const today = dateIn(site.timeZone, Date.now());
  const inForce = register.enbs.find((e) => e.isInForce) ?? null;
  return (
    <Workbench
      site={site}
      meters={energyMeters(structure.meters).filter((m) => performance.definition.meterIds.includes(m.id))}
      variables={variables}
      start={choiceOf(performance.definition, {
        today,
        isHourly: inForce?.choice?.form === 'timeOfWeek',
      })}
      enpi={{ id: enpi.id, name: enpi.name }}
      inForce={inForce}
      proposalId={proposal ?? null}
      mayPropose={may(me, 'performance:write')}
    />
  );
}
