import {
  chainFault,
  contentFault,
  inclusionProof,
  isIncluded,
  LeafHashes,
  type MeterDay,
  merkleRoot,
  meterDayLeaf,
  meterDayText,
  parseMeterDay,
  type SealedContent,
  sealedContent,
  sealedContentHash,
  sealedContentText,
} from '@wattproof/evidence';
import { type TestDatabase, testDatabase } from '@wattproof/testkit';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadIntervalMeters } from '../interval/interval-meter.ts';
import { rebuildIntervals } from '../interval/rebuild.ts';
import { withScope } from '../scope.ts';
import { addReading, createReadingBatch } from '../series/reading-batch.ts';
import { commitReadings } from '../series/reading-writer.ts';
import { readChain } from './chain.queries.ts';
import { daysWithContent } from './day-content.ts';
import { sealDays } from './seal-days.ts';
import {
  dayNow,
  daysAsKnown,
  type NewSealedDay,
  type SealedDayRow,
  type SealedText,
  sealedDaysIn,
  sealedTextsOfSite,
  storeSealedDays,
} from './sealed-day.queries.ts';
import { listSigningKeys, revokeSigningKey, rotateSigningKey, signingKey } from './signing-key.queries.ts';

let database: TestDatabase;
let admin: Client;
let pool: Pool;
let organisationId: number;
let siteId: string;
let meterId: number;

const hour_ms = 3_600_000;
const first_ms = Date.UTC(2026, 2, 26, 23);
const period = { from: '2026-03-27', to: '2026-04-01' };
const fail = (error: Error): never => {
  throw error;
};

const insert = async <Id>(sql: string, values: unknown[]): Promise<Id> =>
  (await admin.query<{ id: Id }>(`${sql} RETURNING id`, values)).rows[0]?.id as Id;

/** Readings every half hour from `from_ms` on: so many Wh an hour. */
async function read(from_ms: number, hours: number, wh: (hour: number) => number): Promise<void> {
  const batch = createReadingBatch();
  for (let half = 0; half <= 2 * hours; half++)
    addReading(batch, {
      meterId,
      organisationId,
      at_ms: from_ms + (half * hour_ms) / 2,
      receivedAt_ms: Date.now(),
      skew_ms: 0,
      quality: 0,
      values: { active_energy_import_wh: wh(half / 2) },
      exceptions: {},
    });
  await commitReadings(admin, batch);
  await rebuildIntervals(pool, { onError: fail });
}

const seal = (now: string) => sealDays(pool, { now: new Date(now), onError: fail });
const days = () =>
  withScope(pool, organisationId, async (client) => {
    const all: (MeterDay & { readonly seal: number })[] = [];
    // An error where a text is not the line that was hashed.
    for await (const ofRecord of sealedTextsOfSite(client, siteId, period))
      for (const { seal, text } of ofRecord) all.push({ ...parseMeterDay(`${seal},${text}`).day, seal });
    return all;
  });
const chain = () => withScope(pool, organisationId, (client) => readChain(client, organisationId));

beforeAll(async () => {
  database = await testDatabase();
  admin = new Client({ connectionString: database.adminDatabaseUrl });
  await admin.connect();
  pool = new Pool({ connectionString: database.urlOf('wattproof_worker'), max: 4 });
  organisationId = await insert(
    "INSERT INTO organisation (name, slug) VALUES ('Belleroche', 'belleroche')",
    [],
  );
  const entity = await insert(
    "INSERT INTO legal_entity (organisation_id, name, country) VALUES ($1, 'Belleroche SAS', 'FR')",
    [organisationId],
  );
  siteId = await insert(
    `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
     VALUES ($1, $2, 'Laval', 'FR', 'Europe/Paris')`,
    [organisationId, entity],
  );
  meterId = await insert(
    `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand)
     VALUES ($1, $2, 'Main', 'physical', 'feeder', 'electricity', 'active_energy_import_wh')`,
    [organisationId, siteId],
  );
  // Local midnight of 27 March to 30 March 12:00; the clocks change on the 29th.
  await read(first_ms, 4 * 24 - 13, (hour) => 1_000_000 + 1_000 * hour);
});
afterAll(async () => {
  await pool?.end();
  await admin?.end();
  await database?.drop();
});

