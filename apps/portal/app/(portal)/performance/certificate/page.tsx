import type { Metadata } from 'next';
import { currentMe, may } from '../../../../src/api/server.ts';
import { CertificateView } from '../../../../src/certificate/certificate-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('certificate.title') };
}

export default async function CertificatePage() {
  const me = await currentMe();
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.performance" />;
  return <CertificateView timeZone={me.sites[0]?.timeZone ?? 'UTC'} />;
}
