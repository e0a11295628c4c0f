import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@wattproof/runtime';
import { z } from 'zod';

/** A file of the state folder that is replaced as a whole: a power cut leaves the old or the new one, never half of one. */
export async function writeStateFile(folder: string, name: string, content: unknown): Promise<void> {
  const draft = join(folder, `${name}.new`);
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(content));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(folder, name));
  await syncFolder(folder);
}

export async function removeStateFile(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true });
  await syncFolder(folder);
}

/** The name itself is on the disk only when the folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The content of a state file; undefined where there is none.
 * @throws AppError `invalid` naming what is wrong in it.
 */
export function readStateFile<S extends z.ZodType>(
  folder: string,
  name: string,
  schema: S,
): z.output<S> | undefined {
  const path = join(folder, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Nothing has been written yet.
    return undefined;
  }
  const parsed = schema.safeParse(parseJson(path, text));
  if (!parsed.success) throw new AppError('invalid', `${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid', `${path} is not JSON: ${(error as Error).message}`);
  }
}
