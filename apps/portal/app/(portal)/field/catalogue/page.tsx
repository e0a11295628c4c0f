import { deviceCatalogue } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { apiGet, currentMe, may } from '../../../../src/api/server.ts';
import { CatalogueView } from '../../../../src/catalogue/catalogue-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('catalogue.nav') };
}

export default async function CataloguePage() {
  const me = await currentMe();
  if (!may(me, 'field:read')) return <Forbidden me={me} page="catalogue.nav" />;
  const catalogue = await apiGet('/device-catalogue', deviceCatalogue);
  return <CatalogueView catalogue={catalogue} mayWrite={may(me, 'field:write')} />;
}
