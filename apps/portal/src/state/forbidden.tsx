import type { Me } from '@wattproof/contracts/api';
import type { PortalKey } from '@wattproof/messages';
import { LinkButton } from '../form/button.tsx';
import { getTranslator } from '../i18n/server.ts';
import { State } from './state.tsx';

/** A page that the visitor's role does not open: says so, and whom to ask. */
export async function Forbidden({ me, page }: { readonly me: Me; readonly page: PortalKey }) {
  const t = await getTranslator();
  return (
    <State
      title={t('state.forbidden.title')}
      action={<LinkButton href="/">{t('state.forbidden.action')}</LinkButton>}
    >
      <p>{t('state.forbidden.text', { page: t(page), role: t(`role.${me.role}`) })}</p>
      <p>{t('state.forbidden.who', { organisation: me.organisation.name })}</p>
    </State>
  );
}
