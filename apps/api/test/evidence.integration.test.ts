import { evidenceState, periodDetail, periods, type Receipt, receipt } from '@wattproof/contracts/api';
import {
  addReading,
  commitReadings,
  createReadingBatch,
  rebuildIntervals,
  sealDays,
} from '@wattproof/database';
import { addDays, localMidnight_ms, measurandOf } from '@wattproof/energy';
import { fromHex, isIncluded, meterDayLeaf, toHex } from '@wattproof/evidence';
import { entry } from '@wattproof/evidence/figure-member';
import { figureId, receiptId } from '@wattproof/evidence/receipt';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, startApi, type TestApi } from './fixture.ts';

const zone = 'Europe/Paris';
const measurand = 'active_energy_import_wh';
const half_ms = 1_800_000;

let api: TestApi;
let call: Caller;
let pool: Pool;
const fail = (error: Error): never => {
  throw error;
};

beforeAll(async () => {
  api = await startApi();
  call = await api.as(api.first, 'energyManager');
  pool = new Pool({ connectionString: api.database.urlOf('wattproof_worker'), max: 4 });
  const batch = createReadingBatch();
  const from_ms = localMidnight_ms(zone, '2025-10-01');
  let index = 5_000_000;
  for (let i = 0; i <= 31 * 48 + 4; i++) {
    index += 400 + ((i * 37) % 211);
    addReading(batch, {
      meterId: api.first.mainMeterId,
      organisationId: api.first.id,
      at_ms: from_ms + i * half_ms,
      receivedAt_ms: from_ms,
      skew_ms: 0,
      quality: 0,
      values: { active_energy_import_wh: index },
      exceptions: {},
    });
  }
  await commitReadings(api.admin, batch);
  await rebuildIntervals(pool, { onError: fail });
  await sealDays(pool, { now: new Date(), onError: fail });
});
afterAll(async () => {
  await pool?.end();
  await api?.close();
});

async function open(id: string): Promise<Receipt> {
  const answer = await call(`GET /receipts/${encodeURIComponent(id)}`);
  expect(answer.status, `${id} ${answer.text}`).toBe(200);
  return receipt.parse(answer.json);
}

/** The same by another way: straight from the base intervals. */
async function storedSum(meterId: number, from: string, to: string): Promise<number | null> {
  const { rows } = await api.admin.query<{ sum: number | null }>(
    `SELECT sum(delta)::float8 AS sum FROM store.interval WHERE meter_id = $1 AND measurand = $2 AND start >= $3 AND start < $4`,
    [
      meterId,
      measurandOf(measurand).id,
      new Date(localMidnight_ms(zone, from)),
      new Date(localMidnight_ms(zone, to)),
    ],
  );
  return rows[0]?.sum ?? null;
}

