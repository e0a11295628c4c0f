import { type MeasurandName, measurands, standardMeasurands } from '@wattproof/energy';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addReading, createReadingBatch, type NewReading, type ReadingBatch } from './reading-batch.ts';
import { readReadings } from './reading-reader.ts';
import { replaceValue } from './reading-replacement.ts';
import { commitReadings } from './reading-writer.ts';

let database: TestDatabase;
let client: pg.Client;
const t0 = Date.UTC(2026, 9, 25, 0, 0, 0);
const minute_ms = 60_000;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.urlOf('wattproof_ingestion') });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(async () => {
  await client.query(
    'DELETE FROM store.reading; DELETE FROM store.latest; DELETE FROM store.dirty; DELETE FROM store.reading_conflict',
  );
});

const reading = (
  meterId: number,
  at_ms: number,
  values: NewReading['values'],
  rest: Partial<NewReading> = {},
): NewReading => ({
  meterId,
  organisationId: 7,
  at_ms,
  receivedAt_ms: at_ms + 1500,
  skew_ms: 12,
  quality: 0,
  values,
  exceptions: {},
  ...rest,
});
function batchOf(...readings: readonly NewReading[]): ReadingBatch {
  const batch = createReadingBatch(2);
  for (const r of readings) addReading(batch, r);
  return batch;
}
const write = (...readings: readonly NewReading[]) => commitReadings(client, batchOf(...readings));
const rows = async (sql: string): Promise<unknown[]> => (await client.query(sql)).rows;

test('the standard measurands and the columns of store.reading are the same', async () => {
  const columns = await client.query<{ column_name: string; data_type: string }>(
    `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'store' AND table_name = 'reading'
       AND column_name NOT IN ('at', 'meter_id', 'organisation_id', 'quality', 'skew_ms', 'received_at', 'exceptions', 'rare')`,
  );
  const expected = standardMeasurands.map((m) => [
    m.name,
    m.kind === 'counter' ? 'bigint' : 'double precision',
  ]);
  expect(columns.rows.map((c) => [c.column_name, c.data_type]).sort()).toEqual(expected.sort());
});

test('no statistics are kept of values, in no chunk: nobody asks by them, and ANALYZE sorts what it keeps', async () => {
  await write(reading(1, t0, { active_power_w: 1 }));
  const kept = await rows(
    `SELECT a.attrelid::regclass::text AS of, a.attname AS name, a.attstattarget AS target FROM pg_attribute a
     WHERE a.attname = ANY (ARRAY(SELECT column_name FROM information_schema.columns WHERE table_schema = 'store'
         AND table_name = 'reading' AND data_type IN ('double precision', 'jsonb', 'bigint')))
       AND a.attrelid IN (SELECT 'store.reading'::regclass UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = 'store.reading'::regclass)
       AND a.attstattarget IS DISTINCT FROM 0`,
  );
  expect(kept).toEqual([]);
  expect(await rows(`SELECT FROM pg_inherits WHERE inhparent = 'store.reading'::regclass`)).not.toEqual([]);
});

test('every column of every measurand comes back as it went in, the largest counter too', async () => {
  const values = Object.fromEntries(
    measurands.map((m, i) => [m.name, m.kind === 'counter' ? Number.MAX_SAFE_INTEGER - i : -i / 7]),
  );
  await write(
    reading(1, t0 + 0.25 * 1000, values, { quality: 6, exceptions: { voltage_l1_n_v: 'wiringSuspect' } }),
  );
  const [row] = (await rows('SELECT *, extract(epoch FROM at) * 1000 AS at_ms FROM store.reading')) as Record<
    string,
    unknown
  >[];
  for (const { name } of standardMeasurands) expect(Number(row?.[name]), name).toBe(values[name]);
  const names = measurands.map((m) => m.name);
  const back = await readReadings(client, { meterId: 1, measurands: names, from_ms: t0, to_ms: t0 + 1000 });
  expect(Object.fromEntries(names.map((name, i) => [name, back.columns[i]?.[0]]))).toEqual(values);
  expect(Number(row?.at_ms)).toBe(t0 + 250);
  expect(row).toMatchObject({
    meter_id: 1,
    organisation_id: 7,
    quality: 6,
    skew_ms: 12,
    exceptions: { voltage_l1_n_v: 6 },
  });
});

test('the same batch twice changes nothing and marks nothing', async () => {
  const batch = () => [0, 1, 2].map((i) => reading(1, t0 + i * minute_ms, { active_power_w: 100 + i }));
  expect(await write(...batch())).toEqual({ inserted: 3, filled: 0, unchanged: 0, conflicts: 0 });
  const before = await rows('SELECT * FROM store.reading ORDER BY at');
  const latest = await rows('SELECT * FROM store.latest');
  expect(await write(...batch())).toEqual({ inserted: 0, filled: 0, unchanged: 3, conflicts: 0 });
  expect(await rows('SELECT * FROM store.reading ORDER BY at')).toEqual(before);
  expect(await rows('SELECT * FROM store.latest')).toEqual(latest);
  expect(await rows('SELECT * FROM store.dirty')).toHaveLength(1);
});

