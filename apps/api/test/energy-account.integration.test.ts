import { computeAudit } from '@wattproof/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

let api: TestApi;
let manager: Caller;
let buyer: string;

beforeAll(async () => {
  api = await startApi();
  manager = await api.as(api.first, 'energyManager');
  const { rows } = await api.admin.query<{ id: string }>(
    `INSERT INTO legal_entity (organisation_id, name, country, registration_number) VALUES ($1, 'Buyer SAS', 'FR', '1')
     RETURNING id`,
    [api.first.id],
  );
  buyer = rows[0]?.id ?? '';
});
afterAll(() => api?.close());

const row = () => ({
  legalEntityId: api.first.legalEntityId,
  kind: 'passedOn',
  carrier: 'electricity',
  siteId: null as string | null,
  meterId: null as number | null,
  energy_kwh: '1200' as string | null,
  calorificBasis: 'none',
  validFrom: '2026-01-01' as string | null,
  validTo: '2026-02-01' as string | null,
  limit_percent: null as string | null,
  counterpartEntityId: null as string | null,
  reason: 'Tenant in hall 3',
  source: 'Contract 12',
});

describe('a row of the account', () => {
  it.each<[what: string, part: () => Partial<ReturnType<typeof row>>, status: number, word: string]>([
    ['by a meter and a document', () => ({ meterId: api.first.mainMeterId }), 422, 'energy_kwh'],
    ['by neither', () => ({ energy_kwh: null }), 422, 'energy_kwh'],
    ['of a document without its days', () => ({ validTo: null }), 422, 'validFrom'],
    ['that ends before it begins', () => ({ validTo: '2025-12-31' }), 422, 'validTo'],
    ['below zero', () => ({ energy_kwh: '-5' }), 422, 'energy_kwh'],
    ['without a source', () => ({ source: ' ' }), 422, 'source'],
    [
      'of own generation with a counterpart',
      () => ({ kind: 'selfConsumed', counterpartEntityId: buyer }),
      422,
      'counterpartEntityId',
    ],
    [
      'that is passed on to itself',
      () => ({ counterpartEntityId: api.first.legalEntityId }),
      422,
      'counterpartEntityId',
    ],
    ['of a bill', () => ({ kind: 'purchased' }), 422, 'kind'],
    [
      'of another organisation’s entity',
      () => ({ legalEntityId: api.second.legalEntityId }),
      404,
      'legal entity',
    ],
    [
      'of another organisation’s meter',
      () => ({ energy_kwh: null, meterId: api.second.mainMeterId }),
      404,
      'meter',
    ],
  ])('%s is refused in words, and nothing is stored', async (_, part, status, word) => {
    const before = (await manager('GET /energy-account')).json.accountRows.length;
    const answer = await manager('POST /account-rows', { ...row(), ...part() });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(word);
    expect((await manager('GET /energy-account')).json.accountRows).toHaveLength(before);
  });

  it('of one meter serves two entities: deducted here, received there', async () => {
    const wish = { ...row(), counterpartEntityId: buyer, siteId: api.first.siteId };
    const { accountRows } = (await manager('POST /account-rows', wish)).json;
    const added = accountRows.find((one: { source: string }) => one.source === 'Contract 12');
    expect(added).toMatchObject({ kind: 'passedOn', counterpartEntityId: buyer, energy_kwh: '1200.000' });
    expect((await manager(`DELETE /account-rows/${added.id}`)).status).toBe(204);
  });
});

