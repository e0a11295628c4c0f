import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '@wattproof/runtime';
import { type StatePaths, statePaths } from './paths.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { provideServicePrefix, provideToolPrefix } from './services/prefix.ts';
import { bubblewrapPath, sandboxArguments } from './services/sandbox.ts';
import { type SoakOutcome, type SoakPlace, soakLine, soakPairs } from './soak/line-soak.ts';
import { createSteps, type Steps } from './terminal/steps.mjs';

/** As many exchanges as a meter read every ten seconds has in a day. */
const dayOfExchanges = 8640;
/** More than on any line, and each of the list some thirty times a day. */
const every = 16;

function exchangesFrom(args: readonly string[]): number {
  const [name, flag, count] = args;
  if (name !== 'line')
    throw new AppError('notFound', 'npm run soak -- line: independent slaves, each transport, every fault.');
  const exchanges = flag === undefined ? dayOfExchanges : Number(count);
  if ((flag !== undefined && flag !== '--exchanges') || !Number.isInteger(exchanges) || exchanges < 1)
    throw new AppError('invalid', '--exchanges needs a whole number.');
  return exchanges;
}

function placeOf(state: StatePaths): SoakPlace {
  const folder = join(state.root, 'soak');
  mkdirSync(folder, { recursive: true });
  const bubblewrap = bubblewrapPath(state.boot);
  const bind = (from: string, writable: boolean) => ({ from, to: from, writable });
  return {
    folder,
    socat: [
      bubblewrap,
      ...sandboxArguments(['/usr/bin/socat'], {
        prefix: state.prefix,
        binds: [bind(folder, true)],
        hostDevices: true,
        processNumbers: 'init',
      }),
    ],
    python: (script, args) => ({
      command: bubblewrap,
      args: sandboxArguments(['/usr/bin/python3', script, ...args], {
        prefix: state.tools,
        binds: [bind(dirname(script), false), bind(folder, true)],
        hostDevices: true,
        processNumbers: 'init',
      }),
    }),
  };
}

/** All pairs of partner and transport side by side: each waits for its own line most of the time. */
async function run(exchanges: number, steps: Steps): Promise<boolean> {
  const state = statePaths('bench');
  const { signal } = new AbortController();
  await steps.run('programs', async (report: (text: string) => void) => {
    await provideServicePrefix(state, report, signal);
    await provideToolPrefix(state, report, signal);
  });
  const place = placeOf(state);
  const outcomes = await steps.run(`${exchanges} exchanges on ${soakPairs.length} lines`, () =>
    Promise.all(
      soakPairs.map(async (pair) => [pair, await soakLine(pair, { exchanges, every }, place)] as const),
    ),
  );
  for (const [[partner, transport], outcome] of outcomes)
    steps.line(`${partner} over ${transport}: ${sentence(outcome)}`);
  return outcomes.every(([, { wrong }]) => wrong.length === 0);
}

const sentence = ({ exchanges, faults, readings, values, timeouts, wrong }: SoakOutcome): string =>
  `${exchanges} exchanges, ${faults} faults, ${timeouts} timeouts, ${readings} readings, ${values} values, ${
    wrong.length === 0 ? 'none wrong' : `${wrong.length} WRONG: ${wrong.slice(0, 3).join('; ')}`
  }`;

try {
  const exchanges = exchangesFrom(process.argv.slice(2));
  const state = statePaths('bench');
  mkdirSync(state.root, { recursive: true });
  const release = takeInstanceLock(state.lock, 'A benchmark');
  let isRight = false;
  try {
    isRight = await run(exchanges, createSteps(process.stdout));
  } finally {
    release();
  }
  console.log(isRight ? 'not one wrong value' : 'WRONG VALUES WERE READ');
  process.exit(isRight ? 0 : 1);
} catch (error) {
  if (error instanceof AppError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