describe('receipts', () => {
  it('say what the intervals say, for a hundred figures of any period, to the last digit', async () => {
    const meterId = api.first.mainMeterId;
    for (let n = 0; n < 100; n++) {
      const from = addDays('2025-10-01', (n * 7) % 30);
      const to = addDays(from, 1 + ((n * 11) % (31 - ((n * 7) % 30))));
      const id = receiptId('meterEnergy', { meterId: String(meterId), measurand, from, to });
      const { value, parts } = await open(id);
      expect(value.number, id).toBe(await storedSum(meterId, from, to));
      expect(
        parts.reduce((sum, part) => sum + (part.value.number ?? 0), 0),
        id,
      ).toBe(value.number);
    }
  }, 60_000);

  it('lead from the site to the meter, to the day, to its readings and its seal', async () => {
    const period = { from: '2025-10-01', to: '2025-11-01' };
    const site = await open(
      receiptId('siteEnergy', { siteId: api.first.siteId, carrier: 'electricity', ...period }),
    );
    expect(site.quality?.missing).toBe(0);
    const total = await open(site.parts[0]?.receipt ?? '');
    expect(total.value.number).toBe(site.value.number);
    const term = total.parts.find(({ name }) => !/^\d{4}-/.test(name));
    const main = term?.receipt ? await open(term.receipt) : total;
    expect(main.meter?.kind).toBe('physical');
    expect(main.seal).toEqual({ days: 31, sealed: 31, restated: 0 });
    const day = await open(main.parts.find(({ name }) => name === '2025-10-26')?.receipt ?? '');
    expect(day.intervals).toHaveLength(100);
    expect(day.readings?.count).toBe(50);
    expect(day.value.number).toBe(day.intervals.reduce((sum, [, , delta]) => sum + (delta ?? 0), 0));
    const proof = day.proof;
    if (!proof) throw new Error('the day is not sealed');
    const leaf = meterDayLeaf(proof.line);
    expect(toHex(leaf)).toBe(proof.leaf);
    const { position, count } = proof;
    expect(isIncluded({ leaf, position, count, proof: proof.path.map(fromHex) }, fromHex(proof.root))).toBe(
      true,
    );
    const { rows } = await api.admin.query<{ root: string }>(
      "SELECT body->>'root' AS root FROM evidence_record WHERE organisation_id = $1 AND seq = $2",
      [api.first.id, proof.record],
    );
    expect(rows[0]?.root).toBe(proof.root);
  });

  it('of cost name the prices in force; of an audit the rule and the bills', async () => {
    const period = { from: '2025-10-01', to: '2025-11-01' };
    const cost = await open(receiptId('siteCost', { siteId: api.first.siteId, carrier: 'all', ...period }));
    expect(cost.value.unit).toBe('EUR');
    const coverage = await open(receiptId('auditCoverage', { auditId: api.first.auditId, basis: 'rule' }));
    expect(coverage.settings.map(({ name }) => name)).toContain('threshold');
    const bill = coverage.parts.find((part) => part.receipt !== null);
    if (bill?.receipt) expect((await open(bill.receipt)).kind).toBe('bill');
  });

  it('of any figure of any answer ask the answer again, say its formula and lead to the meters', async () => {
    const path = `/sites/${api.first.siteId}/consumption?by=meter&from=2025-10-01&to=2025-11-01`;
    const { json } = await call(`GET ${path}`);
    const row = json.rows.find((one: { meterIds: number[] }) => one.meterIds.length > 0);
    const place = entry('rows', { id: row.id, carrier: row.carrier });
    const energy = await open(figureId(path, `${place}.energy_wh`));
    expect(energy.value).toMatchObject({ number: row.energy_wh, unit: 'Wh' });
    expect(energy.period).toEqual({ from: '2025-10-01', to: '2025-11-01', timeZone: zone });
    expect(energy.formula.name).toBe('partEnergy');
    expect(energy.quality).toEqual(row.quality);
    const part = energy.parts.find(({ receipt: id }) => id?.startsWith('meterEnergy~'));
    expect((await open(part?.receipt ?? '')).kind).toBe('meterEnergy');
    const together = await call('POST /receipts', {
      ids: [figureId(path, `${place}.energy_wh`), 'nonsense~1~2', figureId(path, `${place}.share`)],
    });
    expect(together.status, together.text).toBe(200);
    expect(together.json.receipts[0].receipt.value.number).toBe(row.energy_wh);
    expect(together.json.receipts[1]).toMatchObject({ receipt: null, problem: { code: 'invalid' } });
    expect(together.json.receipts[2].receipt.value).toMatchObject({ number: row.share, unit: '1' });
    const quality = await open(figureId(path, `${place}.quality`));
    expect(quality.value.number).toBe(row.quality.measured + row.quality.manual);
    expect((await open(figureId(path, 'rows'))).settings).toContainEqual({
      name: 'values',
      value: String(json.rows.length),
    });
  });

  it('of a reading say when it came and how exact its meter is', async () => {
    const { rows } = await api.admin.query<{ at: Date; value: number }>(
      'SELECT at, active_energy_import_wh::float8 AS value FROM store.reading WHERE meter_id = $1 ORDER BY at LIMIT 1',
      [api.first.mainMeterId],
    );
    const [row] = rows;
    const fields = { meterId: String(api.first.mainMeterId), measurand, at: row?.at.toISOString() ?? '' };
    const reading = await open(receiptId('reading', fields));
    expect(reading.value).toMatchObject({ number: row?.value, unit: 'Wh' });
    expect(reading.meter?.id).toBe(api.first.mainMeterId);
    const never = receiptId('reading', { ...fields, at: '2001-01-01T00:00:00.000Z' });
    expect((await call(`GET /receipts/${never}`)).status).toBe(404);
  });

  it('of figures keep the rights of the answer they stand in', async () => {
    const operator = await api.as(api.first, 'operator');
    const audits = figureId('/audits', `${entry('audits', { id: api.first.auditId })}.measuredShare`);
    expect((await operator(`GET /receipts/${encodeURIComponent(audits)}`)).status).toBe(403);
    const foreign = figureId(
      `/sites/${api.second.siteId}/uses?from=2025-10-01&to=2025-10-02`,
      'rows[0].energy_wh',
    );
    expect((await call(`GET /receipts/${encodeURIComponent(foreign)}`)).status).toBe(404);
    for (const [path, place] of [
      ['/sites/../me', 'email'],
      [`/receipts/${audits}`, 'value.number'],
      ['/sites', 'sites[0].floorArea_m2'],
    ] as const)
      expect((await call(`GET /receipts/${encodeURIComponent(figureId(path, place))}`)).status).toBe(422);
  });

  it('are refused where the reference is none, is of others, or needs another permission', async () => {
    expect((await call('GET /receipts/nonsense~1~2')).status).toBe(422);
    const foreign = receiptId('meterEnergy', {
      meterId: String(api.second.mainMeterId),
      measurand,
      from: '2025-10-01',
      to: '2025-10-02',
    });
    expect((await call(`GET /receipts/${foreign}`)).status).toBe(404);
    const operator = await api.as(api.first, 'operator');
    const audit = receiptId('auditCoverage', { auditId: api.first.auditId, basis: 'rule' });
    expect((await operator(`GET /receipts/${audit}`)).status).toBe(403);
    const backwards = receiptId('meterEnergy', {
      meterId: String(api.first.mainMeterId),
      measurand,
      from: '2025-10-02',
      to: '2025-10-02',
    });
    expect((await call(`GET /receipts/${backwards}`)).status).toBe(422);
  });
});

