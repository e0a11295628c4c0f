import { newApiKeySecret } from '@wattproof/database';
import { type Database, openDatabase } from '@wattproof/database/queries';
import { createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase, testRedisUrl, waitFor } from '@wattproof/testkit';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bells } from '../live/bells.ts';
import { ApiKeyDirectory } from './api-key-directory.ts';

let test: TestDatabase;
let admin: pg.Client;
let database: Database;
let redis: Redis;
const redisUrl = testRedisUrl({ database: 6 });
const ignore = (): void => undefined;
const secret = newApiKeySecret();

beforeAll(async () => {
  test = await testDatabase();
  database = openDatabase({ url: test.urlOf('wattproof_api'), applicationName: 'test', onError: ignore });
  redis = new Redis(redisUrl);
  admin = new pg.Client({ connectionString: test.adminDatabaseUrl });
  await admin.connect();
  await admin.query(
    `WITH o AS (INSERT INTO organisation (name, slug) VALUES ('One', 'one') RETURNING id)
     INSERT INTO api_key (organisation_id, name, prefix, secret_sha256, scopes)
     SELECT id, 'ETL', '${secret.prefix}', '\\x${secret.secretSha256.toString('hex')}', '{read}' FROM o`,
  );
});
afterAll(async () => {
  redis?.disconnect();
  await database?.close();
  await admin?.end();
  await test?.drop();
});

const openDirectory = (url: string) => {
  const bells = new Bells(url, ignore);
  return {
    bells,
    keys: new ApiKeyDirectory({ database, redis, bells, logger: createLogger('test', 'fatal') }),
  };
};
const revoke = () => admin.query('UPDATE api_key SET revoked_at = now()');
const restore = () => admin.query('UPDATE api_key SET revoked_at = NULL');

it('keeps a key until any process says that keys were revoked', async () => {
  const [here, there] = [openDirectory(redisUrl), openDirectory(redisUrl)];
  await waitFor(() => here.bells.isHearing('api-key') && there.bells.isHearing('api-key'));
  const isRevoked = async (keys: ApiKeyDirectory): Promise<boolean> =>
    (await keys.find(secret.prefix))?.revokedAt !== null;
  expect([await isRevoked(here.keys), await isRevoked(there.keys)]).toEqual([false, false]);
  await revoke();
  expect(await isRevoked(there.keys)).toBe(false);
  await here.keys.announceRevocation();
  expect(await isRevoked(here.keys)).toBe(true);
  await waitFor(() => isRevoked(there.keys));
  await restore();
  await Promise.all([here.bells.close(), there.bells.close()]);
});

it('keeps nothing while bells are not heard', async () => {
  const deaf = openDirectory('redis://127.0.0.1:1');
  expect((await deaf.keys.find(secret.prefix))?.revokedAt).toBeNull();
  await revoke();
  expect((await deaf.keys.find(secret.prefix))?.revokedAt).not.toBeNull();
  expect(await deaf.keys.find('nobody')).toBeUndefined();
  await deaf.bells.close();
});
