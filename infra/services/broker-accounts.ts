import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The broker's plugin writes its accounts without asking whether the disk took them: on a full one an empty file takes the
 * place of the old, and a broker that starts with it does not start at all. So a copy of the last whole ones is kept.
 */
const fileOf = (folder: string): string => join(folder, 'dynamic-security.json');
const copyOf = (folder: string): string => join(folder, 'dynamic-security.last.json');

/** The text of a file of accounts; undefined where it is missing or cut off. */
function wholeAccounts(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  try {
    const accounts: unknown = JSON.parse(text);
    return typeof accounts === 'object' && accounts !== null && 'clients' in accounts ? text : undefined;
  } catch {
    // Cut off: what `mendAccounts` is for.
    return undefined;
  }
}

/** Copies the accounts where they are whole and have changed. @throws Error where the disk does not take the copy; the old one stays. */
export function keepAccounts(folder: string): void {
  const text = wholeAccounts(fileOf(folder));
  if (text === undefined || text === wholeAccounts(copyOf(folder))) return;
  const written = `${copyOf(folder)}.new`;
  const opened = openSync(written, 'w', 0o600);
  try {
    if (writeSync(opened, text) < Buffer.byteLength(text))
      throw new Error('no space left for a copy of the accounts');
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(written, copyOf(folder));
}

/** Before the broker starts: puts the copy in the place of accounts that are cut off, which needs no space. Whether it did. */
export function mendAccounts(folder: string): boolean {
  if (wholeAccounts(fileOf(folder)) !== undefined || wholeAccounts(copyOf(folder)) === undefined)
    return false;
  renameSync(copyOf(folder), fileOf(folder));
  return true;
}
