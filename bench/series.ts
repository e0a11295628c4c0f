import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { flag, median, quantile, rounded } from './figures/measure.ts';
import { cpuOf, postgresCpu } from './ingest/cpu.ts';
import { buildApi, startApi } from './series/api-process.ts';
import { askAll, scattered } from './series/clients.ts';
import { meterIdOf, metersOfSite, type Plan, seededDatabase } from './series/database.ts';

const clients = 10;
const day_ms = 86_400_000;

/**
 * Answers of the series API while 10 clients ask one after the other: a month of a meter (in the tier that `auto` takes),
 * a year of a site by day (its total, and beside it its uses), on 200 meters with 14 months of history.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const rounds = flag(context.flags, '--runs', 3);
  const requestsOfEach = flag(context.flags, '--requests', 100);
  const days = flag(context.flags, '--days', 426);
  const plan: Plan = {
    database: 'wattproof_bench_series',
    organisations: 1,
    meters: flag(context.flags, '--meters', 200),
    days,
    end: new Date('2026-11-01T00:00:00+01:00'),
    readings: [
      { days: days - 60, step_s: 900 },
      { days: 60, step_s: 60 },
    ],
    chunk_s: { reading: 14 * 86_400, interval: 60 * 86_400 },
    keysOfEach: clients * 4,
  };
  const seeded = await seededDatabase(context, plan);
  buildApi(context);
  const api = await startApi(context, seeded);
  const ask = (paths: (n: number) => string, more: { clients?: number; requests?: number } = {}) =>
    askAll({
      port: api.port,
      clients: more.clients ?? clients,
      requestsOfEach: more.requests ?? requestsOfEach,
      request: (client, n) => ({
        path: paths(client * 1_000 + n),
        key: seeded.keys[0]?.[(client * 4 + (n % 4)) % (clients * 4)] ?? '',
      }),
    });
  const between = (n: number, length_days: number): string => {
    const last = days - length_days;
    const from_ms = plan.end.getTime() - (length_days + scattered(n, Math.max(1, last))) * day_ms;
    return `from=${new Date(from_ms).toISOString()}&to=${new Date(from_ms + length_days * day_ms).toISOString()}`;
  };
  const energy = 'measurand=active_energy_import_wh';
  const meterOf = (n: number): number => meterIdOf(plan, 0, scattered(n, plan.meters));
  const siteOf = (n: number): number => scattered(n, plan.meters / metersOfSite);
  const totalOf = (n: number): number => meterIdOf(plan, 0, siteOf(n) * metersOfSite);
  const { rows: sites } = await seeded.admin.query<{ id: string }>('SELECT id FROM site ORDER BY name');
  const recent = `from=${new Date(plan.end.getTime() - 31 * day_ms).toISOString()}&to=${plan.end.toISOString()}`;
  const physical = (n: number): number => totalOf(n) + 1 + scattered(n, metersOfSite - 1);
  const work = {
    month: (n: number) => `/series?meters=${meterOf(n)}&${energy}&${between(n, 30)}`,
    year: (n: number) => `/series?meters=${totalOf(n)}&${energy}&${between(n, 365)}&resolution=day`,
    uses: (n: number) =>
      `/sites/${sites[siteOf(n)]?.id}/consumption?by=use&from=2025-11-01&to=2026-11-01&resolution=day`,
    tier: (n: number) => `/series?meters=${physical(n)}&${energy}&${recent}&resolution=hour`,
    raw: (n: number) => `/series?meters=${physical(n)}&measurand=voltage_l1_n_v&${recent}&resolution=hour`,
  };
  const month: number[][] = [];
  const cpu = { month: [] as Cpu[], year: [] as Cpu[] };
  /** Answers of one kind with the processor time that one of them takes. */
  const askCounted = async (kind: 'month' | 'year'): Promise<number[]> => {
    const before = cpuSoFar(api.pid, context.ports.POSTGRES);
    const times = await ask(work[kind]);
    const after = cpuSoFar(api.pid, context.ports.POSTGRES);
    const ofOne = (from_s: number, to_s: number): number => ((to_s - from_s) * 1_000) / times.length;
    cpu[kind].push({
      api: ofOne(before.api, after.api),
      postgres: ofOne(before.postgres, after.postgres),
    });
    return times;
  };
  const year: number[][] = [];
  const uses: number[][] = [];
  const ratios: number[] = [];
  try {
    await ask(work.month);
    await ask(work.year);
    for (let round = 1; round <= rounds; round++) {
      month.push(await askCounted('month'));
      year.push(await askCounted('year'));
      uses.push(await ask(work.uses, { requests: Math.ceil(requestsOfEach / 5) }));
      const one = { clients: 1, requests: 20 };
      ratios.push(median(await ask(work.raw, one)) / median(await ask(work.tier, one)));
      context.log(
        `round ${round}: month p95 ${quantile(month.at(-1) ?? [], 0.95).toFixed(1)} ms, year p95 ${quantile(year.at(-1) ?? [], 0.95).toFixed(1)} ms, by use p95 ${quantile(uses.at(-1) ?? [], 0.95).toFixed(1)} ms, raw over tier ${ratios.at(-1)?.toFixed(1)}`,
      );
    }
  } finally {
    await api.stop();
    await seeded.admin.end();
  }
  const of = (lists: readonly number[][], share: number): number =>
    rounded(median(lists.map((list) => quantile(list, share))));
  return {
    month_of_meter_p95_ms: of(month, 0.95),
    month_of_meter_p50_ms: of(month, 0.5),
    month_of_meter_api_cpu_ms: rounded(median(cpu.month.map((c) => c.api))),
    month_of_meter_postgres_cpu_ms: rounded(median(cpu.month.map((c) => c.postgres))),
    year_of_site_p95_ms: of(year, 0.95),
    year_of_site_p50_ms: of(year, 0.5),
    year_of_site_api_cpu_ms: rounded(median(cpu.year.map((c) => c.api))),
    year_of_site_postgres_cpu_ms: rounded(median(cpu.year.map((c) => c.postgres))),
    year_of_site_by_use_p95_ms: of(uses, 0.95),
    raw_over_tier: rounded(median(ratios)),
    clients,
    rounds,
  };
}

/** Processor time by process. */
interface Cpu {
  readonly api: number;
  /** NaN where PostgreSQL runs elsewhere. */
  readonly postgres: number;
}

const cpuSoFar = (apiPid: number, postgresPort: number): Cpu => ({
  api: cpuOf(apiPid),
  postgres: postgresCpu(postgresPort) ?? Number.NaN,
});
