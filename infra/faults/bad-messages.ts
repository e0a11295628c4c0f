import { encodeCompactBatch, encodeSchema, schemaHash } from '@wattproof/contracts/mqtt';
import { type EnrolledGateway, schemaOf } from './gateway.ts';
import { type FaultBench, type Outcome, type Scenario, waitUntil } from './scenario.ts';

const origin_ms = (): number => Math.floor(Date.now() / 86_400_000) * 86_400_000 - 86_400_000;
const json = (at_ms: number, wh: number): string =>
  JSON.stringify({
    meter: 'M0',
    at: new Date(at_ms).toISOString(),
    values: { active_energy_import_wh: wh, active_power_w: 5 },
  });

/** What is stored of the good readings 0 … sent − 1 of M0, one a second, each with its number as its counter. */
async function outcomeOf(
  bench: FaultBench,
  gateway: EnrolledGateway,
  { sent, except, done }: { readonly sent: number; readonly except: number; readonly done: string },
  from_ms: number,
): Promise<Outcome> {
  const [row] = await bench.rows<{ stored: number; different: number; wrong: number }>(
    `SELECT count(*)::int AS stored, count(DISTINCT at)::int AS different,
       count(*) FILTER (WHERE extract(epoch FROM at) * 1000 <> $2 + active_energy_import_wh * 1000)::int AS wrong
     FROM store.reading WHERE meter_id = $1`,
    [gateway.meterIds[0], from_ms],
  );
  const { stored = 0, different = 0, wrong = 0 } = row ?? {};
  return {
    done,
    sent,
    stored,
    twice: stored - different,
    wrong: [
      ...(stored === sent - except ? [] : [`${sent - except - stored} readings are missing`]),
      ...(wrong === 0 ? [] : [`${wrong} readings are not what was sent`]),
    ],
  };
}

const lettersOf = async (bench: FaultBench, { gatewayId }: EnrolledGateway): Promise<number> =>
  (
    await bench.rows<{ n: number }>('SELECT count(*)::int AS n FROM dead_letter WHERE gateway_id = $1', [
      gatewayId,
    ])
  )[0]?.n ?? 0;
const storedOf = async (bench: FaultBench, { meterIds }: EnrolledGateway): Promise<number> =>
  (
    await bench.rows<{ n: number }>('SELECT count(*)::int AS n FROM store.reading WHERE meter_id = $1', [
      meterIds[0],
    ])
  )[0]?.n ?? 0;

/** Rubbish of every kind among good messages: each ends as a dead letter, none holds up what follows. */
export const poison: Scenario = {
  id: 'R7',
  fault: 'poison messages',
  isDestructive: false,
  run: async (bench) => {
    const messages = bench.isShort ? 300 : 3_000;
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const gateway = await bench.enrol({ meters: 1 });
    const sender = await bench.sender(gateway);
    const schema = schemaOf(['M0']);
    const encoded = encodeSchema(schema);
    await sender.publish('schema', encoded);
    const from_ms = origin_ms();
    const batch = (seq: number): Buffer =>
      encodeCompactBatch(
        {
          schemaHash: schemaHash(encoded),
          position: { boot: 'poison', lane: 'live', seq },
          clockSynchronised: true,
          readings: [
            { meterKey: 'M0', at_ms: from_ms, skew_ms: 0, quality: 'good', values: {}, exceptions: {} },
          ],
        },
        schema,
      );
    const under: Promise<void>[] = [];
    for (let n = 0; n < messages; n++) {
      under.push(sender.publish('readings', poisoned(bench, n, batch)));
      under.push(sender.publish('readings', json(from_ms + n * 1000, n)));
      if (under.length >= 200) await Promise.all(under.splice(0));
    }
    await Promise.all(under);
    // Messages come in order: when the last good one is stored, every poisoned one is dealt with.
    await waitUntil(
      async () => (await storedOf(bench, gateway)) >= messages,
      120,
      'that every good message is stored',
    );
    const letters = await lettersOf(bench, gateway);
    const { code, body } = await ingestion.health();
    const outcome = await outcomeOf(
      bench,
      gateway,
      {
        sent: messages,
        except: 0,
        done: `${messages} poisoned among as many good messages; ${letters} dead letters`,
      },
      from_ms,
    );
    return {
      ...outcome,
      wrong: [
        ...outcome.wrong,
        ...(letters < messages ? [`only ${letters} dead letters`] : []),
        ...(code === 200 && body.partitions.every((p) => p.unacknowledged === 0)
          ? []
          : ['ingestion is stuck']),
      ],
    };
  },
};

