import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type BatchSchema,
  cbor,
  decodeCompactBlocks,
  decodeCompactHead,
  decodeSchema,
  type WireReading,
} from '@wattproof/contracts/mqtt';
import { measurandOf } from '@wattproof/energy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Outbox, openOutbox, type StoredBatch } from './outbox.ts';

const schema: BatchSchema = {
  meters: [
    {
      key: 'M1',
      columns: [
        { measurandId: measurandOf('active_energy_import_wh').id, exponent: 0 },
        { measurandId: measurandOf('active_power_w').id, exponent: -2 },
      ],
    },
  ],
};
/** Where there is a disk in memory: each commit waits for its disk, and these are many. */
const memoryFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const start_ms = Date.now();
const reading = (n: number): WireReading => ({
  meterKey: 'M1',
  at_ms: start_ms + 1000 * n,
  skew_ms: 3,
  quality: 'good',
  values: { active_energy_import_wh: 100 + n, active_power_w: n / 4 },
  exceptions: {},
});
const readingsOf = (outbox: Outbox, batch: StoredBatch | undefined): readonly WireReading[] => {
  if (!batch) throw new Error('no batch');
  const head = decodeCompactHead(batch.payload);
  expect(head.position).toEqual({ boot: outbox.boot, lane: batch.lane, seq: batch.seq });
  const encoded = outbox.schemaBytes(head.schemaHash);
  if (!encoded) throw new Error('no schema');
  return decodeCompactBlocks(head, decodeSchema(encoded)).readings;
};

