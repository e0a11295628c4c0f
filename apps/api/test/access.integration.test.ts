import { rolePermissions, scopePermissions } from '@wattproof/contracts/api';
import { saveAccount } from '@wattproof/database';
import { roles, scopes } from '@wattproof/energy';
import { getMigrations } from 'better-auth/db/migration';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signInLimits } from '../src/access/auth.ts';
import { type Caller, password, startApi, type TestApi } from './fixture.ts';
import { allRoutes, pathOf, queryOf, type Route } from './routes.ts';

let api: TestApi;
let routes: readonly Route[];

beforeAll(async () => {
  api = await startApi();
  ({ routes } = await allRoutes());
});
afterAll(() => api?.close());

/** A call that writes is sent without a body: it is refused for its access before its body is looked at, or for its body after. */
async function statusOf(call: Caller, route: Route): Promise<number> {
  if (['Live_live', 'Job_stream'].includes(route.operationId)) return streamStatus(call, route);
  const answer = await call(`${route.method} ${pathOf(route, api.second)}${queryOf(route, api.second)}`);
  return answer.status;
}

/** Streams do not end by themselves: an id of nowhere, or the refusal, answers at once. */
async function streamStatus(call: Caller, route: Route): Promise<number> {
  if (route.operationId === 'Job_stream') return 200;
  const nowhere = route.path
    .replace('/api/v1', '')
    .replace('{siteId}', '00000000-0000-4000-8000-000000000000');
  return (await call(`GET ${nowhere}`)).status;
}

const isGranted = (status: number): boolean => status !== 401 && status !== 403;

