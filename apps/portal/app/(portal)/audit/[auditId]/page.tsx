import {
  auditDetail,
  auditDossier,
  auditSending,
  evidenceBundles,
  evidenceState,
} from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { AuditView } from '../../../../src/audit/audit-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../src/receipt/figure-source.tsx';
import { dateIn } from '../../../../src/shell/period.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.audit') };
}

export default async function AuditPage({ params }: { readonly params: Promise<{ auditId: string }> }) {
  const [{ auditId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const timeZone = me.sites[0]?.timeZone ?? 'UTC';
  const path = `/audits/${encodeURIComponent(auditId)}`;
  const [audit, dossier, sending, { bundles }, evidence] = await Promise.all([
    apiGet(path, auditDetail),
    apiGet(`${path}/dossier`, auditDossier),
    apiGet(`${path}/sending`, auditSending),
    apiGet(`${path}/bundles`, evidenceBundles),
    apiGet('/evidence', evidenceState),
  ]);
  return (
    <FigureSource path={path}>
      <AuditView
        audit={audit}
        bundles={bundles}
        evidence={evidence}
        today={dateIn(timeZone, Date.now())}
        timeZone={timeZone}
        sending={sending}
        mayWrite={may(me, 'audit:write')}
        mayReport={may(me, 'audit:report')}
        maySign={may(me, 'audit:sign') && dossier.auditor?.userId === me.userId}
      />
    </FigureSource>
  );
}
