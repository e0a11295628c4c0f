import type { Permission } from '@wattproof/contracts/api';
import type { PortalKey } from '@wattproof/messages';
import type { IconName } from '../icon/icon-shapes.ts';
import type { PeriodMode } from './period.ts';

export interface Place {
  readonly key: PortalKey;
  readonly icon: IconName;
  /** null: open to everybody who is signed in. */
  readonly permission: Permission | null;
  /** Path without a site; `site` places are under /sites/{siteId}. */
  readonly path: string;
  readonly isOfSite?: boolean;
}

/** The places of the portal, in the order of the rail. */
export const places: readonly Place[] = [
  { key: 'nav.portfolio', icon: 'portfolio', permission: 'portfolio:read', path: '/' },
  { key: 'nav.site', icon: 'site', permission: 'site:read', path: '', isOfSite: true },
  { key: 'nav.performance', icon: 'performance', permission: 'performance:read', path: '/performance' },
  { key: 'nav.money', icon: 'money', permission: 'money:read', path: '/money' },
  { key: 'nav.audit', icon: 'audit', permission: 'audit:read', path: '/audit' },
  { key: 'nav.alarms', icon: 'alarms', permission: 'alarm:read', path: '/alarms' },
  { key: 'nav.field', icon: 'field', permission: 'field:read', path: '/field' },
  { key: 'nav.settings', icon: 'settings', permission: null, path: '/settings' },
];

/** Views of one site. */
export const siteViews: readonly { readonly key: PortalKey; readonly path: string }[] = [
  { key: 'nav.overview', path: '' },
  { key: 'nav.explore', path: '/explore' },
  { key: 'nav.structure', path: '/structure' },
  { key: 'nav.balance', path: '/balance' },
];

export const sitePath = (siteId: string, view = ''): string => `/sites/${siteId}${view}`;

/** The site that a path is about. */
export const siteIdOf = (pathname: string): string | null => pathname.match(/^\/sites\/([^/]+)/)?.[1] ?? null;

export const isPlaceCurrent = (place: Place, pathname: string): boolean =>
  place.isOfSite
    ? pathname.startsWith('/sites/')
    : place.path === '/'
      ? pathname === '/'
      : pathname === place.path || pathname.startsWith(`${place.path}/`);

/** Pages that take `?site=` to show one site only. */
const filteredBySite = ['/performance', '/money', '/alarms', '/field'];
export const isFilteredBySite = (pathname: string): boolean => filteredBySite.includes(pathname);

/** Which form of the period a page shows. */
export function periodModeOf(pathname: string): PeriodMode {
  if (pathname === '/') return 'month';
  if (pathname === '/money') return 'months';
  if (/^\/sites\/[^/]+$/.test(pathname)) return 'day';
  if (/^\/sites\/[^/]+\/(explore|balance|structure|meters\/\d+|structure\/[a-z]+\/[^/]+)$/.test(pathname))
    return 'range';
  return 'now';
}

/** Pages, and views of them, whose period can be held against another one: curves. */
export const isCompared = (pathname: string, view: string | null): boolean =>
  view === null && /^\/sites\/[^/]+\/(explore|meters\/\d+)$/.test(pathname);