describe('sealing', () => {
  test('days that are over are sealed once, with the register’s index at their ends', async () => {
    expect((await seal('2026-03-30T00:00:00Z')).sealed).toBe(2);
    expect((await seal('2026-03-30T12:00:00Z')).sealed).toBe(1);
    expect((await seal('2026-03-30T12:00:00Z')).sealed).toBe(0);
    const sealed = await days();
    expect(
      sealed.map(({ date, duration_s, indexStart, indexEnd, delta }) => [
        date,
        duration_s,
        indexStart,
        indexEnd,
        delta,
      ]),
    ).toEqual([
      ['2026-03-27', 86_400, 1_000_000, 1_024_000, 24_000],
      ['2026-03-28', 86_400, 1_024_000, 1_048_000, 24_000],
      ['2026-03-29', 82_800, 1_048_000, 1_071_000, 23_000],
    ]);
  });

  test('a sealed day is computed again from what was hashed', async () => {
    const [sealed] = await days();
    if (!sealed) throw new Error('nothing is sealed');
    await withScope(pool, organisationId, async (client) => {
      const meter = (await loadIntervalMeters(client, [meterId])).get(meterId);
      const row = await dayNow(client, sealed);
      const [one] = meter && row ? await daysWithContent(client, meter, [row]) : [];
      expect(one?.content.origin).toBe('readings');
      expect(one && contentFault(one.content, sealed)).toBeNull();
    });
  });

  test('a later reading restates the day: before, after, reason, and what was known when', async () => {
    const known = new Date();
    // 500 Wh more from 28 March noon on, as a meter says that was read late.
    await admin.query(
      `UPDATE store.reading SET active_energy_import_wh = active_energy_import_wh + 500, received_at = now() + interval '1 minute'
       WHERE meter_id = $1 AND at >= '2026-03-28T11:00:00Z'`,
      [meterId],
    );
    await admin.query(
      "INSERT INTO store.dirty (meter_id, from_at, to_at) VALUES ($1, '2026-03-28T11:00:00Z', '2026-03-30T10:00:00Z')",
      [meterId],
    );
    await rebuildIntervals(pool, { onError: fail });
    const now = new Date(Date.now() + 1000).toISOString();
    expect((await seal(now)).restated).toBeGreaterThanOrEqual(1);
    const versions = (await days()).filter(({ date }) => date === '2026-03-28');
    expect(versions.map(({ version, delta }) => [version, delta])).toEqual([
      [1, 24_000],
      [2, 24_500],
    ]);
    const records = await chain();
    const restated = records.find(({ kind, body }) => kind === 'restated' && body?.date === '2026-03-28');
    expect(restated?.body).toMatchObject({
      reason: 'lateReadings',
      before: { delta: 24_000 },
      after: { delta: 24_500 },
    });
    const superseded = await admin.query<{ n: number; delta: number }>(
      'SELECT count(*)::int AS n, min(delta)::int AS delta FROM store.interval_superseded WHERE meter_id = $1',
      [meterId],
    );
    // The step lies between two readings: half of it in each of the two quarter hours.
    expect(superseded.rows[0]).toEqual({ n: 2, delta: 250 });
    const asKnown = (at: Date) =>
      withScope(pool, organisationId, (client) => daysAsKnown(client, siteId, { ...period, at }));
    const sum = (rows: readonly SealedDayRow[]): number =>
      rows.reduce((total, { delta }) => total + (delta ?? 0), 0);
    expect(sum(await asKnown(new Date('2026-03-30T06:00:00Z')))).toBe(48_000);
    expect(sum(await asKnown(known))).toBe(71_000);
    expect(sum((await asKnown(new Date(now))).filter(({ date }) => date < '2026-03-30'))).toBe(71_500);
  });

  test('acts of people enter the chain once, and the chain holds together', async () => {
    await admin.query(
      `INSERT INTO audit_event (organisation_id, actor, action, object, after) VALUES ($1, 'Claire', 'enb.approve', '7', '{"version":2}')`,
      [organisationId],
    );
    expect((await seal('2026-03-30T12:00:00Z')).acts).toBe(1);
    expect((await seal('2026-03-30T12:00:00Z')).acts).toBe(0);
    const records = await chain();
    expect(chainFault(records)).toBeNull();
    expect(chainFault(records.filter(({ seq }) => seq !== 2))).toMatchObject({ seq: 2 });
    await expect(admin.query("UPDATE evidence_record SET kind = 'x' WHERE seq = 1")).rejects.toThrow(
      /appended/,
    );
    await expect(admin.query('DELETE FROM sealed_day')).rejects.toThrow(/appended/);
  });

  test('the lines of a record stand by meter and measurand, their means as they were hashed', async () => {
    const day = (measurand: string, mean: number): NewSealedDay => ({
      version: 1,
      meterId,
      measurand,
      date: '2025-12-31',
      start: '2025-12-30T23:00:00.000Z',
      duration_s: 86_400,
      indexStart: null,
      indexEnd: null,
      delta: null,
      mean,
      n_measured: 95,
      n_interpolated: 0,
      n_estimated: 0,
      n_manual: 0,
      n_missing: 1,
      contentHash: 'ab'.repeat(32),
      seal: 7,
    });
    const means = [
      day('voltage_l1_n_v', 1.5e21),
      day('current_l1_a', -0),
      day('power_factor', 1e-7),
      day('active_power_w', 0.1 + 0.2),
    ];
    const texts = await withScope(pool, organisationId, async (client) => {
      await storeSealedDays(client, { organisationId, siteId, now: new Date() }, means);
      const all: SealedText[] = [];
      const range = { from: '2025-12-31', to: '2026-01-01' };
      for await (const ofRecord of sealedTextsOfSite(client, siteId, range)) all.push(...ofRecord);
      return all;
    });
    expect(texts).toEqual(
      [3, 1, 2, 0].map((i) => ({ seal: 7, text: meterDayText(means[i] as NewSealedDay) })),
    );
  });

  test('a day is proved to be under the root of its record', async () => {
    const [day] = await days();
    const record = (await chain()).find(({ seq }) => seq === day?.seal);
    if (!day || !record) throw new Error('nothing is sealed');
    const leaves = new LeafHashes();
    const leaf = meterDayLeaf(meterDayText(day));
    leaves.add(leaf);
    expect(Buffer.from(merkleRoot(leaves)).toString('hex')).toBe(record.body?.root);
    expect(
      isIncluded({ leaf, position: 0, count: 1, proof: inclusionProof(leaves, 0) }, merkleRoot(leaves)),
    ).toBe(true);
  });
});

