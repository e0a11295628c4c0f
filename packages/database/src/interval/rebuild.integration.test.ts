import { setTimeout } from 'node:timers/promises';
import { intervalQualities } from '@wattproof/energy';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimMarks, markMeters } from './dirty-mark.ts';
import { rebuildIntervals } from './rebuild.ts';
import { markSilentMeters, silentAfter_ms } from './silent-meter.ts';
import {
  addTerm,
  createMeter,
  createSite,
  storeReadings,
  type TestReading,
  type TestSite,
} from './structure-fixture.ts';

const minute_ms = 60_000;
const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let sites = 0;
let site: TestSite;

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});
beforeEach(async () => {
  site = await createSite(admin, { slug: `site-${sites++}` });
});

const rebuild = () =>
  rebuildIntervals(pool, {
    onError: (error) => {
      throw error;
    },
  });

interface Row {
  start: Date;
  measurand: number;
  quality: number;
  delta: string | null;
  mean: number | null;
}
const rowsOf = async (meterId: number, table = 'interval'): Promise<Row[]> =>
  (
    await admin.query<Row>(`SELECT * FROM store.${table} WHERE meter_id = $1 ORDER BY measurand, start`, [
      meterId,
    ])
  ).rows;
const sumOf = async (meterId: number, table: string): Promise<number> =>
  Number(
    (
      await admin.query<{ sum: string }>(`SELECT sum(delta) FROM store.${table} WHERE meter_id = $1`, [
        meterId,
      ])
    ).rows[0]?.sum ?? Number.NaN,
  );
const quality = (row: Row | undefined): string | undefined => row && intervalQualities[row.quality];

/** Everything derived of some meters as text, meters by position so that two sets can be compared. */
async function derived(meterIds: readonly number[]): Promise<string> {
  const parts: string[] = [];
  for (const table of ['interval', 'interval_hour', 'interval_day', 'interval_month'])
    for (const [i, id] of meterIds.entries()) {
      const { rows } = await admin.query(
        `SELECT (to_jsonb(t) - 'meter_id' - 'organisation_id')::text AS line FROM store.${table} t
         WHERE meter_id = $1 ORDER BY measurand, start`,
        [id],
      );
      parts.push(`${table} ${i}`, ...rows.map((row) => row.line as string));
    }
  return parts.join('\n');
}

/** Readings every `period_ms` in [from, to], the index growing by a fixed pseudo-random amount. */
function counterReadings(
  meterId: number,
  {
    from_ms,
    to_ms,
    period_ms = 15 * minute_ms,
    index = 1_000_000,
  }: {
    readonly from_ms: number;
    readonly to_ms: number;
    readonly period_ms?: number;
    readonly index?: number;
  },
): TestReading[] {
  const readings: TestReading[] = [];
  let wh = index;
  let state = 12_345;
  for (let at = from_ms; at <= to_ms; at += period_ms) {
    readings.push({ meterId, at_ms: at, values: { active_energy_import_wh: wh } });
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    wh += 500 + (state % 997);
  }
  return readings;
}
const energyOf = (readings: readonly TestReading[]): number =>
  (readings.at(-1)?.values.active_energy_import_wh ?? 0) - (readings[0]?.values.active_energy_import_wh ?? 0);

// Includes the 25-hour day of 26 October 2025 in Paris.
const october = Date.UTC(2025, 9, 19, 22);

