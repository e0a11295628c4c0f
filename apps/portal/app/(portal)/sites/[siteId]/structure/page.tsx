import { siteStructure } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { Verdict } from '../../../../../src/figure/section.tsx';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { RememberSite } from '../../../../../src/site/remember-site.tsx';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';
import { StructureTree } from '../../../../../src/structure/structure-tree.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.structure') };
}

export default async function StructurePage({ params }: { readonly params: Promise<{ siteId: string }> }) {
  const [{ siteId }, me, t] = await Promise.all([params, currentMe(), getTranslator()]);
  if (!may(me, 'site:read')) return <Forbidden me={me} page="nav.structure" />;
  const site = me.sites.find((s) => s.id === siteId);
  if (!site) notFound();
  const structure = await apiGet(`/sites/${siteId}/structure`, siteStructure);
  const circuits = structure.zones.flatMap((z) => z.panels.flatMap((p) => p.circuits));
  const stale = structure.meters.filter((m) => m.latest?.stale ?? false).length;
  const unmeasured = circuits.filter((c) => c.meterIds.length === 0).length;
  return (
    <>
      <RememberSite siteId={siteId} />
      <Verdict
        title={t('structure.title', { meters: structure.meters.length, circuits: circuits.length })}
        aside={site.name}
      >
        {[
          stale > 0 ? t('structure.stale', { count: stale }) : t('structure.allFresh'),
          ...(unmeasured > 0 ? [t('structure.unmeasured', { count: unmeasured })] : []),
        ].join(' ')}
      </Verdict>
      <StructureTree
        siteId={siteId}
        timeZone={site.timeZone}
        now={new Date().toISOString()}
        structure={structure}
      />
    </>
  );
}
