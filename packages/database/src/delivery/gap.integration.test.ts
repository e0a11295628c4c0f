import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyOrganisation, withScope } from '../scope.ts';
import { backlog } from './backlog.queries.ts';
import { lockWatermarks, noteGaps, openGaps, recordGivenUp, saveWatermarks } from './watermark.queries.ts';

let database: TestDatabase;
let pool: Pool;
const key = { gatewayId: 'gw-1', boot: 'b', lane: 'live' };

beforeAll(async () => {
  database = await testDatabase();
  const admin = new Pool({ connectionString: database.adminDatabaseUrl, max: 1 });
  await admin.query(
    `WITH o AS (INSERT INTO organisation (name, slug) VALUES ('O', 'o') RETURNING id),
     e AS (INSERT INTO legal_entity (organisation_id, name, country) SELECT id, 'E', 'FR' FROM o RETURNING id, organisation_id),
     s AS (INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       SELECT organisation_id, id, 'S', 'FR', 'Europe/Paris' FROM e RETURNING id, organisation_id)
     INSERT INTO gateway (id, organisation_id, site_id, name, kind, partition, state)
       SELECT g, organisation_id, id, g, 'edge', 3, '{"online": true, "outbox": {"batches": 7}}' FROM s, unnest(ARRAY['gw-1', 'gw-2']) g`,
  );
  await admin.end();
  pool = new Pool({ connectionString: database.urlOf('wattproof_ingestion'), max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
const inScope = <Result>(work: Parameters<typeof withScope<Result>>[2]): Promise<Result> =>
  withScope(pool, everyOrganisation, work);
const save = (upTo: number, beyond: readonly number[]) =>
  inScope((client) => saveWatermarks(client, [{ ...key, upTo, beyond }]));
const open = (partition = 3) => inScope((client) => openGaps(client, partition));

test('what is noted of a gap lasts as long as the gap', async () => {
  await save(2, [5, 6]);
  expect(await open()).toEqual([{ ...key, upTo: 2, beyond: [5, 6], since_ms: null, asked: 0 }]);
  expect(await open(4)).toEqual([]);
  await inScope((client) =>
    noteGaps(client, [{ ...key, upTo: 2, since_ms: 1000, asked: 3, askedAt_ms: 9000 }]),
  );
  await save(2, [5, 6, 9, 9]);
  expect(await open()).toMatchObject([{ since_ms: 1000, asked: 3, beyond: [5, 6, 9, 9] }]);
  // A note that comes late, of a gap that moved on, is none of this one.
  await save(6, [9, 9]);
  await inScope((client) =>
    noteGaps(client, [{ ...key, upTo: 2, since_ms: 1000, asked: 4, askedAt_ms: 9000 }]),
  );
  expect(await open()).toMatchObject([{ upTo: 6, since_ms: null, asked: 0 }]);
});

test('what was never sent stays on record, for its organisation', async () => {
  await inScope(async (client) => {
    await lockWatermarks(client, [key]);
    for (let time = 0; time < 2; time++) await recordGivenUp(client, key, { from: 7, to: 8, asked: 5 });
  });
  const api = new Pool({ connectionString: database.urlOf('wattproof_api'), max: 1 });
  for (const [organisation, expected] of [
    [1, [{ gateway_id: 'gw-1', from_seq: '7', to_seq: '8', asked: 5 }]],
    [2, []],
  ] as const)
    expect(
      await withScope(api, organisation, async (client) => {
        const { rows } = await client.query(
          'SELECT gateway_id, from_seq, to_seq, asked FROM gateway_given_up',
        );
        return rows;
      }),
    ).toEqual(expected);
  await api.end();
});

test('the backlog is the oldest mark and what gateways hold', async () => {
  expect(await inScope(backlog)).toEqual({ oldestMark_s: 0, outboxBatches: 14 });
  await pool.query(
    "INSERT INTO store.dirty (meter_id, from_at, to_at, marked_at) VALUES (1, now(), now(), now() - interval '90 s'), (2, now(), now(), now())",
  );
  expect((await inScope(backlog)).oldestMark_s).toBeCloseTo(90, -1);
});
