import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepAccounts, mendAccounts } from './broker-accounts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'accounts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string): void => writeFileSync(join(folder, 'dynamic-security.json'), text);
const read = (): string => readFileSync(join(folder, 'dynamic-security.json'), 'utf8');
const accounts = (...names: string[]): string =>
  JSON.stringify({ clients: names.map((username) => ({ username })) });

test('whole accounts are left alone', () => {
  expect(mendAccounts(folder)).toBe(false);
  write(accounts('one'));
  keepAccounts(folder);
  write(accounts('one', 'two'));
  expect(mendAccounts(folder)).toBe(false);
  expect(read()).toBe(accounts('one', 'two'));
});

test.each([
  ['', 'empty'],
  [accounts('one', 'two').slice(0, -3), 'cut off'],
  ['{}', 'without accounts'],
])('the last whole ones take the place of others: %j', (broken) => {
  write(accounts('one'));
  keepAccounts(folder);
  write(broken);
  // What is broken is never copied.
  keepAccounts(folder);
  expect(mendAccounts(folder)).toBe(true);
  expect(read()).toBe(accounts('one'));
  keepAccounts(folder);
  write('');
  expect(mendAccounts(folder)).toBe(true);
});
