import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readBoundaryRules, violationsOf } from './boundaries.ts';
import { rootFolder } from './paths.ts';

const rules = readBoundaryRules(readFileSync(join(rootFolder, 'ARCHITECTURE.md'), 'utf8'));

function check(
  place: string,
  path: string,
  text: string,
  dependencies: readonly string[],
): readonly string[] {
  const rule = rules.find((candidate) => candidate.place === place);
  if (!rule) throw new Error(`no rule for ${place}`);
  const manifest = {
    name: `@wattproof/${place.split('/').at(-1)}`,
    scripts: {},
    dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])),
    devDependencies: {},
  };
  return violationsOf({ path, text }, rule, manifest);
}

test('the code map names every kind of place', () => {
  expect(rules.map(({ place }) => place)).toEqual(
    expect.arrayContaining([
      'packages/energy',
      'packages/testkit',
      'apps/edge',
      'apps/api',
      'apps/portal',
      'infra',
    ]),
  );
});

describe('an import is refused when', () => {
  test('the code map does not allow it', () => {
    const text = "import { migrate } from '@wattproof/database';";
    expect(check('apps/portal', 'src/page.tsx', text, ['@wattproof/database'])).toEqual([
      'apps/portal/src/page.tsx imports @wattproof/database, which apps/portal may not',
    ]);
    expect(check('apps/ingestion', 'src/main.ts', text, ['@wattproof/database'])).toEqual([]);
  });

  test('it is hidden in a type import, a re-export or a dynamic import', () => {
    const texts = [
      "import type { Report } from '@wattproof/report';",
      "export * from '@wattproof/report';",
      "const report = await import('@wattproof/report');",
      "type Report = import('@wattproof/report').Report;",
    ];
    for (const text of texts)
      expect(check('apps/api', 'src/main.ts', text, ['@wattproof/report'])).toHaveLength(1);
  });

  test('an app imports an app, even in a test', () => {
    const text = "import { start } from '@wattproof/api';";
    expect(check('apps/workers', 'src/job.test.ts', text, ['@wattproof/api'])).toEqual([
      'apps/workers/src/job.test.ts imports the app api',
    ]);
  });

  test('it reaches into another package by a path', () => {
    const text = "import { x } from '../../database/src/migrate.ts';";
    expect(check('packages/energy', 'src/a.ts', text, [])).toHaveLength(1);
    expect(check('packages/energy', 'src/deep/a.ts', "import { x } from '../b.ts';", [])).toEqual([]);
  });

  test('package.json does not name it', () => {
    expect(check('apps/edge', 'src/a.ts', "import { e } from '@wattproof/energy';", [])).toEqual([
      'apps/edge/src/a.ts imports @wattproof/energy, which its package.json does not name',
    ]);
  });

  test('packages/energy does I/O', () => {
    expect(check('packages/energy', 'src/a.ts', "import { readFileSync } from 'node:fs';", [])).toHaveLength(
      1,
    );
    expect(check('packages/energy', 'src/a.test.ts', "import { readFileSync } from 'node:fs';", [])).toEqual(
      [],
    );
  });

  test('production code uses the test kit', () => {
    const text = "import { waitFor } from '@wattproof/testkit';";
    expect(check('apps/edge', 'src/a.ts', text, ['@wattproof/testkit'])).toHaveLength(1);
    expect(check('apps/edge', 'src/a.integration.test.ts', text, ['@wattproof/testkit'])).toEqual([]);
  });
});
