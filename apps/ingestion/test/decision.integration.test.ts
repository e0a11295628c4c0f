import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type IngestionProcess, removeBuild, startIngestion } from './ingestion-process.ts';
import { addMeter, compactForm, type Installation, install, wireReading } from './installation.ts';
import { until } from './until.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

let installation: Installation;
let ingestion: IngestionProcess;

beforeAll(async () => {
  installation = await install();
  ingestion = await startIngestion(installation.environment);
  await ingestion.reads(2);
});
afterAll(async () => {
  await ingestion.kill();
  removeBuild();
  await installation.close();
});

interface Letter {
  readonly id: string;
  readonly code: string;
  readonly meter_key: string | null;
  readonly readings: number | null;
  readonly first_at_ms: string | null;
  readonly last_at_ms: string | null;
  readonly decision: string | null;
  readonly outcome: string | null;
  readonly resolved_at: Date | null;
}
const lettersOf = (gatewayId: string): Promise<Letter[]> =>
  installation.rows('SELECT * FROM dead_letter WHERE gateway_id = $1 ORDER BY id', [gatewayId]);
const letterOf = (gatewayId: string): Promise<Letter> =>
  until(async () => {
    const letters = await lettersOf(gatewayId);
    return letters.length === 1 && letters[0];
  });
/** What the API writes when a person decides. */
const take = (id: string, correction_s = 0) =>
  installation.admin.query(
    "UPDATE dead_letter SET decision = 'take', decided_by = 'A. Person', decided_at = now(), correction_s = $2 WHERE id = $1",
    [id, correction_s],
  );
const carriedOut = (gatewayId: string): Promise<Letter> =>
  until(async () => {
    const [letter] = await lettersOf(gatewayId);
    return letter?.outcome !== null && letter;
  });
const readingsOf = (meterId: number | undefined) =>
  installation.rows<{ at: Date; active_energy_import_wh: string | null; active_power_w: number | null }>(
    'SELECT at, active_energy_import_wh, active_power_w FROM store.reading WHERE meter_id = $1 ORDER BY at',
    [meterId],
  );
const now = (): number => Math.floor(Date.now() / 1000) * 1000;

test('readings of a gateway that believes it is 1970 are kept whole, and stored where a person says when it was', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1', 'M2']);
  await edge.publish('schema', form.encoded);
  const at_ms = now() - 60_000;
  const booted_ms = 7_000;
  await edge.publish(
    'readings',
    form.batch(
      [
        wireReading('M1', booted_ms, 10, 1),
        wireReading('M1', booted_ms + 1000, 11, 2),
        wireReading('M2', booted_ms, 20, 3),
        wireReading('M2', at_ms, 21, 4),
      ],
      1,
    ),
  );
  const letter = await letterOf(edge.gatewayId);
  expect(letter).toMatchObject({
    code: 'timestampOutOfRange',
    meter_key: null,
    readings: 3,
    first_at_ms: '7000',
    last_at_ms: '8000',
  });
  // What is right is stored already, and the batch is settled: nothing waits at the gateway.
  expect(await readingsOf(edge.meters.get('M2'))).toHaveLength(1);
  await until(() => edge.received('ack').some((a) => a.upTo === 1));
  const clock_ms = now() - 30_000;
  await take(letter.id, (clock_ms - booted_ms) / 1000);
  expect(await carriedOut(edge.gatewayId)).toMatchObject({
    decision: 'take',
    outcome: '3 readings stored',
    resolved_at: expect.any(Date),
  });
  expect(await readingsOf(edge.meters.get('M1'))).toEqual([
    { at: new Date(clock_ms), active_energy_import_wh: '10', active_power_w: 1 },
    { at: new Date(clock_ms + 1000), active_energy_import_wh: '11', active_power_w: 2 },
  ]);
  expect((await readingsOf(edge.meters.get('M2'))).map((r) => r.at.getTime())).toEqual([at_ms, clock_ms]);
  const marks = await installation.rows('SELECT 1 FROM store.dirty WHERE meter_id = $1', [
    edge.meters.get('M1'),
  ]);
  expect(marks).toHaveLength(1);
});

test('a correction that leaves them impossible stores nothing, says so and leaves the letter open', async () => {
  const sender = await installation.gateway();
  await sender.publish(
    'readings',
    '{"meter":"M1","at":"1970-01-01T00:00:00Z","values":{"active_power_w":1}}',
  );
  const letter = await letterOf(sender.gatewayId);
  await take(letter.id, 3600);
  const after = await carriedOut(sender.gatewayId);
  expect(after).toMatchObject({ decision: null, resolved_at: null });
  expect(after.outcome).toMatch(/^0 readings stored; refused again: 1970-01-01T01:00:00.000Z is not between/);
  expect(await readingsOf(sender.meters.get('M1'))).toEqual([]);
});