describe('what a sealed day of a meter with events rests on', () => {
  const day_ms = 24 * hour_ms;
  const event = (meter: number, at_ms: number, closing: number, modulusBefore: number | null = null) =>
    admin.query(
      `INSERT INTO meter_event (organisation_id, meter_id, kind, at, measurand, closing_index, opening_index, modulus_before)
       VALUES ($1, $2, 'replacement', $3, 'active_energy_import_wh', $4, 0, $5)`,
      [organisationId, meter, new Date(at_ms), closing, modulusBefore],
    );
  let meter: number;

  /** The sealed days, each held against what it rests on as a bundle carries it. */
  const contents = () =>
    withScope(pool, organisationId, async (client) => {
      const loaded = (await loadIntervalMeters(client, [meter])).get(meter);
      const all: { readonly day: MeterDay; readonly content: SealedContent }[] = [];
      for (const day of await sealedDaysIn(client, {
        meterId: meter,
        from: new Date(first_ms),
        to: new Date(first_ms + 10 * day_ms),
      })) {
        const row = await dayNow(client, day);
        const [one] = loaded && row ? await daysWithContent(client, loaded, [row]) : [];
        if (!one) throw new Error(`${day.date} has no content`);
        all.push({ day, content: sealedContent.parse(JSON.parse(sealedContentText(one.content))) });
      }
      return all.toSorted((a, b) => (a.day.date < b.day.date ? -1 : 1));
    });

  test('is computed again from what was hashed, whatever happened on the day', async () => {
    const other = await insert<string>(
      `INSERT INTO site (organisation_id, legal_entity_id, name, country, time_zone)
       SELECT organisation_id, legal_entity_id, 'Vitré', 'FR', 'UTC' FROM site WHERE id = $1`,
      [siteId],
    );
    meter = await insert(
      `INSERT INTO meter (organisation_id, site_id, name, kind, role, carrier, measurand, counter_modulus)
       VALUES ($1, $2, 'Press', 'physical', 'feeder', 'electricity', 'active_energy_import_wh', 1e8)`,
      [organisationId, other],
    );
    // A register of six digits passes its end on the second day; on the third and fourth at noon comes another meter, the
    // last of them with eight digits. The first one began with a declared index, before anything was read.
    const start_ms = Date.UTC(2026, 2, 27);
    const changes = [start_ms + 2.5 * day_ms, start_ms + 3.5 * day_ms] as const;
    await event(meter, start_ms - hour_ms, 0);
    await event(meter, changes[0], 20_100);
    await event(meter, changes[1], 24_000, 1e6);
    const indexAt = (at_ms: number): number => {
      if (at_ms >= changes[1]) return (at_ms - changes[1]) / 3_600;
      if (at_ms >= changes[0]) return (at_ms - changes[0]) / 3_600;
      return Math.round(960_000 + (at_ms - start_ms) / 3_600) % 1_000_000;
    };
    const batch = createReadingBatch();
    for (let at_ms = start_ms + hour_ms; at_ms <= start_ms + 6 * day_ms; at_ms += hour_ms / 2)
      addReading(batch, {
        meterId: meter,
        organisationId,
        at_ms,
        receivedAt_ms: at_ms,
        skew_ms: 0,
        quality: 0,
        values: { active_energy_import_wh: Math.round(indexAt(at_ms)) },
        exceptions: {},
      });
    await commitReadings(admin, batch);
    await rebuildIntervals(pool, { onError: fail });
    await seal('2026-04-03T00:00:00Z');
    const all = await contents();
    expect(all.map(({ day, content }) => [day.date, content.origin, content.events.length])).toEqual([
      ['2026-03-27', 'readings', 1],
      ['2026-03-28', 'readings', 0],
      ['2026-03-29', 'readings', 1],
      ['2026-03-30', 'readings', 1],
      ['2026-03-31', 'readings', 0],
      ['2026-04-01', 'readings', 0],
    ]);
    expect(all.map(({ day }) => day.n_missing)).toEqual([expect.any(Number), 0, 0, 0, 0, 0]);
    for (const { day, content } of all) expect(contentFault(content, day)).toBeNull();
  });

  test('stays as it was sealed when the next meter comes, or an event of another day is declared late', async () => {
    const sealed = await contents();
    await event(meter, first_ms + 9 * day_ms, 80_000, 1e8);
    await admin.query('UPDATE meter SET counter_modulus = 1e9 WHERE id = $1', [meter]);
    await event(meter, Date.UTC(2026, 2, 26), 5);
    const again = await contents();
    // Nothing was read before the first day: its index does begin with such an event.
    expect(again.map(({ content }) => sealedContentHash(content)).slice(1)).toEqual(
      sealed.map(({ day }) => day.contentHash).slice(1),
    );
  });
});

