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