describe('period close', () => {
  const path = () => `/sites/${api.first.siteId}/periods`;

  it('signs a month off once; what changes afterwards is a restatement with before, after and words', async () => {
    const before = periods.parse((await call(`GET ${path()}`)).json);
    expect(before.months.find(({ month }) => month === '2025-10')).toMatchObject({
      state: 'over',
      openDays: 0,
    });
    const closed = await call(`POST ${path()}/2025-10/close`, { note: 'agreed with the meters' });
    expect(closed.status).toBe(200);
    expect((await call(`POST ${path()}/2025-10/close`, {})).status).toBe(409);
    expect((await call(`POST ${path()}/1999-01/close`, {})).status).toBe(404);
    const auditor = await api.as(api.first, 'auditor');
    expect((await auditor(`POST ${path()}/2025-10/close`, {})).status).toBe(403);
    // An event that would change a month that is signed off is not taken without its reason.
    const event = {
      kind: 'reset',
      at: '2025-10-15T08:00:00Z',
      counters: [{ measurand, closingIndex: 5_400_000, openingIndex: 0 }],
    };
    const silent = await call(`POST /meters/${api.first.mainMeterId}/events`, event);
    expect(silent.status, silent.text).toBe(409);
    expect(silent.text).toContain('2025-10 is signed off');
    const knownAt = new Date().toISOString();
    await api.admin.query(
      `UPDATE store.reading SET active_energy_import_wh = active_energy_import_wh + 1000, received_at = now() + interval '1 minute'
       WHERE meter_id = $1 AND at >= '2025-10-20T12:00:00Z'`,
      [api.first.mainMeterId],
    );
    await api.admin.query(
      "INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, '2025-10-20T12:00:00Z', '2025-10-20T13:00:00Z')",
      [api.first.mainMeterId],
    );
    await rebuildIntervals(pool, { onError: fail });
    await sealDays(pool, { now: new Date(Date.now() + 1000), onError: fail });
    const detail = async () =>
      periodDetail.parse((await auditor(`GET ${path()}/2025-10?knownAt=${knownAt}`)).json);
    const { restatements, asKnown } = await detail();
    const own = restatements.find(
      ({ meterId, date }) => meterId === api.first.mainMeterId && date === '2025-10-20',
    );
    expect((own?.after ?? 0) - (own?.before ?? 0)).toBe(1000);
    expect(asKnown.find(({ meterId }) => meterId === api.first.mainMeterId)?.days).toBe(31);
    const explained = await call(`PUT /sites/${api.first.siteId}/restatements/${own?.seal}/explanation`, {
      text: 'read late by the gateway',
    });
    expect(explained.status).toBe(204);
    expect((await detail()).restatements.find(({ seal }) => seal === own?.seal)?.explanation?.text).toBe(
      'read late by the gateway',
    );
    const after = periods.parse((await call(`GET ${path()}`)).json);
    expect(after.months.find(({ month }) => month === '2025-10')?.restatedSinceClose).toBeGreaterThanOrEqual(
      1,
    );
    expect(
      (await call(`PUT /sites/${api.first.siteId}/restatements/999999/explanation`, { text: 'x' })).status,
    ).toBe(404);
  });

  it('a bill that reaches into a signed-off month needs its reason; what was billed before and after stays', async () => {
    const late = {
      deliveryPoint: 'PRM-first',
      number: 'late',
      periodFrom: '2025-10-22',
      periodTo: '2025-11-11',
      quantity: '2000',
      unit: 'kWh',
      amountExVat: '300.00',
      currency: 'EUR',
    };
    const silent = await call('POST /bills', late);
    expect(silent.status, silent.text).toBe(422);
    expect(silent.json.errors).toEqual([
      { path: 'reason', message: '2025-10 is signed off: say why its bills change' },
    ]);
    const given = await call('POST /bills', { ...late, reason: 'the supplier sent it late' });
    expect(given.status, given.text).toBeLessThan(300);
    const detail = periodDetail.parse((await call(`GET ${path()}/2025-10`)).json);
    // Ten of its twenty days lie in October.
    expect(detail.billRestatements).toMatchObject([
      {
        bills: ['late'],
        before: { energy_kwh: '0.000', amount: '0.00' },
        after: { energy_kwh: '1000.000', amount: '150.00' },
        reason: 'the supplier sent it late',
      },
    ]);
    const month = entry('billRestatements', { record: detail.billRestatements[0]?.record ?? 0 });
    const receipt = await open(figureId(`${path()}/2025-10`, `${month}.after.amount`));
    expect(receipt.value).toMatchObject({ decimal: '150.00', unit: 'EUR' });
    expect(
      (await call('POST /bills', { ...late, number: 'after', periodFrom: '2025-11-01' })).status,
    ).toBeLessThan(300);
  });
});

