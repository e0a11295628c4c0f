/**
 * Makes the Prisma client of `prisma/schema.prisma` into `src/generated`: run by `npm run generate` and before every build, start
 * and test. Works on closed networks: generating needs no schema engine, but Prisma wants to know where one is, so it is
 * told that Node itself is one (it is never called).
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const schemaPath = join(import.meta.dirname, '../../../prisma/schema.prisma');
const stampPath = join(import.meta.dirname, 'generated/.stamp');

const require = createRequire(import.meta.url);
const prismaFolder = join(require.resolve('prisma/package.json'), '..');
const { version } = JSON.parse(readFileSync(join(prismaFolder, 'package.json'), 'utf8')) as {
  version: string;
};

const stamp = createHash('sha256').update(version).update(readFileSync(schemaPath)).digest('hex');

if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) {
  console.log('The Prisma client agrees with prisma/schema.prisma');
} else {
  execFileSync(
    process.execPath,
    [join(prismaFolder, 'build/index.js'), 'generate', '--schema', schemaPath, '--no-hints'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  writeFileSync(stampPath, stamp);
}
