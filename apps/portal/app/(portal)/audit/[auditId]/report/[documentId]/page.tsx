import { auditDetail, reportReissue } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { apiGet, currentMe, may } from '../../../../../../src/api/server.ts';
import { ReportVersions } from '../../../../../../src/audit/report-versions.tsx';
import { getTranslator } from '../../../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../../../src/receipt/figure-source.tsx';
import { Forbidden } from '../../../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('reissue.page') };
}

export default async function DocumentPage({
  params,
}: {
  readonly params: Promise<{ auditId: string; documentId: string }>;
}) {
  const [{ auditId, documentId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const audit = await apiGet(`/audits/${encodeURIComponent(auditId)}`, auditDetail);
  const report = audit.documents.find(({ id }) => id === documentId);
  if (!report) notFound();
  const path = `/documents/${report.id}/reissue`;
  const { reissue } = await apiGet(path, reportReissue);
  return (
    <FigureSource path={path}>
      <ReportVersions
        audit={audit}
        report={report}
        reissue={reissue}
        timeZone={me.sites[0]?.timeZone ?? 'UTC'}
        mayReissue={may(me, 'audit:report')}
      />
    </FigureSource>
  );
}
