import { mkdirSync } from 'node:fs';
import { removeBuild } from '@wattproof/ingestion/process';
import { AppError } from '@wattproof/runtime';
import { type FaultServices, openFaultBench } from './faults/bench.ts';
import { onOwnServices } from './faults/own-services.ts';
import type { Outcome, Scenario } from './faults/scenario.ts';
import { outcomeOf, randomFrom, scenarios } from './faults/scenarios.ts';
import { statePaths } from './paths.ts';
import { takeInstanceLock } from './processes/instance-lock.ts';
import { createSteps } from './terminal/steps.mjs';

const state = statePaths('bench');
const steps = createSteps(process.stdout);

interface Order {
  readonly chosen: readonly Scenario[];
  readonly isShort: boolean;
  readonly seed: number;
}

/** `npm run faults`: all; `npm run faults -- R4 R6`: those; `--short`, `--seed 42`. */
function orderFrom(args: readonly string[]): Order {
  const seedAt = args.indexOf('--seed');
  const seed = seedAt < 0 ? Date.now() % 1_000_000 : Number(args[seedAt + 1]);
  const names = args.filter((arg, i) => !arg.startsWith('--') && (seedAt < 0 || i !== seedAt + 1));
  for (const name of names)
    if (!scenarios.some((s) => s.id === name))
      throw new AppError(
        'notFound',
        `There is no fault ${name}; there are ${scenarios.map((s) => s.id).join(', ')}.`,
      );
  if (!Number.isInteger(seed)) throw new AppError('invalid', '--seed needs a whole number.');
  const chosen = names.length === 0 ? scenarios : scenarios.filter((s) => names.includes(s.id));
  return { chosen, isShort: args.includes('--short'), seed };
}

/** Every fault of the matrix on services of its own: what the gateways sent must be stored, once. */
async function runOn(services: FaultServices, { chosen, isShort, seed }: Order): Promise<boolean> {
  steps.line(`seed ${seed}`);
  const random = randomFrom(seed);
  const outcomes: (readonly [Scenario, Outcome])[] = [];
  for (const scenario of chosen) {
    const outcome = await steps.run(`${scenario.id} ${scenario.fault}`, () =>
      outcomeOf(scenario, () => openFaultBench(services, { isShort, random })),
    );
    outcomes.push([scenario, outcome]);
    if (outcome.wrong.length > 0) steps.line(`  ${scenario.id}: ${outcome.wrong.join('; ')}`);
  }
  steps.line(table(outcomes));
  return outcomes.every(([, outcome]) => outcome.wrong.length === 0);
}

function table(outcomes: readonly (readonly [Scenario, Outcome])[]): string {
  const rows = [
    ['', 'what was done', 'sent', 'stored', 'twice', 'verdict'],
    ...outcomes.map(([{ id }, { done, sent, stored, twice, wrong }]) => [
      id,
      done,
      String(sent),
      String(stored),
      String(twice),
      wrong.length === 0 ? 'nothing lost, nothing twice' : `WRONG: ${wrong.join('; ')}`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return `\n${rows
    .map((row) =>
      row
        .map((cell, i) => (i >= 2 && i <= 4 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}

try {
  const order = orderFrom(process.argv.slice(2));
  mkdirSync(state.root, { recursive: true });
  const release = takeInstanceLock(state.lock, 'A benchmark');
  let isRight = false;
  try {
    isRight = await onOwnServices(steps, (services) => runOn(services, order));
  } finally {
    removeBuild();
    release();
  }
  console.log(isRight ? 'nothing lost, nothing twice' : 'READINGS ARE MISSING OR WRONG');
  process.exit(isRight ? 0 : 1);
} catch (error) {
  if (error instanceof AppError) console.error(`\n${error.message}`);
  else console.error(error);
  process.exit(1);
}
