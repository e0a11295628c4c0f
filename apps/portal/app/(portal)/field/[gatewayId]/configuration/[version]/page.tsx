import {
  configurationVersionDetail,
  deviceCatalogue,
  gateways as gatewaysSchema,
  siteStructure,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../../src/api/server.ts';
import { choicesOf } from '../../../../../../src/configuration/plan.ts';
import { VersionView } from '../../../../../../src/configuration/version-view.tsx';
import { getTranslator } from '../../../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('configuration.history') };
}

export default async function VersionPage({
  params,
}: {
  readonly params: Promise<{ gatewayId: string; version: string }>;
}) {
  const [{ gatewayId: encoded, version }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'field:read')) return <Forbidden me={me} page="nav.field" />;
  const gatewayId = decodeURIComponent(encoded);
  if (!/^\d{1,6}$/.test(version)) notFound();
  const [{ gateways }, detail, catalogue] = await Promise.all([
    apiGet('/gateways', gatewaysSchema),
    apiGet(
      `/gateways/${encodeURIComponent(gatewayId)}/configuration/versions/${version}`,
      configurationVersionDetail,
    ),
    apiGet('/device-catalogue', deviceCatalogue),
  ]);
  const gateway = gateways.find((g) => g.id === gatewayId);
  if (!gateway) notFound();
  const structure = await apiGet(`/sites/${gateway.siteId}/structure`, siteStructure);
  return (
    <VersionView
      gateway={gateway}
      detail={detail}
      choices={choicesOf(catalogue, structure)}
      timeZone={me.sites.find((s) => s.id === gateway.siteId)?.timeZone ?? 'UTC'}
      mayWrite={may(me, 'field:write')}
    />
  );
}
