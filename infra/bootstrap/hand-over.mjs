import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkout, node24 } from './checkout.mjs';

const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

const look_ms = 500;

/**
 * npm that is ended the hard way tells nobody: then the parent of this process changes.
 * @param {() => void} stop
 */
function stopWithoutParent(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, look_ms).unref();
}

/**
 * Runs a script on the Node 24 of node_modules in this one's place: same terminal, signals passed on, same exit
 * code. The channel between them closes when this process dies, which the script takes as the order to stop.
 * @param {string} script
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function handOver(script, args) {
  const child = spawn(node24, [join(checkout, script), ...args], {
    cwd: checkout,
    env: {
      ...process.env,
      PATH: [join(checkout, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
    },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  stopWithoutParent(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