describe('conservation', () => {
  test('base intervals, hours, days and months all sum to the difference of the indices', async () => {
    const meterId = await createMeter(admin, site);
    const readings = counterReadings(meterId, { from_ms: october, to_ms: october + 40 * day_ms });
    await storeReadings(admin, site, readings);
    await rebuild();
    for (const table of ['interval', 'interval_hour', 'interval_day', 'interval_month'])
      expect(await sumOf(meterId, table)).toBe(energyOf(readings));
    const days = await rowsOf(meterId, 'interval_day');
    const long = days.find((day) => day.start.toISOString() === '2025-10-25T22:00:00.000Z');
    expect(long).toMatchObject({ duration_s: 25 * 3600, n_measured: 100 });
    const months = await rowsOf(meterId, 'interval_month');
    expect(months.map((m) => m.start.toISOString())).toEqual([
      '2025-09-30T22:00:00.000Z',
      '2025-10-31T23:00:00.000Z',
    ]);
  });

  test('gauges keep mean, minimum and maximum through the tiers', async () => {
    const meterId = await createMeter(admin, site, {
      role: 'variable',
      measurand: null,
      carrier: 'electricity',
    });
    const readings = Array.from({ length: 49 }, (_, i) => ({
      meterId,
      at_ms: october + i * 30 * minute_ms,
      values: { outdoor_temperature_c: i },
    }));
    await storeReadings(admin, site, readings);
    await rebuild();
    const [day] = await rowsOf(meterId, 'interval_day');
    expect(day?.mean).toBeCloseTo(24, 9);
    expect(day).toMatchObject({ delta: null, min: 0 });
  });
});

describe('late data', () => {
  test('readings that come late, doubled and in disorder give the bytes of a clean run', async () => {
    const clean = await createMeter(admin, site, { rateMax_per_s: 10, modulus: 1_200_000 });
    const late = await createMeter(admin, site, { rateMax_per_s: 10, modulus: 1_200_000 });
    const from_ms = october + 5 * day_ms;
    const readings = counterReadings(clean, {
      from_ms,
      to_ms: from_ms + 2 * day_ms,
      period_ms: 5 * minute_ms,
      index: 900_000,
    }).map((r) => ({
      ...r,
      values: { active_energy_import_wh: (r.values.active_energy_import_wh ?? 0) % 1_200_000 },
    }));
    // A hole longer than the gap limit, so that neighbours far away change with each late reading.
    const kept = readings.filter((_, i) => i < 100 || i >= 150);
    await storeReadings(admin, site, kept);
    await rebuild();

    const batches = new Map<number, TestReading[]>();
    for (const [i, reading] of kept.entries()) {
      const key = (i * 7) % 11;
      batches.set(key, [...(batches.get(key) ?? []), { ...reading, meterId: late }]);
    }
    for (const [key, batch] of [...batches].sort((a, b) => ((a[0] * 5) % 11) - ((b[0] * 5) % 11))) {
      await storeReadings(admin, site, key % 2 ? batch.toReversed() : batch);
      await storeReadings(admin, site, batch.slice(0, 3));
      await rebuild();
    }
    expect(await derived([late])).toBe(await derived([clean]));
    expect(await sumOf(clean, 'interval')).toBeGreaterThan(0);
  });

  test('a late reading inside a gap changes both sides and turns the estimate into a measurement', async () => {
    const meterId = await createMeter(admin, site);
    const at = (minutes: number, wh: number): TestReading => ({
      meterId,
      at_ms: october + minutes * minute_ms,
      values: { active_energy_import_wh: wh },
    });
    await storeReadings(admin, site, [at(0, 1000), at(15, 1100), at(195, 2900), at(210, 3000)]);
    await rebuild();
    const before = await rowsOf(meterId);
    expect(before.slice(1, 13).map(quality)).toEqual(Array(12).fill('estimated'));
    await storeReadings(
      admin,
      site,
      Array.from({ length: 11 }, (_, i) => at(30 + i * 15, i < 5 ? 1100 : 2900)),
    );
    await rebuild();
    const after = await rowsOf(meterId);
    expect(after.map(quality)).toEqual(Array(14).fill('measured'));
    expect(after.map((row) => Number(row.delta))).toEqual([100, 0, 0, 0, 0, 0, 1800, 0, 0, 0, 0, 0, 0, 100]);
  });

  test('an interval that is not over is not given, and doing it again writes nothing', async () => {
    const meterId = await createMeter(admin, site);
    const readings = counterReadings(meterId, {
      from_ms: october,
      to_ms: october + 44 * minute_ms,
      period_ms: minute_ms,
    });
    await storeReadings(admin, site, readings);
    await rebuild();
    expect((await rowsOf(meterId)).length).toBe(2);
    await markMeters(admin, [{ meterId, from_ms: october, to_ms: october + 44 * minute_ms }]);
    const versions = () =>
      admin.query('SELECT xmin::text FROM store.interval WHERE meter_id = $1 ORDER BY start', [meterId]);
    const before = await versions();
    expect(await rebuild()).toMatchObject({ marks: 1, intervals: 2, failedMeters: [] });
    expect((await versions()).rows).toEqual(before.rows);
  });

  test('marks that complete no interval wait until they have settled', async () => {
    const meterId = await createMeter(admin, site);
    const marks = async (): Promise<number> =>
      (await admin.query('SELECT FROM store.dirty WHERE meter_id = $1', [meterId])).rowCount ?? 0;
    const settling = () =>
      rebuildIntervals(pool, {
        settle_s: 60,
        onError: (error) => {
          throw error;
        },
      });
    const [first, second, third] = counterReadings(meterId, {
      from_ms: october + minute_ms,
      to_ms: october + 20 * minute_ms,
      period_ms: 7 * minute_ms,
    });
    await storeReadings(admin, site, [first as TestReading]);
    await storeReadings(admin, site, [second as TestReading]);
    await settling();
    expect(await marks()).toBe(2);
    await storeReadings(admin, site, [third as TestReading]);
    await settling();
    expect(await marks()).toBe(0);
  });
});