describe('keys and chain', () => {
  it('an administrator rotates and revokes; everybody who reads audits sees anchor and fingerprints', async () => {
    const admin = await api.as(api.first, 'admin');
    const first = evidenceState.parse((await admin('POST /evidence/keys')).json);
    const second = evidenceState.parse((await admin('POST /evidence/keys')).json);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(second.keys.at(-1)?.endorsedBy).toBe(first.fingerprint);
    const revoked = await admin(`POST /evidence/keys/${first.fingerprint}/revocation`, { reason: 'lost' });
    expect(evidenceState.parse(revoked.json).keys.some((key) => key.revocationReason === 'lost')).toBe(true);
    expect((await admin(`POST /evidence/keys/${first.fingerprint}/revocation`, { reason: 'x' })).status).toBe(
      404,
    );
    const read = await (await api.as(api.first, 'auditor'))('GET /evidence/records?kind=keyAdded');
    expect((read.json as { records: unknown[] }).records.length).toBeGreaterThanOrEqual(2);
  });

  it('a bundle is asked for as a job that only its readers see', async () => {
    const asked = await call(`POST /audits/${api.first.auditId}/bundles`);
    expect(asked.status).toBe(202);
    expect((asked.json as { kind: string }).kind).toBe('makeEvidenceBundle');
    expect((await call(`POST /audits/${api.second.auditId}/bundles`)).status).toBe(404);
    expect((await call(`GET /bundles/00000000-0000-4000-8000-000000000000`)).status).toBe(404);
  });
});