test('one known row among new ones: the new ones are inserted and alone are marked', async () => {
  await write(reading(1, t0, { active_power_w: 1 }));
  await client.query('DELETE FROM store.dirty');
  const result = await write(
    reading(2, t0, { active_power_w: 5 }),
    reading(1, t0, { active_power_w: 1 }),
    reading(1, t0 + minute_ms, { active_power_w: 2 }),
  );
  expect(result).toEqual({ inserted: 2, filled: 0, unchanged: 1, conflicts: 0 });
  expect(await rows('SELECT meter_id, from_at, to_at FROM store.dirty ORDER BY meter_id')).toEqual([
    { meter_id: 1, from_at: new Date(t0 + minute_ms), to_at: new Date(t0 + minute_ms) },
    { meter_id: 2, from_at: new Date(t0), to_at: new Date(t0) },
  ]);
});

test('further measurands fill nulls and end what was said of them; nothing else of the row moves', async () => {
  await write(
    reading(
      1,
      t0,
      { active_power_w: 10 },
      { exceptions: { frequency_hz: 'timeout', power_factor: 'timeout' } },
    ),
  );
  const result = await write(
    reading(1, t0, { active_power_w: 10, frequency_hz: 50 }, { receivedAt_ms: t0 + 99_000 }),
  );
  expect(result).toEqual({ inserted: 0, filled: 1, unchanged: 0, conflicts: 0 });
  expect(
    await rows('SELECT active_power_w, frequency_hz, exceptions, received_at FROM store.reading'),
  ).toEqual([
    {
      active_power_w: 10,
      frequency_hz: 50,
      exceptions: { power_factor: 2 },
      received_at: new Date(t0 + 1500),
    },
  ]);
});

test('another value for a stored one: the row stays and the contradiction is kept once', async () => {
  await write(reading(1, t0, { active_power_w: 10, active_energy_import_wh: 1000 }));
  const again = () => write(reading(1, t0, { active_power_w: 11, active_energy_import_wh: 1000 }));
  expect(await again()).toEqual({ inserted: 0, filled: 0, unchanged: 1, conflicts: 1 });
  expect((await again()).conflicts).toBe(0);
  expect(await rows('SELECT active_power_w FROM store.reading')).toEqual([{ active_power_w: 10 }]);
  expect(await rows('SELECT meter_id, measurand, stored, arrived FROM store.reading_conflict')).toEqual([
    { meter_id: 1, measurand: 'active_power_w', stored: 10, arrived: 11 },
  ]);
  expect(await rows("SELECT values->'active_power_w'->0 AS w FROM store.latest")).toEqual([{ w: 10 }]);
});

test('the same instant twice in one batch is merged; a contradiction is kept', async () => {
  const result = await write(
    reading(1, t0, { active_power_w: 10 }),
    reading(1, t0, { active_power_w: 12, frequency_hz: 50 }),
  );
  expect(result).toEqual({ inserted: 1, filled: 0, unchanged: 0, conflicts: 1 });
  expect(await rows('SELECT active_power_w, frequency_hz FROM store.reading')).toEqual([
    { active_power_w: 10, frequency_hz: 50 },
  ]);
});

test('values that contradict each other and a stored one are all recorded against the stored one', async () => {
  await write(reading(1, t0, { active_power_w: 10 }));
  const arrived = [12, 10, 13].map((active_power_w) => reading(1, t0, { active_power_w }));
  expect((await write(...arrived)).conflicts).toBe(2);
  expect(await rows('SELECT stored, arrived FROM store.reading_conflict ORDER BY arrived')).toEqual([
    { stored: 10, arrived: 12 },
    { stored: 10, arrived: 13 },
  ]);
});

test('latest holds the newest value of each measurand in whatever order they arrive', async () => {
  const at = (i: number) => t0 + i * minute_ms;
  const arrivals = [
    reading(1, at(5), { active_power_w: 5 }),
    reading(1, at(3), { active_power_w: 3, frequency_hz: 49 }),
    reading(1, at(4), { frequency_hz: 50 }),
    reading(1, at(2), { frequency_hz: 48, power_factor: 0.9 }),
  ];
  const orders = [arrivals, [...arrivals].reverse(), [2, 0, 3, 1].map((i) => arrivals[i] as NewReading)];
  for (const order of orders) {
    await client.query('DELETE FROM store.reading; DELETE FROM store.latest');
    for (const r of order) await write(r);
    const single = await rows('SELECT at, values FROM store.latest');
    expect(single).toEqual([
      {
        at: new Date(at(5)),
        values: { active_power_w: [5, at(5)], frequency_hz: [50, at(4)], power_factor: [0.9, at(2)] },
      },
    ]);
    await client.query('DELETE FROM store.reading; DELETE FROM store.latest');
    await write(...order);
    expect(await rows('SELECT at, values FROM store.latest')).toEqual(single);
  }
});

