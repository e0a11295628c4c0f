import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { rootFolder } from '../paths.ts';

const manifestSchema = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.string()).optional(),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});

export interface Workspace {
  /** Path from the root, say `packages/energy`. */
  readonly path: string;
  readonly manifest: z.infer<typeof manifestSchema>;
}

/** The workspaces npm sees: every folder of apps and packages with a manifest, and infra. */
export function workspaces(): readonly Workspace[] {
  const folders = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(rootFolder, group)).map((name) => `${group}/${name}`),
  );
  return [...folders, 'infra']
    .filter((path) => existsSync(join(rootFolder, path, 'package.json')))
    .map((path) => ({
      path,
      manifest: manifestSchema.parse(
        JSON.parse(readFileSync(join(rootFolder, path, 'package.json'), 'utf8')),
      ),
    }));
}
