import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { lazyModules } from './lazy-modules.ts';

const folder = join(import.meta.dirname, '..');

/** The gateway in one file: half the memory of a start from source, where every file is parsed and every library whole. */
const bundle = await rolldown({
  input: join(folder, 'src/main.ts'),
  platform: 'node',
  external: ['bufferutil', 'utf-8-validate', 'cbor-extract'],
  plugins: [lazyModules(['ws', 'socks', 'serialport'])],
});
const { output } = await bundle.generate({ format: 'cjs', minify: { mangle: false, compress: true } });
await bundle.close();
// One character outside ASCII makes V8 hold the whole source in two bytes a character.
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
mkdirSync(join(folder, 'dist'), { recursive: true });
writeFileSync(join(folder, 'dist/main.cjs'), output[0].code.replace(/[^\0-\x7f]/g, escaped));
