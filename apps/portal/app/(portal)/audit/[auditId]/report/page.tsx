import { auditDetail, auditDossier } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { DossierView } from '../../../../../src/dossier/dossier-view.tsx';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('dossier.head') };
}

export default async function ReportPage({ params }: { readonly params: Promise<{ auditId: string }> }) {
  const [{ auditId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const path = `/audits/${encodeURIComponent(auditId)}`;
  const [{ id, name, legalEntityName }, dossier] = await Promise.all([
    apiGet(path, auditDetail),
    apiGet(`${path}/dossier`, auditDossier),
  ]);
  return (
    <DossierView
      audit={{ id, name, legalEntityName }}
      dossier={dossier}
      timeZone={me.sites[0]?.timeZone ?? 'UTC'}
      mayWrite={may(me, 'audit:report')}
      mayName={may(me, 'audit:write')}
    />
  );
}
