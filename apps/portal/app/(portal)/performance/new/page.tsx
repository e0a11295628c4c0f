import { relevantVariables, siteStructure } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { LinkButton } from '../../../../src/form/button.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { dateIn } from '../../../../src/shell/period.ts';
import { siteOf } from '../../../../src/shell/site-of.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';
import { State } from '../../../../src/state/state.tsx';
import { firstChoice } from '../../../../src/workbench/choice.ts';
import { energyMeters } from '../../../../src/workbench/energy-meters.ts';
import { Workbench } from '../../../../src/workbench/workbench.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('workbench.new') };
}

/** A new EnPI, from raw meters to a proposed baseline. */
export default async function NewEnpiPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string }>;
}) {
  const [asked, me, t] = await Promise.all([searchParams, currentMe(), getTranslator()]);
  const site = await siteOf(me, '/performance/new', asked);
  if (!may(me, 'performance:read') || !may(me, 'site:read') || !site)
    return <Forbidden me={me} page="nav.performance" />;
  const [structure, { variables }] = await Promise.all([
    apiGet(`/sites/${site.id}/structure`, siteStructure),
    apiGet(`/sites/${site.id}/variables`, relevantVariables),
  ]);
  const meters = energyMeters(structure.meters);
  if (meters.length === 0)
    return (
      <State
        title={t('workbench.noMeters')}
        action={<LinkButton href="/field">{t('workbench.noMetersAction')}</LinkButton>}
      >
        <p>{t('workbench.noMetersText', { site: site.name })}</p>
      </State>
    );
  return (
    <Workbench
      key={site.id}
      site={site}
      meters={meters}
      variables={variables}
      start={firstChoice(meters, variables, dateIn(site.timeZone, Date.now()))}
      enpi={null}
      inForce={null}
      proposalId={null}
      mayPropose={may(me, 'performance:write')}
    />
  );
}
