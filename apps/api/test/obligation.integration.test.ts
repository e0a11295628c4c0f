import { obligationRulesView, obligations, obligedUnit } from '@wattproof/contracts/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from './fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

const on = '2026-11-22';
const energyOf = (year: number, energy_kwh: string) => ({
  year,
  carrier: 'electricity',
  kind: 'purchased',
  energy_kwh,
  calorificBasis: 'none',
  source: 'Declaration of the year',
});
const profile = {
  accountingYears: [
    {
      year: 2025,
      staff: '120',
      turnover: { amount: '61000000.00', currency: 'EUR' },
      balance: { amount: '20000000', currency: 'EUR' },
    },
  ],
  energy: [energyOf(2023, '2740000'), energyOf(2024, '2760000'), energyOf(2025, '2760000')],
  wholeYears: [2023, 2024, 2025],
  certificates: [],
  audits: [],
  obligedSince: null,
  isEnergyIntensive: null,
  reminders_days: [30],
  note: '',
};

describe('obligations', () => {
  it('say "insufficient data" of an entity that has stated nothing, never a verdict', async () => {
    const auditor = await api.as(api.first, 'auditor');
    const answer = obligations.parse((await auditor(`GET /obligations?on=${on}`)).json);
    const unit = answer.units.find(({ id }) => id === api.first.legalEntityId);
    expect(unit).toMatchObject({ kind: 'legalEntity', stated: null });
    expect(unit?.years.map(({ year, source }) => [year, source])).toEqual([
      [2023, 'none'],
      [2024, 'none'],
      [2025, 'none'],
    ]);
    for (const { outcome, isVerdict } of unit?.obligations ?? [])
      expect([outcome, isVerdict]).toEqual(['insufficientData', false]);
    expect(unit?.calendar).toEqual([]);
  });

  it('follow from what is stated: the audit by energy, overdue, with what is at stake', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const path = `/obligations/${api.first.legalEntityId}`;
    expect((await manager(`PUT ${path}/profile`, profile)).status).toBe(200);
    const unit = obligedUnit.parse((await manager(`GET ${path}?on=${on}`)).json);
    const [french] = unit.obligations.filter(({ ruleId }) => ruleId === 'fr-2025-audit');
    expect(french).toMatchObject({
      outcome: 'obliged',
      isVerdict: true,
      verification: 'secondary',
      dueOn: '2026-10-11',
      isOverdue: true,
      criteria: [{ criterion: 'energy', value: '2753333.333', limit: '2750000.000', holds: true }],
      coverage: { ruleId: 'fr-2026-final-energy-80', threshold: '0.80' },
    });
    expect(french?.sanctions[0]?.exposure).toEqual({ amount: '1220000.00', currency: 'EUR' });
    expect(unit.obligations.find(({ ruleId }) => ruleId === 'eu-2023-1791-audit')?.outcome).toBe(
      'notObliged',
    );
    expect(unit.calendar).toMatchObject([{ date: '2026-10-11', isPast: true, remindOn: ['2026-09-11'] }]);
    const { rows } = await api.admin.query(
      "SELECT actor, after FROM audit_event WHERE action = 'obligation.setProfile' AND object = $1",
      [api.first.legalEntityId],
    );
    expect(rows).toMatchObject([{ actor: 'The energyManager', after: { wholeYears: [2023, 2024, 2025] } }]);
  });

  it('refuse a profile that contradicts itself, naming the field, and keep the one before', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const path = `PUT /obligations/${api.first.legalEntityId}/profile`;
    const wrong = await manager(path, { ...profile, energy: [energyOf(2025, '-1')] });
    expect(wrong.status).toBe(422);
    expect(wrong.json.errors).toMatchObject([
      { path: 'energy.0.energy_kwh', message: 'must not be below zero' },
    ]);
    const [year] = profile.accountingYears;
    expect((await manager(path, { ...profile, accountingYears: [year, year] })).json.detail).toMatch(/twice/);
    const kept = await manager(`GET /obligations/${api.first.legalEntityId}`);
    expect(kept.json.stated.energy).toHaveLength(3);
  });

  it('are asked of groups as well as of entities; a group is made and removed', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const made = await manager('POST /obligations/groups', {
      name: 'First Holdings',
      country: 'GB',
      legalEntityIds: [api.first.legalEntityId],
    });
    expect(made.status, made.text).toBe(201);
    expect(made.json.obligations.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'guide-2012-27-audit',
      'gb-esos-audit',
    ]);
    const foreign = await manager('POST /obligations/groups', {
      name: 'x',
      country: 'GB',
      legalEntityIds: [api.second.legalEntityId],
    });
    expect(foreign.status).toBe(404);
    expect((await manager(`DELETE /obligations/${api.first.legalEntityId}`)).status).toBe(409);
    expect((await manager(`DELETE /obligations/${made.json.id}`)).status).toBe(204);
    expect((await manager(`GET /obligations/${made.json.id}`)).status).toBe(404);
  });

  it('are handed to a calendar program, each due date with its reminder', async () => {
    const auditor = await api.as(api.first, 'auditor');
    const { text, headers } = await auditor('GET /obligations/calendar.ics');
    expect(headers.get('content-type')).toMatch(/^text\/calendar/);
    expect(text).toContain('DTSTART;VALUE=DATE:20261011');
    expect(text).toContain('TRIGGER:-P30D');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });

  it('rest on rules that anybody can read, and a reviewer answers for by name', async () => {
    const manager = await api.as(api.first, 'energyManager');
    const reviewed = await manager('PUT /rule-reviews/de-enefg-enms', { name: 'A. Prüferin', date: on });
    const { rules } = obligationRulesView.parse(reviewed.json);
    expect(rules.find(({ id }) => id === 'de-enefg-enms')?.reviewer).toEqual({
      name: 'A. Prüferin',
      date: on,
    });
    expect((await manager('PUT /rule-reviews/no-rule', { name: 'Nobody', date: on })).status).toBe(404);
    expect((await manager('DELETE /rule-reviews/de-enefg-enms')).status).toBe(204);
    expect((await manager('DELETE /rule-reviews/de-enefg-enms')).status).toBe(404);
  });
});