describe('what happens to a meter', () => {
  test('a reset is missing, never negative, and is noted once as a detected event', async () => {
    const meterId = await createMeter(admin, site, { rateMax_per_s: 10 });
    const from_ms = october;
    const before = counterReadings(meterId, { from_ms, to_ms: from_ms + 6 * hour_ms, index: 50_000 });
    const after = counterReadings(meterId, {
      from_ms: from_ms + 6 * hour_ms + 15 * minute_ms,
      to_ms: from_ms + 12 * hour_ms,
      index: 0,
    });
    await storeReadings(admin, site, [...before, ...after]);
    await rebuild();
    const rows = await rowsOf(meterId);
    expect(rows.every((row) => row.delta === null || Number(row.delta) >= 0)).toBe(true);
    expect(rows.filter((row) => quality(row) === 'missing').map((r) => r.start.getTime())).toEqual([
      from_ms + 6 * hour_ms,
    ]);
    expect(await sumOf(meterId, 'interval')).toBe(energyOf(before) + energyOf(after));
    const [day] = await rowsOf(meterId, 'interval_day');
    expect(day).toMatchObject({ n_missing: 1 });
    const events = () =>
      admin.query(
        'SELECT id, kind, closing_index, opening_index FROM meter_event WHERE meter_id = $1 AND origin = $2',
        [meterId, 'detected'],
      );
    const first = await events();
    expect(first.rows).toMatchObject([
      {
        kind: 'reset',
        closing_index: String(before.at(-1)?.values.active_energy_import_wh),
        opening_index: '0',
      },
    ]);
    await markMeters(admin, [{ meterId, from_ms, to_ms: from_ms + 12 * hour_ms }]);
    await rebuild();
    expect((await events()).rows).toEqual(first.rows);
  });

  test('a declared replacement makes one continuous series', async () => {
    const meterId = await createMeter(admin, site, { rateMax_per_s: 10 });
    const at = (minutes: number, wh: number): TestReading => ({
      meterId,
      at_ms: october + minutes * minute_ms,
      values: { active_energy_import_wh: wh },
    });
    await storeReadings(admin, site, [
      at(0, 5000),
      at(15, 5400),
      at(30, 5800),
      at(45, 120),
      at(60, 520),
      at(75, 700),
      at(90, 900),
    ]);
    await rebuild();
    expect((await rowsOf(meterId)).map(quality)).toContain('missing');
    await admin.query(
      `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index)
       VALUES ($1, $2, 'replacement', $3, 'active_energy_import_wh', 5900, 20)`,
      [site.organisationId, meterId, new Date(october + 36 * minute_ms)],
    );
    await markMeters(admin, [{ meterId, from_ms: october, to_ms: october + hour_ms }]);
    await rebuild();
    const rows = await rowsOf(meterId);
    expect(rows.map((row) => Number(row.delta))).toEqual([400, 400, 200, 400, 180, 200]);
    expect(
      await admin.query("SELECT FROM meter_event WHERE meter_id = $1 AND origin = 'detected'", [meterId]),
    ).toMatchObject({ rowCount: 0 });
  });

  test('values of readings that are not good are unknown', async () => {
    const meterId = await createMeter(admin, site);
    const readings = counterReadings(meterId, { from_ms: october, to_ms: october + hour_ms });
    const wrong = {
      ...(readings[2] as TestReading),
      quality: 4,
      values: { active_energy_import_wh: 1_000_000_000 },
    };
    await storeReadings(admin, site, [...readings.slice(0, 2), wrong, ...readings.slice(3)]);
    await rebuild();
    expect(await sumOf(meterId, 'interval')).toBe(energyOf(readings));
    expect((await rowsOf(meterId)).map(quality)).toEqual([
      'measured',
      'interpolated',
      'interpolated',
      'measured',
    ]);
  });

  test('a silent meter has missing intervals up to an hour ago, until its readings come', async () => {
    const meterId = await createMeter(admin, site);
    const readings = counterReadings(meterId, { from_ms: october, to_ms: october + 8 * hour_ms });
    await storeReadings(admin, site, readings.slice(0, 5));
    await rebuild();
    expect((await rowsOf(meterId)).length).toBe(4);
    const now_ms = october + 3 * hour_ms;
    expect(await markSilentMeters(admin, now_ms)).toBeGreaterThanOrEqual(1);
    await rebuild();
    const rows = await rowsOf(meterId);
    expect((rows.at(-1)?.start.getTime() ?? 0) + 15 * minute_ms).toBe(now_ms - silentAfter_ms);
    expect(rows.slice(4).map(quality)).toEqual(Array(4).fill('missing'));
    const [day] = await rowsOf(meterId, 'interval_day');
    expect(day).toMatchObject({ n_measured: 4, n_missing: 4 });
    await storeReadings(admin, site, readings.slice(5));
    await rebuild();
    expect((await rowsOf(meterId)).map(quality)).toEqual(Array(32).fill('measured'));
    expect(await sumOf(meterId, 'interval_day')).toBe(energyOf(readings));
  });
});

