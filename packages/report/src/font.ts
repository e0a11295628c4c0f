import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openTypeOf } from './woff.ts';

const faces = ['Regular', 'Italic', 'SemiBold', 'Bold'] as const;
let loaded: readonly Buffer[] | undefined;

/** The faces that documents are set in, from the package that ships them; read once. */
export function documentFonts(): readonly Buffer[] {
  if (loaded) return loaded;
  const folder = dirname(createRequire(import.meta.url).resolve('@ibm/plex-sans/package.json'));
  loaded = faces.map((face) =>
    openTypeOf(readFileSync(join(folder, `fonts/complete/woff/IBMPlexSans-${face}.woff`))),
  );
  return loaded;
}
