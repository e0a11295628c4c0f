import { encodeCompactBatch, encodeSchema, schemaHash } from '@wattproof/contracts/mqtt';
import { type EnrolledGateway, schemaOf } from './gateway.ts';
import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

const meters = 5;
const cycle_ms = 10_000;

/** One batch of a cycle; now and then a meter is silent, or a cycle comes by two batches that overlap. */
function batches(gateway: EnrolledGateway, cycles: number, origin_ms: number): Buffer[] {
  const schema = schemaOf(gateway.keys);
  const hash = schemaHash(encodeSchema(schema));
  return Array.from({ length: cycles }, (_, n) =>
    encodeCompactBatch(
      {
        schemaHash: hash,
        position: { boot: 'repetition', lane: 'live', seq: n + 1 },
        clockSynchronised: true,
        readings: gateway.keys
          .filter((_, i) => (n + i) % 7 !== 0)
          .flatMap((meterKey) =>
            // Each batch repeats the cycle before it.
            [n - 1, n]
              .filter((c) => c >= 0)
              .map((c) => ({
                meterKey,
                at_ms: origin_ms + c * cycle_ms,
                skew_ms: 0,
                quality: 'good' as const,
                values: {
                  active_energy_import_wh: c * 1000 + gateway.keys.indexOf(meterKey),
                  active_power_w: (c * 37) % 900,
                },
                exceptions: {},
              })),
          ),
      },
      schema,
    ),
  );
}

/** Everything that is stored of a gateway, as one text: equal texts, equal state. */
async function stateOf(
  bench: FaultBench,
  { meterIds }: EnrolledGateway,
): Promise<{ count: number; text: string }> {
  const [row] = await bench.rows<{ count: number; text: string }>(
    `WITH k AS (SELECT id, n FROM unnest($1::int4[]) WITH ORDINALITY AS t (id, n))
     SELECT (SELECT count(*)::int FROM store.reading WHERE meter_id = ANY ($1)) AS count,
       (SELECT string_agg(concat_ws(' ', n, r.at, quality, skew_ms, active_energy_import_wh, active_power_w, exceptions), E'\\n' ORDER BY n, r.at)
          FROM store.reading r JOIN k ON k.id = r.meter_id)
       || (SELECT string_agg(concat_ws(' ', n, l.at, quality, values), E'\\n' ORDER BY n) FROM store.latest l JOIN k ON k.id = l.meter_id)
       || (SELECT string_agg(concat_ws(' ', n, marked), E'\\n' ORDER BY n) FROM (
            SELECT n, range_merge(range_agg(tstzrange(from_at, to_at, '[]'))) AS marked FROM store.dirty d JOIN k ON k.id = d.meter_id GROUP BY n) m)
       AS text`,
    [meterIds],
  );
  return row ?? { count: 0, text: '' };
}

/** The same batches once and in order, and then repeated, shuffled, in part, around a death: the end is the same. */
export const repetition: Scenario = {
  id: 'R10',
  fault: 'duplicates, disorder, partial replays',
  isDestructive: false,
  run: async (bench) => {
    const cycles = bench.isShort ? 60 : 400;
    const worlds = bench.isShort ? 2 : 10;
    const origin_ms = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 2 * 86_400_000;
    let ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const send = async (gateway: EnrolledGateway, messages: readonly Buffer[]): Promise<void> => {
      const sender = await bench.sender(gateway);
      await sender.publish('schema', encodeSchema(schemaOf(gateway.keys)));
      for (let i = 0; i < messages.length; i += 50)
        await Promise.all(messages.slice(i, i + 50).map((message) => sender.publish('readings', message)));
    };
    const settled = (gateway: EnrolledGateway): Promise<void> =>
      waitUntil(
        async () =>
          (
            await bench.rows<{ ok: boolean }>(
              "SELECT up_to = $2 AND beyond = '{}' AS ok FROM store.gateway_watermark WHERE gateway_id = $1",
              [gateway.gatewayId, cycles],
            )
          )[0]?.ok === true,
        60,
        'the watermark of every batch',
      );
    const clean = await bench.enrol({ meters });
    await send(clean, batches(clean, cycles, origin_ms));
    await settled(clean);
    const expected = await stateOf(bench, clean);
    const wrong: string[] = [];
    let sent = 0;
    let stored = 0;
    for (let world = 0; world < worlds; world++) {
      const gateway = await bench.enrol({ meters });
      const once = batches(gateway, cycles, origin_ms);
      const part = once.slice(Math.floor(bench.random() * cycles));
      const order = shuffled([...once, ...once, ...part], bench.random);
      const middle = Math.floor(bench.random() * order.length);
      await send(gateway, order.slice(0, middle));
      if (world % 3 === 1) {
        await ingestion.kill();
        ingestion = await bench.ingestion();
      }
      await send(gateway, order.slice(middle));
      await settled(gateway);
      const state = await stateOf(bench, gateway);
      if (state.text !== expected.text) wrong.push(`world ${world + 1} differs from the clean run`);
      sent += expected.count;
      stored += state.count;
    }
    const [twice] = await bench.rows<{ n: number }>(
      'SELECT count(*)::int AS n FROM store.reading_conflict WHERE meter_id = ANY ($1)',
      [clean.meterIds],
    );
    if (twice?.n !== 0) wrong.push('repetitions were taken for contradictions');
    return {
      done: `${worlds} shuffled worlds of ${cycles} batches, each batch 2 to 3 times`,
      sent,
      stored,
      twice: 0,
      wrong,
    };
  },
};

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
