'use client';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import { isPlaceCurrent, isViewCurrent, places, siteIdOf, sitePath, siteViews } from './place.ts';
import { withQuery } from './query.ts';
import styles from './rail.module.css';
import type { Visitor } from './shell.tsx';

/** The mark: a tick on a ruled line, the checked figure. */
export function Mark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
      className={styles.mark}
    >
      <path
        d="M4 10.5l5 5L20.500 5"
        stroke="currentColor"
        strokeWidth="2.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path
        d="M3 21h18M3 21v-3M9 21v-2M15 21v-2M21 21v-3"
        stroke="var(--ink)"
        strokeWidth="1.4"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function useSiteId(visitor: Visitor, lastSiteId: string | null): string | null {
  const pathname = usePathname();
  const asked = useSearchParams().get('site');
  const known = (id: string | null): string | null => (visitor.sites.some((s) => s.id === id) ? id : null);
  return known(siteIdOf(pathname)) ?? known(asked) ?? known(lastSiteId) ?? visitor.sites[0]?.id ?? null;
}

export function Rail({
  visitor,
  lastSiteId,
}: {
  readonly visitor: Visitor;
  readonly lastSiteId: string | null;
}) {
  const t = useTranslator();
  const pathname = usePathname();
  const search = useSearchParams();
  const siteId = useSiteId(visitor, lastSiteId);
  const kept = withQuery('', { period: search.get('period') });
  const open = places.filter((p) => p.permission === null || visitor.permissions.includes(p.permission));
  return (
    <div className={styles.rail}>
      <Link href={open[0]?.isOfSite && siteId ? sitePath(siteId) : '/'} className={styles.brand}>
        <Mark />
        <span>{t('app.name')}</span>
      </Link>
      <nav aria-label={t('nav.label')} className={styles.nav}>
        <ul>
          {open.map((place) => {
            if (place.isOfSite && !siteId) return null;
            const isCurrent = isPlaceCurrent(place, pathname);
            const href = place.isOfSite && siteId ? sitePath(siteId) : place.path;
            const count = place.key === 'nav.alarms' ? visitor.openAlarms : 0;
            return (
              <li key={place.key}>
                <Link
                  href={`${href}${kept}`}
                  className={styles.place}
                  data-current={isCurrent || undefined}
                  {...(isCurrent && !place.isOfSite && !place.views
                    ? { 'aria-current': 'page' as const }
                    : {})}
                >
                  <Icon name={place.icon} />
                  <span>{t(place.key)}</span>
                  {count > 0 && (
                    <>
                      <span className={styles.count} aria-hidden="true">
                        {count}
                      </span>
                      <span className="visually-hidden">{t('nav.openAlarms', { count })}</span>
                    </>
                  )}
                </Link>
                {place.views && isCurrent && (
                  <ul className={styles.views}>
                    {place.views.map((view) => (
                      <li key={view.key}>
                        <Link
                          href={`${view.path}${withQuery('', { site: search.get('site') })}`}
                          className={styles.view}
                          {...(isViewCurrent(view, place.views ?? [], pathname)
                            ? { 'aria-current': 'page' as const }
                            : {})}
                        >
                          {t(view.key)}
                        </Link>
                      </li>
                    ))}
                  </ul>
                )}
                {place.isOfSite && isCurrent && siteId && (
                  <ul className={styles.views}>
                    {siteViews.map((view) => {
                      const path = sitePath(siteId, view.path);
                      const isView =
                        pathname === path ||
                        (view.path === '/structure' &&
                          ['/meters', '/structure'].some((below) =>
                            pathname.startsWith(sitePath(siteId, `${below}/`)),
                          ));
                      return (
                        <li key={view.key}>
                          <Link
                            href={`${path}${kept}`}
                            className={styles.view}
                            {...(isView ? { 'aria-current': 'page' as const } : {})}
                          >
                            {t(view.key)}
                          </Link>
                        </li>
                      );
                    })}
                  </ul>
                )}
              </li>
            );
          })}
        </ul>
      </nav>
      <Link href="/settings" className={styles.person}>
        <strong>{visitor.organisation.name}</strong>
        <span>
          {visitor.displayName} · {t(`role.${visitor.role}`)}
        </span>
      </Link>
    </div>
  );
}
