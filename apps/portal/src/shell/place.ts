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
  /** Pages of the place, below it in the rail while one of them is open. */
  readonly views?: readonly View[];
}

export interface View {
  readonly key: PortalKey;
  readonly path: string;
}

/** Views of one site, below its path. */
export const siteViews: readonly View[] = [
  { key: 'nav.overview', path: '' },
  { key: 'nav.explore', path: '/explore' },
  { key: 'nav.flow', path: '/flow' },
  { key: 'nav.structure', path: '/structure' },
  { key: 'nav.balance', path: '/balance' },
];

/** Pages of Performance, with their whole path. */
export const performanceViews: readonly View[] = [
  { key: 'nav.enpis', path: '/performance' },
  { key: 'nav.seus', path: '/performance/seus' },
  { key: 'nav.variables', path: '/performance/variables' },
  { key: 'nav.factors', path: '/performance/factors' },
  { key: 'nav.adjustments', path: '/performance/adjustments' },
  { key: 'nav.certificate', path: '/performance/certificate' },
];

/** Pages of Audit. */
export const auditViews: readonly View[] = [
  { key: 'nav.audits', path: '/audit' },
  { key: 'account.head', path: '/audit/account' },
  { key: 'obligation.head', path: '/audit/obligations' },
  { key: 'nav.periods', path: '/audit/periods' },
  { key: 'nav.verify', path: '/audit/verify' },
];

/** Pages of Field. */
export const fieldViews: readonly View[] = [
  { key: 'field.gateways', path: '/field' },
  { key: 'catalogue.nav', path: '/field/catalogue' },
  { key: 'calc.jump', path: '/field/calculators' },
];

/** The places of the portal, in the order of the rail. */
export const places: readonly Place[] = [
  { key: 'nav.portfolio', icon: 'portfolio', permission: 'portfolio:read', path: '/' },
  { key: 'nav.site', icon: 'site', permission: 'site:read', path: '', isOfSite: true },
  {
    key: 'nav.performance',
    icon: 'performance',
    permission: 'performance:read',
    path: '/performance',
    views: performanceViews,
  },
  { key: 'nav.money', icon: 'money', permission: 'money:read', path: '/money' },
  { key: 'nav.audit', icon: 'audit', permission: 'audit:read', path: '/audit', views: auditViews },
  { key: 'nav.alarms', icon: 'alarms', permission: 'alarm:read', path: '/alarms' },
  { key: 'nav.field', icon: 'field', permission: 'field:read', path: '/field', views: fieldViews },
  { key: 'nav.settings', icon: 'settings', permission: null, path: '/settings' },
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

/** Whether a view of a place is open: its own page, or one below it that no other view has. */
export const isViewCurrent = (view: View, views: readonly View[], pathname: string): boolean =>
  pathname === view.path ||
  (pathname.startsWith(`${view.path}/`) &&
    !views.some((v) => v.path.length > view.path.length && pathname.startsWith(v.path)));

/** Pages about one site, which `?site=` names. */
const pagesOfOneSite = [
  '/performance/new',
  '/performance/seus',
  '/performance/variables',
  '/audit/periods',
] as const;
export type PageOfOneSite = (typeof pagesOfOneSite)[number];
export const isOfOneSite = (pathname: string): boolean => pagesOfOneSite.some((path) => path === pathname);

/** Pages that take `?site=` to show one site only. */
const filteredBySite = ['/performance', '/performance/adjustments', '/money', '/alarms', '/field'];
export const isFilteredBySite = (pathname: string): boolean =>
  isOfOneSite(pathname) || filteredBySite.includes(pathname);

/** Which form of the period a page shows. */
export function periodModeOf(pathname: string): PeriodMode {
  if (pathname === '/') return 'month';
  if (['/money', '/performance/seus', '/performance/variables'].includes(pathname)) return 'months';
  if (/^\/sites\/[^/]+$/.test(pathname)) return 'day';
  if (
    /^\/sites\/[^/]+\/(explore|balance|flow|structure|meters\/\d+|structure\/[a-z]+\/[^/]+)$/.test(pathname)
  )
    return 'range';
  return 'now';
}

/** Pages, and views of them, whose period can be held against another one: curves. */
export const isCompared = (pathname: string, view: string | null): boolean =>
  view === null && /^\/sites\/[^/]+\/(explore|meters\/\d+)$/.test(pathname);
