// Makes dist/verify.mjs: the verifier with all that it needs in one file, readable, so that an auditor can read what it does.
import { join } from 'node:path';
import { build } from 'rolldown';

await build({
  input: join(import.meta.dirname, 'src/verifier.ts'),
  platform: 'node',
  output: { file: join(import.meta.dirname, 'dist/verify.mjs'), format: 'esm', codeSplitting: false },
});
