import { parseArgs } from 'node:util';
import { AppError } from '@wattproof/runtime';
import { type CheckKind, type CheckOutcome, checkKinds } from './checks/check.ts';
import { checkE2e } from './checks/e2e-check.ts';
import { endPrograms } from './checks/program.ts';
import { checkBoundaries, checkGenerated, checkLint, checkTypes } from './checks/static-checks.ts';
import { runVitest } from './checks/vitest-checks.ts';
import { type StatePaths, statePaths } from './paths.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { provideServicePrefix, provideToolPrefix } from './services/prefix.ts';
import type { Services } from './services/services.ts';
import { formatDuration } from './terminal/duration.mjs';
import { createSteps, type Steps } from './terminal/steps.mjs';
import { offerTestServices, startTestServices, testServiceVariables } from './test-services.ts';

const titles: Readonly<Record<CheckKind, string>> = {
  lint: 'format and lint',
  types: 'types',
  boundaries: 'package boundaries',
  generated: 'generated files',
  unit: 'unit tests',
  integration: 'integration tests',
  e2e: 'end-to-end tests in Chromium',
};

interface Run {
  readonly state: StatePaths;
  readonly steps: Steps;
  readonly filters: readonly string[];
  /** What is stopped when the run is interrupted. */
  readonly stops: Set<() => Promise<void>>;
  readonly abort: AbortController;
}

async function checkIntegration(
  { state, filters, stops, abort }: Run,
  report: (text: string) => void,
): Promise<CheckOutcome> {
  const services: Services = await startTestServices(state, report, abort.signal);
  const stop = (): Promise<void> => services.stop();
  stops.add(stop);
  try {
    const env = testServiceVariables(state, services);
    return await runVitest({ project: 'integration', filters, env, logFolder: state.logs, report });
  } finally {
    stops.delete(stop);
    await stop();
  }
}

function runCheck(kind: CheckKind, run: Run, report: (text: string) => void): Promise<CheckOutcome> {
  const { state, filters } = run;
  switch (kind) {
    case 'lint':
      return checkLint();
    case 'types':
      return checkTypes(report);
    case 'boundaries':
      return checkBoundaries();
    case 'generated':
      return checkGenerated();
    case 'unit':
      return runVitest({ project: 'unit', filters, env: {}, logFolder: state.logs, report });
    case 'integration':
      return checkIntegration(run, report);
    case 'e2e':
      return checkE2e({ filters, stops: run.stops, steps: run.steps, report });
  }
}

/** One check as a step. What stops it from running at all is one failure, told like any other. */
async function runStep(kind: CheckKind, run: Run): Promise<CheckOutcome> {
  const { steps } = run;
  let outcome: CheckOutcome = { passed: 0, failed: 1, output: '' };
  try {
    await steps.run(titles[kind], async (report) => {
      try {
        outcome = await runCheck(kind, run, report);
      } catch (error) {
        const output = error instanceof AppError ? error.message : String((error as Error).stack ?? error);
        outcome = { passed: 0, failed: 1, output };
      }
      if (outcome.failed > 0) throw new Error(titles[kind]);
    });
  } catch {
    // The step is marked as failed; why stands in the outcome.
    steps.line(outcome.output);
  }
  return outcome;
}

function table(outcomes: ReadonlyMap<CheckKind, CheckOutcome>): string {
  const rows = [...outcomes].map(
    ([kind, { passed, failed }]) =>
      `  ${titles[kind].padEnd(30)} ${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`,
  );
  return rows.join('\n');
}

function selectedKinds(only: string | undefined): readonly CheckKind[] {
  if (only === undefined) return checkKinds;
  const names = only.split(',');
  const unknown = names.find((name) => !checkKinds.includes(name as CheckKind));
  if (unknown !== undefined) {
    throw new AppError('invalid', `--only ${unknown} is not one of ${checkKinds.join(', ')}.`);
  }
  return checkKinds.filter((kind) => names.includes(kind));
}

async function runChecks(kinds: readonly CheckKind[], run: Run): Promise<number> {
  const { state, steps } = run;
  const began = Number(process.env.WATTPROOF_STARTED_MS ?? Date.now());
  const needsServices = kinds.includes('integration') || kinds.includes('e2e');
  const programs = needsServices
    ? steps.run('programs of services and tests', async (report) => {
        await provideServicePrefix(state, report, run.abort.signal);
        await provideToolPrefix(state, report, run.abort.signal);
      })
    : Promise.resolve();
  // A failed download is told where it is needed first; here it only must not end the process.
  programs.catch(() => undefined);
  const outcomes = new Map<CheckKind, CheckOutcome>();
  for (const kind of kinds) {
    if (kind === 'integration' || kind === 'e2e') await programs;
    outcomes.set(kind, await runStep(kind, run));
  }
  const all = [...outcomes.values()];
  const passed = all.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = all.reduce((sum, outcome) => sum + outcome.failed, 0);
  console.log(
    `\n${table(outcomes)}\n  in ${formatDuration(Date.now() - began)}\n\n${passed} passed, ${failed} failed`,
  );
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, services: { type: 'boolean', default: false } },
  });
  if (values.services) {
    await offerTestServices();
    return 0;
  }
  const kinds = selectedKinds(values.only);
  const state = statePaths('test');
  const release = takeInstanceLock(state.lock, 'A test run');
  const run: Run = {
    state,
    steps: createSteps(process.stdout),
    filters: positionals,
    stops: new Set(),
    abort: new AbortController(),
  };
  const interrupted = new Promise<number>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(130));
    process.once('disconnect', () => resolve(130));
  });
  try {
    const code = await Promise.race([interrupted, runChecks(kinds, run)]);
    run.abort.abort();
    endPrograms();
    await Promise.all([...run.stops].map((stop) => stop()));
    return code;
  } finally {
    release();
  }
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof AppError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
