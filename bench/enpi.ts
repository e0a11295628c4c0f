import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { defaultBaselineSettings, fitBaseline } from '@wattproof/energy';
import { runCertificate } from '../apps/api/src/certificate/run-certificate.ts';
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
 * one thread, the certificate, and a change of variables in the workspace (three variables and the temperature).
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
  return {
    seconds: rounded(median(seconds)),
    fits_per_s: Math.round((meters * candidatesOf()) / median(seconds)),
    library_ratio: rounded(median(ratios)),
    certificate_s: rounded(median(certificates)),
    workspace_ms: rounded(workspace_ms(sample)),
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

/** A change of variables: a year fitted anew with three given variables and the temperature, all subsets. */
function workspace_ms(sample: readonly MeterDays[]): number {
  return median(
    sample.map(({ baseline }) => {
      const production = Array.from(baseline.given.production ?? []);
      const given = {
        production,
        hours: production.map((tonnes, i) => tonnes / 5 + ((i * 7919) % 11)),
        batches: production.map((tonnes, i) => tonnes / 9 + ((i * 104729) % 7)),
      };
      const begun = performance.now();
      fitBaseline({ ...baseline, given });
      return performance.now() - begun;
    }),
  );
}
