import type { Metadata } from 'next';
import { currentMe, may } from '../../../../src/api/server.ts';
import { CalculatorsView } from '../../../../src/calculator/calculators-view.tsx';
import { getTranslator } from '../../../../src/i18n/server.ts';
import { Forbidden } from '../../../../src/state/forbidden.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('calc.jump') };
}

export default async function CalculatorsPage() {
  const me = await currentMe();
  if (!may(me, 'field:read')) return <Forbidden me={me} page="calc.jump" />;
  return <CalculatorsView />;
}
