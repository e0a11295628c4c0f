import { retention, retentionPlan, storage } from '@wattproof/contracts/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let admin: Caller;

beforeAll(async () => {
  api = await startApi();
  admin = await api.as(api.first, 'admin');
  await api.admin.query(
    `INSERT INTO storage_sample (organisation_id, class, at, rows, bytes, oldest, newest, growth_rows_per_day, growth_bytes_per_day)
     VALUES ($1, 'readings', now() - interval '1 day', 900, 90000, now() - interval '100 days', now(), 10, 1000),
            ($1, 'readings', now(), 1000, 100000, now() - interval '100 days', now(), 10, 1000),
            ($1, 'intervals', now(), 500, 50000, now() - interval '100 days', now(), 5, 500),
            ($2, 'readings', now(), 77777777, 88888888, now(), now(), 1, 1)`,
    [api.first.id, api.second.id],
  );
  for (const organisation of [api.first, api.second])
    await api.admin.query(
      `INSERT INTO store.reading (at, meter_id, organisation_id, quality, received_at, active_power_w)
       SELECT now() - interval '500 days' + i * interval '1 minute', $1, $2, 0, now(), 1 FROM generate_series(1, 100) i`,
      [organisation.useMeterId, organisation.id],
    );
});
afterAll(() => api?.close());

describe('storage', () => {
  it('is the organisation’s own, with growth and where it leads', async () => {
    const found = storage.parse((await admin('GET /storage')).json);
    expect([found.bytes, found.growth_bytes_per_day]).toEqual([150_000, 1_500]);
    expect(found.forecast.map((f) => f.months)).toEqual([1, 12]);
    expect(found.forecast[1]?.bytes).toBeGreaterThan(150_000 + 364 * 1_500);
    expect(found.history).toHaveLength(2);
    expect(found.licence.edition).toBe('apache');
    expect(found.chunks.map((c) => [c.class, c.width_s])).toEqual([
      ['readings', 14 * 86_400],
      ['intervals', 60 * 86_400],
    ]);
    expect(JSON.stringify(found)).not.toContain('88888888');
  });

  it('says that nothing was measured yet', async () => {
    await api.admin.query('DELETE FROM storage_sample WHERE organisation_id = $1', [api.second.id]);
    const found = storage.parse((await (await api.as(api.second, 'admin'))('GET /storage')).json);
    expect([found.measuredAt, found.forecast]).toEqual([null, []]);
  });
});

describe('retention', () => {
  it('keeps everything by default, refuses less than finalised periods need, and is audited', async () => {
    const before = retention.parse((await admin('GET /retention')).json);
    expect(before.policies.map((p) => p.keep_days)).toEqual([null, null, null, null]);
    const refused = await admin('PUT /retention', {
      policies: [
        { class: 'readings', keep_days: 430 },
        { class: 'intervals', keep_days: 1_464 },
      ],
    });
    expect(refused.status).toBe(422);
    expect(refused.json.errors).toEqual([
      { path: 'policies.0.keep_days', message: 'readings must be kept for at least 431 days' },
    ]);
    for (const policies of [
      [{ class: 'meters', keep_days: 900 }],
      [{ class: 'readings', keep_days: 0 }],
      [{ class: 'readings', keep_days: 900.5 }],
      [
        { class: 'readings', keep_days: 900 },
        { class: 'readings', keep_days: 901 },
      ],
    ])
      expect((await admin('PUT /retention', { policies })).status).toBe(422);
    const changed = await admin('PUT /retention', { policies: [{ class: 'readings', keep_days: 431 }] });
    expect(retention.parse(changed.json).policies[0]).toMatchObject({
      keep_days: 431,
      changedBy: 'The admin',
    });
    const { rows } = await api.admin.query(
      "SELECT actor, before, after FROM audit_event WHERE action = 'retention.change'",
    );
    expect(rows).toEqual([
      expect.objectContaining({
        actor: 'The admin',
        after: { readings: 431 },
        before: expect.objectContaining({ readings: null }),
      }),
    ]);
  });

  it('tells before anything goes what would go and what would be held back', async () => {
    const dry = async (policies: object[]) =>
      retentionPlan.parse((await admin('POST /retention/dry-run', { policies })).json).classes[0];
    // Its counter has no readings of that time: nothing would be lost with them but the readings themselves.
    expect(await dry([])).toMatchObject({ keep_days: 431, rows: 100, meters: 1, held: [] });
    expect(await dry([{ class: 'readings', keep_days: 600 }])).toMatchObject({ rows: 0 });
    expect(await dry([{ class: 'readings', keep_days: null }])).toMatchObject({ before: null, rows: 0 });
    await api.admin.query(
      'UPDATE store.reading SET active_energy_import_wh = 1 WHERE meter_id = $1 AND at < $2',
      [api.first.useMeterId, new Date(Date.now() - 400 * 86_400_000)],
    );
    expect(await dry([])).toMatchObject({
      rows: 0,
      held: [expect.objectContaining({ reason: 'intervalsMissing', meters: 1, rows: 100 })],
    });
    expect((await admin('GET /retention')).json.policies[0].keep_days).toBe(431);
  });

  it('is run as a job with a receipt, one at a time, by those who may', async () => {
    const manager = await api.as(api.first, 'energyManager');
    expect((await manager('POST /retention/runs')).status).toBe(403);
    expect((await manager('GET /storage')).status).toBe(403);
    expect((await api.withKey(api.first.apiKeys.write)('PUT /retention', { policies: [] })).status).toBe(403);
    const run = await admin('POST /retention/runs');
    expect(run.status).toBe(202);
    expect(run.json).toMatchObject({ kind: 'applyRetention', state: 'waiting', requestedBy: 'The admin' });
    expect((await admin('POST /retention/runs')).json.code).toBe('conflict');
    expect((await admin('GET /retention')).json.lastRun.id).toBe(run.json.id);
    expect((await manager('GET /jobs')).text).not.toContain(run.json.id);
    expect((await (await api.as(api.second, 'admin'))('GET /retention')).json.lastRun).toBeNull();
  });
});
