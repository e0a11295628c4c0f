import { addReading, commitReadings, createReadingBatch } from '@wattproof/database';
import pg from 'pg';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { buildApi, startApi } from './series/api-process.ts';
import { askAll, flag, median, rounded, scattered } from './series/clients.ts';
import { meterIdOf, metersOfSite, type Plan, type Seeded, seededDatabase } from './series/database.ts';

const day_ms = 86_400_000;
const days = 30;
const end = new Date('2026-11-01T00:00:00+01:00');
const clients = 4;
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
  keysOfEach: clients * 4,
});

interface Size {
  readonly plan: Plan;
  readonly seeded: Seeded;
  readonly ingest: number[];
  readonly series: number[][];
}

/**
 * Time for a unit of work in an installation of 1 organisation, 100 meters and 30 chunks, and in one of ten times all of it:
 * writing a batch of readings, and four requests of the series API (a month of a meter, a month of a site, a day of base
 * intervals, a day of readings). The chunks of the large one are a tenth as wide, as their width follows the rate.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const rounds = flag(context.flags, '--runs', 3);
  const sizes: Size[] = [];
  for (const plan of [planOf(1), planOf(10)])
    sizes.push({ plan, seeded: await seededDatabase(context, plan), ingest: [], series: [] });
  buildApi(context);
  try {
    for (let round = 1; round <= rounds; round++)
      for (const size of sizes) {
        size.ingest.push(await timeIngest(size, round));
        size.series.push(await timeSeries(context, size, flag(context.flags, '--requests', 60)));
        context.log(
          `round ${round}, ${size.plan.organisations} ×: batch ${size.ingest.at(-1)?.toFixed(1)} ms, requests ${size.series
            .at(-1)
            ?.map((ms) => ms.toFixed(1))
            .join(' ')} ms`,
        );
      }
  } finally {
    for (const { seeded } of sizes) {
      await seeded.admin.query('DELETE FROM store.dirty');
      await seeded.admin.query("SELECT drop_chunks('store.reading', newer_than => $1::timestamptz)", [end]);
      await seeded.admin.end();
    }
  }
  return summary(sizes, rounds);
}

async function summary([small, large]: readonly Size[], rounds: number): Promise<BenchResult> {
  if (!small || !large) throw new Error('both sizes are needed');
  const ratios = work.map((_, i) => {
    const of = ({ series }: Size): number => median(series.map((times) => times[i] ?? Number.NaN));
    return of(large) / of(small);
  });
  const ingest = median(large.ingest) / median(small.ingest);
  const series = ratios.reduce((a, b) => a + b, 0) / ratios.length;
  return {
    ingest_ratio: rounded(ingest),
    series_ratio: rounded(series),
    worst_ratio: rounded(Math.max(ingest, ...ratios)),
    series_ratio_of_each: Object.fromEntries(
      work.map(({ name }, i) => [name, rounded(ratios[i] ?? Number.NaN)]),
    ),
    batch_ms: [median(small.ingest), median(large.ingest)].map(rounded),
    rounds,
  };
}

/** Median time to commit a batch: 50 meters of an organisation, ten readings each. */
async function timeIngest({ plan, seeded }: Size, round: number): Promise<number> {
  const client = new pg.Client({ connectionString: seeded.urlOf('wattproof_ingestion') });
  await client.connect();
  const times: number[] = [];
  try {
    await client.query("SET app.organisation = '*'");
    for (let n = 0; n < batch.count; n++) {
      const organisation = n % plan.organisations;
      const readings = createReadingBatch();
      for (let i = 0; i < batch.rows; i++) {
        const at_ms = end.getTime() + ((round * batch.count + n) * 10 + Math.floor(i / 50)) * 1_000;
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
      const start_ms = performance.now();
      await commitReadings(client, readings);
      times.push(performance.now() - start_ms);
    }
  } finally {
    await client.end();
  }
  return median(times);
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

/** Median time of each kind of request. */
async function timeSeries(
  context: BenchContext,
  { plan, seeded }: Size,
  requests: number,
): Promise<number[]> {
  const api = await startApi(context, seeded);
  try {
    const times: number[] = [];
    for (const { path } of [work[0] as Work, ...work]) {
      const all = await askAll({
        port: api.port,
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
      });
      times.push(median(all));
    }
    // The first kind was asked twice: once to warm up.
    return times.slice(1);
  } finally {
    await api.stop();
  }
}
