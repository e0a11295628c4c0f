import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
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

const longest_bytes = 64 * 2 ** 20;
const look_s = 60;

/**
 * Keeps the logs of a long run below 64 MiB each: what is longer moves to `.1` and the open file begins anew.
 * Writers append, so they need not be told. Returns the end of it.
 */
export function limitLogs(folder: string): () => void {
  const look = (): void => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const file = join(folder, name);
      if (!name.endsWith('.log') || statSync(file).size <= longest_bytes) continue;
      copyFileSync(file, `${file}.1`);
      truncateSync(file);
    }
  };
  const timer = setInterval(look, look_s * 1000).unref();
  return () => clearInterval(timer);
}
