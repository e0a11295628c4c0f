import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const kept = 3;

/** Opens a new log for a start: earlier ones move to `.1` … `.3`. */
export function rotatedLogFile(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.log`);
  for (let age = kept; age >= 1; age -= 1) {
    const from = age === 1 ? file : `${file}.${age - 1}`;
    if (existsSync(from)) renameSync(from, `${file}.${age}`);
  }
  return file;
}

/** The last lines of a text that are not empty. */
export function tailOf(text: string, count: number): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
