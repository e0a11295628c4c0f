import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('validation', () => {
  it('refuses what the contract does not allow, names every fault, and writes nothing', async () => {
    const admin = await api.as(api.first, 'admin');
    const refused: [string, unknown, string][] = [
      ['POST /api-keys', { name: '', scopes: [] }, 'name'],
      ['POST /api-keys', { name: 'x', scopes: ['everything'] }, 'scopes.0'],
      ['POST /api-keys', { name: 'x', scopes: ['read'], role: 'admin' }, ''],
      ['POST /api-keys', {}, 'name'],
      ['POST /alarm-rules', { kind: 'threshold', siteId: api.first.siteId, name: 'x' }, 'meterId'],
      [`PATCH /alarm-rules/${api.first.alarmRuleId}`, { delay_s: -1 }, 'delay_s'],
      [`PUT /audits/${api.first.auditId}/scope/${api.first.deliveryPointId}`, { included: false }, 'reason'],
      ['GET /sites/not-a-uuid/overview', undefined, ''],
      ['GET /meters/0', undefined, ''],
      ['GET /meters/1;drop', undefined, ''],
      ['GET /bills?from=2026-13&to=2026-14', undefined, 'from'],
      [
        'GET /series?meters=1&measurand=nonsense&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
        undefined,
        'measurand',
      ],
      ['GET /alarms?state=all', undefined, 'state'],
    ];
    for (const [route, body, path] of refused) {
      const answer = await admin(route, body);
      expect(answer.status, route).toBe(422);
      expect(answer.headers.get('content-type'), route).toMatch(/^application\/problem\+json/);
      expect(answer.json, route).toMatchObject({
        code: 'invalid',
        status: 422,
        type: 'urn:wattproof:problem:invalid',
      });
      const paths = (answer.json.errors as { path: string }[]).map((e) => e.path);
      expect(paths, route).toContain(path);
    }
    const { rows } = await api.admin.query('SELECT count(*)::int AS n FROM audit_event');
    expect(rows[0].n).toBe(0);
  });

  it('tells stretches that are backwards, too long or too fine', async () => {
    const admin = await api.as(api.first, 'admin');
    const series = (more: string) =>
      admin(`GET /series?meters=${api.first.mainMeterId}&measurand=active_energy_import_wh&${more}`);
    expect((await series('from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z')).json.detail).toMatch(/before/);
    expect(
      (await series('from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z&resolution=base')).json,
    ).toMatchObject({
      code: 'invalid',
      details: { limit: 5000 },
    });
    expect((await admin('GET /bills?from=2020-01&to=2026-01')).json.detail).toMatch(/36 months/);
  });

  it('refuses bodies that are too large, broken or of another kind', async () => {
    const admin = await api.as(api.first, 'admin');
    const large = await admin('POST /api-keys', { name: 'x'.repeat(2_200_000), scopes: ['read'] });
    expect(large.json).toMatchObject({ status: 413, code: 'tooLarge' });
    const headers = { 'content-type': 'application/json' };
    expect((await admin('POST /api-keys', '{broken', headers)).json).toMatchObject({
      status: 400,
      code: 'invalid',
    });
    expect((await admin('POST /bill-imports', '', {})).json).toMatchObject({ code: 'invalid' });
  });
});

describe('every answer', () => {
  it('has an id that the caller may choose, and headers that keep browsers from doing more with it', async () => {
    const answer = await api.anonymous('GET /sites', undefined, { 'x-request-id': 'chosen-by-caller' });
    expect(answer.headers.get('x-request-id')).toBe('chosen-by-caller');
    expect(answer.json.instance).toBe('urn:request:chosen-by-caller');
    expect(
      (await api.anonymous('GET /sites', undefined, { 'x-request-id': 'bad id !' })).headers.get(
        'x-request-id',
      ),
    ).toMatch(/^[0-9a-f-]{36}$/);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
    });
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('about nothing is a problem too', async () => {
    const nowhere = await api.anonymous('GET /nowhere');
    expect(nowhere.json).toMatchObject({ status: 404, code: 'notFound' });
    expect(nowhere.headers.get('content-type')).toMatch(/problem\+json/);
  });
});

describe('documentation and health', () => {
  it('are open to everybody, and need nothing from elsewhere', async () => {
    expect((await api.anonymous('GET //openapi.json')).json.openapi).toMatch(/^3\./);
    const page = await api.anonymous('GET //docs');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    for (const asset of ['swagger-ui-bundle.js', 'swagger-ui.css', 'swagger-ui-init.js'])
      expect((await api.anonymous(`GET //docs/${asset}`)).status, asset).toBe(200);
    expect((await api.anonymous('GET //health')).json).toEqual({
      status: 'ready',
      database: 'up',
      redis: 'up',
      broker: 'up',
    });
  });
});
