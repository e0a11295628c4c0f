import { type FaultBench, type Scenario, waitUntil } from './scenario.ts';

const day_ms = 86_400_000;

/** Instants that must be stored as they are, and such that wait for a person. */
function instants(now_ms: number): {
  readonly right: readonly string[];
  readonly impossible: readonly string[];
} {
  const iso = (at_ms: number): string => new Date(at_ms).toISOString();
  // The last change to winter time before now in Europe/Paris: 02:30 comes twice, once in each offset.
  const year =
    new Date(now_ms).getUTCFullYear() - (now_ms < lastSundayOf(new Date(now_ms).getUTCFullYear(), 9) ? 1 : 0);
  const autumn = iso(lastSundayOf(year, 9)).slice(0, 10);
  return {
    right: [
      iso(now_ms),
      iso(now_ms + 4 * 60_000),
      iso(now_ms - 399 * day_ms),
      `${autumn}T02:30:00+02:00`,
      `${autumn}T02:30:00+01:00`,
      `${autumn}T23:59:59.999Z`,
    ],
    impossible: [
      '1970-01-01T00:00:07Z',
      '2000-01-01T00:00:00Z',
      iso(now_ms - 401 * day_ms),
      iso(now_ms + 6 * 60_000),
      iso(now_ms + 365 * day_ms),
      '9999-12-31T23:59:59Z',
    ],
  };
}
function lastSundayOf(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return last.getTime() - last.getUTCDay() * day_ms;
}

/** Clocks that are wrong: nothing is re-stamped, nothing is lost; a person says what the clock was off by. */
export const wrongClocks: Scenario = {
  id: 'R9',
  fault: 'clocks: 1970, future, skew, changes of summer time',
  isDestructive: false,
  run: async (bench) => {
    const ingestion = await bench.ingestion();
    await ingestion.reads(bench.partitions);
    const gateway = await bench.enrol({ meters: 1 });
    const [meterId] = gateway.meterIds;
    const sender = await bench.sender(gateway);
    const now_ms = Math.floor(Date.now() / 1000) * 1000;
    const { right, impossible } = instants(now_ms);
    const all = [...right, ...impossible];
    for (const [n, at] of all.entries())
      await sender.publish(
        'readings',
        JSON.stringify({ meter: 'M0', at, values: { active_energy_import_wh: n } }),
      );
    const held = async () =>
      (
        await bench.rows<{ n: number }>(
          "SELECT coalesce(sum(readings), 0)::int AS n FROM dead_letter WHERE gateway_id = $1 AND code = 'timestampOutOfRange'",
          [gateway.gatewayId],
        )
      )[0]?.n ?? 0;
    const stored = (): Promise<{ at: Date; wh: number }[]> =>
      bench.rows('SELECT at, active_energy_import_wh::float8 AS wh FROM store.reading WHERE meter_id = $1', [
        meterId,
      ]);
    await waitUntil(
      async () => (await held()) + (await stored()).length === all.length,
      60,
      'the end of each reading',
    );
    const wrong: string[] = [];
    for (const { at, wh } of await stored())
      if (at.getTime() !== Date.parse(all[wh] ?? ''))
        wrong.push(`${all[wh]} was stored as ${at.toISOString()}`);
    if ((await stored()).length !== right.length)
      wrong.push(`${(await stored()).length} readings were stored as they are`);
    await takeAll(bench, gateway.gatewayId, now_ms);
    await waitUntil(async () => (await stored()).length === all.length, 60, 'that every reading is taken');
    const after = await stored();
    return {
      done: `${right.length} instants stored as sent, ${impossible.length} impossible ones kept and taken with a person's correction`,
      sent: all.length,
      stored: after.length,
      twice: after.length - new Set(after.map((r) => r.at.getTime())).size,
      wrong: [
        ...wrong,
        ...(new Set(after.map((r) => r.wh)).size === all.length ? [] : ['a value is missing']),
      ],
    };
  },
};

/** What the API writes when a person states the error of a clock: each to a second of its own in the last hour. */
async function takeAll(bench: FaultBench, gatewayId: string, now_ms: number): Promise<void> {
  await bench.rows(
    `UPDATE dead_letter d SET decision = 'take', decided_by = 'A. Person', decided_at = now(),
       correction_s = round(($2::float8 - d.last_at_ms) / 1000) - 60 * n.number
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM dead_letter WHERE gateway_id = $1) n
     WHERE n.id = d.id`,
    [gatewayId, now_ms],
  );
}
