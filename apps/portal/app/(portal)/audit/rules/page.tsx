import { obligationRulesView } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { RulesView } from '../../../../src/obligation/rules-view.tsx';
import { dateIn } from '../../../../src/shell/period.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('obligation.rules') };
}

export default async function RulesPage() {
  const me = await currentMe();
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  const { rules } = await apiGet('/obligation-rules', obligationRulesView);
  return (
    <RulesView
      rules={rules}
      today={dateIn(me.sites[0]?.timeZone ?? 'UTC', Date.now())}
      mayWrite={may(me, 'audit:write')}
    />
  );
}
