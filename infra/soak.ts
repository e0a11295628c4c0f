import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeBuild } from '@wattproof/ingestion/process';
import { AppError } from '@wattproof/runtime';
import { openFaultBench } from './faults/bench.ts';
import { onOwnServices } from './faults/own-services.ts';
import { randomFrom } from './faults/scenarios.ts';
import { rootFolder, statePaths } from './paths.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { provideServicePrefix, provideToolPrefix } from './services/prefix.ts';
import { type SoakOutcome, soakPairs, soakSideBySide } from './soak/line-soak.ts';
import { type MasterOutcome, masterTransports, soakMaster } from './soak/master-soak.ts';
import { type OutboxOutcome, soakOutbox } from './soak/outbox-soak.ts';
import { soakPlace } from './soak/place.ts';
import { createSteps } from './terminal/steps.mjs';

/** As many exchanges as a meter read every ten seconds has in a day. */
const dayOfExchanges = 8640;
/** More than on any line, and each of the list some thirty times a day. */
const every = 16;
/** Lines that share the exchanges of a pair of partner and transport. */
const lines = 3;
const kills = 50;
/** An hour would be over before the next reading: so long that several live ones fall into the back-fill. */
const kept_s = 8 * 3600;
/** A line full of meters. */
const meters = 32;

const steps = createSteps(process.stdout);
const state = statePaths('bench');

interface Soak {
  readonly name: 'line' | 'outbox';
  /** Exchanges of each line, or kills. */
  readonly count: number;
  readonly seed: number;
}

/** `npm run soak -- line [--exchanges N]`, `npm run soak -- outbox [--kills N] [--seed N]`. */
function soakFrom(args: readonly string[]): Soak {
  const [name, ...flags] = args;
  if (name !== 'line' && name !== 'outbox')
    throw new AppError(
      'notFound',
      'npm run soak -- line: independent slaves and an independent master, each transport, every fault.\n' +
        'npm run soak -- outbox: a gateway killed again and again, its disk full, its broker away.',
    );
  const known = name === 'line' ? ['--exchanges'] : ['--kills', '--seed'];
  const numbers = new Map<string, number>();
  for (let i = 0; i < flags.length; i += 2) {
    const [flag = '', value] = [flags[i], Number(flags[i + 1])];
    if (!known.includes(flag) || !Number.isInteger(value) || value < 1)
      throw new AppError('invalid', `${known.join(' and ')} take a whole number each.`);
    numbers.set(flag, value);
  }
  return {
    name,
    count: numbers.get('--exchanges') ?? numbers.get('--kills') ?? (name === 'line' ? dayOfExchanges : kills),
    seed: numbers.get('--seed') ?? Date.now() % 1_000_000,
  };
}

/** Of one life of the independent master, with a fault in its middle. */
const lifeOfMaster = 60;

/** All pairs of partner and transport side by side. */
async function runLines(exchanges: number): Promise<boolean> {
  const { signal } = new AbortController();
  await steps.run('programs', async (report: (text: string) => void) => {
    await provideServicePrefix(state, report, signal);
    await provideToolPrefix(state, report, signal);
  });
  const place = soakPlace(state);
  const title = `${exchanges} exchanges on ${soakPairs.length + masterTransports.length} lines`;
  const [outcomes, masters] = await steps.run(title, () =>
    Promise.all([
      Promise.all(
        soakPairs.map(
          async (pair) => [pair, await soakSideBySide(pair, { exchanges, every, lines }, place)] as const,
        ),
      ),
      Promise.all(
        masterTransports.map(
          async (transport) =>
            [transport, await soakMaster(transport, { exchanges, life: lifeOfMaster }, place)] as const,
        ),
      ),
    ]),
  );
  for (const [[partner, transport], outcome] of outcomes)
    steps.line(`${partner} over ${transport}: ${sentence(outcome)}`);
  for (const [transport, outcome] of masters)
    steps.line(`mbpoll as master over ${transport}: ${masterSentence(outcome)}`);
  return [...outcomes, ...masters].every(([, { wrong }]) => wrong.length === 0);
}

const verdict = (wrong: readonly string[]): string =>
  wrong.length === 0 ? 'none wrong' : `${wrong.length} WRONG: ${wrong.slice(0, 3).join('; ')}`;

const masterSentence = ({ exchanges, faults, values, errors, wrong }: MasterOutcome): string =>
  `${exchanges} exchanges, ${faults} faults, ${Object.values(errors).reduce((a, b) => a + b, 0)} errors, ${values} values, ${verdict(wrong)}`;

const sentence = ({ exchanges, faults, readings, values, timeouts, wrong }: SoakOutcome): string =>
  `${exchanges} exchanges, ${faults} faults, ${timeouts} timeouts, ${readings} readings, ${values} values, ${verdict(wrong)}`;

/** The bundled gateway as it is shipped, on services of its own. */
async function runOutbox({ count, seed }: Soak): Promise<boolean> {
  steps.line(`seed ${seed}`);
  await steps.run('gateway', () => {
    execFileSync(process.execPath, [join(rootFolder, 'apps/edge/build/build.ts')]);
  });
  const outcome = await onOwnServices(steps, async (services): Promise<OutboxOutcome> => {
    const { bench, close } = openFaultBench(services, { isShort: false, random: randomFrom(seed) });
    try {
      return await steps.run(`${count} kills, then ${kept_s / 3600} hours kept back and released`, () =>
        soakOutbox(bench, {
          kills: count,
          meters,
          kept_s,
          program: [join(rootFolder, 'apps/edge/dist/main.cjs')],
          folder: services.folder,
        }),
      );
    } finally {
      await close();
    }
  });
  console.log(JSON.stringify(outcome));
  return outcome.wrong.length === 0;
}

try {
  const soak = soakFrom(process.argv.slice(2));
  mkdirSync(state.root, { recursive: true });
  const release = takeInstanceLock(state.lock, 'A benchmark');
  let isRight = false;
  try {
    isRight = await (soak.name === 'line' ? runLines(soak.count) : runOutbox(soak));
  } finally {
    removeBuild();
    release();
  }
  if (soak.name === 'line') console.log(isRight ? 'not one wrong value' : 'WRONG VALUES WERE READ');
  else if (!isRight) console.error('READINGS ARE MISSING OR WRONG');
  process.exit(isRight ? 0 : 1);
} catch (error) {
  if (error instanceof AppError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
