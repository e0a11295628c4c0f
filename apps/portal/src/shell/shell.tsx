'use client';
import type { Me } from '@wattproof/contracts/api';
import { type ReactNode, Suspense, useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { JobsProvider } from '../job/jobs.tsx';
import { Palette } from './palette.tsx';
import { PhoneBar } from './phone-bar.tsx';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

/** What the shell knows of the visitor. */
export type Visitor = Pick<
  Me,
  'displayName' | 'email' | 'role' | 'permissions' | 'organisation' | 'organisations' | 'sites' | 'openAlarms'
>;

export function Shell({
  visitor,
  lastSiteId,
  children,
}: {
  readonly visitor: Visitor;
  readonly lastSiteId: string | null;
  readonly children: ReactNode;
}) {
  const t = useTranslator();
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  return (
    <JobsProvider>
      <a className={styles.skip} href="#content">
        {t('app.skip')}
      </a>
      <div className={styles.frame}>
        <Suspense>
          <Rail visitor={visitor} lastSiteId={lastSiteId} />
          <TopBar visitor={visitor} onSearch={() => setPaletteOpen(true)} />
        </Suspense>
        <main id="content" className={styles.content} tabIndex={-1}>
          {children}
        </main>
        <Suspense>
          <StatusBar visitor={visitor} />
          <PhoneBar visitor={visitor} lastSiteId={lastSiteId} />
          <Palette visitor={visitor} isOpen={isPaletteOpen} onOpenChange={setPaletteOpen} />
        </Suspense>
      </div>
    </JobsProvider>
  );
}
