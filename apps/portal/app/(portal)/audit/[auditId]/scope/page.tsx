import { auditDetail, scopeProposal } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../../src/api/server.ts';
import { ScopePlanner } from '../../../../../src/audit/scope-planner.tsx';
import { getTranslator } from '../../../../../src/i18n/server.ts';
import { FigureSource } from '../../../../../src/receipt/figure-source.tsx';
import { Forbidden } from '../../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('scope.head') };
}

export default async function ScopePage({ params }: { readonly params: Promise<{ auditId: string }> }) {
  const [{ auditId }, me] = await Promise.all([params, currentMe()]);
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const path = `/audits/${encodeURIComponent(auditId)}`;
  const [audit, proposal] = await Promise.all([
    apiGet(path, auditDetail),
    apiGet(`${path}/scope-proposal`, scopeProposal),
  ]);
  return (
    <FigureSource path={`${path}/scope-proposal`}>
      <ScopePlanner audit={audit} proposal={proposal} mayWrite={may(me, 'audit:write')} />
    </FigureSource>
  );
}
