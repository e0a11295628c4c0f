import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type LineMemory, lineMemory } from './line-memory.ts';

const name = 'learned.json';
const memories = z.record(z.string(), lineMemory);

/** What earlier runs learnt, by key of the line; nothing where the file is not there or not whole: it is learnt again. */
export function readMemories(stateFolder: string): Readonly<Record<string, LineMemory>> {
  let text: string;
  try {
    text = readFileSync(join(stateFolder, name), 'utf8');
  } catch {
    // The first start.
    return {};
  }
  try {
    return memories.parse(JSON.parse(text));
  } catch {
    // Cut off by a power cut: the rename below may be on the disk before the content.
    return {};
  }
}

/** Keeps it without waiting for the disk: losing it costs a few requests. */
export function writeMemories(stateFolder: string, learned: Readonly<Record<string, LineMemory>>): void {
  const draft = join(stateFolder, `${name}.new`);
  writeFileSync(draft, JSON.stringify(learned), { mode: 0o600 });
  renameSync(draft, join(stateFolder, name));
}
