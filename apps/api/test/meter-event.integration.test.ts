import { rebuildIntervals } from '@wattproof/database';
import { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

const counter = 'active_energy_import_wh';
const minute_ms = 60_000;
/** Local midnight of 2 June 2026 in Paris. */
const t0 = Date.UTC(2026, 5, 1, 22);
const at = (minutes: number): string => new Date(t0 + minutes * minute_ms).toISOString();

let api: TestApi;
let workers: Pool;
let meterId: number;
let made = 0;

beforeAll(async () => {
  api = await startApi();
  workers = new Pool({ connectionString: api.database.urlOf('wattproof_worker'), max: 3 });
});
afterAll(async () => {
  await workers?.end();
  await api?.close();
});
beforeEach(async () => {
  const { rows } = await api.admin.query(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, serial_number, rate_max_per_s)
     VALUES ($1, $2, $3, 'physical', 'use', 'electricity', $4, 'old-1', 10) RETURNING id`,
    [api.first.id, api.first.siteId, `Packing ${made++}`, counter],
  );
  meterId = rows[0].id;
});

const rebuild = () =>
  rebuildIntervals(workers, {
    onError: (error) => {
      throw error;
    },
  });

/** Readings every 15 minutes: [minutes after midnight, index]. */
async function store(readings: readonly (readonly [number, number])[]): Promise<void> {
  await api.admin.query(
    `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, ${counter})
     SELECT r.at, $1, $2, 0, r.at, r.wh FROM unnest($3::timestamptz[], $4::bigint[]) AS r (at, wh)`,
    [meterId, api.first.id, readings.map(([m]) => at(m)), readings.map(([, wh]) => wh)],
  );
  await api.admin.query('INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, $2, $3)', [
    meterId,
    at(Math.min(...readings.map(([m]) => m))),
    at(Math.max(...readings.map(([m]) => m))),
  ]);
  await rebuild();
}

const deltas = async (): Promise<(number | null)[]> => {
  const { rows } = await api.admin.query<{ delta: string | null }>(
    'SELECT delta FROM store.interval WHERE meter_id = $1 ORDER BY start',
    [meterId],
  );
  return rows.map((row) => (row.delta === null ? null : Number(row.delta)));
};
const total = async (): Promise<number> => (await deltas()).reduce<number>((sum, d) => sum + (d ?? 0), 0);

// 100 Wh a quarter hour; at 01:06 the meter is replaced: it stood at 5,440, the new one starts at 7.
const replaced = [
  ...[0, 15, 30, 45, 60].map((m, i) => [m, 5000 + i * 100] as const),
  ...[75, 90, 105, 120].map((m, i) => [m, 67 + i * 100] as const),
];
const replacement = {
  kind: 'replacement',
  at: at(66),
  counters: [{ measurand: counter, closingIndex: 5440, openingIndex: 7 }],
  serialNumber: 'new-2',
  note: 'Display dark',
};

describe('a replacement', () => {
  it('is shown before it is declared, makes one continuous series, and can be taken back with a trace', async () => {
    const installer = await api.as(api.first, 'installer');
    await store(replaced);
    expect(await deltas()).toEqual([100, 100, 100, 100, null, 100, 100, 100]);
    const [found] = (await installer(`GET /meters/${meterId}/events`)).json.events;
    expect(found).toMatchObject({ kind: 'reset', origin: 'detected', createdBy: null });

    const body = { ...replacement, confirms: found.id };
    const preview = await installer(`POST /meters/${meterId}/events/preview`, body);
    expect(preview.status, preview.text).toBe(200);
    expect(preview.json.days).toMatchObject([
      {
        date: '2026-06-02',
        measurand: counter,
        before: 700,
        after: 800,
        qualityBefore: { missing: 1 / 8 },
        qualityAfter: { missing: 0, measured: 1 },
      },
    ]);
    expect(preview.json.findings).toEqual([]);
    expect(await deltas(), 'a preview changes nothing').toContain(null);

    const declared = await installer(`POST /meters/${meterId}/events`, body);
    expect(declared.status, declared.text).toBe(201);
    expect(declared.json).toMatchObject({
      kind: 'replacement',
      origin: 'declared',
      createdBy: 'The installer',
      serialNumberBefore: 'old-1',
      serialNumberAfter: 'new-2',
    });
    await rebuild();
    expect(await deltas()).toEqual(Array(8).fill(100));
    expect((await installer(`GET /meters/${meterId}/events`)).json.events).toMatchObject([
      { origin: 'declared' },
    ]);
    expect((await installer(`GET /meters/${meterId}`)).json.serialNumber).toBe('new-2');

    const path = `/meters/${meterId}/events/${declared.json.id}`;
    expect((await installer(`GET ${path}/removal`)).json.days).toMatchObject([{ before: 800, after: 700 }]);
    expect((await installer(`DELETE ${path}`)).status).toBe(422);
    expect((await installer(`DELETE ${path}?reason=wrong%20meter`)).status).toBe(204);
    await rebuild();
    expect(await deltas()).toEqual([100, 100, 100, 100, null, 100, 100, 100]);
    expect((await installer(`GET /meters/${meterId}`)).json.serialNumber).toBe('old-1');
    expect((await installer(`GET /meters/${meterId}/events`)).json.events).toMatchObject([
      { origin: 'detected' },
    ]);
    const { rows } = await api.admin.query(
      'SELECT actor, action, before, after FROM audit_event WHERE object = $1 ORDER BY id',
      [`meter ${meterId}`],
    );
    expect(rows).toMatchObject([
      { actor: 'The installer', action: 'meterEvent.confirm' },
      { action: 'meterEvent.remove', before: { note: 'Display dark' }, after: { reason: 'wrong meter' } },
    ]);
  });

  it('by a register of another width changes nothing of what the old one counted', async () => {
    const manager = await api.as(api.first, 'energyManager');
    await api.admin.query('UPDATE meter SET counter_modulus = 1000000 WHERE id = $1', [meterId]);
    // The six-digit register rolls over at 00:20, is replaced at 01:00 by one of eight digits.
    await store([
      [0, 999_900],
      [15, 999_990],
      [30, 15],
      [45, 115],
      [60, 215],
    ]);
    const answer = await manager(`POST /meters/${meterId}/events`, {
      kind: 'replacement',
      at: at(66),
      counters: [{ measurand: counter, closingIndex: 255, openingIndex: 45_000_000 }],
      counterModulus: 100_000_000,
    });
    expect(answer.status, answer.text).toBe(201);
    await store([
      [75, 45_000_060],
      [90, 45_000_160],
    ]);
    expect(await deltas()).toEqual([90, 25, 100, 100, 100, 100]);
    await manager(`DELETE /meters/${meterId}/events/${answer.json.id}?reason=test`);
    const { rows } = await api.admin.query('SELECT counter_modulus FROM meter WHERE id = $1', [meterId]);
    expect(rows[0].counter_modulus).toBe('1000000');
  });
});

describe('an event that cannot be', () => {
  it('is refused with what, where and why', async () => {
    const manager = await api.as(api.first, 'energyManager');
    await store(replaced);
    const declare = (change: object) =>
      manager(`POST /meters/${meterId}/events`, { ...replacement, ...change });
    const low = await declare({ counters: [{ measurand: counter, closingIndex: 5000, openingIndex: 7 }] });
    expect(low.json).toMatchObject({
      status: 409,
      detail: expect.stringMatching(/closing index 5000 .* 5400/),
      details: { closingIndex: 5000, lastIndex: 5400 },
    });
    expect((await declare({ at: new Date(Date.now() + 3_600_000).toISOString() })).json.status).toBe(422);
    expect((await declare({ kind: 'explosion' })).json.status).toBe(422);
    expect((await declare({ counters: [] })).json.status).toBe(422);
    const twice = [replacement.counters[0], replacement.counters[0]];
    expect((await declare({ counters: twice })).text).toContain('each counter once');
    const gauge = [{ measurand: 'active_power_w', closingIndex: 1, openingIndex: 0 }];
    expect((await declare({ counters: gauge })).json.status).toBe(422);
    const negative = [{ measurand: counter, closingIndex: -1, openingIndex: 0 }];
    expect((await declare({ counters: negative })).json.status).toBe(422);
    expect((await declare({ confirms: '00000000-0000-4000-8000-000000000000' })).json.status).toBe(404);
    expect((await declare({})).status).toBe(201);
    expect((await declare({})).json).toMatchObject({ status: 409, code: 'conflict' });
    const virtual = await manager(`POST /meters/${api.first.totalMeterId}/events`, replacement);
    expect(virtual.json).toMatchObject({ status: 422, detail: expect.stringContaining('virtual') });
    const operator = await api.as(api.first, 'operator');
    expect((await operator(`POST /meters/${meterId}/events`, replacement)).status).toBe(403);
  });
});

describe('a partial counter', () => {
  it('counts from its instant, is reset by name, and its runs add up to the intervals', async () => {
    const manager = await api.as(api.first, 'energyManager');
    await store(Array.from({ length: 13 }, (_, i) => [i * 15, 1000 + i * 150]));
    const start = (minutes: number) =>
      manager(`POST /meters/${meterId}/partial-counter`, { name: 'Shift', at: at(minutes) });
    const first = await start(0);
    expect(first.status, first.text).toBe(201);
    expect(first.json).toMatchObject({ value: 12 * 150, unit: 'Wh', until: at(180), stoppedAt: null });
    // 50 minutes: 500 Wh by interpolation, the rest follows.
    await start(50);
    await manager(`POST /meters/${meterId}/partial-counter/stop`, { name: 'Shift', at: at(157) });
    const { partialCounters } = (await manager(`GET /meters/${meterId}/partial-counters`)).json;
    expect(partialCounters.map((c: { value: number }) => c.value)).toEqual([1070, 500]);
    await start(157);
    const all = (await manager(`GET /meters/${meterId}/partial-counters`)).json.partialCounters;
    const sum = all.reduce((s: number, c: { value: number }) => s + c.value, 0);
    expect(sum).toBe(await total());
    expect((await start(10)).json).toMatchObject({ status: 409 });
    const other = await manager(`POST /meters/${meterId}/partial-counter/stop`, { name: 'None' });
    expect(other.json.status).toBe(404);
    const reactive = { name: 'Q', measurand: 'reactive_energy_import_varh' };
    expect((await manager(`POST /meters/${meterId}/partial-counter`, reactive)).json).toMatchObject({
      status: 422,
      details: { kept: [counter] },
    });
  });
});
