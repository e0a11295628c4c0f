import { energyAccount } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { AccountView } from '../../../../src/account/account-view.tsx';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('account.head') };
}

export default async function AccountPage() {
  const me = await currentMe();
  if (!may(me, 'audit:read')) return <Forbidden me={me} page="nav.audit" />;
  return (
    <AccountView
      account={await apiGet('/energy-account', energyAccount)}
      mayWriteRows={may(me, 'audit:write')}
      mayWritePoints={may(me, 'money:write')}
    />
  );
}
