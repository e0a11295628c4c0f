import { gatewayConfigurations, gatewayGaps, gateways as gatewaysSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { GatewayView } from '../../../../src/field/gateway-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('field.gateways') };
}

export default async function GatewayPage({ params }: { readonly params: Promise<{ gatewayId: string }> }) {
  const [{ gatewayId: encoded }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'field:read')) return <Forbidden me={me} page="nav.field" />;
  const gatewayId = decodeURIComponent(encoded);
  const [gateways, gaps, configurations] = await Promise.all([
    apiGet('/gateways', gatewaysSchema),
    apiGet(`/gateways/${encodeURIComponent(gatewayId)}/gaps`, gatewayGaps),
    apiGet(`/gateways/${encodeURIComponent(gatewayId)}/configuration`, gatewayConfigurations),
  ]);
  const gateway = gateways.gateways.find((g) => g.id === gatewayId);
  if (!gateway) notFound();
  return (
    <GatewayView
      gatewayId={gatewayId}
      initial={gateways}
      gaps={gaps}
      forecasts={configurations.forecasts}
      timeZone={me.sites.find((s) => s.id === gateway.siteId)?.timeZone ?? 'UTC'}
      now={new Date().toISOString()}
      mayWrite={may(me, 'field:write')}
    />
  );
}
