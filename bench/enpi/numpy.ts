import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { defaultBaselineSettings } from '@wattproof/energy';
import type { BenchContext } from '../../infra/bench-context.ts';
import { enpiOf, type MeterDays } from './work.ts';

const script = join(import.meta.dirname, 'numpy_fits.py');

/** Seconds of processor: on a machine that does other work too, the clock would compare that. */
export function ourSeconds(sample: readonly MeterDays[]): number {
  const begun = process.cpuUsage();
  sample.forEach(enpiOf);
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

/** Seconds of processor that numpy takes for the sample; both must find the same best models, or nothing is compared. */
export async function numpySeconds(
  { peer }: Pick<BenchContext, 'peer'>,
  sample: readonly MeterDays[],
): Promise<number> {
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
  const [command = '', ...args] = await peer(['/usr/bin/python3', script], {
    folders: [dirname(script)],
    environment: {
      // One thread, as ours.
      OPENBLAS_NUM_THREADS: '1',
      // Debian chooses among its libraries of linear algebra when packages are configured, which unpacking does not do.
      LD_LIBRARY_PATH: ['x86_64', 'aarch64']
        .map((machine) => `/usr/lib/${machine}-linux-gnu/openblas-pthread`)
        .join(':'),
    },
  });
  const { stdout, stderr, status } = spawnSync(command, args, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`numpy could not be run: ${stderr}`);
  const found = JSON.parse(stdout) as { readonly seconds: number; readonly adjustedR2: readonly number[] };
  sample.forEach((meter, i) => {
    const ours = enpiOf(meter).adjustedR2;
    const theirs = found.adjustedR2[i] as number;
    if (Math.abs(ours - theirs) > 1e-9) throw new Error(`Meter ${i}: adjusted R² ${ours}, numpy ${theirs}`);
  });
  return found.seconds;
}
