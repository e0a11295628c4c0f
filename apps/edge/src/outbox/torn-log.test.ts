import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchSchema, WireReading } from '@wattproof/contracts/mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Outbox, openOutbox } from './outbox.ts';

const schema: BatchSchema = { meters: [{ key: 'M1', columns: [{ measurandId: 1, exponent: 0 }] }] };
const reading = (n: number): WireReading => ({
  meterKey: 'M1',
  at_ms: 1_795_341_600_000 + 1000 * n,
  skew_ms: 0,
  quality: 'good',
  values: { active_energy_import_wh: n },
  exceptions: {},
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'outbox-torn-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a power cut leaves: the file, and its log up to some byte, with or without nonsense behind it. */
function afterPowerCut(wal: Buffer, rest: Buffer): Outbox {
  const place = join(folder, 'after');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  copyFileSync(join(folder, 'live/outbox.sqlite'), join(place, 'outbox.sqlite'));
  writeFileSync(join(place, 'outbox.sqlite-wal'), Buffer.concat([wal, rest]));
  return openOutbox(place);
}

it('a log that is cut at any byte of its last commit loses that commit whole or not at all, and never a number', () => {
  const live = openOutbox(join(folder, 'live'));
  live.useSchema(schema);
  for (let n = 1; n <= 4; n++) live.addLive([reading(n)], true);
  const path = join(folder, 'live/outbox.sqlite-wal');
  const before = readFileSync(path).length;
  live.addLive([reading(5)], true);
  const wal = readFileSync(path);
  const last = wal.length - before;
  expect(last).toBeGreaterThan(1000);
  for (let kept = 0; kept <= last; kept++) {
    // Behind the cut nothing, zeros, or what the disk held before: each in its turn.
    const size = kept % 3 === 0 ? 0 : last - kept;
    const rest = kept % 3 === 1 ? Buffer.alloc(size) : Buffer.alloc(size, 0xa5);
    const outbox = afterPowerCut(wal.subarray(0, before + kept), rest);
    const seqs = outbox.batchesAfter('live', 0, 10).map((batch) => batch.seq);
    expect(seqs, `cut after ${kept} of ${last} bytes`).toEqual(
      kept === last ? [1, 2, 3, 4, 5] : [1, 2, 3, 4],
    );
    outbox.useSchema(schema);
    expect(outbox.addLive([reading(6)], true).seq).toBe(seqs.length + 1);
    outbox.close();
  }
  live.close();
}, 120_000);
