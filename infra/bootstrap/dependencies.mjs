import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkout, node24 } from './checkout.mjs';
import { StartFailure } from './start-failure.mjs';

/** @param {string} file */
function readLock(file) {
  const path = join(checkout, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** Whether node_modules holds what package-lock.json says; npm writes its own record last. */
export function isInstalled() {
  const wanted = readLock('package-lock.json');
  const present = readLock('node_modules/.package-lock.json');
  if (!wanted || !present || !existsSync(node24)) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.startsWith('node_modules/') || entry.optional || present[path]?.version === entry.version,
  );
}

/**
 * Runs a program and returns its last lines of output.
 * @param {string} command
 * @param {string[]} args
 * @param {string} what
 */
function run(command, args, what) {
  // Without node_modules/.bin: npm must not run on the very Node it is about to replace.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(checkout));
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: checkout,
      env: { ...process.env, PATH: path.join(delimiter) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-8000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new StartFailure(`${what} failed:\n${output.trim().split('\n').slice(-15).join('\n')}`));
    });
  });
}

/**
 * Installs exactly what package-lock.json says when node_modules does not hold it yet. Of all install scripts only that of
 * Node 24 runs: others download, compile what comes compiled, or tell their makers of the machine they are on.
 */
export async function installDependencies() {
  if (isInstalled()) return;
  await run(
    'npm',
    ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'],
    'npm ci (check the network and the npm registry)',
  );
  await run(
    'npm',
    ['rebuild', 'node', '--no-ignore-scripts', '--loglevel=error'],
    'npm rebuild node (check the network and the npm registry)',
  );
  if (!existsSync(node24)) {
    throw new StartFailure(
      'npm did not install Node 24: remove node_modules and start again, or see what npm rebuild node says.',
    );
  }
}

/** Writes the database client from the Prisma schema; the generator itself knows when there is nothing to do. */
export async function generateClient() {
  await run(node24, [join(checkout, 'packages/database/src/generate.ts')], 'Generating the database client');
}
