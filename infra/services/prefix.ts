import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@wattproof/runtime';
import type { StatePaths } from '../paths.ts';
import { tailOf } from '../processes/log-file.ts';
import { endSession } from '../processes/session.ts';
import { bubblewrapPath } from './sandbox.ts';

/** Debian release the programs come from: the first one that packages TimescaleDB. */
const release = 'trixie';
const bootPackages = ['mmdebstrap', 'bubblewrap', 'debian-archive-keyring'];

export const servicePackages = [
  'dash',
  'base-files',
  'postgresql-17-timescaledb',
  'redis-server',
  'mosquitto',
  'socat',
] as const;

/** What only `npm test` needs: a browser, independent Modbus and MQTT programs, and readers of PDF. */
export const toolPackages = [
  'dash',
  'base-files',
  'chromium',
  'chromium-sandbox',
  'fonts-dejavu-core',
  'mbpoll',
  'python3-pymodbus',
  'python3-serial-asyncio',
  'mosquitto-clients',
  'poppler-utils',
  'qpdf',
  'socat',
] as const;

/** What only a benchmark needs: a program to compare with. */
export const peerPackages = ['dash', 'base-files', 'python3-numpy', 'libopenblas0-pthread'] as const;

type Report = (text: string) => void;

const stampName = 'wattproof-stamp.json';
/** Raised when the way a prefix is made changes, so that older ones are made anew. */
const layout = 1;

function stampOf(packages: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify({ layout, release, arch: process.arch, packages }))
    .digest('hex');
}

function isComplete(folder: string, packages: readonly string[]): boolean {
  const stamp = join(folder, stampName);
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === stampOf(packages);
}

interface Running {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly what: string;
  readonly abort: AbortSignal;
}

function run(command: string, args: readonly string[], { cwd, env, what, abort }: Running): Promise<void> {
  abort.throwIfAborted();
  return new Promise((resolve, reject) => {
    // A session of its own, so that what it starts ends with it.
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) endSession(child.pid);
    };
    abort.addEventListener('abort', end, { once: true });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      abort.removeEventListener('abort', end);
      if (abort.aborted) reject(abort.reason);
      else if (code === 0) resolve();
      else reject(new AppError('dependencyUnavailable', `${what} failed:\n${tailOf(output, 8)}`));
    });
  });
}

/** Downloads and unpacks the two programs that make and run prefixes, with folders of its own: no root needed. */
async function provideBoot(paths: StatePaths, report: Report, abort: AbortSignal): Promise<void> {
  if (isComplete(paths.boot, bootPackages) && existsSync(bubblewrapPath(paths.boot))) return;
  report('fetching bubblewrap and mmdebstrap');
  const part = makePart(paths.boot);
  const apt = join(part, 'apt');
  const downloads = join(part, 'downloads');
  mkdirSync(join(apt, 'lists/partial'), { recursive: true });
  mkdirSync(join(apt, 'cache/archives/partial'), { recursive: true });
  mkdirSync(downloads);
  const options = [
    '-q',
    '-o',
    `Dir::State::lists=${join(apt, 'lists')}`,
    '-o',
    `Dir::Cache=${join(apt, 'cache')}`,
    '-o',
    'APT::Sandbox::User=',
    '-o',
    'Acquire::Languages=none',
  ];
  const hint = 'Downloading from the Debian archive (apt-get; check the network and /etc/apt/sources.list)';
  const running = { cwd: downloads, what: hint, abort };
  await run('apt-get', [...options, 'update'], running);
  await run('apt-get', [...options, 'download', ...bootPackages], running);
  for (const file of readdirSync(downloads)) {
    await run('dpkg', ['-x', join(downloads, file), part], {
      cwd: downloads,
      what: `Unpacking ${file}`,
      abort,
    });
  }
  rmSync(apt, { recursive: true });
  rmSync(downloads, { recursive: true });
  finish(part, paths.boot, bootPackages);
}

