import type { OpenAPIObject } from '@nestjs/swagger';
import { type RouteHandler, routeHandlers } from '../src/access/route-access.ts';
import { describedApp } from '../src/openapi/described-app.ts';
import { openApiDocument } from '../src/openapi/document.ts';
import type { TestOrganisation } from './fixture.ts';

/** A route of the API as its OpenAPI document has it. */
export interface Route {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly access: string;
  readonly operationId: string;
}

const accessOf = (description: string | undefined): string =>
  /Access: `([^`]+)`/.exec(description ?? '')?.[1] ?? 'public';

/** Every route, so that a test over all of them covers tomorrow's too. */
export async function allRoutes(): Promise<{
  readonly routes: readonly Route[];
  readonly handlers: readonly RouteHandler[];
}> {
  const app = await describedApp();
  const document: OpenAPIObject = openApiDocument(app);
  const handlers = routeHandlers(app);
  await app.close();
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, operation]: [string, { description?: string; operationId?: string }]) => ({
        method: method.toUpperCase(),
        path,
        access: accessOf(operation.description),
        operationId: operation.operationId ?? '',
      }),
    ),
  );
  return { routes, handlers };
}

/** Path of a route with the ids of an organisation in it, as a caller of the fixture takes it. */
export function pathOf(route: Pick<Route, 'path'>, organisation: TestOrganisation): string {
  const ids: Readonly<Record<string, string | number>> = {
    siteId: organisation.siteId,
    meterId: organisation.mainMeterId,
    gatewayId: organisation.gatewayId,
    alarmId: organisation.alarmId,
    ruleId: organisation.alarmRuleId,
    auditId: organisation.auditId,
    unitId: organisation.legalEntityId,
    deliveryPointId: organisation.deliveryPointId,
    documentId: organisation.documentId,
    photoId: organisation.photoId,
    bundleId: organisation.bundleId,
    importId: organisation.importId,
    billId: organisation.billId,
    month: '2026-03',
    receiptId: `meterEnergy~1~${organisation.mainMeterId}~active_energy_import_wh~2026-03-01~2026-04-01`,
    version: 1,
    enpiId: organisation.enpiId,
    variableId: organisation.variableId,
    stationId: organisation.stationId,
    adjustmentId: organisation.adjustmentId,
    fileId: organisation.adjustmentFileId,
    eventId: organisation.meterEventId,
    id: route.path.includes('/dead-letters/') ? organisation.deadLetterId : organisation.jobRunId,
  };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(ids[name] ?? `no-${name}`));
  return path.startsWith('/api/v1') ? path.slice('/api/v1'.length) : `/${path}`;
}

/** Query that a route cannot do without. */
export function queryOf(route: Pick<Route, 'path'>, organisation: TestOrganisation): string {
  const queries: Readonly<Record<string, string>> = {
    '/api/v1/series': `meters=${organisation.mainMeterId}&measurand=active_energy_import_wh&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z`,
    '/api/v1/series/heat-map': `meter=${organisation.mainMeterId}&from=2026-03-01&to=2026-03-05`,
    '/api/v1/series/duration-curve': `meters=${organisation.mainMeterId}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z`,
    '/api/v1/meters/{meterId}/statistics': 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z',
    '/api/v1/sites/{siteId}/consumption': 'by=zone&from=2026-03-01&to=2026-03-05&resolution=day',
    '/api/v1/exports/readings': `meters=${organisation.mainMeterId}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z`,
    '/api/v1/exports/intervals': `meters=${organisation.mainMeterId}&from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z`,
    '/api/v1/meters/{meterId}/readings': 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z',
    '/api/v1/meters/{meterId}/billing-periods': 'from=2026-03-01&to=2026-04-01',
    '/api/v1/sites/{siteId}/balance': 'from=2026-03-01&to=2026-03-10',
    '/api/v1/sites/{siteId}/completeness': 'from=2026-03-01&to=2026-03-10',
    '/api/v1/sites/{siteId}/uses': 'from=2026-03-01&to=2026-03-10',
    '/api/v1/bills': 'from=2026-01&to=2026-03',
    '/api/v1/sites/{siteId}/load': 'date=2026-03-02',
    '/api/v1/portfolio': 'month=2026-03',
    '/api/v1/variables/{variableId}/values': 'from=2026-03-01&to=2026-04-01',
    '/api/v1/sites/{siteId}/seus': 'from=2026-03-01&to=2026-03-10',
    '/api/v1/sites/{siteId}/degree-days': 'from=2026-03-01&to=2026-03-10',
  };
  const query = queries[route.path];
  return query ? `?${query}` : '';
}
