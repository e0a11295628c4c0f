import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { answerKey } from '../src/http/endpoint.ts';
import { startApi, type TestApi } from './fixture.ts';
import { allRoutes, pathOf, queryOf, type Route } from './routes.ts';

let api: TestApi;
let gets: readonly Route[];
let answers: ReadonlyMap<string, z.ZodType>;
const streams = new Set(['Job_stream', 'Live_live']);

beforeAll(async () => {
  api = await startApi();
  const { routes, handlers } = await allRoutes();
  gets = routes.filter((r) => r.method === 'GET' && r.access !== 'public' && !streams.has(r.operationId));
  answers = new Map(
    handlers.flatMap(({ name, handler }) => {
      const schema = Reflect.getMetadata(answerKey, handler) as z.ZodType | undefined;
      return schema ? [[name.replace('Controller.', '_'), schema] as const] : [];
    }),
  );
});
afterAll(() => api?.close());

describe('every GET route', () => {
  it('answers its own organisation, in the shape of the contract', async () => {
    expect(gets.length).toBeGreaterThan(25);
    const own = await api.as(api.first, 'admin');
    for (const route of gets) {
      const answer = await own(`GET ${pathOf(route, api.first)}${queryOf(route, api.first)}`);
      expect(answer.status, `${route.path}: ${answer.text.slice(0, 300)}`).toBe(200);
      const schema = answers.get(route.operationId);
      if (schema) {
        const parsed = schema.safeParse(answer.json);
        expect(parsed.error?.issues ?? [], route.path).toEqual([]);
      }
    }
  }, 240_000);

  it('answers not found for the ids of another organisation, for people and keys', async () => {
    const withIds = gets.filter((r) => r.path.includes('{'));
    expect(withIds.length).toBeGreaterThanOrEqual(10);
    for (const call of [await api.as(api.second, 'admin'), api.withKey(api.second.apiKeys.read)])
      for (const route of withIds) {
        const answer = await call(`GET ${pathOf(route, api.first)}${queryOf(route, api.first)}`);
        expect(answer.status, route.path).toBe(404);
        expect(answer.json, route.path).toMatchObject({ code: 'notFound' });
      }
  }, 240_000);

  it('shows nothing of another organisation in its lists', async () => {
    const { first, second } = api;
    const foreign = [
      first.siteId,
      first.otherSiteId,
      first.legalEntityId,
      first.gatewayId,
      first.alarmId,
      first.auditId,
      first.enpiId,
      first.jobRunId,
      first.deliveryPointId,
      'first SAS',
      'first Laval',
      '@first.example',
    ];
    const caller = await api.as(second, 'admin');
    for (const route of gets.filter((r) => !r.path.includes('{'))) {
      const answer = await caller(`GET ${pathOf(route, second)}${queryOf(route, second)}`);
      expect(answer.status, route.path).toBe(200);
      for (const trace of foreign)
        expect(answer.text.includes(trace), `${route.path} shows ${trace}`).toBe(false);
    }
  });

  it('refuses meters of another organisation in a query, also beside own ones', async () => {
    const caller = await api.as(api.second, 'admin');
    const answer = await caller(
      `GET /series?meters=${api.second.mainMeterId},${api.first.mainMeterId}&measurand=active_power_w&from=2026-03-02T00:00:00Z&to=2026-03-02T01:00:00Z`,
    );
    expect(answer.status).toBe(404);
    const foreignSite = await caller(`GET /meters?siteId=${api.first.siteId}`);
    expect(foreignSite.json).toEqual({ meters: [] });
  });
});