test('keys: the first is made when it is needed, a new one is endorsed, a lost one is revoked', async () => {
  const act = {
    organisationId,
    secretKey: Buffer.alloc(32, 7).toString('base64'),
    by: 'Claire',
    now: new Date('2026-03-30T12:00:00Z'),
  };
  await withScope(pool, organisationId, async (client) => {
    const first = await signingKey(client, act);
    expect((await signingKey(client, act)).publicKey).toEqual(Buffer.from(first.publicKey));
  });
  const api = new Pool({ connectionString: database.urlOf('wattproof_api'), max: 1 });
  try {
    await withScope(api, organisationId, (client) =>
      rotateSigningKey(client, { ...act, now: new Date('2026-03-30T13:00:00Z') }),
    );
    const [elder, younger] = await withScope(api, organisationId, (client) =>
      listSigningKeys(client, organisationId),
    );
    expect(younger?.endorsedBy).toBe(elder?.fingerprint);
    expect(elder?.retiredAt).not.toBeNull();
    const fingerprint = elder?.fingerprint ?? '';
    expect(
      await withScope(api, organisationId, (client) =>
        revokeSigningKey(client, act, { fingerprint, reason: 'laptop lost' }),
      ),
    ).toBe(true);
    expect(
      await withScope(api, organisationId, (client) =>
        revokeSigningKey(client, act, { fingerprint, reason: 'again' }),
      ),
    ).toBe(false);
  } finally {
    await api.end();
  }
  expect(chainFault(await chain())).toBeNull();
});
