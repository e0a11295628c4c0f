import { obligations } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { ObligationList } from '../../../../src/obligation/obligation-list.tsx';
import { FigureSource } from '../../../../src/receipt/figure-source.tsx';
import { dateIn } from '../../../../src/shell/period.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('obligation.head') };
}

export default async function ObligationsPage() {
  const me = await currentMe();
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const on = dateIn(me.sites[0]?.timeZone ?? 'UTC', Date.now());
  const path = `/obligations?on=${on}`;
  return (
    <FigureSource path={path}>
      <ObligationList obligations={await apiGet(path, obligations)} />
    </FigureSource>
  );
}
