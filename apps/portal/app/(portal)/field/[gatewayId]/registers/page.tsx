import { commandResults, deviceCatalogue, gateways as gatewaysSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { devicesOf } from '../../../../../src/register/register-devices.ts';
import { RegisterView } from '../../../../../src/register/register-view.tsx';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { State } from '../../../../../src/state/state.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('register.nav') };
}

export default async function RegistersPage({ params }: { readonly params: Promise<{ gatewayId: string }> }) {
  const [{ gatewayId: encoded }, me, t] = await Promise.all([params, currentMe(), getTranslator()]);
  if (!may(me, 'field:read')) return <Forbidden me={me} page="nav.field" />;
  const gatewayId = decodeURIComponent(encoded);
  const [{ gateways }, commands, catalogue] = await Promise.all([
    apiGet('/gateways', gatewaysSchema),
    apiGet(`/gateways/${encodeURIComponent(gatewayId)}/commands`, commandResults),
    apiGet('/device-catalogue', deviceCatalogue),
  ]);
  const gateway = gateways.find((g) => g.id === gatewayId);
  if (!gateway) notFound();
  if (gateway.kind !== 'edge') return <State title={t('configuration.custom')} />;
  return (
    <RegisterView
      gateway={gateway}
      devices={devicesOf(gateway, catalogue)}
      initial={commands}
      timeZone={me.sites.find((s) => s.id === gateway.siteId)?.timeZone ?? 'UTC'}
      mayWrite={may(me, 'field:write')}
    />
  );
}
