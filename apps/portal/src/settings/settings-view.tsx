'use client';
import type { ApiKeys, Me, Members } from '@wattproof/contracts/api';
import Link from 'next/link';
import { Section, Verdict } from '../figure/section.tsx';
import { useTranslator } from '../i18n/provider.tsx';
import { State } from '../state/state.tsx';
import { Account } from './account.tsx';
import { ApiKeyList } from './api-key-list.tsx';
import { Display, type Theme } from './display.tsx';
import { People } from './people.tsx';
import styles from './settings.module.css';

/** Who one is here, how the portal looks, and for those who manage it: people and keys. */
export function SettingsView({
  me,
  theme,
  people,
  keys,
  mayWrite,
  apiUrl,
  now,
}: {
  readonly me: Me;
  readonly theme: Theme;
  /** null: not open to this role. */
  readonly people: Members['members'] | null;
  readonly keys: ApiKeys['apiKeys'] | null;
  readonly mayWrite: boolean;
  readonly apiUrl: string;
  readonly now: string;
}) {
  const t = useTranslator();
  const timeZone = me.sites[0]?.timeZone ?? 'UTC';
  return (
    <>
      <Verdict title={t('settings.title')}>
        {t('settings.role', { role: t(`role.${me.role}`), organisation: me.organisation.name })}
      </Verdict>
      <div className={styles.pair}>
        <Account me={me} />
        <Display theme={theme} />
      </div>
      {people && keys ? (
        <>
          <div className={styles.section}>
            <Section title={t('data.nav')} basis={<Link href="/settings/data">{t('data.open')}</Link>}>
              <p>{t('data.openText')}</p>
            </Section>
          </div>
          <People people={people} sites={me.sites} timeZone={timeZone} />
          <ApiKeyList keys={keys} timeZone={timeZone} mayWrite={mayWrite} apiUrl={apiUrl} now={now} />
        </>
      ) : (
        <Section title={t('settings.people')}>
          <State title={t('state.forbidden.title')} level={3}>
            <p>{t('settings.noManage', { organisation: me.organisation.name })}</p>
          </State>
        </Section>
      )}
    </>
  );
}
