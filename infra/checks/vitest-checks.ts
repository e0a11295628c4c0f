import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { tailOf } from '../processes/log-file.ts';
import type { CheckOutcome } from './check.ts';
import { runProgram } from './program.ts';

const resultSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

export interface VitestRun {
  readonly project: 'unit' | 'integration' | 'e2e';
  /** Files or parts of their names; all when empty. */
  readonly filters: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
  readonly report: (text: string) => void;
}

const shownLines = 400;

/** Runs one vitest project. A run that ends badly without a failing test (a hook, an unhandled error) counts as one. */
export async function runVitest({
  project,
  filters,
  env,
  logFolder,
  report,
}: VitestRun): Promise<CheckOutcome> {
  mkdirSync(logFolder, { recursive: true });
  const resultFile = join(logFolder, `${project}.json`);
  rmSync(resultFile, { force: true });
  let files = 0;
  const { code, output } = await runProgram(
    'vitest',
    [
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${resultFile}`,
      ...filters,
    ],
    {
      env: { NODE_ENV: 'test', ...env },
      onOutput: (text) => {
        files += text.split('\n').filter((line) => /^ [✓❯] /u.test(line)).length;
        report(`${files} files`);
      },
    },
  );
  writeFileSync(join(logFolder, `${project}.log`), output);
  if (!existsSync(resultFile)) return { passed: 0, failed: 1, output: tailOf(output, shownLines) };
  const result = resultSchema.parse(JSON.parse(readFileSync(resultFile, 'utf8')));
  // A skipped test proves nothing and is not let through.
  const skipped = result.numPendingTests + result.numTodoTests;
  const failed = result.numFailedTests + skipped;
  return {
    passed: result.numPassedTests,
    failed: code === 0 || failed > 0 ? failed : 1,
    output: code === 0 && skipped === 0 ? '' : tailOf(output, shownLines),
  };
}
