import { LinkButton } from '../../src/form/button.tsx';
import { getTranslator } from '../../src/i18n/server.ts';
import { State } from '../../src/state/state.tsx';

export default async function NotFound() {
  const t = await getTranslator();
  return (
    <State
      title={t('state.notFound.title')}
      action={<LinkButton href="/">{t('state.notFound.action')}</LinkButton>}
    >
      <p>{t('state.notFound.text')}</p>
    </State>
  );
}
