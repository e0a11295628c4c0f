import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '@wattproof/runtime';
import type { StatePaths } from '../paths.ts';

const run = promisify(execFile);

export interface Bind {
  readonly from: string;
  readonly to: string;
  readonly writable: boolean;
}

export interface SandboxOptions {
  readonly prefix: string;
  readonly binds?: readonly Bind[];
  /** The host's real `/dev`, for serial lines and pseudo-terminals. */
  readonly hostDevices?: boolean;
  readonly workingFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** File descriptor on which bubblewrap tells the number of the process inside. */
  readonly infoDescriptor?: number;
  /** `own`: the program is process 1 of its own numbers, `init`: a reaper is, `host`: numbers of the host. */
  readonly processNumbers?: 'own' | 'init' | 'host';
}

const numbering = {
  own: ['--unshare-pid', '--as-pid-1'],
  init: ['--unshare-pid'],
  host: [],
} as const;

const environmentOfPrefix = {
  PATH: '/usr/lib/postgresql/17/bin:/usr/sbin:/usr/bin',
  HOME: '/run',
  LANG: 'C.UTF-8',
};

export function bubblewrapPath(boot: string): string {
  return join(boot, 'usr/bin/bwrap');
}

/** Command line that runs a program of a prefix. Its libc and data files are its own: nothing of the host is read. */
export function sandboxArguments(command: readonly string[], options: SandboxOptions): string[] {
  const { prefix, binds = [], environment = {} } = options;
  const links = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  const mounts = binds.flatMap((bind) => [bind.writable ? '--bind' : '--ro-bind', bind.from, bind.to]);
  const variables = Object.entries({ ...environmentOfPrefix, ...environment }).flatMap(([name, value]) => [
    '--setenv',
    name,
    value,
  ]);
  return [
    ...['--unshare-user', '--uid', '1000', '--gid', '1000'],
    ...numbering[options.processNumbers ?? 'own'],
    '--die-with-parent',
    ...['--ro-bind', join(prefix, 'usr'), '/usr', '--ro-bind', join(prefix, 'etc'), '/etc'],
    ...links,
    ...(options.hostDevices ? ['--dev-bind', '/dev', '/dev'] : ['--dev', '/dev']),
    ...['--proc', '/proc', '--tmpfs', '/tmp', '--tmpfs', '/run', '--tmpfs', '/var'],
    ...mounts,
    ...['--chdir', options.workingFolder ?? '/tmp', '--clearenv'],
    ...variables,
    ...(options.infoDescriptor === undefined ? [] : ['--info-fd', String(options.infoDescriptor)]),
    '--',
    ...command,
  ];
}

/** Whether bubblewrap works here and whether it may give the program its own process numbers. */
export async function probeSandbox(
  paths: StatePaths,
  prefix: string,
): Promise<{ readonly processNumbers: 'own' | 'host' }> {
  const bubblewrap = bubblewrapPath(paths.boot);
  if (!existsSync(bubblewrap)) throw new AppError('notReady', `bubblewrap is not in ${paths.boot}`);
  const attempt = async (processNumbers: 'own' | 'host'): Promise<string | undefined> => {
    try {
      await run(bubblewrap, sandboxArguments(['/usr/bin/dash', '-c', 'exit 0'], { prefix, processNumbers }));
      return undefined;
    } catch (error) {
      return (error as { stderr?: string }).stderr?.trim() || String(error);
    }
  };
  if ((await attempt('own')) === undefined) return { processNumbers: 'own' };
  const reason = await attempt('host');
  if (reason === undefined) return { processNumbers: 'host' };
  throw new AppError(
    'dependencyUnavailable',
    `Programs cannot be sandboxed on this machine (${reason}): allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1), start with WATTPROOF_SERVICES=docker, or give WATTPROOF_DATABASE_URL, WATTPROOF_REDIS_URL and WATTPROOF_MQTT_URL.`,
  );
}
