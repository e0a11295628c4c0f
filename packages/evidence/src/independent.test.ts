import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleFixture, type Fixture } from './bundle.fixture.ts';
import type { AccountFile, EnpiEntry } from './bundle-form.ts';

const run = promisify(execFile);
let folder: string;
let path: string;
let fixture: Fixture;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wattproof-bundle-'));
  path = join(folder, 'bundle.zip');
  fixture = await bundleFixture();
  await writeFile(path, fixture.bytes);
});
afterAll(() => rm(folder, { recursive: true }));

const json = <Content>(name: string): Content =>
  JSON.parse(new TextDecoder().decode(fixture.files.find((file) => file.name === name)?.bytes)) as Content;

test('a script without any of our code gets the coverage and the saving that the bundle states', async () => {
  const script = join(import.meta.dirname, '../independent/reproduce.mjs');
  const { stdout } = await run(process.execPath, [script, path]);
  const again = JSON.parse(stdout) as {
    share_percent: string;
    enpis: { name: string; savings_wh: number }[];
  };
  expect(again.share_percent).toBe(json<AccountFile>('data/account.json').stated?.share_percent);
  const [enpi] = json<EnpiEntry[]>('data/enpis.json');
  expect(again.enpis[0]?.savings_wh).toBeCloseTo(enpi?.stated.savings_wh ?? Number.NaN, 6);
});

test('the command line says what it found and ends with its code', async () => {
  const verifier = join(import.meta.dirname, 'verifier.ts');
  const args = [verifier, path, '--fingerprint', fixture.fingerprint, '--anchor', fixture.anchor];
  expect((await run(process.execPath, args)).stdout).toContain('INTACT');
  const alone = await run(process.execPath, [verifier, path, '--json']).catch((error: unknown) => error);
  expect(alone).toMatchObject({ code: 3 });
  const wrong = await run(process.execPath, [...args.slice(0, 3), 'f'.repeat(64)]).catch(
    (error: unknown) => error,
  );
  expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('signed with another key') });
}, 30_000);
