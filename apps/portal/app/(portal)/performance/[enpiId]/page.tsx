import { enpiDetail } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { EnpiView } from '../../../../src/performance/enpi-view.tsx';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('performance.enpi') };
}

export default async function EnpiPage({ params }: { readonly params: Promise<{ enpiId: string }> }) {
  const [{ enpiId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.performance" />;
  return <EnpiView enpi={await apiGet(`/enpis/${encodeURIComponent(enpiId)}`, enpiDetail)} />;
}
