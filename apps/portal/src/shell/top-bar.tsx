'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { Against } from './against.tsx';
import { useNarrow } from './narrow.ts';
import { PeriodPicker } from './period-picker.tsx';
import { isCompared, isFilteredBySite, isOfOneSite, siteIdOf, sitePath } from './place.ts';
import { withQuery } from './query.ts';
import type { Visitor } from './shell.tsx';
import styles from './top-bar.module.css';

export function TopBar({ visitor, onSearch }: { readonly visitor: Visitor; readonly onSearch: () => void }) {
  const t = useTranslator();
  const pathname = usePathname();
  const search = useSearchParams();
  // The bar of a phone has no room left; there the page itself offers the comparison.
  const isNarrow = useNarrow();
  return (
    <header className={styles.bar}>
      <SiteSwitcher visitor={visitor} />
      <PeriodPicker visitor={visitor} />
      {isCompared(pathname, search.get('view')) && !isNarrow && <Against />}
      <button type="button" className={styles.search} onClick={onSearch} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className={styles.searchText}>{t('shell.search')}</span>
        <span className={styles.keys} aria-hidden="true">
          {t('shell.searchHint')}
        </span>
      </button>
      <CopyLink />
    </header>
  );
}

/** One site switcher for the whole portal: it swaps the site of a site page, filters lists, else opens the site. */
function SiteSwitcher({ visitor }: { readonly visitor: Visitor }) {
  const t = useTranslator();
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const inPath = siteIdOf(pathname);
  const current = inPath ?? (isFilteredBySite(pathname) ? search.get('site') : null);
  const site = visitor.sites.find((s) => s.id === current);
  const entities = [...new Map(visitor.sites.map((s) => [s.legalEntityId, s.legalEntityName]))];
  const choose = (siteId: string): void => {
    const kept = withQuery('', { period: search.get('period') });
    if (inPath) {
      const view = pathname.match(/^\/sites\/[^/]+(\/explore|\/flow|\/structure|\/balance)?/)?.[1] ?? '';
      router.push(siteId === '' ? '/' : `${sitePath(siteId, view)}${kept}`);
    } else if (isFilteredBySite(pathname)) {
      router.push(`${pathname}${withQuery(search.toString(), { site: siteId || null })}`);
    } else if (siteId !== '') {
      router.push(`${sitePath(siteId)}${kept}`);
    }
  };
  return (
    <div className={styles.site}>
      <span className={styles.siteText} aria-hidden="true">
        <strong>{site?.name ?? t('shell.allSites')}</strong>
        <span>{site?.legalEntityName ?? visitor.organisation.name}</span>
        <Icon name="expand" size={14} />
      </span>
      <select
        aria-label={t('shell.site')}
        value={site?.id ?? ''}
        onChange={(event) => choose(event.target.value)}
      >
        {(inPath ? visitor.permissions.includes('portfolio:read') : !isOfOneSite(pathname)) && (
          <option value="">{t('shell.allSites')}</option>
        )}
        {entities.map(([id, name]) => (
          <optgroup key={id} label={name}>
            {visitor.sites
              .filter((s) => s.legalEntityId === id)
              .map((s) => (
                <option key={s.id} value={s.id}>
                  {s.name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

function CopyLink() {
  const t = useTranslator();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      setState('copied');
    } catch {
      // Without a secure origin browsers refuse the clipboard; the person is told what to do instead.
      setState('failed');
    }
  };
  return (
    <button type="button" className={styles.copy} onClick={copy}>
      <Icon name={state === 'copied' ? 'check' : 'link'} />
      <span aria-live="polite">
        {state === 'idle'
          ? t('shell.copyLink')
          : state === 'copied'
            ? t('shell.copied')
            : t('shell.copyFailed')}
      </span>
    </button>
  );
}
