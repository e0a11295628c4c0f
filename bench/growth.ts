import { addReading, commitReadings, createReadingBatch } from '@wattproof/database';
import pg from 'pg';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { flag, median, rounded } from './figures/measure.ts';
import { buildApi, type RunningApi, startApi } from './series/api-process.ts';
import { askAll, scattered } from './series/clients.ts';
import { meterIdOf, metersOfSite, type Plan, type Seeded, seededDatabase } from './series/database.ts';

const day_ms = 86_400_000;
const days = 30;
const end = new Date('2026-11-01T00:00:00+01:00');
/** Of each size. */
const clients = 2;
/** Rows of one batch, and batches of one round. */
const batch = { rows: 500, count: 100 } as const;

/** Ten times the organisations, meters and chunks; the same rows of each meter, and the same width of work. */
const planOf = (factor: 1 | 10): Plan => ({
  database: `wattproof_bench_growth_${factor}`,
  organisations: factor,
  meters: 100,
  days,
  end,
  readings: [{ days, step_s: 180 }],
  chunk_s: { reading: 86_400 / factor, interval: 86_400 / factor },
  keysOfEach: 16,
});

interface Size {
  readonly plan: Plan;
  readonly seeded: Seeded;
  /** Median times of each round, ms: of a batch, and of each kind of request. */
  readonly ingest: number[];
  readonly series: number[][];
}

/**
 * Time for a unit of work in an installation of 1 organisation, 100 meters and 30 chunks, and in one of ten times all of it:
 * writing a batch of readings, and four requests of the series API (a month of a meter, a month of a site, a day of base
 * intervals, a day of readings). The chunks of the large one are a tenth as wide, as their width follows the rate. Both are
 * measured in the same moments, batch by batch and request beside request, so that what else the machine does falls on both.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const rounds = flag(context.flags, '--runs', 12);
  const sizes: Size[] = [];
  for (const plan of [planOf(1), planOf(10)])
    sizes.push({ plan, seeded: await seededDatabase(context, plan), ingest: [], series: [] });
  buildApi(context);
  const apis: RunningApi[] = [];
  try {
    for (const [i, { seeded }] of sizes.entries())
      apis.push(await startApi(context, seeded, [context.ports.API, context.ports.PORTAL][i]));
    const requests = flag(context.flags, '--requests', 60);
    for (let round = 0; round <= rounds; round++) {
      await timeIngest(sizes, round);
      await timeSeries(sizes, apis, requests);
      // The first round warms up.
      if (round === 0)
        for (const { ingest, series } of sizes) {
          ingest.length = 0;
          series.length = 0;
        }
      else
        for (const { plan, ingest, series } of sizes)
          context.log(
            `round ${round}, ${plan.organisations} ×: batch ${ingest.at(-1)?.toFixed(1)} ms, requests ${series
              .at(-1)
              ?.map((ms) => ms.toFixed(1))
              .join(' ')} ms`,
          );
    }
  } finally {
    for (const api of apis) await api.stop();
    for (const { seeded } of sizes) {
      await seeded.admin.query('DELETE FROM store.dirty');
      await seeded.admin.query("SELECT drop_chunks('store.reading', newer_than => $1::timestamptz)", [end]);
      await seeded.admin.end();
    }
  }
  return summary(sizes, rounds);
}

function summary([small, large]: readonly Size[], rounds: number): BenchResult {
  if (!small || !large) throw new Error('both sizes are needed');
  // Requests of one or two milliseconds stand in each other's way now and then: all rounds together say more than one.
  const ratioOf = (of: (size: Size, round: number) => number): number => {
    const sumOf = (size: Size): number => size.ingest.reduce((sum, _, round) => sum + of(size, round), 0);
    return sumOf(large) / sumOf(small);
  };
  const ratios = work.map((_, i) => ratioOf(({ series }, round) => series[round]?.[i] ?? Number.NaN));
  const ingest = ratioOf((size, round) => size.ingest[round] ?? Number.NaN);
  return {
    ingest_ratio: rounded(ingest),
    series_ratio: rounded(ratios.reduce((a, b) => a + b, 0) / ratios.length),
    worst_ratio: rounded(Math.max(ingest, ...ratios)),
    series_ratio_of_each: Object.fromEntries(
      work.map(({ name }, i) => [name, rounded(ratios[i] ?? Number.NaN)]),
    ),
    batch_ms: [rounded(median(small.ingest)), rounded(median(large.ingest))],
    rounds,
  };
}

/** Median time to commit a batch, 50 meters of an organisation with ten readings each; a batch here, a batch there. */
async function timeIngest(sizes: readonly Size[], round: number): Promise<void> {
  const clients = await Promise.all(
    sizes.map(async ({ seeded }) => {
      const client = new pg.Client({ connectionString: seeded.urlOf('wattproof_ingestion') });
      await client.connect();
      await client.query("SET app.organisation = '*'");
      return client;
    }),
  );
  const times = sizes.map((): number[] => []);
  try {
    for (let n = 0; n < batch.count; n++)
      for (const [i, { plan }] of sizes.entries()) {
        const readings = batchOf(plan, round * batch.count + n);
        const start_ms = performance.now();
        await commitReadings(clients[i] as pg.Client, readings);
        times[i]?.push(performance.now() - start_ms);
      }
  } finally {
    for (const client of clients) await client.end();
  }
  for (const [i, { ingest }] of sizes.entries()) ingest.push(median(times[i] ?? []));
}