describe('virtual meters', () => {
  test('a total follows its terms, signs and levels, also when one is late', async () => {
    const first = await createMeter(admin, site, { role: 'main' });
    const second = await createMeter(admin, site, { role: 'main' });
    const pv = await createMeter(admin, site, { role: 'generation' });
    const mains = await createMeter(admin, site, { kind: 'virtual', role: 'total' });
    const siteTotal = await createMeter(admin, site, { kind: 'virtual', role: 'total' });
    await addTerm(admin, site, { meterId: mains, sourceId: first });
    await addTerm(admin, site, { meterId: mains, sourceId: second });
    await addTerm(admin, site, { meterId: siteTotal, sourceId: mains });
    await addTerm(admin, site, { meterId: siteTotal, sourceId: pv, sign: -1 });
    const range = { from_ms: october, to_ms: october + 3 * day_ms };
    const a = counterReadings(first, { ...range, index: 10 });
    const b = counterReadings(second, { ...range, index: 77 });
    const p = counterReadings(pv, { ...range, period_ms: 30 * minute_ms });
    await storeReadings(admin, site, [...a, ...p]);
    await storeReadings(admin, site, b.slice(0, 50));
    await rebuild();
    const early = await rowsOf(siteTotal);
    expect(early.length).toBe(49);
    await storeReadings(admin, site, b.slice(50));
    await rebuild();
    const expected = energyOf(a) + energyOf(b);
    expect(await sumOf(mains, 'interval')).toBe(expected);
    for (const table of ['interval', 'interval_hour', 'interval_day', 'interval_month'])
      expect(await sumOf(siteTotal, table)).toBe(expected - energyOf(p));
    expect((await rowsOf(siteTotal)).every((row) => quality(row) === 'interpolated')).toBe(true);
  });

  test('one missing term makes the sum missing', async () => {
    const one = await createMeter(admin, site);
    const other = await createMeter(admin, site);
    const sum = await createMeter(admin, site, { kind: 'virtual', role: 'total' });
    await addTerm(admin, site, { meterId: sum, sourceId: one });
    await addTerm(admin, site, { meterId: sum, sourceId: other });
    await storeReadings(
      admin,
      site,
      counterReadings(one, { from_ms: october, to_ms: october + 6 * hour_ms }),
    );
    await storeReadings(admin, site, counterReadings(other, { from_ms: october, to_ms: october + hour_ms }));
    await rebuild();
    expect((await rowsOf(sum)).length).toBe(4);
    await markSilentMeters(admin, october + 6 * hour_ms);
    await rebuild();
    const rows = await rowsOf(sum);
    expect(rows.length).toBe(20);
    expect(rows.map(quality)).toEqual([...Array(4).fill('measured'), ...Array(16).fill('missing')]);
  });
});

