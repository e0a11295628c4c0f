import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

/** A dead letter with readings of the reach [first, last], and its id. */
async function heldLetter(first_ms: number, last_ms: number, received = '2026-11-20T10:00:00Z') {
  const { admin, first } = api;
  const { rows } = await admin.query<{ id: string }>(
    `INSERT INTO dead_letter (organisation_id, gateway_id, topic, code, message, payload, readings, first_at_ms, last_at_ms, received_at)
     VALUES ($1, $2, 't', 'timestampOutOfRange', 'out of range', 'x', 12, $3, $4, $5) RETURNING id`,
    [first.id, first.gatewayId, first_ms, last_ms, received],
  );
  return rows[0]?.id ?? '';
}
const events = async (action: string) =>
  (
    await api.admin.query<{ actor: string; object: string; after: Record<string, unknown> }>(
      'SELECT actor, object, after FROM audit_event WHERE action = $1 ORDER BY id',
      [action],
    )
  ).rows;

describe('readings with impossible clocks', () => {
  it('are shown by gateway with what the clock was off by, and taken all at once', async () => {
    const { first } = api;
    const received_ms = Date.parse('2026-11-20T10:00:00Z');
    await heldLetter(1_000, 10_000);
    const seen = await heldLetter(11_000, 70_000, '2026-11-20T10:01:00Z');
    const installer = await api.as(first, 'installer');
    expect((await installer('GET /quarantine')).json.gateways).toEqual([
      {
        gatewayId: first.gatewayId,
        gatewayName: expect.any(String),
        siteId: first.siteId,
        siteName: expect.any(String),
        messages: 2,
        readings: 24,
        firstAt: '1970-01-01T00:00:01.000Z',
        lastAt: '1970-01-01T00:01:10.000Z',
        firstReceivedAt: '2026-11-20T10:00:00.000Z',
        lastReceivedAt: '2026-11-20T10:01:00.000Z',
        suggestedCorrection_s: received_ms / 1000 - 10,
        lastLetterId: seen,
      },
    ]);
    expect((await installer('GET /delivery')).json).toMatchObject({
      quarantinedReadings: 24,
      openDeadLetters: 3,
    });
    // One more comes while the person thinks: the decision is not about it.
    const later = await heldLetter(71_000, 80_000);
    const path = `POST /gateways/${first.gatewayId}/quarantine`;
    const correction_s = received_ms / 1000 - 10;
    const tooMuch = await installer(path, {
      decision: 'take',
      correction_s: correction_s + 400,
      upTo: seen,
      reason: 'x',
    });
    expect(tooMuch.json).toMatchObject({
      code: 'invalid',
      detail: expect.stringMatching(/400 s after their own/),
    });
    expect(
      (await installer(path, { decision: 'take', correction_s, upTo: seen, reason: 'No battery' })).json,
    ).toEqual({ messages: 2, readings: 24 });
    expect((await installer(path, { decision: 'discard', upTo: seen, reason: 'x' })).json).toMatchObject({
      code: 'conflict',
    });
    expect(await events('quarantine.take')).toMatchObject([
      { object: first.gatewayId, after: { correction_s, messages: 2, readings: 24, reason: 'No battery' } },
    ]);
    // Not resolved before ingestion has stored them.
    const letters = (await installer('GET /dead-letters?code=timestampOutOfRange')).json.deadLetters;
    expect(letters).toMatchObject([
      { id: later, decision: null },
      {
        decision: 'take',
        correction_s,
        resolution: 'No battery',
        resolvedAt: null,
        decidedBy: 'The installer',
      },
      { decision: 'take', readings: { count: 12, firstAt: '1970-01-01T00:00:01.000Z' } },
    ]);
    expect((await installer(path, { decision: 'discard', upTo: later, reason: 'Test bench' })).json).toEqual({
      messages: 1,
      readings: 12,
    });
    expect((await installer('GET /quarantine')).json.gateways).toEqual([]);
  });

  it('are shown even where their instants lie beyond any calendar', async () => {
    const id = await heldLetter(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    const installer = await api.as(api.first, 'installer');
    const [gateway] = (await installer('GET /quarantine')).json.gateways;
    expect(gateway).toMatchObject({ firstAt: null, lastAt: null, lastLetterId: id });
    const resolve = await installer(`POST /dead-letters/${id}/resolve`, { resolution: 'Nonsense' });
    expect(resolve.json).toMatchObject({
      decision: 'discard',
      resolution: 'Nonsense',
      readings: { firstAt: null },
    });
  });
});

describe('a dead letter', () => {
  it('is taken once, without a correction where its clock was right', async () => {
    const { first } = api;
    const installer = await api.as(first, 'installer');
    const path = `POST /dead-letters/${first.deadLetterId}/take`;
    expect((await installer(path, { correction_s: 60, reason: 'x' })).json).toMatchObject({
      code: 'invalid',
    });
    expect((await installer(path, { reason: 'The meter is known now' })).json).toMatchObject({
      decision: 'take',
      correction_s: 0,
      resolvedAt: null,
    });
    expect((await installer(path, { reason: 'again' })).json).toMatchObject({ code: 'conflict' });
    expect(await events('deadLetter.take')).toMatchObject([
      { object: first.deadLetterId, actor: 'The installer' },
    ]);
    const operator = await api.as(first, 'operator');
    expect((await operator(path, { reason: 'x' })).status).toBe(403);
  });
});

describe('a value that contradicts a stored one', () => {
  it('is listed with both values and decided by a person, with a trace', async () => {
    const { admin, first, second } = api;
    const { rows } = await admin.query<{ id: string }>(
      `INSERT INTO store.reading_conflict (organisation_id, meter_id, at, measurand, stored, arrived, received_at)
       SELECT $1, $2, '2026-03-02T00:00:00Z', 'active_energy_import_wh', 100, 100 + i, now() FROM generate_series(1, 3) i RETURNING id`,
      [first.id, first.mainMeterId],
    );
    const [a, b, c] = rows.map((row) => row.id);
    const installer = await api.as(first, 'installer');
    const page = (await installer('GET /reading-conflicts?limit=2')).json;
    expect(page).toMatchObject({ open: 3, next: b });
    expect(page.conflicts[0]).toMatchObject({
      id: c,
      meterId: first.mainMeterId,
      siteId: first.siteId,
      at: '2026-03-02T00:00:00.000Z',
      measurand: 'active_energy_import_wh',
      unit: 'Wh',
      stored: 100,
      arrived: 103,
      decision: null,
    });
    const decide = (ids: unknown, decision: string) =>
      installer('POST /reading-conflicts/decide', { ids, decision, reason: 'Display read' });
    expect((await decide([a, '999999'], 'keep')).json.code).toBe('notFound');
    expect((await decide([a, b], 'keep')).json).toEqual({ decided: 2 });
    // All or none.
    expect((await decide([b, c], 'replace')).json.code).toBe('conflict');
    expect((await decide([c], 'replace')).json).toEqual({ decided: 1 });
    expect((await installer('GET /reading-conflicts?state=open')).json).toMatchObject({
      conflicts: [],
      open: 0,
    });
    expect(
      (await installer(`GET /reading-conflicts?meterId=${first.mainMeterId}&state=decided`)).json.conflicts,
    ).toMatchObject([
      { id: c, decision: 'replace', decidedBy: 'The installer', reason: 'Display read', appliedAt: null },
      { id: b, decision: 'keep' },
      { id: a, decision: 'keep' },
    ]);
    expect(await events('readingConflict.replace')).toMatchObject([{ object: c, after: { value: 103 } }]);
    const other = await api.as(second, 'installer');
    expect((await other('GET /reading-conflicts')).json).toMatchObject({ conflicts: [], open: 0 });
    expect(
      (await other('POST /reading-conflicts/decide', { ids: [c], decision: 'keep', reason: 'x' })).status,
    ).toBe(404);
  });
});

describe('what is missing of a gateway', () => {
  it('is said by range, with how often it was asked for and what was given up', async () => {
    const { admin, first, second } = api;
    await admin.query(
      `INSERT INTO store.gateway_watermark (gateway_id, boot, lane, up_to, beyond, gap_since, gap_asked, gap_asked_at, updated_at)
       VALUES ($1, 'boot-2', 'live', 10, '{13,20,22,22}', '2026-11-20T10:00:00Z', 2, '2026-11-20T10:00:06Z', now()),
         ($1, 'boot-1', 'backfill', 7, '{}', NULL, 0, NULL, now() - interval '1 day')`,
      [first.gatewayId],
    );
    await admin.query(
      "INSERT INTO store.gateway_given_up (gateway_id, boot, lane, from_seq, to_seq, asked) VALUES ($1, 'boot-1', 'backfill', 3, 5, 5)",
      [first.gatewayId],
    );
    const installer = await api.as(first, 'installer');
    expect((await installer(`GET /gateways/${first.gatewayId}/gaps`)).json).toMatchObject({
      gatewayId: first.gatewayId,
      missing: 3,
      givenUp: 3,
      sequences: [
        {
          boot: 'boot-2',
          lane: 'live',
          upTo: 10,
          missing: [
            { from: 11, to: 12 },
            { from: 21, to: 21 },
          ],
          gap: { since: '2026-11-20T10:00:00.000Z', asked: 2, askedAt: '2026-11-20T10:00:06.000Z' },
          givenUp: [],
        },
        { boot: 'boot-1', missing: [], gap: null, givenUp: [{ from: 3, to: 5, asked: 5 }] },
      ],
    });
    expect((await installer('GET /delivery')).json).toMatchObject({
      gatewaysWithGaps: 1,
      missingBatches: 3,
      givenUpBatches: 3,
    });
    const other = await api.as(second, 'installer');
    expect((await other(`GET /gateways/${first.gatewayId}/gaps`)).status).toBe(404);
    expect((await other('GET /delivery')).json).toMatchObject({ missingBatches: 0, givenUpBatches: 0 });
  });
});