describe('acts', () => {
  it('on ids of another organisation change nothing', async () => {
    const { first } = api;
    const caller = await api.as(api.second, 'admin');
    const acts: [string, unknown][] = [
      [`POST /alarms/${first.alarmId}/acknowledge`, {}],
      [`PATCH /alarm-rules/${first.alarmRuleId}`, { enabled: false }],
      [`DELETE /alarm-rules/${first.alarmRuleId}`, undefined],
      [`POST /gateways/${first.gatewayId}/revoke`, undefined],
      [`POST /dead-letters/${first.deadLetterId}/resolve`, { resolution: 'mine now' }],
      [`POST /dead-letters/${first.deadLetterId}/take`, { reason: 'mine now' }],
      [`POST /gateways/${first.gatewayId}/quarantine`, { decision: 'discard', upTo: '9', reason: 'x' }],
      [`PUT /audits/${first.auditId}/scope/${first.deliveryPointId}`, { included: false, reason: 'x' }],
      [`POST /audits/${first.auditId}/reports`, { locale: 'en' }],
      [
        `POST /meters/${first.mainMeterId}/events`,
        {
          kind: 'reset',
          at: '2026-03-02T00:30:00Z',
          counters: [{ measurand: 'active_energy_import_wh', closingIndex: 1030, openingIndex: 0 }],
        },
      ],
      [`DELETE /meters/${first.mainMeterId}/events/${first.meterEventId}?reason=mine`, undefined],
      [`POST /meters/${first.mainMeterId}/partial-counter`, { name: 'mine' }],
      [
        `PUT /gateways/${first.gatewayId}/configuration/draft`,
        { plan: { pollPeriod_s: 1, lines: [] }, note: 'mine' },
      ],
      [`POST /gateways/${first.gatewayId}/configuration/send`, { note: 'mine' }],
      [`DELETE /gateways/${first.gatewayId}/configuration/draft`, undefined],
      [`POST /gateways/${first.gatewayId}/configuration/check`, { plan: { pollPeriod_s: 1, lines: [] } }],
      [`POST /gateways/${first.gatewayId}/commands/read`, { line: 'l1', unit: 1, address: 0, words: 1 }],
      [`POST /gateways/${first.gatewayId}/commands/sunspec`, { line: 'l1', unit: 1 }],
      [
        `POST /gateways/${first.gatewayId}/commands/write`,
        { meterKey: 'main', point: 'x', before: [0], words: [1], reason: 'mine' },
      ],
      ['POST /gateways', { siteId: first.siteId, name: 'x', kind: 'custom' }],
      ['POST /alarm-rules', { kind: 'noData', siteId: first.siteId, name: 'x', gatewayId: first.gatewayId }],
    ];
    for (const [route, body] of acts) expect((await caller(route, body)).status, route).toBe(404);
    const { rows } = await api.admin.query(
      `SELECT (SELECT count(*) FROM alarm WHERE acknowledged_at IS NOT NULL)::int AS acknowledged,
              (SELECT count(*) FROM gateway WHERE revoked_at IS NOT NULL)::int AS revoked,
              (SELECT count(*) FROM dead_letter WHERE resolved_at IS NOT NULL)::int AS resolved,
              (SELECT count(*) FROM audit_scope WHERE NOT included)::int AS "leftOut",
              (SELECT count(*) FROM alarm_rule WHERE enabled)::int AS rules,
              (SELECT count(*) FROM audit_event WHERE action <> 'export.create')::int AS events`,
    );
    expect(rows[0]).toEqual({ acknowledged: 0, revoked: 0, resolved: 0, leftOut: 0, rules: 2, events: 0 });
  });
});

describe('a membership of one site', () => {
  it('sees that site only', async () => {
    const operator = await api.as(api.first, 'operator');
    expect((await operator('GET /sites')).json.sites).toHaveLength(1);
    expect((await operator('GET /me')).json.sites).toHaveLength(1);
    expect((await operator(`GET /sites/${api.first.otherSiteId}/overview`)).status).toBe(404);
    expect((await operator(`GET /sites/${api.first.otherSiteId}/live`)).status).toBe(404);
    expect((await operator(`GET /sites/${api.second.siteId}/live`)).status).toBe(404);
    expect((await operator(`GET /meters/${api.first.otherMeterId}`)).status).toBe(404);
    const meters = (await operator('GET /meters')).json.meters as { siteId: string }[];
    expect(new Set(meters.map((m) => m.siteId))).toEqual(new Set([api.first.siteId]));
  });
});
