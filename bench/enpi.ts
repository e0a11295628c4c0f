import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { defaultBaselineSettings, type EnpiPeriod } from '@wattproof/energy';
import { runCertificate } from '../apps/api/src/certificate/run-certificate.ts';
import { rememberedFits, runCandidates } from '../apps/api/src/enpi/candidate-run.ts';
import type { BenchContext, BenchResult } from '../infra/bench-context.ts';
import { candidatesOf, enpiOf, type MeterDays, meterDays } from './enpi/work.ts';
import { flag, median, rounded } from './figures/measure.ts';

/** Threads: the product's workers use as many as there are processors on the machine asked for. */
const threads = 2;
/** Meters that numpy fits too: a ratio does not need all of them. */
const comparedMeters = 10;

/**
 * A month of EnPIs of 1,000 meters: daily models with production and two base temperatures refitted, savings with
 * their uncertainty. Arithmetic alone: series come from memory. Beside it the same candidate regressions by numpy on
 * one thread, the certificate, and a choice in the workspace: its first answer, and one after a change of variables.
 */
export async function run(context: BenchContext): Promise<BenchResult> {
  const meters = flag(context.flags, '--meters', 1000);
  const rounds = flag(context.flags, '--runs', 3);
  const crew = await Promise.all(
    Array.from({ length: threads }, (_, i) =>
      startWorker(Math.floor((meters * i) / threads) + 1, Math.floor((meters * (i + 1)) / threads) + 1),
    ),
  );
  const sample = Array.from({ length: comparedMeters }, (_, i) => meterDays(i + 1));
  sample.forEach(enpiOf);
  const seconds: number[] = [];
  const ratios: number[] = [];
  const certificates: number[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const begun = performance.now();
      await Promise.all(crew.map(({ compute }) => compute()));
      seconds.push((performance.now() - begun) / 1000);
      ratios.push(numpySeconds(sample) / ourSeconds(sample));
      certificates.push(certificateSeconds());
      context.log(
        `round ${round}: ${seconds.at(-1)?.toFixed(1)} s, numpy ÷ ours ${ratios.at(-1)?.toFixed(2)}, certificate ${certificates.at(-1)?.toFixed(1)} s`,
      );
    }
  } finally {
    await Promise.all(crew.map(({ stop }) => stop()));
  }
  const answered = workspace(sample);
  return {
    seconds: rounded(median(seconds)),
    fits_per_s: Math.round((meters * candidatesOf()) / median(seconds)),
    library_ratio: rounded(median(ratios)),
    certificate_s: rounded(median(certificates)),
    workspace_ms: answered.change_ms,
    workspace_first_ms: answered.first_ms,
    meters,
    threads,
    candidates_per_meter: candidatesOf(),
    rounds,
  };
}

function startWorker(from: number, to: number) {
  const worker = new Worker(new URL('./enpi/worker.ts', import.meta.url), { workerData: { from, to } });
  const next = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  const compute = (): Promise<unknown> => {
    const answer = next();
    worker.postMessage('go');
    return answer;
  };
  return next().then(() => ({ compute, stop: () => worker.terminate() }));
}

/** Seconds of processor: on a machine that does other work too, the clock would compare that. */
function ourSeconds(sample: readonly MeterDays[]): number {
  const begun = process.cpuUsage();
  sample.forEach(enpiOf);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** Seconds of processor that numpy takes for the sample; both must find the same best models, or nothing is compared. */
function numpySeconds(sample: readonly MeterDays[]): number {
  const { heatingBases_c, coolingBases_c } = defaultBaselineSettings;
  const input = JSON.stringify({
    heatingBases_c,
    coolingBases_c,
    meters: sample.map(({ baseline }) => ({
      energy_wh: [...Array.from(baseline.energy_wh)],
      temperature_c: [...Array.from(baseline.temperature_c ?? [])],
      production: [...Array.from(baseline.given.production ?? [])],
    })),
  });
  const { stdout, stderr, status } = spawnSync(
    'python3',
    [join(import.meta.dirname, 'enpi', 'numpy_fits.py')],
    // One thread, as ours.
    { input, encoding: 'utf8', env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' } },
  );
  if (status !== 0) throw new Error(`numpy could not be run (Debian: python3-numpy): ${stderr}`);
  const found = JSON.parse(stdout) as { readonly seconds: number; readonly adjustedR2: readonly number[] };
  sample.forEach((meter, i) => {
    const ours = enpiOf(meter).adjustedR2;
    const theirs = found.adjustedR2[i] as number;
    if (Math.abs(ours - theirs) > 1e-9) throw new Error(`Meter ${i}: adjusted R² ${ours}, numpy ${theirs}`);
  });
  return found.seconds;
}

function certificateSeconds(): number {
  const { cases, duration_ms } = runCertificate();
  const failed = cases.filter(({ passed }) => !passed).map(({ id }) => id);
  if (failed.length > 0) throw new Error(`The certificate fails: ${failed.join(', ')}`);
  return duration_ms / 1000;
}

/**
 * A change of variables, as the thread behind the workspace answers it: the fits of the temperature are there from the
 * choice before, everything else is fitted anew, ranked and drawn. Reading the days and HTTP are not in it.
 */
function workspace(sample: readonly MeterDays[]): { readonly first_ms: number; readonly change_ms: number } {
  const remember = rememberedFits();
  const asked = (baseline: EnpiPeriod, names: readonly string[]): number => {
    const production = Array.from(baseline.given.production ?? []);
    const all: Readonly<Record<string, readonly number[]>> = {
      production,
      hours: production.map((tonnes, i) => tonnes / 5 + ((i * 7919) % 11)),
      batches: production.map((tonnes, i) => tonnes / 9 + ((i * 104729) % 7)),
    };
    const given = Object.fromEntries(names.map((name) => [name, all[name] ?? []]));
    const period = { ...baseline, given };
    const begun = performance.now();
    runCandidates(
      { whole: period, baseline: period, reporting: null, wish: { granularity: 'day' }, confidence: 0.9 },
      remember,
    );
    return performance.now() - begun;
  };
  const first = sample.map(({ baseline }) => asked(baseline, ['production', 'hours']));
  const change = sample.map(({ baseline }) => asked(baseline, ['production', 'hours', 'batches']));
  return { first_ms: rounded(median(first)), change_ms: rounded(median(change)) };
}