test('late data far from the rest gets a mark of its own', async () => {
  await write(
    reading(1, t0, { active_power_w: 1 }),
    reading(1, t0 + minute_ms, { active_power_w: 1 }),
    reading(1, t0 - 90 * 86_400_000, { active_power_w: 1 }),
  );
  expect(await rows('SELECT from_at, to_at FROM store.dirty ORDER BY from_at')).toEqual([
    { from_at: new Date(t0 - 90 * 86_400_000), to_at: new Date(t0 - 90 * 86_400_000) },
    { from_at: new Date(t0), to_at: new Date(t0 + minute_ms) },
  ]);
});

test('what cannot be stored is refused and leaves nothing', async () => {
  await expect(
    write(reading(1, t0, { active_power_w: 1 }), reading(1, t0 + 1, { volume_l: 1.5 })),
  ).rejects.toThrow(/volume_l cannot be 1.5/);
  await expect(write(reading(1, t0, { volume_l: -1 }))).rejects.toThrow(RangeError);
  await expect(write(reading(1, t0, { active_power_w: Number.POSITIVE_INFINITY }))).rejects.toThrow(
    RangeError,
  );
  expect(await rows('SELECT 1 FROM store.reading')).toEqual([]);
  expect((await write(reading(1, t0, { active_power_w: 1 }))).inserted).toBe(1);
});

test('readings come back as columns of the range asked for, absent as NaN, over chunks and buffers', async () => {
  const batch = createReadingBatch();
  const count = 30_000;
  for (let i = count - 1; i >= 0; i--)
    addReading(
      batch,
      reading(
        3,
        t0 + i * 15 * minute_ms,
        i % 3 === 0
          ? { active_energy_import_wh: 2 ** 40 + i }
          : { active_energy_import_wh: 2 ** 40 + i, active_power_w: i / 3 },
        { quality: i % 5 },
      ),
    );
  await commitReadings(client, batch);
  await write(reading(4, t0, { active_power_w: 1 }));
  const series = await readReadings(client, {
    meterId: 3,
    measurands: ['active_power_w', 'active_energy_import_wh', 'frequency_hz'],
    from_ms: t0 + 15 * minute_ms,
    to_ms: t0 + (count - 1) * 15 * minute_ms,
  });
  expect(series.count).toBe(count - 2);
  const [power, energy, frequency] = series.columns;
  for (let k = 0; k < series.count; k++) {
    const i = k + 1;
    if (series.at_ms[k] !== t0 + i * 15 * minute_ms) throw new Error(`instant of row ${k}`);
    if (series.quality[k] !== i % 5) throw new Error(`quality of row ${k}`);
    if (energy?.[k] !== 2 ** 40 + i) throw new Error(`energy of row ${k}`);
    if (!Object.is(power?.[k], i % 3 === 0 ? Number.NaN : i / 3)) throw new Error(`power of row ${k}`);
    if (!Number.isNaN(frequency?.[k])) throw new Error(`frequency of row ${k}`);
  }
  const none = await readReadings(client, { meterId: 99, measurands: [], from_ms: 0, to_ms: t0 });
  expect(none.count).toBe(0);
  await expect(
    readReadings(client, { meterId: 3, measurands: [], from_ms: Number.NaN, to_ms: t0 }),
  ).rejects.toThrow(RangeError);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('rare measurands fill, contradict and are replaced as others do', async () => {
  const fifth: MeasurandName = 'harmonic_current_l1_5_percent';
  const tariff: MeasurandName = 'active_energy_tariff_2_wh';
  await write(reading(1, t0, { active_power_w: 1, [fifth]: 31.4 }), reading(2, t0, { [tariff]: 7 }));
  expect(await write(reading(1, t0, { [fifth]: 31.4 }))).toMatchObject({ unchanged: 1, conflicts: 0 });
  const result = await write(
    reading(1, t0, { [fifth]: 12, [tariff]: 5000 }),
    reading(2, t0, { [tariff]: 7 }),
    reading(1, t0 + minute_ms, { [tariff]: 5001 }),
  );
  expect(result).toEqual({ inserted: 1, filled: 1, unchanged: 1, conflicts: 1 });
  expect(await rows('SELECT measurand, stored, arrived FROM store.reading_conflict')).toEqual([
    { measurand: fifth, stored: 31.4, arrived: 12 },
  ]);
  const wanted = { meterId: 1, measurands: [fifth, tariff], from_ms: t0, to_ms: t0 + 2 * minute_ms };
  const read = async () => (await readReadings(client, wanted)).columns.map((column) => [...column]);
  expect(await read()).toEqual([
    [31.4, Number.NaN],
    [5000, 5001],
  ]);
  const other = { meterId: 1, at: new Date(t0), measurand: fifth, stored: 31.4, arrived: 12 };
  expect(await replaceValue(client, other)).toBe(true);
  expect(await replaceValue(client, other)).toBe(false);
  expect((await read())[0]).toEqual([12, Number.NaN]);
});
