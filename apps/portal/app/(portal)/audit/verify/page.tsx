import type { Metadata } from 'next';
import { currentMe, may } from '../../../../src/api/server.ts';
import { VerifyView } from '../../../../src/evidence/verify-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.verify') };
}

export default async function VerifyPage() {
  const me = await currentMe();
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  return <VerifyView />;
}
