import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AppError } from '@wattproof/runtime';
import type { DemoFile } from './demo-seed.ts';
import { type StatePaths, statePaths } from './paths.ts';
import { resolvePorts } from './ports.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { endLeftovers } from './processes/leftovers.ts';
import { externalServices } from './services/external.ts';
import { startDemo } from './supervisor.ts';
import { formatDuration } from './terminal/duration.mjs';
import { createSteps } from './terminal/steps.mjs';

const defaults = { months: 14, seed: 42 } as const;

function numberSetting(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new AppError('invalid', `${name} is "${text}", but must be a whole number.`);
}

/** Removes the data of an earlier start; programs and packages stay. */
function removeData(state: StatePaths): void {
  if (externalServices(process.env).adminDatabaseUrl) {
    throw new AppError(
      'conflict',
      '--fresh does not empty a database given by WATTPROOF_DATABASE_URL: empty it yourself, or unset the variable.',
    );
  }
  const { postgres, redis, mosquitto, edge, serial, secrets, demo } = state;
  for (const path of [postgres, redis, mosquitto, edge, serial, secrets, demo, `${mosquitto}-docker`]) {
    rmSync(path, { recursive: true, force: true });
  }
}

function readyBlock(demo: DemoFile, state: StatePaths): string {
  const width = Math.max(...demo.accounts.map(({ role }) => role.length));
  const mail = Math.max(...demo.accounts.map(({ email }) => email.length));
  const began = Number(process.env.WATTPROOF_STARTED_MS ?? Date.now());
  const lines = [
    'Wattproof is ready',
    '',
    `  Portal             ${demo.portalUrl}`,
    `  API documentation  ${demo.docsUrl}`,
    '',
    '  Sign in as',
    ...demo.accounts.map(
      ({ role, email, password, organisation }) =>
        `    ${role.padEnd(width)}  ${email.padEnd(mail)}  ${password}  (${organisation})`,
    ),
    '',
    `  For scripts        ${state.demo}`,
    `  Logs               ${state.logs}`,
    `  Stop               Ctrl-C here, or kill ${process.pid}`,
    `  Started in         ${formatDuration(Date.now() - began)}`,
  ];
  return lines.join('\n');
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const state = statePaths();
  const release = takeInstanceLock(state.lock, 'Wattproof');
  try {
    const left = await endLeftovers(state.run);
    const steps = createSteps(process.stdout);
    if (left > 0) steps.line(`ended ${left} processes that an earlier start had left behind`);
    if (values.fresh) removeData(state);
    const end = process.env.WATTPROOF_DEMO_END;
    const { ready, stop } = startDemo({
      state,
      ports: resolvePorts(),
      steps,
      months: numberSetting('WATTPROOF_DEMO_MONTHS', defaults.months),
      demoSeed: numberSetting('WATTPROOF_DEMO_SEED', defaults.seed),
      ...(end === undefined ? {} : { end }),
    });
    const told = new Promise<string>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.on(signal, () => resolve(signal));
      process.once('disconnect', () => resolve('the end of the launcher'));
    });
    const failedOrTold = await Promise.race([told, ready.then((demo) => demo)]);
    if (typeof failedOrTold !== 'string') {
      console.log(`\n${readyBlock(failedOrTold, state)}\n`);
      await told;
    }
    const began = Date.now();
    console.log('\nStopping …');
    await stop();
    // A start that was interrupted ends with an error of its own, which nobody needs to read.
    await ready.catch(() => undefined);
    console.log(`Stopped in ${formatDuration(Date.now() - began)}`);
    return 0;
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
