import {
  configurationVersionDetail,
  deviceCatalogue,
  gatewayConfigurations,
  gateways as gatewaysSchema,
  siteStructure,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { ConfigurationView } from '../../../../../src/configuration/configuration-view.tsx';
import { choicesOf } from '../../../../../src/configuration/plan.ts';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { State } from '../../../../../src/state/state.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('configuration.nav') };
}

export default async function ConfigurationPage({
  params,
  searchParams,
}: {
  readonly params: Promise<{ gatewayId: string }>;
  readonly searchParams: Promise<{ from?: string }>;
}) {
  const [{ gatewayId: encoded }, { from }, me, t] = await Promise.all([
    params,
    searchParams,
    currentMe(),
    getTranslator(),
  ]);
  if (!may(me, 'field:read')) return <Forbidden me={me} page="nav.field" />;
  const gatewayId = decodeURIComponent(encoded);
  const base = `/gateways/${encodeURIComponent(gatewayId)}/configuration`;
  const [{ gateways }, configurations, catalogue] = await Promise.all([
    apiGet('/gateways', gatewaysSchema),
    apiGet(base, gatewayConfigurations),
    apiGet('/device-catalogue', deviceCatalogue),
  ]);
  const gateway = gateways.find((g) => g.id === gatewayId);
  if (!gateway) notFound();
  if (gateway.kind !== 'edge') return <State title={t('configuration.custom')} />;
  const structure = await apiGet(`/sites/${gateway.siteId}/structure`, siteStructure);
  const version =
    from && /^\d{1,6}$/.test(from)
      ? await apiGet(`${base}/versions/${from}`, configurationVersionDetail)
      : null;
  return (
    <ConfigurationView
      gateway={gateway}
      initial={configurations}
      startFrom={version?.plan ?? null}
      choices={choicesOf(catalogue, structure)}
      timeZone={me.sites.find((s) => s.id === gateway.siteId)?.timeZone ?? 'UTC'}
      mayWrite={may(me, 'field:write')}
    />
  );
}
