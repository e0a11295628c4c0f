import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPlantOptions, type PlantOptions } from './demo-plant.ts';

const fileName = 'plant.json';

/** What a demo fixed when it was first made, or undefined where the state folder has none. */
export function readPlantFile(stateFolder: string): PlantOptions | undefined {
  const file = join(stateFolder, fileName);
  if (!existsSync(file)) return undefined;
  const { seed, start, reportingFrom } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const start_ms = Date.parse(String(start));
  const reportingFrom_ms = Date.parse(String(reportingFrom));
  if (!Number.isInteger(seed) || Number.isNaN(start_ms) || Number.isNaN(reportingFrom_ms))
    throw new RangeError(`${file} does not hold seed, start and reportingFrom`);
  return { seed: seed as number, start_ms, reportingFrom_ms };
}

/** Fixes the plant for every later start and for the simulator. */
export function writePlantFile(stateFolder: string, options: PlantOptions): void {
  const content = {
    seed: options.seed,
    start: new Date(options.start_ms).toISOString(),
    reportingFrom: new Date(options.reportingFrom_ms).toISOString(),
  };
  writeFileSync(join(stateFolder, fileName), `${JSON.stringify(content, null, 2)}\n`);
}

/** The plant of this run: as the demo of `WATTPROOF_STATE` fixed it, else the default with `WATTPROOF_DEMO_SEED`. */
export function plantOptionsOf(environment: Readonly<Record<string, string | undefined>>): PlantOptions {
  const fixed = environment.WATTPROOF_STATE && readPlantFile(environment.WATTPROOF_STATE);
  if (fixed) return fixed;
  const seed = Number(environment.WATTPROOF_DEMO_SEED || defaultPlantOptions.seed);
  if (!Number.isInteger(seed)) throw new RangeError('WATTPROOF_DEMO_SEED is not an integer');
  return { ...defaultPlantOptions, seed };
}