/** A message that holds no reading that could be stored. */
function poisoned(bench: FaultBench, n: number, batch: (seq: number) => Buffer): Buffer {
  const bytes = Buffer.from(
    Array.from({ length: 1 + Math.floor(bench.random() * 200) }, () => Math.floor(bench.random() * 256)),
  );
  const kinds = [
    () => bytes,
    () => Buffer.concat([Buffer.from('{"meter":"M0","values":'), bytes]),
    () => Buffer.from(JSON.stringify({ meter: `U${n}`, values: { active_power_w: 1 } })),
    () => Buffer.from(JSON.stringify({ meter: 'M0', values: { active_power_w: `${n} W` } })),
    () => Buffer.from('{"meter":"M0","values":{"active_energy_import_wh":1e400}}'),
    () => Buffer.from(JSON.stringify({ meter: '\u0000M0', values: { active_power_w: 1 } })),
    // A batch that ends in the middle, and one with a byte of its head changed.
    () => batch(n + 1).subarray(0, 10 + Math.floor(bench.random() * 10)),
    () => Buffer.concat([Buffer.from([0x88, 0x02]), batch(n + 1).subarray(2)]),
  ];
  return (kinds[n % kinds.length] as () => Buffer)();
}

/** Readings that the database refuses, one here and one there in large batches: the others of the batch are stored. */
export const badRow: Scenario = {
  id: 'R8',
  fault: 'batches with a row the database refuses',
  isDestructive: false,
  run: async (bench) => {
    const messages = bench.isShort ? 600 : 5_000;
    const gateway = await bench.enrol({ meters: 1 });
    const [meterId] = gateway.meterIds;
    const refusedEach = 97;
    await bench.rows(
      `ALTER TABLE store.reading ADD CONSTRAINT refused CHECK (meter_id <> ${Number(meterId)} OR active_energy_import_wh % ${refusedEach} <> 13)`,
    );
    bench.defer(
      async () => void (await bench.rows('ALTER TABLE store.reading DROP CONSTRAINT IF EXISTS refused')),
    );
    const sender = await bench.sender(gateway);
    const from_ms = origin_ms();
    // Before ingestion runs, so that they come as large batches.
    const ingestionOnce = await bench.ingestion();
    await ingestionOnce.reads(bench.partitions);
    await ingestionOnce.kill();
    for (let n = 0; n < messages; n += 200)
      await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          sender.publish('readings', json(from_ms + (n + i) * 1000, n + i)),
        ),
      );
    const refused = Array.from({ length: messages }, (_, n) => n).filter(
      (n) => n % refusedEach === 13,
    ).length;
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    await waitUntil(
      async () => (await storedOf(bench, gateway)) + (await lettersOf(bench, gateway)) >= messages,
      120,
      'that every message is stored or a dead letter',
    );
    const letters = await lettersOf(bench, gateway);
    const outcome = await outcomeOf(
      bench,
      gateway,
      { sent: messages, except: refused, done: `${refused} of ${messages} refused; ${letters} dead letters` },
      from_ms,
    );
    return {
      ...outcome,
      wrong: [...outcome.wrong, ...(letters === refused ? [] : [`${letters} dead letters`])],
    };
  },
};