test('readings of a meter that was not known are stored once it is; a second take changes nothing', async () => {
  const sender = await installation.gateway({ keys: ['M1'] });
  const at_ms = now();
  const at = new Date(at_ms).toISOString();
  await sender.publish(
    'readings',
    JSON.stringify({
      readings: [
        { meter: 'M1', at, values: { active_power_w: 1 } },
        { meter: 'M7', at, values: { active_power_w: 7 } },
      ],
    }),
  );
  const letter = await letterOf(sender.gatewayId);
  expect(letter).toMatchObject({ code: 'unknownMeter', meter_key: 'M7', readings: 1 });
  await take(letter.id);
  expect((await carriedOut(sender.gatewayId)).outcome).toMatch(/refused again: .* has no meter M7/);
  const { admin, organisationId } = installation;
  const { siteId, gatewayId } = sender;
  const meterId = await addMeter(admin, { organisationId, siteId, gatewayId, key: 'M7' });
  for (const outcome of [
    /^1 readings stored; 1 were stored already$/,
    /^0 readings stored; 2 were stored already$/,
  ]) {
    await admin.query('UPDATE dead_letter SET outcome = NULL, resolved_at = NULL WHERE id = $1', [letter.id]);
    await take(letter.id);
    const after = await carriedOut(sender.gatewayId);
    expect(after.outcome).toMatch(outcome);
    expect(after.resolved_at).not.toBeNull();
  }
  expect(await readingsOf(meterId)).toMatchObject([{ at: new Date(at_ms), active_power_w: 7 }]);
});

test('a contradicted value is replaced where a person says so: the reading, the newest value and a mark', async () => {
  const sender = await installation.gateway();
  const meterId = sender.meters.get('M1');
  const at_ms = now();
  const send = (active_energy_import_wh: number) =>
    sender.publish(
      'readings',
      JSON.stringify({ meter: 'M1', at: new Date(at_ms).toISOString(), values: { active_energy_import_wh } }),
    );
  await send(100);
  await until(async () => (await readingsOf(meterId)).length === 1);
  await send(101);
  await send(102);
  const conflicts = await until(async () => {
    const found = await installation.rows<{ id: string }>(
      'SELECT id FROM store.reading_conflict WHERE meter_id = $1 ORDER BY arrived',
      [meterId],
    );
    return found.length === 2 && found;
  });
  const marksBefore = (await installation.rows('SELECT 1 FROM store.dirty WHERE meter_id = $1', [meterId]))
    .length;
  for (const [i, { id }] of conflicts.entries()) {
    await installation.admin.query(
      "UPDATE store.reading_conflict SET decision = 'replace', decided_by = 'A. Person', decided_at = now() WHERE id = $1",
      [id],
    );
    const [after] = await until(async () => {
      const found = await installation.rows<{ outcome: string }>(
        'SELECT outcome FROM store.reading_conflict WHERE id = $1 AND applied_at IS NOT NULL',
        [id],
      );
      return found.length > 0 && found;
    });
    // The second contradicts a value that is no longer stored.
    expect(after?.outcome).toBe(
      i === 0 ? '100 was replaced by 101' : 'not replaced: another value is stored by now',
    );
  }
  expect(await readingsOf(meterId)).toMatchObject([{ active_energy_import_wh: '101' }]);
  const [latest] = await installation.rows<{ values: unknown }>(
    'SELECT values FROM store.latest WHERE meter_id = $1',
    [meterId],
  );
  expect(latest?.values).toEqual({ active_energy_import_wh: [101, at_ms] });
  expect(await installation.rows('SELECT 1 FROM store.dirty WHERE meter_id = $1', [meterId])).toHaveLength(
    marksBefore + 1,
  );
});

test('a gap is noted with how often it was asked for, and by gateway in the metrics', async () => {
  const edge = await installation.gateway();
  const form = compactForm(['M1']);
  const at_ms = now();
  await edge.publish('schema', form.encoded);
  for (const seq of [1, 4, 5])
    await edge.publish('readings', form.batch([wireReading('M1', at_ms + seq, seq, seq)], seq));
  const note = await until(async () => {
    const [row] = await installation.rows<{ gap_since: Date | null; gap_asked: number }>(
      'SELECT gap_since, gap_asked FROM store.gateway_watermark WHERE gateway_id = $1',
      [edge.gatewayId],
    );
    return row?.gap_since && row;
  });
  expect(note.gap_asked).toBeGreaterThan(0);
  const metrics = async () => (await fetch(`${ingestion.url}/metrics`)).text();
  await until(async () =>
    (await metrics()).includes(`wattproof_ingestion_missing_batches{gateway="${edge.gatewayId}"} 2`),
  );
  for (const seq of [2, 3])
    await edge.publish('readings', form.batch([wireReading('M1', at_ms + seq, seq, seq)], seq));
  await until(() => edge.received('ack').some((a) => a.upTo === 5));
  const [after] = await installation.rows(
    'SELECT gap_since, gap_asked, beyond FROM store.gateway_watermark WHERE gateway_id = $1',
    [edge.gatewayId],
  );
  expect(after).toEqual({ gap_since: null, gap_asked: 0, beyond: [] });
  await until(async () => !(await metrics()).includes(`gateway="${edge.gatewayId}"`));
});
