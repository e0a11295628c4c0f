import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bind, sandboxArguments } from '@wattproof/infra/sandbox';
import { testPrograms } from './environment.ts';

export interface ToolOptions {
  /** Folders the program may see, at the same path; `writable` lets it change them. */
  readonly binds?: readonly { readonly folder: string; readonly writable?: boolean }[];
  /** Gives it the host's serial lines and pseudo-terminals. */
  readonly hostDevices?: boolean;
  readonly workingFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ToolCommand {
  readonly command: string;
  readonly args: string[];
}

const toolNames = [
  'mbpoll',
  'python3',
  'mosquitto_pub',
  'mosquitto_sub',
  'mosquitto_rr',
  'pdfinfo',
  'pdftotext',
  'pdftoppm',
  'pdffonts',
  'qpdf',
  'socat',
] as const;
export type ToolName = (typeof toolNames)[number];

/**
 * Command line of an independent program (not ours), to be given to `spawn` or `execFile`. It sees the network of
 * this machine, the folders in `binds`, and nothing else of its files.
 */
export function toolCommand(name: ToolName, args: readonly string[], options: ToolOptions = {}): ToolCommand {
  const environment = testPrograms();
  const binds: Bind[] = (options.binds ?? []).map(({ folder, writable = false }) => ({
    from: folder,
    to: folder,
    writable,
  }));
  return {
    command: environment.WATTPROOF_TEST_BUBBLEWRAP,
    args: sandboxArguments([`/usr/bin/${name}`, ...args], {
      prefix: environment.WATTPROOF_TEST_TOOLS,
      binds,
      processNumbers: 'init',
      ...(options.hostDevices === undefined ? {} : { hostDevices: options.hostDevices }),
      ...(options.workingFolder === undefined ? {} : { workingFolder: options.workingFolder }),
      ...(options.environment === undefined ? {} : { environment: options.environment }),
    }),
  };
}

/** Flags a headless Chromium in a sandbox of ours needs; nothing is fetched from anywhere. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Path of an executable to give to playwright-core as `executablePath` (with `chromiumFlags` as `args`). It sees
 * the temporary folder of this machine, where playwright keeps profiles and downloads. Written once for all tests.
 */
export function chromiumExecutable(): string {
  const environment = testPrograms();
  const temporary = tmpdir();
  const command = sandboxArguments(['/usr/lib/chromium/chromium'], {
    prefix: environment.WATTPROOF_TEST_TOOLS,
    binds: [{ from: temporary, to: temporary, writable: true }],
    processNumbers: 'init',
  });
  const line = [environment.WATTPROOF_TEST_BUBBLEWRAP, ...command].map(quote).join(' ');
  const script = `#!/bin/sh\nexec ${line} "$@"\n`;
  const name = `chromium-${createHash('sha256').update(script).digest('hex').slice(0, 12)}`;
  const file = join(environment.WATTPROOF_TEST_SCRATCH, name);
  if (existsSync(file)) return file;
  mkdirSync(environment.WATTPROOF_TEST_SCRATCH, { recursive: true });
  // Beside its place and renamed: other test files start Chromium at the same moment.
  const beside = `${file}.${randomUUID()}`;
  writeFileSync(beside, script, { mode: 0o755 });
  renameSync(beside, file);
  return file;
}

/** The command, as a JSON array, that the simulator and gateways run to get pseudo-terminals in `folder`. */
export function socatCommand(folder: string): string {
  const environment = testPrograms();
  const args = sandboxArguments(['/usr/bin/socat'], {
    prefix: environment.WATTPROOF_TEST_PREFIX,
    binds: [{ from: folder, to: folder, writable: true }],
    hostDevices: true,
    processNumbers: 'init',
  });
  return JSON.stringify([environment.WATTPROOF_TEST_BUBBLEWRAP, ...args]);
}
