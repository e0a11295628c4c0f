import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The portal's own sources, by path. */
export const portalSources = (pattern: string): { readonly path: string; readonly text: string }[] =>
  globSync(pattern, { cwd: root, exclude: (name) => name === 'node_modules' || name === '.next' })
    .filter((path) => !path.includes('.test.') && !path.startsWith('e2e'))
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
