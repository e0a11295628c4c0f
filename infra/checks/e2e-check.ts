import { join } from 'node:path';
import { rootFolder, statePaths } from '../paths.ts';
import { resolvePorts } from '../ports.ts';
import { endLeftovers } from '../processes/leftovers.ts';
import { startDemo } from '../supervisor.ts';
import type { Steps } from '../terminal/steps.mjs';
import { removeTestData, testPortShift, testProgramVariables } from '../test-services.ts';
import type { CheckOutcome } from './check.ts';
import { runVitest } from './vitest-checks.ts';

export interface E2eOptions {
  readonly filters: readonly string[];
  readonly stops: Set<() => Promise<void>>;
  readonly steps: Steps;
  readonly report: (text: string) => void;
}

const demoSeed = 42;
/** The baseline year and two months to report on. */
const months = 14;

/** Starts the whole demo as `npm start` does, on the ports of tests and with empty data, and walks through it. */
export async function checkE2e({ filters, stops, steps, report }: E2eOptions): Promise<CheckOutcome> {
  const state = statePaths('test/demo');
  await endLeftovers(state.run);
  removeTestData(state);
  const ports = resolvePorts(testPortShift);
  const { ready, stop } = startDemo({
    state,
    ports,
    portShift: testPortShift,
    steps,
    months: Number(process.env.WATTPROOF_DEMO_MONTHS ?? months),
    demoSeed,
  });
  stops.add(stop);
  try {
    await ready;
    const env = {
      ...testProgramVariables(state),
      WATTPROOF_TEST_DEMO: state.demo,
      WATTPROOF_TEST_SCREENSHOTS: join(rootFolder, 'apps/portal/e2e/.screenshots'),
    };
    return await runVitest({ project: 'e2e', filters, env, logFolder: state.logs, report });
  } finally {
    stops.delete(stop);
    await stop();
  }
}
