import { enpis as enpisSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import Link from 'next/link';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { getTranslator } from '../../../src/i18n/server.ts';
import { EnpiList } from '../../../src/performance/enpi-list.tsx';
import { Forbidden } from '../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.performance') };
}

export default async function PerformancePage({
  searchParams,
}: {
  readonly searchParams: Promise<{ site?: string }>;
}) {
  const [{ site }, me] = await Promise.all([searchParams, currentMe()]);
  if (!may(me, 'performance:read')) return <Forbidden me={me} page="nav.performance" />;
  const { enpis } = await apiGet('/enpis', enpisSchema);
  const t = await getTranslator();
  return (
    <>
      <EnpiList
        enpis={site ? enpis.filter((e) => e.siteId === site) : enpis}
        timeZone={me.sites[0]?.timeZone ?? 'UTC'}
      />
      <p>
        <Link href="/performance/certificate">{t('certificate.link')}</Link>
      </p>
    </>
  );
}
