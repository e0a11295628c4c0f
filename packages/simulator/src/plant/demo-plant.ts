import { belleroche } from './definition/belleroche.ts';
import { neighbours } from './definition/neighbours.ts';
import type { DemoPlant } from './plant.ts';

/** Fixed when a demo is first made: instants that later starts must not move. */
export interface PlantOptions {
  readonly seed: number;
  readonly start_ms: number;
  readonly reportingFrom_ms: number;
}

/** The plant where nothing else is said: enough for a simulator without a demo around it. */
export const defaultPlantOptions: PlantOptions = {
  seed: 42,
  start_ms: Date.UTC(2025, 0, 1),
  reportingFrom_ms: Date.UTC(2026, 8, 1),
};

/** The demo's organisations, as data: the same options give the same plant. */
export function demoPlant(options: PlantOptions): DemoPlant {
  let port = 0;
  const nextPort = (): number => port++;
  return {
    ...options,
    organisations: [belleroche(options.reportingFrom_ms, nextPort), ...neighbours(nextPort)],
  };
}

/** Options as the environment gives them: `WATTPROOF_DEMO_SEED`, `…_START` and `…_REPORTING_FROM` (ISO instants). */
export function plantOptionsOf(environment: Readonly<Record<string, string | undefined>>): PlantOptions {
  const instant = (name: string, otherwise: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const at_ms = Date.parse(text);
    if (Number.isNaN(at_ms)) throw new RangeError(`${name} is "${text}", which is not an instant`);
    return at_ms;
  };
  const seed = Number(environment.WATTPROOF_DEMO_SEED || defaultPlantOptions.seed);
  if (!Number.isInteger(seed)) throw new RangeError('WATTPROOF_DEMO_SEED is not an integer');
  return {
    seed,
    start_ms: instant('WATTPROOF_DEMO_START', defaultPlantOptions.start_ms),
    reportingFrom_ms: instant('WATTPROOF_DEMO_REPORTING_FROM', defaultPlantOptions.reportingFrom_ms),
  };
}
