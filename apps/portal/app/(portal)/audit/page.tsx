import { audits as auditsSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { AuditList } from '../../../src/audit/audit-list.tsx';
import { getTranslator } from '../../../src/i18n/server.ts';
import { FigureSource } from '../../../src/receipt/figure-source.tsx';
import { dateIn } from '../../../src/shell/period.ts';
import { Forbidden } from '../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.audit') };
}

export default async function AuditsPage() {
  const me = await currentMe();
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const { audits } = await apiGet('/audits', auditsSchema);
  return (
    <FigureSource path="/audits">
      <AuditList audits={audits} today={dateIn(me.sites[0]?.timeZone ?? 'UTC', Date.now())} />
    </FigureSource>
  );
}