/** Whether a caller gets through to each route that asks for a permission; some at once, since there are many. */
async function granted(
  call: Caller,
): Promise<readonly { readonly route: Route; readonly isGranted: boolean }[]> {
  const waiting = routes.filter(({ access }) => access !== 'public' && access !== 'signedIn');
  const answers: { readonly route: Route; readonly isGranted: boolean }[] = [];
  const work = async (): Promise<void> => {
    for (let route = waiting.shift(); route; route = waiting.shift())
      answers.push({ route, isGranted: isGranted(await statusOf(call, route)) });
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return answers;
}

describe('permission matrix', () => {
  it('lets every role through to exactly the routes of its permissions', async () => {
    for (const role of roles) {
      const call = await api.as(api.first, role);
      for (const { route, isGranted } of await granted(call)) {
        const expected = (rolePermissions[role] as readonly string[]).includes(route.access);
        expect(isGranted, `${role}: ${route.method} ${route.path} (${route.access})`).toBe(expected);
      }
    }
  }, 180_000);

  it('lets every key scope through to exactly the routes of its permissions', async () => {
    for (const scope of scopes) {
      const call = api.withKey(api.first.apiKeys[scope]);
      for (const { route, isGranted } of await granted(call)) {
        const expected = (scopePermissions[scope] as readonly string[]).includes(route.access);
        expect(isGranted, `${scope}: ${route.method} ${route.path} (${route.access})`).toBe(expected);
      }
    }
  }, 180_000);

  it('lets nobody through without a session or key, but to what is public', async () => {
    for (const route of routes) {
      if (['Live_live', 'Job_stream'].includes(route.operationId)) continue;
      const status = await statusOf(api.anonymous, route);
      expect(status === 401, `${route.method} ${route.path}`).toBe(route.access !== 'public');
    }
    for (const path of ['/jobs/stream', `/sites/${api.first.siteId}/live`])
      expect((await api.anonymous(`GET ${path}`)).status).toBe(401);
  });
});

describe('API keys', () => {
  it('are made once, work at once, and are refused from their revocation on', async () => {
    const admin = await api.as(api.first, 'admin');
    const created = await admin('POST /api-keys', { name: 'ETL', scopes: ['read'] });
    expect(created.status).toBe(201);
    const { apiKey, key } = created.json;
    expect(key).toMatch(/^wp_[a-z0-9]{10}_/);
    const listed = await admin('GET /api-keys');
    expect(listed.text).not.toContain(key.slice('wp_0123456789_'.length));
    expect((await api.withKey(key)('GET /sites')).status).toBe(200);
    const used = (await admin('GET /api-keys')).json.apiKeys.find((k: { id: string }) => k.id === apiKey.id);
    expect(used.lastUsedAt).not.toBeNull();
    expect((await admin(`DELETE /api-keys/${apiKey.id}`)).json.revokedAt).not.toBeNull();
    expect((await api.withKey(key)('GET /sites')).json).toMatchObject({
      status: 401,
      code: 'unauthenticated',
    });
    const { rows } = await api.admin.query(
      'SELECT action, actor FROM audit_event WHERE object = $1 ORDER BY id',
      [apiKey.id],
    );
    expect(rows).toEqual([
      { action: 'apiKey.create', actor: 'The admin' },
      { action: 'apiKey.revoke', actor: 'The admin' },
    ]);
  });

  it('expire, and one changed in a single letter is unknown', async () => {
    const key = api.first.apiKeys.read;
    const changed = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    expect((await api.withKey(changed)('GET /sites')).status).toBe(401);
    for (const text of ['', 'nonsense', 'wp_short_key'])
      expect((await api.withKey(text)('GET /sites')).status, text).toBe(401);
    const admin = await api.as(api.first, 'admin');
    expect(
      (await admin('POST /api-keys', { name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }))
        .status,
    ).toBe(422);
    const made = await admin('POST /api-keys', {
      name: 'short',
      scopes: ['read'],
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await api.admin.query("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1", [
      made.json.apiKey.id,
    ]);
    expect((await api.withKey(made.json.key)('GET /sites')).json.detail).toMatch(/expired/);
  });

  it('are nobody: /me is for people', async () => {
    expect((await api.withKey(api.first.apiKeys.read)('GET /me')).status).toBe(403);
  });
});

describe('sign-in', () => {
  it('finds every table, column and index it needs in the migrated database', async () => {
    const { toBeCreated, toBeAdded } = await getMigrations(api.resources.auth.options);
    expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
  });

  it('gives a cookie that scripts cannot read and that other sites do not send', async () => {
    const answer = await api.anonymous('POST //api/auth/sign-in/email', {
      email: api.first.emailOf('auditor'),
      password,
    });
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('wattproof.session_token='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Path=\//);
  });

  it('takes an account as the product makes it, and its password as it is set anew', async () => {
    const person = {
      email: 'New.Person@first.example',
      displayName: 'New person',
      password: 'première phrase',
    };
    const id = await saveAccount(api.admin, person);
    const attempt = async (word: string): Promise<number> =>
      (await api.anonymous('POST //api/auth/sign-in/email', { email: person.email, password: word })).status;
    expect(await attempt('première phrase')).toBe(200);
    expect(await saveAccount(api.admin, { ...person, password: 'une autre phrase' })).toBe(id);
    expect([await attempt('première phrase'), await attempt('une autre phrase')]).toEqual([401, 200]);
  });

  it('refuses a wrong password and an unknown person alike', async () => {
    const wrong = await api.anonymous('POST //api/auth/sign-in/email', {
      email: api.first.emailOf('corporate'),
      password: 'not the password',
    });
    const unknown = await api.anonymous('POST //api/auth/sign-in/email', {
      email: 'nobody@nowhere.example',
      password: 'not the password',
    });
    expect(wrong.status).toBe(401);
    expect([unknown.status, unknown.json]).toEqual([wrong.status, wrong.json]);
  });

  it('is closed to new accounts', async () => {
    const answer = await api.anonymous('POST //api/auth/sign-up/email', {
      email: 'new@first.example',
      password,
      name: 'New',
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    const { rows } = await api.admin.query(`SELECT 1 FROM auth."user" WHERE email = 'new@first.example'`);
    expect(rows).toEqual([]);
  });

  it('slows guessing at one account, and lets others in meanwhile', async () => {
    const email = api.second.emailOf('corporate');
    const statuses: number[] = [];
    for (let i = 0; i <= signInLimits.byAccount.max; i++)
      statuses.push(
        (await api.anonymous('POST //api/auth/sign-in/email', { email, password: `wrong ${i}` })).status,
      );
    expect(statuses.slice(0, -1).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await api.anonymous('POST //api/auth/sign-in/email', { email, password })).status).toBe(429);
    const right = { email: api.second.emailOf('operator'), password };
    for (let i = 0; i <= signInLimits.byAccount.max; i++)
      expect((await api.anonymous('POST //api/auth/sign-in/email', right)).status).toBe(200);
    await expect(api.as(api.second, 'installer')).resolves.toBeTypeOf('function');
  });

  it('ends: a session that signed out is refused', async () => {
    const answer = await api.anonymous('POST //api/auth/sign-in/email', {
      email: api.second.emailOf('energyManager'),
      password,
    });
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const origin = 'http://localhost:3000';
    expect((await api.anonymous('GET /me', undefined, { cookie })).status).toBe(200);
    expect((await api.anonymous('POST //api/auth/sign-out', {}, { cookie, origin })).status).toBe(200);
    expect((await api.anonymous('GET /me', undefined, { cookie })).status).toBe(401);
  });
});

describe('a signed-in page', () => {
  it('of another site cannot write with the cookie', async () => {
    const admin = await api.as(api.first, 'admin');
    const body = { name: 'from elsewhere', scopes: ['read'] };
    const foreign = await admin('POST /api-keys', body, { origin: 'https://evil.example' });
    expect(foreign.json).toMatchObject({ status: 403, code: 'forbidden' });
    const own = await admin('POST /api-keys', body, { origin: 'http://127.0.0.1:3000' });
    expect(own.status).toBe(201);
  });

  it('chooses among its organisations, and no other', async () => {
    const admin = await api.as(api.first, 'admin');
    const header = { 'wattproof-organisation': String(api.second.id) };
    expect((await admin('GET /me', undefined, header)).status).toBe(403);
    const { rows } = await api.admin.query(`SELECT id FROM auth."user" WHERE email = $1`, [
      api.first.emailOf('admin'),
    ]);
    await api.admin.query(
      "INSERT INTO membership (organisation_id, user_id, role, display_name) VALUES ($1, $2, 'auditor', 'Guest')",
      [api.second.id, rows[0].id],
    );
    const guest = await admin('GET /me', undefined, header);
    expect(guest.json).toMatchObject({ role: 'auditor', organisation: { id: api.second.id } });
    expect(guest.json.organisations).toHaveLength(2);
    expect((await admin('GET /me')).json.organisation.id).toBe(api.first.id);
    expect((await admin('GET /members', undefined, header)).status).toBe(403);
  });

  it('of a person without any organisation is refused', async () => {
    await api.admin.query('DELETE FROM membership WHERE email = $1', [api.second.emailOf('auditor')]);
    const orphan = await api.as(api.second, 'auditor');
    expect((await orphan('GET /sites')).json).toMatchObject({ status: 403, code: 'forbidden' });
  });
});
