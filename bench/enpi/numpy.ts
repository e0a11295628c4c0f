import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { defaultBaselineSettings } from '@wattproof/energy';
import { enpiOf, type MeterDays } from './work.ts';

/** Seconds of processor: on a machine that does other work too, the clock would compare that. */
export function ourSeconds(sample: readonly MeterDays[]): number {
  const begun = process.cpuUsage();
  sample.forEach(enpiOf);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** Seconds of processor that numpy takes for the sample; both must find the same best models, or nothing is compared. */
export function numpySeconds(sample: readonly MeterDays[]): number {
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
    [join(import.meta.dirname, 'numpy_fits.py')],
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