describe('a site that changes its owner in the year', () => {
  const handOver = (on: string, legalEntityId = buyer) =>
    manager(`POST /sites/${api.first.siteId}/hand-over`, { on, legalEntityId });

  it.each([
    ['to itself', '2026-03-01', () => api.first.legalEntityId, 422],
    ['to nobody that we know', '2026-03-01', () => api.second.legalEntityId, 404],
    ['on a day that a bill reaches over', '2026-02-15', () => buyer, 409],
    ['before its delivery point begins', '2019-01-01', () => buyer, 409],
  ])('is not handed over %s, and nothing moves', async (_, on, owner, status) => {
    expect((await handOver(on, owner())).status).toBe(status);
    const { sites, siteHandOvers, deliveryPoints } = (await manager('GET /energy-account')).json;
    expect(siteHandOvers).toEqual([]);
    expect(sites.find((s: { id: string }) => s.id === api.first.siteId).legalEntityId).toBe(
      api.first.legalEntityId,
    );
    expect(deliveryPoints).toHaveLength(1);
  });

  it('counts to each owner for its own days', async () => {
    // The bill of March goes to whoever owns the point then.
    await api.admin.query(`DELETE FROM bill WHERE organisation_id = $1 AND number = 'B-2026-03'`, [
      api.first.id,
    ]);
    const { sites, siteHandOvers, deliveryPoints } = (await handOver('2026-03-01')).json;
    expect(sites.find((s: { id: string }) => s.id === api.first.siteId).legalEntityId).toBe(buyer);
    expect(siteHandOvers).toEqual([
      {
        siteId: api.first.siteId,
        fromEntityId: api.first.legalEntityId,
        toEntityId: buyer,
        on: '2026-03-01',
      },
    ]);
    expect(
      deliveryPoints.map((p: Record<string, string>) => [p.legalEntityId, p.validFrom, p.validTo]).sort(),
    ).toEqual(
      [
        [api.first.legalEntityId, '2020-01-01', '2026-03-01'],
        [buyer, '2026-03-01', null],
      ].sort(),
    );
    const audit = await computeAudit(api.admin, api.first.auditId);
    // January and February are the seller's; March is not missing in its account, it is not its month.
    expect(audit?.rows.map((one) => [one.siteName, one.cells.map((cell) => cell.state)])).toEqual([
      ['first Laval', ['billed', 'billed', 'outsideValidity']],
    ]);
    expect(audit?.sites.find(({ id }) => id === api.first.siteId)).toMatchObject({
      ownedFrom: null,
      ownedTo: '2026-03-01',
    });
    expect((await handOver('2026-02-01', api.first.legalEntityId)).json.detail).toContain('2026-03-01');
  });
});

describe('a table of rows', () => {
  const head = 'legal_entity;kind;carrier;energy_kwh;valid_from;valid_to;counterpart;reason;source';
  const line = (kwh: string, source: string): string =>
    `First SAS;passedOn;electricity;${kwh};2026-01-01;2026-02-01;Buyer SAS;Hall 4;${source}`;
  const send = (lines: readonly string[], dryRun: boolean) =>
    manager(`POST /account-row-imports?dryRun=${dryRun}&fileName=rows.csv`, [head, ...lines].join('\n'), {
      'content-type': 'text/csv',
    });
  const count = async (): Promise<number> => (await manager('GET /account-rows')).json.accountRows.length;

  it('is checked without storing anything, stored as a whole or not at all, and may be sent again', async () => {
    const { rows } = await api.admin.query<{ name: string }>('SELECT name FROM legal_entity WHERE id = $1', [
      api.first.legalEntityId,
    ]);
    const own = (text: string): string => text.replace('First SAS', rows[0]?.name ?? '');
    const before = await count();
    const good = [own(line('10', 'A')), own(line('20.5', 'B'))];
    expect((await send(good, true)).json).toMatchObject({ rows: 2, stored: 2, unchanged: 0, rejected: [] });
    expect(await count()).toBe(before);

    const bad = await send(
      [...good, own(line('-1', 'C')), line('1', 'D').replace('First SAS', 'Nobody')],
      false,
    );
    expect(bad.json).toMatchObject({ rows: 4, stored: 0 });
    expect(bad.json.rejected).toMatchObject([
      { row: 4, column: 'energy_kwh', value: '-1' },
      { row: 5, column: 'legal_entity', value: 'Nobody' },
    ]);
    expect(await count()).toBe(before);

    expect((await send(good, false)).json).toMatchObject({ stored: 2, unchanged: 0 });
    expect(await count()).toBe(before + 2);
    const again = await send([...good, own(line('30', 'E'))], false);
    expect(again.json).toMatchObject({ rows: 3, stored: 1, unchanged: 2 });
    expect(await count()).toBe(before + 3);
    const { rows: events } = await api.admin.query(
      "SELECT object, jsonb_array_length(after->'rows') AS n FROM audit_event WHERE action = 'energyAccount.importRows' ORDER BY id",
    );
    expect(events).toEqual([
      { object: 'rows.csv', n: 2 },
      { object: 'rows.csv', n: 1 },
    ]);
  });

  it('names nothing of another organisation, and an empty body is refused', async () => {
    const { rows } = await api.admin.query<{ name: string }>('SELECT name FROM legal_entity WHERE id = $1', [
      api.second.legalEntityId,
    ]);
    await api.admin.query("UPDATE legal_entity SET name = 'Foreign SAS' WHERE id = $1", [
      api.second.legalEntityId,
    ]);
    const foreign = await send([line('10', 'A').replace('First SAS', 'Foreign SAS')], false);
    expect(foreign.json.rejected).toMatchObject([{ column: 'legal_entity' }]);
    await api.admin.query('UPDATE legal_entity SET name = $2 WHERE id = $1', [
      api.second.legalEntityId,
      rows[0]?.name,
    ]);
    expect((await manager('POST /account-row-imports', '', { 'content-type': 'text/csv' })).status).toBe(422);
  });
});
