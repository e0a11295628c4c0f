import { addDays } from '@wattproof/energy';
import { computeEnpis } from '@wattproof/workers/performance';
import pg from 'pg';
import { runCertificate } from '../apps/api/src/certificate/run-certificate.ts';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { type EnpiPlant, firstDate, metersOfSite, seedEnpis } from './enpi/database.ts';
import { numpySeconds, ourSeconds } from './enpi/numpy.ts';
import { baselineDays, candidatesOf, enpiOf, meterDays, monthDays } from './enpi/work.ts';
import { flag, median, rounded } from './figures/measure.ts';
import { cpuOf, postgresCpu } from './ingest/cpu.ts';
import { buildApi, startApi } from './series/api-process.ts';
import { emptyDatabase, makeKeys } from './series/database.ts';

/** Meters that numpy fits too: a ratio does not need all of them. */
const comparedMeters = 10;
/** Sites whose workspace is asked in each round. */
const askedSites = 10;

/**
 * A month of EnPIs of 1,000 meters as the workers compute them, out of the database and back: a year of days read, the
 * daily model fitted over every pair of base temperatures, the month's savings, methods, CUSUM and months stated and
 * stored. Beside it the same candidate regressions by numpy on one thread, the certificate, and the workspace over HTTP
 * with the same database behind it: its first answer for a site, and that to a change of variables.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const meters = flag(context.flags, '--meters', 1000);
  const rounds = flag(context.flags, '--runs', 3);
  const { admin, urlOf } = await emptyDatabase(context, 'wattproof_bench_enpi');
  context.log('seeding days');
  const plant = await seedEnpis(admin, meters);
  const [keys = []] = await makeKeys(admin, { organisations: 1, keysOfEach: 1 });
  buildApi(context);
  const api = await startApi(context, { admin, urlOf, keys: [keys] });
  const workers = new pg.Pool({ connectionString: urlOf('wattproof_worker'), max: 4 });
  const sample = Array.from({ length: comparedMeters }, (_, i) => meterDays(i + 1));
  sample.forEach(enpiOf);
  const figures = {
    seconds: [] as number[],
    ratios: [] as number[],
    certificates: [] as number[],
    cpu: [] as number[],
    asked: [] as number[],
    first: [] as number[],
    change: [] as number[],
  };
  try {
    for (let round = 1; round <= rounds; round++) {
      await admin.query('TRUNCATE enpi_result, enb CASCADE');
      const before_s = cpuSeconds(context);
      figures.seconds.push(await enpiSeconds(workers, meters));
      figures.cpu.push(cpuSeconds(context) - before_s);
      figures.ratios.push((await numpySeconds(context, sample)) / ourSeconds(sample));
      figures.certificates.push(certificateSeconds());
      const answered = await workspace(api, keys[0] as string, { plant, round });
      figures.asked.push(answered.cpu_ms);
      figures.first.push(answered.first_ms);
      figures.change.push(answered.change_ms);
      context.log(
        `round ${round}: ${figures.seconds.at(-1)?.toFixed(1)} s, numpy ÷ ours ${figures.ratios.at(-1)?.toFixed(2)}, certificate ${figures.certificates.at(-1)?.toFixed(1)} s, workspace ${answered.first_ms.toFixed(0)} ms, then ${answered.change_ms.toFixed(0)} ms`,
      );
    }
  } finally {
    await api.stop();
    await workers.end();
    await admin.end();
  }
  const seconds = median(figures.seconds);
  return {
    seconds: rounded(seconds),
    // Processor time of the same work, in this process and in PostgreSQL: what a busy machine does not change.
    cpu_seconds: rounded(median(figures.cpu)),
    fits_per_s: Math.round((meters * candidatesOf()) / seconds),
    library_ratio: rounded(median(figures.ratios)),
    certificate_s: rounded(median(figures.certificates)),
    workspace_ms: rounded(median(figures.change)),
    workspace_cpu_ms: rounded(median(figures.asked)),
    workspace_first_ms: rounded(median(figures.first)),
    meters,
    candidates_per_meter: candidatesOf(),
    rounds,
  };
}

function cpuSeconds({ ports }: BenchContext): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + (postgresCpu(ports.POSTGRES) ?? 0);
}

/** All EnPIs by the workers' own function, on a night after the month; everything must have a result. */
async function enpiSeconds(workers: pg.Pool, meters: number): Promise<number> {
  const now_ms = Date.parse(`${addDays(firstDate, baselineDays + monthDays)}T02:00:00Z`);
  const begun = performance.now();
  const outcomes = await computeEnpis(workers, { now_ms });
  const seconds = (performance.now() - begun) / 1000;
  const without = outcomes.filter(({ enbVersion }) => enbVersion === null);
  if (outcomes.length !== meters || without.length > 0)
    throw new Error(
      `${without.length} of ${outcomes.length} EnPIs have no baseline: ${without[0]?.findings[0]?.message}`,
    );
  return seconds;
}

function certificateSeconds(): number {
  const { cases, duration_ms } = runCertificate();
  const failed = cases.filter(({ passed }) => !passed).map(({ id }) => id);
  if (failed.length > 0) throw new Error(`The certificate fails: ${failed.join(', ')}`);
  return duration_ms / 1000;
}

/** One meter of each asked site, another one in each round: first with two variables, then with a third. */
async function workspace(
  { port, pid }: { readonly port: number; readonly pid: number },
  key: string,
  { plant, round }: { readonly plant: EnpiPlant; readonly round: number },
): Promise<{ readonly first_ms: number; readonly change_ms: number; readonly cpu_ms: number }> {
  const first: number[] = [];
  const change: number[] = [];
  const cpu: number[] = [];
  const baseline = { from: firstDate, to: addDays(firstDate, baselineDays) };
  const reporting = { from: baseline.to, to: addDays(baseline.to, monthDays) };
  for (let site = 0; site < Math.min(askedSites, plant.siteIds.length); site++) {
    const variables = plant.variableIds[site] ?? {};
    const ask = async (names: readonly string[]): Promise<number> => {
      const begun = performance.now();
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/enb-candidates`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          siteId: plant.siteIds[site],
          meterIds: [plant.meterIds[site]?.[round % metersOfSite]],
          measurand: 'active_energy_import_wh',
          variableIds: names.map((name) => variables[name]),
          baseline,
          reporting,
        }),
      });
      const text = await answer.text();
      const took_ms = performance.now() - begun;
      const { candidates = [] } = JSON.parse(text) as { readonly candidates?: readonly unknown[] };
      if (!answer.ok || candidates.length < 4) throw new Error(`${answer.status}: ${text.slice(0, 300)}`);
      return took_ms;
    };
    first.push(await ask(['production', 'outdoor']));
    const before_s = cpuOf(pid);
    change.push(await ask(['production', 'hours', 'outdoor']));
    cpu.push((cpuOf(pid) - before_s) * 1000);
  }
  return { first_ms: median(first), change_ms: median(change), cpu_ms: median(cpu) };
}