function makePart(folder: string): string {
  mkdirSync(join(folder, '..'), { recursive: true });
  return mkdtempSync(`${folder}.part-`);
}

/** The stamp comes last, then one rename: a folder with the right stamp is whole. */
function finish(part: string, folder: string, packages: readonly string[]): void {
  writeFileSync(join(part, stampName), `${stampOf(packages)}\n`);
  if (existsSync(folder)) {
    // Another start in the same checkout may have finished first; its folder is as good.
    if (isComplete(folder, packages)) {
      rmSync(part, { recursive: true });
      return;
    }
    rmSync(folder, { recursive: true });
  }
  renameSync(part, folder);
}

/** The one user the programs run as. */
function writeUsers(folder: string): void {
  writeFileSync(
    join(folder, 'etc/passwd'),
    'root:x:0:0:root:/root:/usr/sbin/nologin\nwattproof:x:1000:1000:Wattproof:/run:/usr/sbin/nologin\n',
  );
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nwattproof:x:1000:\n');
}

async function providePrefix(
  paths: StatePaths,
  folder: string,
  packages: readonly string[],
  { report, abort }: { readonly report: Report; readonly abort: AbortSignal },
): Promise<void> {
  if (isComplete(folder, packages) && existsSync(bubblewrapPath(paths.boot))) return;
  removeUnfinished(paths);
  await provideBoot(paths, report, abort);
  report('downloading and unpacking Debian packages');
  const part = makePart(folder);
  const temporary = makePart(`${folder}.tmp`);
  const mmdebstrap = join(paths.boot, 'usr/bin/mmdebstrap');
  const keyring = join(paths.boot, 'usr/share/keyrings/debian-archive-keyring.gpg');
  const env = {
    ...process.env,
    TMPDIR: temporary,
    PATH: `${join(paths.boot, 'usr/bin')}:${process.env.PATH ?? ''}`,
  };
  // Nothing is run or chrooted into while unpacking, so no privilege is needed. As root mmdebstrap asks to confirm
  // that maintainer scripts would touch the host; the variant `extract` runs none.
  const make = [
    'set -e -o pipefail;',
    'perl "$0" --quiet --mode=chrootless --skip=check/chrootless --variant=extract',
    '--keyring="$1" --include="$2" "$3" - | tar -x --no-same-owner --exclude="./dev/*" -C "$4"',
  ].join(' ');
  await run('bash', ['-c', make, mmdebstrap, keyring, packages.join(','), release, part], {
    cwd: temporary,
    env,
    what: `Making ${folder} from the Debian archive (check the network)`,
    abort,
  });
  rmSync(temporary, { recursive: true });
  writeUsers(part);
  finish(part, folder, packages);
}

/** What an interrupted start left half-made. */
function removeUnfinished(paths: StatePaths): void {
  const parent = join(paths.boot, '..');
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (/^(boot|prefix|tools|peers)(\.tmp)?\.part-/.test(name) && !isYoung(join(parent, name))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Touched within the last ten minutes: perhaps being made by another start at this moment. */
function isYoung(folder: string): boolean {
  return Date.now() - statSync(folder).mtimeMs < 600_000;
}

/** TimescaleDB, Redis and Mosquitto as programs in one folder; nothing on the system changes. */
export function provideServicePrefix(
  paths: StatePaths,
  report: Report,
  abort: AbortSignal = new AbortController().signal,
): Promise<void> {
  return providePrefix(paths, paths.prefix, servicePackages, { report, abort });
}

/** The programs only tests need. */
export function provideToolPrefix(
  paths: StatePaths,
  report: Report,
  abort: AbortSignal = new AbortController().signal,
): Promise<void> {
  return providePrefix(paths, paths.tools, toolPackages, { report, abort });
}

/** The programs that benchmarks compare with. */
export function providePeerPrefix(
  paths: StatePaths,
  report: Report,
  abort: AbortSignal = new AbortController().signal,
): Promise<void> {
  return providePrefix(paths, paths.peers, peerPackages, { report, abort });
}
