'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useId, useRef } from 'react';
import { useTranslator } from '../i18n/provider.tsx';
import { Icon } from '../icon/icon.tsx';
import styles from './phone-bar.module.css';
import { isPlaceCurrent, places, sitePath, siteViews } from './place.ts';
import { useSiteId } from './rail.tsx';
import type { Visitor } from './shell.tsx';

/** Places that people on the move need first. */
const preferred = ['nav.site', 'nav.performance', 'nav.alarms', 'nav.field', 'nav.portfolio', 'nav.audit'];

export function PhoneBar({
  visitor,
  lastSiteId,
}: {
  readonly visitor: Visitor;
  readonly lastSiteId: string | null;
}) {
  const t = useTranslator();
  const pathname = usePathname();
  const siteId = useSiteId(visitor, lastSiteId);
  const more = useRef<HTMLDivElement>(null);
  const id = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => more.current?.hidePopover(), [pathname]);
  const open = places.filter(
    (p) =>
      (p.permission === null || visitor.permissions.includes(p.permission)) &&
      (!p.isOfSite || siteId !== null),
  );
  const first = preferred.flatMap((key) => open.filter((p) => p.key === key)).slice(0, 4);
  const rest = open.filter((p) => !first.includes(p));
  const hrefOf = (place: (typeof places)[number]): string =>
    place.isOfSite && siteId ? sitePath(siteId) : place.path;
  return (
    <nav aria-label={t('nav.label')} className={styles.bar}>
      {first.map((place) => (
        <Link
          key={place.key}
          href={hrefOf(place)}
          className={styles.place}
          {...(isPlaceCurrent(place, pathname) ? { 'aria-current': 'page' as const } : {})}
        >
          <Icon name={place.icon} size={20} />
          <span>
            {t(place.key)}
            {place.key === 'nav.alarms' && visitor.openAlarms > 0 && ` ${visitor.openAlarms}`}
          </span>
        </Link>
      ))}
      <button type="button" className={styles.place} popoverTarget={id}>
        <Icon name="more" size={20} />
        <span>{t('nav.more')}</span>
      </button>
      <div ref={more} id={id} popover="auto" className={styles.more}>
        <ul>
          {siteId &&
            siteViews.slice(1).map((view) => (
              <li key={view.key}>
                <Link href={sitePath(siteId, view.path)}>
                  {t('nav.site')} · {t(view.key)}
                </Link>
              </li>
            ))}
          {open
            .flatMap((place) => (place.views ?? []).slice(1).map((view) => ({ place, view })))
            .map(({ place, view }) => (
              <li key={view.key}>
                <Link href={view.path}>
                  {t(place.key)} · {t(view.key)}
                </Link>
              </li>
            ))}
          {rest.map((place) => (
            <li key={place.key}>
              <Link href={hrefOf(place)}>{t(place.key)}</Link>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}
