import {
  adjustChunkWidths,
  everyOrganisation,
  markMeters,
  measureStorage,
  prepareChunks,
  rebuildIntervals,
  withScope,
} from '@wattproof/database';
import { createLogger } from '@wattproof/runtime';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyRetention, planDailyRuns } from './apply-retention.ts';

const day_ms = 86_400_000;
const today_ms = Math.floor(Date.now() / day_ms) * day_ms;
const daysAgo = (days: number): Date => new Date(today_ms - days * day_ms);

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let first: Organisation;
let second: Organisation;

interface Organisation {
  readonly id: number;
  /** Whole, with a dirty mark, without intervals, of the newest days. */
  readonly meters: { readonly whole: number; readonly marked: number; readonly bare: number };
}

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  first = await makeOrganisation('first');
  second = await makeOrganisation('second');
  await rebuildIntervals(pool, { settle_s: null, onError: (error) => expect.fail(String(error)) });
  for (const { meters } of [first, second]) {
    await markMeters(admin, [
      { meterId: meters.marked, from_ms: daysAgo(518).getTime(), to_ms: daysAgo(517).getTime() },
    ]);
    await admin.query('DELETE FROM store.interval WHERE meter_id = $1 AND start < $2 AND start > $3', [
      meters.bare,
      daysAgo(516),
      daysAgo(517),
    ]);
  }
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

async function one<Id>(sql: string, values: unknown[]): Promise<Id> {
  return (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;
}

async function makeOrganisation(slug: string): Promise<Organisation> {
  const id = await one<number>('INSERT INTO organisation (name, slug) VALUES ($1, $1)', [slug]);
  const entity = await one(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'E', 'FR')",
    [id],
  );
  const site = await one(
    "INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone) VALUES ($1, $2, 'S', 'FR', 'Europe/Paris')",
    [id, entity],
  );
  const meter = (name: string) =>
    one<number>(
      `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand)
       VALUES ($1, $2, $3, 'physical', 'use', 'electricity', 'active_energy_import_wh')`,
      [id, site, name],
    );
  const meters = { whole: await meter('whole'), marked: await meter('marked'), bare: await meter('bare') };
  for (const meterId of Object.values(meters)) {
    // Five days long ago and five days of last week, every quarter of an hour.
    for (const days of [520, 7])
      await admin.query(
        `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_energy_import_wh)
         SELECT $1::timestamptz + i * interval '15 minutes', $2, $3, 0, now(), i * 100 FROM generate_series(0, 480) i`,
        [daysAgo(days), meterId, id],
      );
    await markMeters(admin, [
      { meterId, from_ms: daysAgo(520).getTime(), to_ms: daysAgo(515).getTime() },
      { meterId, from_ms: daysAgo(7).getTime(), to_ms: daysAgo(2).getTime() },
    ]);
  }
  return { id, meters };
}

const setPolicy = (organisation: Organisation, name: string, days: number | null) =>
  admin.query(
    `INSERT INTO retention_policy (organisation_id, class, keep_days, changed_by) VALUES ($1, $2, $3, 'test')
     ON CONFLICT (organisation_id, class) DO UPDATE SET keep_days = excluded.keep_days`,
    [organisation.id, name, days],
  );

async function run(): Promise<Map<number, Receipt>> {
  const ids = await planDailyRuns(pool);
  for (const id of ids)
    await applyRetention(
      {
        pool,
        logger: createLogger('test', 'fatal'),
        notices: { jobRunChanged: () => {}, siteChanged: () => {}, isConnected: () => true, close: () => {} },
      },
      id,
    );
  const { rows } = await admin.query<{ organisation_id: number; state: string; result: Receipt }>(
    'SELECT organisation_id, state, result FROM job_run WHERE id = ANY ($1)',
    [ids],
  );
  expect(rows.every((row) => row.state === 'done')).toBe(true);
  return new Map(rows.map((row) => [row.organisation_id, row.result]));
}
interface Receipt {
  readonly classes: readonly {
    class: string;
    rows: number;
    meters: number;
    droppedChunks: number;
    held: readonly { reason: string; meters: number; rows: number }[];
  }[];
}