describe('marks', () => {
  test('of what has just been sent go before a recomputation that was asked for earlier', async () => {
    const [recomputed, live] = [await createMeter(admin, site), await createMeter(admin, site)];
    const now_ms = Date.UTC(2026, 5, 1);
    await markMeters(admin, [{ meterId: recomputed, from_ms: now_ms - 100 * day_ms, to_ms: now_ms }]);
    await markMeters(admin, [{ meterId: live, from_ms: now_ms - 900_000, to_ms: now_ms }]);
    await admin.query('BEGIN');
    try {
      const wish = { meters: 1, span_ms: day_ms, settle_s: null, reached: undefined };
      const first = await claimMarks(admin, { ...wish, except: [] });
      const second = await claimMarks(admin, { ...wish, except: [] });
      expect([...(first?.ranges.keys() ?? [])]).toEqual([live]);
      expect([...(second?.ranges.keys() ?? [])]).toEqual([recomputed]);
    } finally {
      await admin.query('ROLLBACK');
      await admin.query('DELETE FROM store.dirty WHERE meter_id = ANY ($1)', [[recomputed, live]]);
    }
  });

  test('many workers at once leave no mark and give the same bytes', async () => {
    const meters: number[] = [];
    for (let i = 0; i < 6; i++) meters.push(await createMeter(admin, site));
    const sum = await createMeter(admin, site, { kind: 'virtual', role: 'total' });
    for (const sourceId of meters) await addTerm(admin, site, { meterId: sum, sourceId });
    const range = { from_ms: october, to_ms: october + 2 * day_ms };
    const all = meters.flatMap((meterId) => counterReadings(meterId, range));
    const writers = Array.from({ length: 4 }, async (_, w) => {
      const client = new Client({ connectionString: database.adminDatabaseUrl });
      await client.connect();
      for (let part = 0; part < 6; part++)
        await storeReadings(
          client,
          site,
          all.filter((_, i) => i % 24 === part * 4 + w),
        );
      await client.end();
    });
    let writing = true;
    const workers = Array.from({ length: 3 }, async () => {
      do await rebuild();
      while (writing);
    });
    await Promise.all(writers);
    writing = false;
    await Promise.all(workers);
    await rebuild();
    expect(await admin.query('SELECT FROM store.dirty')).toMatchObject({ rowCount: 0 });
    const bytes = await derived([...meters, sum]);
    for (const table of ['interval', 'interval_hour', 'interval_day', 'interval_month'])
      await admin.query(`DELETE FROM store.${table} WHERE meter_id = ANY ($1)`, [[...meters, sum]]);
    await markMeters(
      admin,
      meters.map((meterId) => ({ meterId, ...range })),
    );
    await rebuild();
    expect(await derived([...meters, sum])).toBe(bytes);
    expect(await sumOf(sum, 'interval_month')).toBe(6 * energyOf(counterReadings(0, range)));
  });

  test('a meter that cannot be computed keeps its marks and holds up nobody', async () => {
    const bad = await createMeter(admin, site, { measurand: 'active_energy_import_wh' });
    const good = await createMeter(admin, site);
    const range = { from_ms: october, to_ms: october + day_ms };
    await storeReadings(admin, site, [...counterReadings(bad, range), ...counterReadings(good, range)]);
    // A delta that does not fit its column stops this meter alone.
    await admin.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF NEW.meter_id = ${bad} THEN RAISE 'refused'; END IF; RETURN NEW; END $$`,
    );
    await admin.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON store.interval FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    const errors: number[] = [];
    try {
      const result = await rebuildIntervals(pool, { onError: (_, ids) => errors.push(...ids) });
      expect(result.failedMeters).toEqual([bad]);
    } finally {
      await admin.query('DROP TRIGGER refuse ON store.interval');
    }
    expect(errors).toEqual([bad]);
    expect((await rowsOf(good)).length).toBe(96);
    await rebuild();
    expect((await rowsOf(bad)).length).toBe(96);
  });

  test('a meter that both loops of a run claimed in vain is told of once', async () => {
    const bad = await createMeter(admin, site);
    const recomputed = await createMeter(admin, site);
    const range = { from_ms: october, to_ms: october + day_ms };
    await storeReadings(admin, site, [...counterReadings(bad, range), ...counterReadings(recomputed, range)]);
    await rebuild();
    // Too long for a claim together with another: each loop begins with a meter of its own.
    await markMeters(admin, [
      { meterId: bad, ...range },
      { meterId: recomputed, from_ms: october - 400 * day_ms, to_ms: october + day_ms },
    ]);
    await admin.query('DELETE FROM store.interval WHERE meter_id = $1', [bad]);
    await admin.query(
      `CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF NEW.meter_id = ${bad} THEN RAISE 'refused'; END IF; RETURN NEW; END $$`,
    );
    await admin.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON store.interval FOR EACH ROW EXECUTE FUNCTION refuse_late()',
    );
    // One loop commits when the other has failed, and fails itself before the other has the answer to its rollback.
    const oneFailed = Promise.withResolvers<void>();
    const bothFailed = Promise.withResolvers<void>();
    let rollbacks = 0;
    const slow = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 2 });
    slow.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      const commit = async (): Promise<void> => {
        await oneFailed.promise;
        await query('COMMIT');
      };
      const rollback = async (): Promise<void> => {
        await query('ROLLBACK');
        (++rollbacks === 1 ? oneFailed : bothFailed).resolve();
        await Promise.race([bothFailed.promise, setTimeout(5_000)]);
      };
      Object.assign(client, {
        query: (...args: unknown[]) =>
          args[0] === 'COMMIT' ? commit() : args[0] === 'ROLLBACK' ? rollback() : query(...args),
      });
    });
    const errors: number[] = [];
    try {
      const result = await rebuildIntervals(slow, { onError: (_, ids) => errors.push(...ids) });
      expect(result).toMatchObject({ meters: 2, failedMeters: [bad] });
    } finally {
      await slow.end();
      await admin.query('DROP TRIGGER refuse ON store.interval');
      await admin.query('DELETE FROM store.dirty WHERE meter_id = $1', [bad]);
    }
    expect(rollbacks).toBe(2);
    expect(errors).toEqual([bad]);
  });
});
