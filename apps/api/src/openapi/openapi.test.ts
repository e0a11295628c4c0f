import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireDeclaredAccess, routeHandlers } from '../access/route-access.ts';
import { answerKey } from '../http/endpoint.ts';
import { describedApp } from './described-app.ts';
import { openApiDocument } from './document.ts';
import { openApiPath, openApiText } from './file.ts';

let app: NestExpressApplication;
beforeAll(async () => {
  app = await describedApp();
});
afterAll(() => app.close());

describe('OpenAPI document', () => {
  it('is the committed one; `npm run openapi -w @wattproof/api` writes it anew', async () => {
    expect(openApiText(openApiDocument(app))).toBe(await readFile(openApiPath, 'utf8'));
  });

  it('describes every route with its access and its answer', () => {
    const operations = Object.entries(openApiDocument(app).paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ route: `${method} ${path}`, operation })),
    );
    expect(operations).toHaveLength(routeHandlers(app).length);
    for (const { route, operation } of operations) {
      expect(operation.description, route).toMatch(/^(Access: `|Open to everybody)/);
      const success = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
      expect(success, route).toHaveLength(1);
    }
  });

  it('shows bodies and queries with the limits of their schemas', () => {
    const { paths } = openApiDocument(app);
    const create = paths['/api/v1/api-keys']?.post?.requestBody;
    expect(JSON.stringify(create)).toContain('"maxLength":80');
    const series = paths['/api/v1/series']?.get?.parameters ?? [];
    expect(series.map((p) => ('name' in p ? p.name : ''))).toEqual(
      expect.arrayContaining(['meters', 'measurand', 'from', 'to', 'resolution']),
    );
  });
});

describe('routes', () => {
  it('declare their access, every one; one that does not keeps the application from starting', () => {
    expect(() => requireDeclaredAccess(app)).not.toThrow();
    const [route] = routeHandlers(app);
    if (!route) throw new Error('there is no route');
    const declared = Reflect.getMetadata('wattproof:access', route.handler) as unknown;
    Reflect.deleteMetadata('wattproof:access', route.handler);
    try {
      expect(() => requireDeclaredAccess(app)).toThrow(route.name);
    } finally {
      Reflect.defineMetadata('wattproof:access', declared, route.handler);
    }
  });

  it('that answer JSON keep the schema of their answer', () => {
    const without = routeHandlers(app).filter(({ handler }) => !Reflect.getMetadata(answerKey, handler));
    expect(without.map((r) => r.name).sort()).toEqual([
      'AdjustmentController.file',
      'AlarmController.deleteRule',
      'AuditController.document',
      'BillController.add',
      'BillController.file',
      'ConfigurationController.removeDraft',
      'ConfigurationController.table',
      'DeviceCatalogueController.remove',
      'DossierController.endSchedule',
      'DossierController.photo',
      'DossierController.removePhoto',
      'DossierController.retry',
      'EnergyAccountController.removeRow',
      'EnpiController.withdrawTarget',
      'EvidenceController.download',
      'EvidenceController.verifier',
      'ExportController.intervals',
      'ExportController.readings',
      'JobController.stream',
      'LiveController.live',
      'MeterEventController.remove',
      'MeterEventController.stopPartial',
      'ObligationController.calendar',
      'ObligationController.removeGroup',
      'ObligationController.withdrawReview',
      'PeriodController.explain',
    ]);
  });
});
