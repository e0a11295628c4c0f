import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkout, stateFolder } from './checkout.mjs';
import { isInstalled } from './dependencies.mjs';
import { StartFailure } from './start-failure.mjs';

const gibibyte = 2 ** 30;
/** Where less than this is free, ingestion stores nothing (`apps/ingestion/src/watch/disk-watch.ts`). */
const leftFree_GiB = 2;
/**
 * What is filled: packages, programs, build and the demo's database the first time, new readings later; the tests fill theirs
 * anew in each run.
 */
const space = { start: { first_GiB: 6, later_GiB: 1 }, test: { first_GiB: 7, later_GiB: 4 } };
/** @typedef {keyof typeof space} Task */
const elsewhere =
  'start with WATTPROOF_SERVICES=docker, or give WATTPROOF_DATABASE_URL, WATTPROOF_REDIS_URL and WATTPROOF_MQTT_URL';
/** What makes the private prefix, and the Debian package it comes from. */
const programs = {
  'apt-get': 'apt',
  dpkg: 'dpkg',
  perl: 'perl',
  tar: 'tar',
  bash: 'bash',
};

/** @param {string} program */
function isOnPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new StartFailure(`Node ${process.versions.node} is too old: install Node 20 or newer and npm.`);
  }
  if (!isOnPath('npm'))
    throw new StartFailure('npm is not installed: install it (on Debian: apt-get install npm).');
}

function requireMachine() {
  if (process.platform !== 'linux') {
    throw new StartFailure(
      `This runs on Linux only, not on ${process.platform}: use a Debian 12 machine or container.`,
    );
  }
  if (!['x64', 'arm64'].includes(process.arch)) {
    throw new StartFailure(`This runs on x64 and arm64 processors only, not on ${process.arch}.`);
  }
}

function requireWritable() {
  try {
    accessSync(checkout, constants.W_OK);
    mkdirSync(stateFolder, { recursive: true });
    accessSync(stateFolder, constants.W_OK);
  } catch (error) {
    throw new StartFailure(
      `This user may not write to ${checkout} and ${stateFolder} (${error instanceof Error ? error.message : error}): clone to a folder of your own, or set WATTPROOF_STATE.`,
    );
  }
}

/** @param {Task} task */
function requireSpace(task) {
  const { first_GiB, later_GiB } = space[task];
  const isLater = isInstalled() && existsSync(join(stateFolder, 'prefix'));
  const needed_GiB = (isLater ? later_GiB : first_GiB) + leftFree_GiB;
  const { bavail, bsize } = statfsSync(stateFolder);
  const free_GiB = (bavail * bsize) / gibibyte;
  if (free_GiB < needed_GiB) {
    throw new StartFailure(
      `Only ${free_GiB.toFixed(1)} GiB are free at ${stateFolder}, ${needed_GiB} GiB are needed: free some space, or set WATTPROOF_STATE to a folder on a larger disk.`,
    );
  }
}

function usesOwnServices() {
  const { WATTPROOF_SERVICES, WATTPROOF_DATABASE_URL, WATTPROOF_REDIS_URL, WATTPROOF_MQTT_URL } = process.env;
  return (
    WATTPROOF_SERVICES !== 'docker' && !(WATTPROOF_DATABASE_URL && WATTPROOF_REDIS_URL && WATTPROOF_MQTT_URL)
  );
}

/** @param {string} name */
function kernelSetting(name) {
  const file = join('/proc/sys', name);
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

function requireHostPrograms() {
  if (!existsSync('/etc/debian_version')) {
    throw new StartFailure(
      `This is not a Debian system, so the services cannot be fetched with apt: ${elsewhere}.`,
    );
  }
  const missing = Object.entries(programs).filter(([program]) => !isOnPath(program));
  if (missing.length > 0) {
    throw new StartFailure(
      `${missing.map(([program]) => program).join(', ')} cannot be found: install with apt-get install ${missing.map(([, name]) => name).join(' ')}.`,
    );
  }
}

function requireUserNamespaces() {
  const none = kernelSetting('user/max_user_namespaces') === 0;
  const rootOnly = kernelSetting('kernel/unprivileged_userns_clone') === 0 && process.getuid?.() !== 0;
  if (none || rootOnly) {
    throw new StartFailure(
      `The kernel does not let this user make user namespaces, which the sandbox of the services needs: set ${none ? 'user.max_user_namespaces=15000' : 'kernel.unprivileged_userns_clone=1'} with sysctl as root, or ${elsewhere}.`,
    );
  }
}

/**
 * Checks what must be there before anything is installed; the first thing missing is told in one sentence.
 * @param {Task} task
 */
export function preflight(task) {
  requireMachine();
  requireNode();
  requireWritable();
  requireSpace(task);
  if (!usesOwnServices()) return;
  requireHostPrograms();
  requireUserNamespaces();
}
