import { retention as retentionSchema, storage as storageSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { StorageView } from '../../../../src/data/storage-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('data.nav') };
}

/** Size, growth and retention of the organisation's data. */
export default async function DataPage() {
  const me = await currentMe();
  if (!may(me, 'settings:read')) return <Forbidden me={me} page="data.nav" />;
  const [storage, retention] = await Promise.all([
    apiGet('/storage', storageSchema),
    apiGet('/retention', retentionSchema),
  ]);
  return (
    <StorageView
      storage={storage}
      retention={retention}
      timeZone={me.sites[0]?.timeZone ?? 'UTC'}
      mayWrite={may(me, 'settings:write')}
    />
  );
}