const count = async (table: string, organisation: Organisation, before: Date): Promise<number> =>
  (
    await admin.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM store.${table} WHERE organisation_id = $1 AND ${table === 'reading' ? 'at' : 'start'} < $2`,
      [organisation.id, before],
    )
  ).rows[0]?.n ?? -1;
const oldChunks = async (): Promise<number> =>
  (
    await admin.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM timescaledb_information.chunks WHERE hypertable_name = 'reading' AND range_end < $1",
      [daysAgo(300)],
    )
  ).rows[0]?.n ?? -1;

describe('retention', () => {
  test('without a policy nothing goes, and nothing runs', async () => {
    expect(await run()).toEqual(new Map());
    expect(await count('reading', first, daysAgo(300))).toBe(3 * 481);
  });

  test('ends what is finalised, of one organisation in chunks of several, and leaves a receipt', async () => {
    await setPolicy(first, 'readings', 431);
    const receipt = (await run()).get(first.id)?.classes.find((c) => c.class === 'readings');
    expect(receipt).toMatchObject({ rows: 481, meters: 1, droppedChunks: 0 });
    expect(receipt?.held).toEqual([
      expect.objectContaining({ reason: 'dirtyMarks', meters: 1, rows: 481 }),
      expect.objectContaining({ reason: 'intervalsMissing', meters: 1, rows: 481 }),
    ]);
    expect(await count('reading', first, daysAgo(300))).toBe(2 * 481);
    expect(await count('reading', second, daysAgo(300))).toBe(3 * 481);
    expect(await count('reading', first, new Date())).toBe(2 * 481 + 3 * 481);
  });

  test('what was computed from readings that are gone stays as it is, whatever is marked', async () => {
    const sums = () =>
      admin.query(
        'SELECT sum(delta)::int AS wh, count(*)::int AS n, sum(quality) AS quality FROM store.interval WHERE meter_id = $1 AND start < $2',
        [first.meters.whole, daysAgo(300)],
      );
    const before = (await sums()).rows;
    await markMeters(admin, [
      { meterId: first.meters.whole, from_ms: daysAgo(520).getTime(), to_ms: daysAgo(516).getTime() },
      { meterId: first.meters.whole, from_ms: daysAgo(3).getTime(), to_ms: daysAgo(3).getTime() },
    ]);
    const rebuilt = await rebuildIntervals(pool, {
      settle_s: null,
      onError: (error) => expect.fail(String(error)),
    });
    expect(rebuilt.intervals).toBeGreaterThan(0);
    expect((await sums()).rows).toEqual(before);
    expect(before[0]).toMatchObject({ wh: 48_000, n: 480 });
  });

  test('a chunk goes whole once nobody has anything in it, also while others hold locks for a while', async () => {
    await admin.query('DELETE FROM store.dirty');
    for (const { meters } of [first, second])
      await markMeters(admin, [
        { meterId: meters.bare, from_ms: daysAgo(520).getTime(), to_ms: daysAgo(515).getTime() },
      ]);
    await rebuildIntervals(pool, { settle_s: null, onError: (error) => expect.fail(String(error)) });
    await setPolicy(second, 'readings', 431);
    const blocker = new Client({ connectionString: database.adminDatabaseUrl });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE store.reading IN ACCESS EXCLUSIVE MODE');
    // Longer than one wait for a lock: the first try gives up, a later one comes through.
    const released = new Promise<void>((resolve, reject) =>
      setTimeout(() => blocker.query('COMMIT').then(() => resolve(), reject), 2_500),
    );
    expect(await oldChunks()).toBeGreaterThan(0);
    const receipts = await run();
    await released;
    await blocker.end();
    const dropped = [...receipts.values()].flatMap((r) => r.classes.map((c) => c.droppedChunks));
    expect(dropped.reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
    expect(await oldChunks()).toBe(0);
    for (const organisation of [first, second]) {
      expect(await count('reading', organisation, daysAgo(300))).toBe(0);
      expect(await count('reading', organisation, new Date())).toBe(3 * 481);
      expect(await count('interval', organisation, daysAgo(300))).toBe(3 * 480);
    }
  }, 40_000);

  test('intervals and hours go by their own policy; days and months stay', async () => {
    await setPolicy(first, 'intervals', 500);
    const receipt = (await run()).get(first.id)?.classes.find((c) => c.class === 'intervals');
    expect(receipt).toMatchObject({ rows: 3 * 480, held: [] });
    expect(await count('interval', first, daysAgo(300))).toBe(0);
    expect(await count('interval_hour', first, daysAgo(300))).toBe(0);
    expect(await count('interval_day', first, daysAgo(300))).toBeGreaterThan(0);
    expect(await count('interval', second, daysAgo(300))).toBe(3 * 480);
  });

  test('dead letters go when a person has dealt with them', async () => {
    for (const resolved of [null, daysAgo(100)])
      await admin.query(
        `INSERT INTO dead_letter (organisation_id, topic, received_at, code, message, payload, resolved_at)
         VALUES ($1, 't', $2, 'malformed', 'no', 'x', $3)`,
        [first.id, daysAgo(200), resolved],
      );
    await setPolicy(first, 'deadLetters', 30);
    const receipt = (await run()).get(first.id)?.classes.find((c) => c.class === 'deadLetters');
    expect(receipt).toMatchObject({ rows: 1, held: [expect.objectContaining({ reason: 'open', rows: 1 })] });
  });
});

describe('storage', () => {
  test('is measured for each organisation, and counted again only where it changed', async () => {
    await measureStorage(pool, new Date());
    const samples = async () =>
      (
        await admin.query<{
          organisation_id: number;
          class: string;
          rows: string;
          bytes: string;
          growth: number;
        }>(
          `SELECT DISTINCT ON (organisation_id, class) organisation_id, class, rows, bytes, growth_rows_per_day AS growth
           FROM storage_sample ORDER BY organisation_id, class, at DESC`,
        )
      ).rows;
    const readings = (await samples()).filter((s) => s.class === 'readings');
    expect(readings.map((s) => [s.organisation_id, Number(s.rows)])).toEqual([
      [first.id, 3 * 481],
      [second.id, 3 * 481],
    ]);
    expect(Number(readings[0]?.bytes)).toBeGreaterThan(3 * 481 * 50);
    expect(readings[0]?.growth).toBeCloseTo((3 * 481) / 5, 0);
    await admin.query(
      `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at) VALUES ($1, $2, $3, 0, now())`,
      [daysAgo(1), first.meters.whole, first.id],
    );
    await admin.query('SELECT pg_stat_force_next_flush()');
    await measureStorage(pool, new Date());
    const again = (await samples()).filter((s) => s.class === 'readings');
    expect(again.map((s) => Number(s.rows))).toEqual([3 * 481 + 1, 3 * 481]);
  });

  test('chunks get as narrow as the memory asks for, and are made ahead', async () => {
    const width = async () =>
      (await admin.query<{ s: number }>("SELECT store.chunk_width_s('reading') AS s")).rows[0]?.s;
    expect(await withScope(pool, everyOrganisation, adjustChunkWidths)).toEqual([]);
    expect(await width()).toBe(14 * 86_400);
    await withScope(pool, everyOrganisation, async (client) => {
      await client.query("SET LOCAL effective_cache_size = '800kB'");
      expect(await adjustChunkWidths(client)).toContainEqual(
        expect.objectContaining({ table: 'reading', from_s: 14 * 86_400 }),
      );
    });
    expect(await width()).toBeLessThan(14 * 86_400);
    const from = new Date(today_ms + 100 * day_ms);
    const made = await withScope(pool, everyOrganisation, (client) =>
      prepareChunks(client, { from, until: new Date(from.getTime() + 21 * day_ms) }),
    );
    expect(made).toBeGreaterThan(3);
    expect(
      await withScope(pool, everyOrganisation, (client) =>
        prepareChunks(client, { from, until: new Date(from.getTime() + 21 * day_ms) }),
      ),
    ).toBe(0);
    const { rows } = await admin.query('SELECT FROM store.reading WHERE meter_id = 0');
    expect(rows).toEqual([]);
  });

  test('the worker cannot touch other tables through the functions for chunks', async () => {
    await expect(
      withScope(pool, everyOrganisation, (client) =>
        client.query("SELECT store.set_chunk_width('meter', 1)"),
      ),
    ).rejects.toThrow(/not a hypertable of ours/);
  });
});
