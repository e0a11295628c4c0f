import {
  baseBoundaries,
  counterIntervals,
  defaultGapLimit_ms,
  intervalQualities,
  periodBoundaries,
  tier,
} from '@wattproof/energy';
import {
  arrivals,
  commands,
  deliveries,
  inBatches,
  type Life,
  live,
  modelMaxRate_per_s,
  modelModulus,
  startIndices,
} from '@wattproof/energy/interval-model';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import fc from 'fast-check';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { markMeters } from './dirty-mark.ts';
import { rebuildIntervals } from './rebuild.ts';
import {
  createMeter,
  createSite,
  storeReadings,
  type TestReading,
  type TestSite,
} from './structure-fixture.ts';

/** Meters that live at the same time, and how often: their product are the sequences tried. */
const metersAtOnce = 10;
const runs = 20;
const seed = Number(process.env.WATTPROOF_MODEL_SEED ?? Date.now() % 2_147_483_647);
const longest_ms = 180_000;
const quarter_ms = 900_000;
const counter = 'active_energy_import_wh';
const zones = ['Europe/Paris', 'Asia/Kolkata', 'Australia/Lord_Howe'];
/** Minutes before the clocks of Paris and Lord Howe change, and before a leap day ends. */
const starts = [
  Date.UTC(2026, 2, 28, 23, 20),
  Date.UTC(2025, 9, 25, 22, 40),
  Date.UTC(2026, 3, 4, 12, 35),
  Date.UTC(2024, 1, 29, 22, 50),
];

let database: TestDatabase;
let admin: Client;
let pool: Pool;
const openPool = (name: string): Pool =>
  new Pool({ connectionString: database.urlOf('wattproof_worker'), application_name: name, max: 4 });
const sites = new Map<string, TestSite>();

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = openPool('lives');
  for (const timeZone of zones)
    sites.set(timeZone, await createSite(admin, { slug: timeZone.toLowerCase(), timeZone }));
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

const rebuild = (by: Pool = pool) =>
  rebuildIntervals(by, {
    onError: (error) => {
      throw error;
    },
  });

/**
 * A process that dies in the computation: what it has not committed is as if it had never begun. Its connections are its own
 * and end with it; one that a living pool holds may be dead for a moment before the pool hears of it, and be lent out again.
 */
async function rebuildAndCrash(): Promise<void> {
  const dying = openPool('dies');
  // Its idle connections are killed too.
  dying.on('error', () => {});
  const underWay = rebuild(dying).then(
    () => 'was done before',
    (error: Error) => error.message,
  );
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dies'`,
  );
  await underWay;
  await dying.end();
}

async function declare(site: TestSite, meterId: number, life: Life): Promise<void> {
  for (const event of life.events) {
    await admin.query(
      `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        site.organisationId,
        meterId,
        event.kind,
        new Date(event.at_ms),
        counter,
        event.closing,
        event.opening,
      ],
    );
    await markMeters(admin, [{ meterId, from_ms: event.at_ms - 1, to_ms: event.at_ms }]);
  }
}

interface Derived {
  readonly base: readonly (readonly [start_ms: number, delta: number, quality: string])[];
  readonly days: readonly (readonly [start_ms: number, delta: number, missing: number])[];
  readonly months: readonly (readonly [start_ms: number, delta: number, missing: number])[];
}

/** What the pure core makes of all readings at once. */
function reference(life: Life, zone: string): Derived {
  const first_ms = life.readings[0]?.at_ms ?? 0;
  const end_ms = life.readings.at(-1)?.at_ms ?? 0;
  const boundaries_ms = baseBoundaries(first_ms, end_ms, quarter_ms);
  const { from, to, delta, quality } = counterIntervals({
    at_ms: life.readings.map((r) => r.at_ms),
    index: life.readings.map((r) => r.index),
    rules: { modulus: modelModulus, maxRate_per_s: modelMaxRate_per_s, gapLimit_ms: defaultGapLimit_ms },
    events: life.events,
    boundaries_ms,
  });
  const series = {
    start_ms: boundaries_ms.slice(from, to),
    delta: delta.subarray(from, to),
    quality: quality.subarray(from, to),
  };
  const periods = (unit: 'day' | 'month'): Derived['days'] => {
    const columns = tier(series, periodBoundaries(zone, unit, first_ms, end_ms));
    return Array.from({ length: columns.count }, (_, i) => [
      columns.start_ms[i] as number,
      columns.delta[i] as number,
      columns.n_missing[i] as number,
    ]);
  };
  return {
    base: series.start_ms.map((start, i) => [
      start,
      series.delta[i] as number,
      intervalQualities[series.quality[i] as number] as string,
    ]),
    days: periods('day'),
    months: periods('month'),
  };
}

async function stored(meterId: number): Promise<Derived> {
  const base = await admin.query<{ start: Date; delta: string; quality: number }>(
    'SELECT start, delta, quality FROM store.interval WHERE meter_id = $1 ORDER BY start',
    [meterId],
  );
  const periods = async (table: string): Promise<Derived['days']> => {
    const { rows } = await admin.query<{ start: Date; delta: string; n_missing: number }>(
      `SELECT start, delta, n_missing FROM store.${table} WHERE meter_id = $1 ORDER BY start`,
      [meterId],
    );
    return rows.map((row) => [row.start.getTime(), Number(row.delta), row.n_missing]);
  };
  return {
    base: base.rows.map((row) => [
      row.start.getTime(),
      Number(row.delta),
      intervalQualities[row.quality] as string,
    ]),
    days: await periods('interval_day'),
    months: await periods('interval_month'),
  };
}

const lives = fc.record({
  steps: commands,
  startIndex: startIndices,
  delivery: deliveries,
  start_ms: fc.constantFrom(...starts),
});

test(
  `${metersAtOnce * runs} lives of meters, delivered late, twice, in disorder and with crashes, are what the core says (seed ${seed})`,
  async () => {
    let sequences = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(lives, { minLength: metersAtOnce, maxLength: metersAtOnce }),
        fc.constantFrom(...zones),
        async (drafts, zone) => {
          const site = sites.get(zone) as TestSite;
          const meters = [];
          for (const { steps, startIndex, delivery, start_ms } of drafts) {
            const life = live(steps, start_ms, startIndex);
            const meterId = await createMeter(admin, site, {
              modulus: modelModulus,
              rateMax_per_s: modelMaxRate_per_s,
            });
            const readings = arrivals(life.readings, delivery).map(
              (r): TestReading => ({ meterId, at_ms: r.at_ms, values: { [counter]: r.index } }),
            );
            meters.push({ meterId, life, delivery, batches: inBatches(readings, delivery.batches) });
          }
          const most = Math.max(...meters.map((m) => m.batches.length));
          for (let round = 0; round < most; round++) {
            for (const { batches } of meters) await storeReadings(admin, site, batches[round] ?? []);
            if (round === 0) for (const { meterId, life } of meters) await declare(site, meterId, life);
            if (meters[0]?.delivery.crashes[round]) await rebuildAndCrash();
            else await rebuild();
          }
          await rebuild();
          for (const { meterId, life } of meters)
            expect(await stored(meterId), `meter ${meterId}`).toEqual(reference(life, zone));
          sequences += meters.length;
        },
      ),
      { numRuns: runs, seed, endOnFailure: true },
    );
    expect(sequences).toBeGreaterThanOrEqual(200);
    expect(await admin.query('SELECT FROM store.dirty')).toMatchObject({ rowCount: 0 });
  },
  longest_ms,
);
