import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import type { Certificate } from '@wattproof/contracts/api';
import { AppError } from '@wattproof/runtime';
import type { CertificateRun } from './run-certificate.ts';

/** A run that takes longer is ended: something other than arithmetic keeps the machine. */
const greatestRun_ms = 60_000;
/** A result this young is given again, so that repeated requests cannot keep a processor busy. */
const keep_ms = 30_000;

const project = new URL('../../../../package.json', import.meta.url);

const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The commit that is checked out where this code lies; null outside of a checkout or without git. */
async function runningCommit(): Promise<string | null> {
  const git = promisify(execFile)('git', ['rev-parse', 'HEAD'], {
    cwd: fileURLToPath(new URL('.', project)),
  });
  return git.then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

function runInThread(): Promise<CertificateRun> {
  const file = import.meta.url.endsWith('.ts') ? './certificate-worker.ts' : './certificate-worker.js';
  const worker = new Worker(new URL(file, import.meta.url));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new AppError('notReady', 'The reference cases took too long on this machine', { greatestRun_ms }),
      );
      void worker.terminate();
    }, greatestRun_ms);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The reference cases ended without a result (${code})`));
    });
  });
}

@Injectable()
export class CertificateService {
  #running: Promise<Certificate> | null = null;

  /** One run at a time: whoever asks while it runs, or shortly after, gets the same one with its instant. */
  read(): Promise<Certificate> {
    if (this.#running) return this.#running;
    const running = this.#run();
    this.#running = running;
    const forget = (): void => {
      if (this.#running === running) this.#running = null;
    };
    running.then(() => setTimeout(forget, keep_ms).unref(), forget);
    return running;
  }

  async #run(): Promise<Certificate> {
    const [{ version }, commit, run] = await Promise.all([
      readFile(project, 'utf8').then((text) => JSON.parse(text) as { version: string }),
      runningCommit(),
      runInThread(),
    ]);
    const checks = run.cases.flatMap((one) => one.checks);
    return {
      version,
      commit,
      sourceSha256: run.sourceSha256,
      runtime: `Node.js ${process.versions.node}`,
      ranAt: new Date().toISOString(),
      duration_ms: run.duration_ms,
      passed: run.cases.every(({ passed }) => passed),
      checks: checks.length,
      checksPassed: checks.filter(({ passed }) => passed).length,
      cases: run.cases.map((one) => ({
        ...one,
        checks: one.checks.map((check) => ({
          ...check,
          obtained: numberOrNull(check.obtained),
          difference: numberOrNull(check.difference),
        })),
      })),
    };
  }
}