describe('outbox', () => {
  let folder: string;
  let outbox: Outbox;
  const reopen = (limits?: Parameters<typeof openOutbox>[1]): void => {
    outbox?.close();
    outbox = openOutbox(folder, limits);
    outbox.useSchema(schema);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(memoryFolder, 'outbox-'));
    outbox = openOutbox(folder);
    outbox.useSchema(schema);
  });
  afterEach(() => {
    outbox.close();
    rmSync(folder, { recursive: true });
  });

  it('numbers live batches from 1 without gaps, over restarts, under one boot', () => {
    const { boot } = outbox;
    expect(outbox.addLive([reading(1)], true).seq).toBe(1);
    expect(outbox.addLive([reading(2)], true).seq).toBe(2);
    outbox.acknowledge({ boot, lane: 'live', upTo: 2 });
    reopen();
    expect(outbox.boot).toBe(boot);
    const third = outbox.addLive([reading(3)], null);
    expect(third.seq).toBe(3);
    expect(readingsOf(outbox, third)).toEqual([reading(3)]);
  });

  it('gives a new outbox another boot', () => {
    const other = mkdtempSync(join(memoryFolder, 'outbox-'));
    const second = openOutbox(other);
    expect(second.boot).not.toBe(outbox.boot);
    second.close();
    rmSync(other, { recursive: true });
  });

  it('deletes exactly what is acknowledged, by lane and boot', () => {
    for (let n = 1; n <= 4; n++) outbox.addLive([reading(n)], true);
    outbox.addWaiting([reading(5)]);
    outbox.formBackfill(true);
    expect(outbox.acknowledge({ boot: 'another', lane: 'live', upTo: 4 })).toBe(0);
    expect(outbox.acknowledge({ boot: outbox.boot, lane: 'live', upTo: 3 })).toBe(3);
    expect(outbox.batchesAfter('live', 0, 10).map((b) => b.seq)).toEqual([4]);
    expect(outbox.unacknowledged('backfill')).toBe(1);
    expect(outbox.acknowledge({ boot: outbox.boot, lane: 'live', upTo: 3 })).toBe(0);
  });

  it('gathers waiting readings into few back-fill batches, oldest first, up to the limit', () => {
    reopen({ waiting_bytes: 1_000_000, waiting_days: 1, batch_readings: 25 });
    for (let n = 1; n <= 60; n++) outbox.addWaiting([reading(n)]);
    const batches = [...outbox.formBackfill(true, 2), ...outbox.formBackfill(true, 6)];
    expect(batches.map((b) => b.seq)).toEqual([1, 2, 3]);
    expect(batches.map((b) => readingsOf(outbox, b).length)).toEqual([25, 25, 10]);
    expect(batches.flatMap((b) => readingsOf(outbox, b))).toEqual(
      Array.from({ length: 60 }, (_, i) => reading(i + 1)),
    );
    expect(outbox.formBackfill(true)).toEqual([]);
    expect(outbox.waitingReadings()).toBe(0);
  });

  it('keeps waiting readings under the schema they were read with', () => {
    outbox.addWaiting([reading(1)]);
    const wider: BatchSchema = { meters: [...schema.meters, { key: 'M2', columns: [] }] };
    const second = outbox.useSchema(wider);
    outbox.addWaiting([reading(2)]);
    const [first] = outbox.formBackfill(null);
    expect(readingsOf(outbox, first)).toEqual([reading(1)]);
    const [next] = outbox.formBackfill(null);
    expect(next && decodeCompactHead(next.payload).schemaHash).toBe(second.hash);
  });

  it('gives up the oldest waiting readings when full, and says which', () => {
    reopen({ waiting_bytes: 30_000, waiting_days: 1, batch_readings: 1000 });
    for (let n = 1; n <= 400; n++) outbox.addWaiting([reading(n)]);
    expect(outbox.state().bytes).toBeLessThanOrEqual(30_000);
    const gaps = outbox.gaps();
    expect(gaps.length).toBeGreaterThan(0);
    const lost = gaps.reduce((sum, gap) => sum + gap.readings, 0);
    expect(lost + outbox.waitingReadings()).toBe(400);
    expect(gaps[0]?.from_ms).toBe(reading(1).at_ms);
    expect(gaps.at(-1)?.to_ms).toBe(reading(lost).at_ms);
    expect(readingsOf(outbox, outbox.formBackfill(true)[0])[0]?.at_ms).toBe(reading(lost + 1).at_ms);
  });

  it('gives up what is older than its days', () => {
    reopen({ waiting_bytes: 1_000_000, waiting_days: 1, batch_readings: 1000 });
    outbox.addWaiting([{ ...reading(0), at_ms: Date.now() - 2 * 86_400_000 }]);
    expect(outbox.waitingReadings()).toBe(0);
    expect(outbox.gaps()).toHaveLength(1);
  });

  it('says that it is full, keeps what it accepted, and stores again when there is room', () => {
    reopen({ waiting_bytes: 10_000_000, waiting_days: 1, batch_readings: 1000, file_bytes: 60_000 });
    let accepted = 0;
    expect(() => {
      for (let n = 1; n <= 100_000; n++) {
        outbox.addWaiting([reading(n)]);
        accepted = n;
      }
    }).toThrow(/full/);
    expect(accepted).toBeGreaterThan(100);
    expect(outbox.waitingReadings()).toBe(accepted);
    expect(() => outbox.addWaiting([reading(1)])).toThrow(/full/);
    reopen({ waiting_bytes: 10_000_000, waiting_days: 1, batch_readings: 1000, file_bytes: 60_000 });
    expect(outbox.waitingReadings()).toBe(accepted);
    reopen({ waiting_bytes: 10_000_000, waiting_days: 1, batch_readings: 1000, file_bytes: 200_000 });
    outbox.addWaiting([reading(accepted + 1)]);
    const batches = outbox.formBackfill(true, 1000);
    expect(batches.flatMap((b) => readingsOf(outbox, b))).toEqual(
      Array.from({ length: accepted + 1 }, (_, i) => reading(i + 1)),
    );
  });

  it('takes up readings that version 0.1.0 left waiting', () => {
    outbox.addWaiting([reading(1)]);
    const file = new DatabaseSync(join(folder, 'outbox.sqlite'));
    file.prepare('UPDATE waiting SET payload = ?').run(cbor.encode([reading(1)]));
    file.close();
    reopen();
    expect(readingsOf(outbox, outbox.formBackfill(true)[0])).toEqual([reading(1)]);
  });

  it('stores nothing of a batch that cannot be encoded', () => {
    const bad = { ...reading(1), values: { active_power_w: Number.NaN } };
    expect(() => outbox.addLive([bad], true)).toThrow(/not finite/);
    expect(outbox.unacknowledged('live')).toBe(0);
    expect(outbox.addLive([reading(2)], true).seq).toBe(1);
  });

  it('says how much it holds and since when', () => {
    outbox.addLive([reading(7)], true);
    outbox.addWaiting([reading(3)]);
    expect(outbox.state()).toMatchObject({ batches: 2, oldestAt_ms: reading(3).at_ms });
  });
});
