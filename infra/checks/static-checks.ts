import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBoundaryViolations } from '../boundaries.ts';
import { rootFolder } from '../paths.ts';
import { type CheckOutcome, failedOnce, passedOnce, sumOutcomes } from './check.ts';
import { runProgram } from './program.ts';
import { workspaces } from './workspaces.ts';

type Report = (text: string) => void;

/** Compilers that run at once: the machine this is written for has two processors. */
const parallelCompilers = 2;

export async function checkLint(): Promise<CheckOutcome> {
  const { code, output } = await runProgram('biome', ['ci', '.', '--max-diagnostics=200']);
  return code === 0 ? passedOnce : failedOnce(output);
}

/** Each workspace's own `typecheck` script, and the benchmarks, which are no package; each counts as one check. */
export async function checkTypes(report: Report): Promise<CheckOutcome> {
  const waiting = [
    ...workspaces().map(({ path, manifest }) => ({ path, script: manifest.scripts.typecheck })),
    { path: 'bench', script: 'tsc --noEmit' },
  ];
  const total = waiting.length;
  const outcomes: CheckOutcome[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      report(`${outcomes.length} of ${total}`);
      const { path, script } = next;
      if (script === undefined) {
        outcomes.push(failedOnce(`${path}/package.json has no script typecheck`));
        continue;
      }
      const { code, output } = await runProgram('sh', ['-c', script], { cwd: join(rootFolder, path) });
      outcomes.push(code === 0 ? passedOnce : failedOnce(`${path}\n${output}`));
    }
  };
  await Promise.all(Array.from({ length: parallelCompilers }, work));
  return sumOutcomes(outcomes);
}

export async function checkBoundaries(): Promise<CheckOutcome> {
  const violations = findBoundaryViolations();
  return violations.length === 0 ? passedOnce : failedOnce(violations.join('\n'));
}

async function trackedState(): Promise<string> {
  const { output } = await runProgram('git', ['diff', 'HEAD']);
  return output;
}

/** Generating again changes no file under version control, and the lock names every platform's packages. */
export async function checkGenerated(): Promise<CheckOutcome> {
  const before = await trackedState();
  const { scripts } = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const generated = await runProgram('sh', ['-c', scripts.generate ?? 'false']);
  const changed = generated.code === 0 && (await trackedState()) !== before;
  const agreement =
    generated.code === 0 && !changed
      ? passedOnce
      : failedOnce(
          changed ? 'npm run generate changes files under version control: commit them' : generated.output,
        );
  const lock = await runProgram(process.execPath, ['infra/complete-lock.mjs', '--check']);
  const lockOutcome =
    lock.code === 0 ? passedOnce : failedOnce(`${lock.output}run node infra/complete-lock.mjs`);
  return sumOutcomes([agreement, lockOutcome]);
}
