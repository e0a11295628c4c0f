import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

describe('alarms', () => {
  it('say what waiting costs a day', async () => {
    const operator = await api.as(api.first, 'operator');
    const [alarm] = (await operator('GET /alarms')).json.alarms;
    // 150 kW at a threshold of 100 kW: 50 kW × 24 h × 0.10 €/kWh.
    expect(alarm).toMatchObject({
      id: api.first.alarmId,
      state: 'unacknowledged',
      extreme: 150_000,
      costPerDay: { amount: '120.00', currency: 'EUR' },
    });
  });

  it('are acknowledged once, by name and with a comment, and stay open until they clear', async () => {
    const operator = await api.as(api.first, 'operator');
    const path = `POST /alarms/${api.first.alarmId}/acknowledge`;
    const answer = await operator(path, { comment: 'Door of cold room 3 was open' });
    expect(answer.json).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: 'The operator',
      comment: 'Door of cold room 3 was open',
    });
    expect((await operator(path, {})).json).toMatchObject({ status: 409, code: 'conflict' });
    expect((await operator('GET /alarms?state=open')).json.alarms).toHaveLength(1);
    expect((await operator('GET /alarms?state=history')).json.alarms).toHaveLength(0);
    await api.admin.query('UPDATE alarm SET cleared_at = now() WHERE id = $1', [api.first.alarmId]);
    expect((await operator('GET /alarms?state=open')).json.alarms).toHaveLength(0);
    expect((await operator('GET /alarms?state=history')).json.alarms).toMatchObject([
      { state: 'normal', costPerDay: null },
    ]);
    expect((await operator('GET /me')).json.openAlarms).toBe(0);
    const { rows } = await api.admin.query('SELECT actor, action, object FROM audit_event');
    expect(rows).toEqual([{ actor: 'The operator', action: 'alarm.acknowledge', object: api.first.alarmId }]);
  });
});

describe('alarm rules', () => {
  it('are made for a meter or a gateway of the site, changed, and removed while they have no history', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const { siteId, mainMeterId, otherMeterId, gatewayId } = api.first;
    const threshold = {
      kind: 'threshold',
      siteId,
      meterId: mainMeterId,
      name: 'Night load',
      measurand: 'active_power_w',
      comparison: 'above',
      threshold: 20_000,
      delay_s: 600,
    };
    const made = await manager('POST /alarm-rules', threshold);
    expect(made.status, made.text).toBe(201);
    expect(made.json).toMatchObject({
      name: 'Night load',
      hysteresis: 0,
      enabled: true,
      severity: 'warning',
    });
    expect((await manager('POST /alarm-rules', { ...threshold, meterId: otherMeterId })).status).toBe(404);
    expect(
      (await manager('POST /alarm-rules', { kind: 'noData', siteId, name: 'Silence', gatewayId })).status,
    ).toBe(201);
    expect((await manager('POST /alarm-rules', { kind: 'noData', siteId, name: 'Nothing' })).status).toBe(
      422,
    );
    const changed = await manager(`PATCH /alarm-rules/${made.json.id}`, {
      threshold: 25_000,
      enabled: false,
    });
    expect(changed.json).toMatchObject({ threshold: 25_000, enabled: false, name: 'Night load' });
    expect((await manager(`DELETE /alarm-rules/${made.json.id}`)).status).toBe(204);
    expect((await manager(`DELETE /alarm-rules/${made.json.id}`)).status).toBe(404);
    expect((await manager(`DELETE /alarm-rules/${api.first.alarmRuleId}`)).json).toMatchObject({
      code: 'conflict',
    });
    const { rows } = await api.admin.query('SELECT action FROM audit_event WHERE object = $1 ORDER BY id', [
      made.json.id,
    ]);
    expect(rows.map((r) => r.action)).toEqual(['alarmRule.create', 'alarmRule.update', 'alarmRule.delete']);
  });
});

describe('dead letters', () => {
  it('show what came, page by page, and what was done about it', async () => {
    const { admin, first } = api;
    const installer = await api.as(first, 'installer');
    await admin.query(
      `INSERT INTO dead_letter (organisation_id, gateway_id, topic, code, message, payload)
       SELECT $1, $2, 't', 'unknownMeter', 'no meter ' || i, $3 FROM generate_series(1, 5) i`,
      [first.id, first.gatewayId, Buffer.from([0xff, 0xfe, 0x00])],
    );
    const page = (await installer('GET /dead-letters?limit=4')).json;
    expect(page).toMatchObject({ open: 6 });
    expect(page.deadLetters.map((d: { message: string }) => d.message)).toEqual(
      [5, 4, 3, 2].map((i) => `no meter ${i}`),
    );
    expect(page.deadLetters[0]).toMatchObject({ payload: 'fffe00', payloadBytes: 3 });
    const rest = (await installer(`GET /dead-letters?limit=4&before=${page.next}`)).json;
    expect(rest.deadLetters).toHaveLength(2);
    expect(rest.next).toBeNull();
    expect((await installer('GET /dead-letters?code=malformed')).json.deadLetters).toMatchObject([
      { id: first.deadLetterId, payload: '{broken' },
    ]);
    const resolve = `POST /dead-letters/${first.deadLetterId}/resolve`;
    expect((await installer(resolve, { resolution: 'Firmware updated' })).json.resolvedAt).not.toBeNull();
    expect((await installer(resolve, { resolution: 'again' })).json.code).toBe('conflict');
    expect((await installer('GET /dead-letters')).json.open).toBe(5);
  });
});
