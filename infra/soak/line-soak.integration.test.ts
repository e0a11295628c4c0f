import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { socatCommand, toolCommand } from '@wattproof/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soakLine, soakPairs } from './line-soak.ts';
import { masterTransports, soakMaster } from './master-soak.ts';
import type { SoakPlace } from './place.ts';

/** Every fault of the list once; `npm run soak -- line` takes a day's worth. */
const work = { exchanges: 200, every: 8 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'soak-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const place = (): SoakPlace => ({
  folder,
  socat: JSON.parse(socatCommand(folder)) as string[],
  python: (script, args) =>
    toolCommand('python3', [script, ...args], {
      binds: [{ folder: dirname(script) }, { folder, writable: true }],
      hostDevices: true,
    }),
  mbpoll: (args) => toolCommand('mbpoll', args, { binds: [{ folder }], hostDevices: true }),
});

describe.concurrent('slaves that are not ours, on lines on which everything goes wrong', () => {
  it.for(soakPairs)('%s over %s: not one wrong value', { timeout: 120_000 }, async (pair) => {
    const outcome = await soakLine(pair, work, place());
    expect(outcome.wrong).toEqual([]);
    expect(outcome.faults).toBeGreaterThan(10);
    expect(outcome.values).toBeGreaterThan(1000);
  });
});

describe.concurrent('a master that is not ours, at our simulated devices', () => {
  it.for(masterTransports)(
    'over %s: every fault is seen as what it is, and no value is wrong',
    {
      timeout: 240_000,
    },
    async (transport) => {
      const outcome = await soakMaster(transport, { exchanges: 1, life: 30 }, place());
      expect(outcome.wrong).toEqual([]);
      expect(outcome.values).toBeGreaterThan(1000);
    },
  );
});
