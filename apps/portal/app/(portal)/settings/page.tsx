import { apiKeys as apiKeysSchema, members as membersSchema } from '@wattproof/contracts/api';
import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import { apiGet, currentMe, may } from '../../../src/api/server.ts';
import { env } from '../../../src/env.ts';
import { getTranslator } from '../../../src/i18n/server.ts';
import { SettingsView } from '../../../src/settings/settings-view.tsx';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslator())('nav.settings') };
}

/** Open to everybody who is signed in; people and keys only to those who manage them. */
export default async function SettingsPage() {
  const me = await currentMe();
  const mayRead = may(me, 'settings:read');
  const [people, keys, jar] = await Promise.all([
    mayRead ? apiGet('/members', membersSchema) : null,
    mayRead ? apiGet('/api-keys', apiKeysSchema) : null,
    cookies(),
  ]);
  const theme = jar.get('theme')?.value;
  return (
    <SettingsView
      me={me}
      theme={theme === 'light' || theme === 'dark' ? theme : 'system'}
      people={people?.members ?? null}
      keys={keys?.apiKeys ?? null}
      mayWrite={may(me, 'settings:write')}
      apiUrl={env().WATTPROOF_API_URL}
      now={new Date().toISOString()}
    />
  );
}