function batchOf(plan: Plan, n: number): ReturnType<typeof createReadingBatch> {
  const organisation = n % plan.organisations;
  const readings = createReadingBatch();
  for (let i = 0; i < batch.rows; i++) {
    const at_ms = end.getTime() + (n * 10 + Math.floor(i / 50)) * 1_000;
    addReading(readings, {
      meterId: meterIdOf(plan, organisation, (i % 50) + (n % 2) * 50),
      organisationId: organisation + 1,
      at_ms,
      receivedAt_ms: at_ms,
      skew_ms: 0,
      quality: 0,
      values: { active_energy_import_wh: at_ms % 1e9, active_power_w: 4_000, voltage_l1_n_v: 230 },
      exceptions: {},
    });
  }
  return readings;
}

interface Work {
  readonly name: string;
  readonly path: (plan: Plan, organisation: number, n: number) => string;
}

const stretch = (n: number, length_days: number): string => {
  const from_ms = end.getTime() - (length_days + scattered(n, Math.max(1, days - length_days))) * day_ms;
  return `from=${new Date(from_ms).toISOString()}&to=${new Date(from_ms + length_days * day_ms).toISOString()}`;
};
const energy = 'measurand=active_energy_import_wh';
const physicalOf = (plan: Plan, organisation: number, n: number): number =>
  meterIdOf(
    plan,
    organisation,
    scattered(n, plan.meters / metersOfSite) * metersOfSite + 1 + scattered(n + 7, metersOfSite - 1),
  );

const work: readonly Work[] = [
  {
    name: 'month_of_meter',
    path: (plan, organisation, n) =>
      `/series?meters=${meterIdOf(plan, organisation, scattered(n, plan.meters))}&${energy}&${stretch(n, 30)}`,
  },
  {
    name: 'month_of_site',
    path: (plan, organisation, n) => {
      const first = scattered(n, plan.meters / metersOfSite) * metersOfSite;
      const ids = Array.from({ length: metersOfSite }, (_, i) => meterIdOf(plan, organisation, first + i));
      return `/series?meters=${ids.join()}&${energy}&${stretch(n, 30)}&resolution=day`;
    },
  },
  {
    name: 'day_of_base',
    path: (plan, organisation, n) =>
      `/series?meters=${meterIdOf(plan, organisation, scattered(n, plan.meters))}&${energy}&${stretch(n, 1)}&resolution=base`,
  },
  {
    name: 'day_of_readings',
    path: (plan, organisation, n) =>
      `/series?meters=${physicalOf(plan, organisation, n)}&measurand=voltage_l1_n_v&${stretch(n, 1)}&resolution=raw`,
  },
];

/** Median time of each kind of request, both sizes being asked at once. */
async function timeSeries(
  sizes: readonly Size[],
  apis: readonly RunningApi[],
  requests: number,
): Promise<void> {
  const medians = sizes.map((): number[] => []);
  for (const { path } of work) {
    const times = await Promise.all(
      sizes.map(({ plan, seeded }, i) =>
        askAll({
          port: apis[i]?.port ?? 0,
          clients,
          requestsOfEach: requests,
          request: (client, n) => {
            const organisation = (client + n) % plan.organisations;
            const keys = seeded.keys[organisation] ?? [];
            return {
              path: path(plan, organisation, client * 1_000 + n),
              key: keys[(client * 4 + (n % 4)) % keys.length] ?? '',
            };
          },
        }),
      ),
    );
    for (const [i, list] of times.entries()) medians[i]?.push(median(list));
  }
  for (const [i, { series }] of sizes.entries()) series.push(medians[i] ?? []);
}
