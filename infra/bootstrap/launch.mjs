import { createSteps } from '../terminal/steps.mjs';
import { generateClient, installDependencies } from './dependencies.mjs';
import { handOver } from './hand-over.mjs';
import { preflight } from './preflight.mjs';
import { StartFailure } from './start-failure.mjs';

/**
 * From a fresh clone to a script on Node 24: checks the machine, installs, generates, hands over.
 * @param {string} script
 * @param {string[]} args
 * @param {{ task: import('./preflight.mjs').Task, stream?: NodeJS.WriteStream }} options what the machine must have room for
 */
export async function launch(script, args, { task, stream = process.stdout }) {
  process.env.WATTPROOF_STARTED_MS ??= String(Date.now());
  const steps = createSteps(stream);
  try {
    await steps.run('machine', () => preflight(task));
    await steps.run('npm packages', installDependencies);
    await steps.run('database client', generateClient);
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
    return;
  }
  process.exitCode = await handOver(script, args);
}
