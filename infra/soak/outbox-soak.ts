import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { GatewayConfiguration, WireReading } from '@wattproof/contracts/mqtt';
import { columnsOf, findProfile } from '@wattproof/devices';
import { openOutbox } from '@wattproof/edge/outbox';
import { type MeasurandName, measurandOf } from '@wattproof/energy';
import { startLines } from '@wattproof/simulator';
import { type Cable, startCable } from '../faults/cable.ts';
import type { EnrolledGateway } from '../faults/gateway.ts';
import { type FaultBench, waitUntil } from '../faults/scenario.ts';
import { acceptedReadings, heldBack, noteAccepted } from './accepted.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

export interface OutboxWork {
  readonly kills: number;
  readonly meters: number;
  /** How much is kept back and then released: a reading every ten seconds of every meter. */
  readonly kept_s: number;
  /** Arguments of Node that run the gateway. */
  readonly program: readonly string[];
  /** Where outboxes are kept. */
  readonly folder: string;
}

export interface OutboxOutcome {
  readonly kills: number;
  readonly full_disks: number;
  readonly broker_cuts: number;
  /** Readings that the outbox accepted between the kills. */
  readonly accepted_between_kills: number;
  /** All that it accepted, and what became of them. */
  readonly accepted: number;
  readonly stored: number;
  readonly lost: number;
  readonly twice: number;
  readonly backfill_readings: number;
  readonly backfill_s: number;
  readonly times_real_time: number;
  /** From a reading to its being stored, of those made while the back-fill ran, and of those after it. */
  readonly live_readings_during: number;
  readonly live_age_during_ms: number;
  readonly live_age_during_max_ms: number;
  readonly live_age_after_ms: number;
  /** What is wrong; empty where everything is right. */
  readonly wrong: readonly string[];
}

const profileId = 'ime-nemo-96hd';
const period_ms = 10_000;
const arrive_s = 240;
/** Kills that come while the gateway is still starting. */
const earlyShare = 0.15;
const fullShare = 0.25;
const cutShare = 0.35;
/** So long that most lives accept some cycles: the first comes a few seconds after the start. */
const longestLife_ms = 6000;
const profile = findProfile(profileId);
const columns = profile ? columnsOf(profile, {}) : [];

/** What a meter shows at an instant: counters in the steps of its register, so that a comparison can be exact. */
const valuesOf = (meter: number, at_ms: number): Partial<Record<MeasurandName, number>> =>
  Object.fromEntries(
    columns.map(({ measurand }, c) => [
      measurand,
      measurandOf(measurand).kind === 'counter'
        ? 3600 * Math.floor(at_ms / 1000 - 1_700_000_000 + meter + c)
        : measurand.startsWith('power_factor')
          ? 0.9
          : 100 + meter + (Math.floor(at_ms / 1000) % 50),
    ]),
  );

/**
 * A gateway of the product, simulated meters before it, a real broker and a real ingestion behind it: killed without
 * warning again and again, its disk full now and then, its broker away now and then. Everything that its outbox accepted
 * must be stored once. Then a long outage's volume is released beside the live readings.
 */
export async function soakOutbox(bench: FaultBench, work: OutboxWork): Promise<OutboxOutcome> {
  const ingestion = await bench.ingestion();
  await ingestion.reads(bench.partitions);
  const gateway = await bench.enrol({ meters: work.meters });
  const stateFolder = join(work.folder, gateway.gatewayId);
  mkdirSync(stateFolder, { recursive: true });
  noteAccepted(stateFolder);
  const cable = await startCable(bench.mqttUrl);
  bench.defer(async () => cable.close());
  const plant = await startPlant(work.meters);
  bench.defer(plant.stop);
  const launch = (): GatewayProcess => {
    const child = startGatewayProcess(
      work.program,
      stateFolder,
      startOf(gateway, cable, stateFolder, plant.port),
    );
    bench.defer(() => child.end('SIGKILL'));
    return child;
  };
  const counts = await killAgainAndAgain(bench, work.kills, { launch, cable });
  const accepted_between_kills = acceptedReadings(stateFolder).length;
  const release = await releaseKept(bench, work, { launch, cable, gateway, stateFolder, port: plant.port });
  await release.end();
  await plant.stop();
  await handOver(launch(), stateFolder);
  const compared = await compare(bench, gateway, acceptedReadings(stateFolder));
  const wrong = [...compared.wrong];
  if (release.figures.backfill_readings === 0) wrong.push('nothing was filled back');
  if (accepted_between_kills === 0) wrong.push('no life was long enough to accept anything');
  return { ...counts, accepted_between_kills, ...compared, ...release.figures, wrong };
}

async function startPlant(
  meters: number,
): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const running = await startLines([
    {
      id: 'soak',
      transport: 'tcp',
      port: 0,
      devices: Array.from({ length: meters }, (_, m) => ({
        unit: m + 1,
        profileId,
        settings: {},
        values: (at_ms: number) => valuesOf(m, at_ms),
      })),
    },
  ]);
  return { port: running.lines[0]?.port ?? 0, stop: running.stop };
}

const configurationOf = ({ keys }: EnrolledGateway, port: number): GatewayConfiguration => ({
  version: 1,
  pollPeriod_s: 1,
  lines: [
    {
      key: 'soak',
      transport: { kind: 'tcp', host: '127.0.0.1', port },
      timeout_ms: 300,
      meters: keys.map((key, i) => ({ key, unit: i + 1, profileId, settings: {} })),
    },
  ],
});

const startOf = (gateway: EnrolledGateway, cable: Cable, stateFolder: string, port: number): object => ({
  gatewayId: gateway.gatewayId,
  partition: gateway.partition,
  mqttUrl: cable.url,
  username: gateway.gatewayId,
  password: gateway.password,
  stateFolder,
  configuration: configurationOf(gateway, port),
});

async function killAgainAndAgain(
  { random }: FaultBench,
  kills: number,
  { launch, cable }: { readonly launch: () => GatewayProcess; readonly cable: Cable },
): Promise<Pick<OutboxOutcome, 'kills' | 'full_disks' | 'broker_cuts'>> {
  let full_disks = 0;
  let broker_cuts = 0;
  for (let kill = 0; kill < kills; kill++) {
    const isCut = kill === 1 || random() < cutShare;
    if (isCut) cable.pull();
    const child = launch();
    if (random() < earlyShare) await delay(random() * 1500);
    else {
      await child.says('"line open"');
      await delay(random() * longestLife_ms);
      // The second life has a full disk in any case: also a short run must have seen one.
      if (kill === 1 || random() < fullShare) {
        await child.limitFiles(true);
        await child.says('readings cannot be stored');
        await delay(random() * longestLife_ms);
        // Half of them are killed while the disk is full.
        if (random() < 0.5) {
          await child.limitFiles(false);
          await child.says('readings are stored again');
        }
        full_disks++;
      }
    }
    await child.end('SIGKILL');
    if (isCut) {
      cable.plug();
      broker_cuts++;
    }
  }
  return { kills, full_disks, broker_cuts };
}

/** A last life without meters: what the one before it accepted at its end must arrive, too. */
async function handOver(gateway: GatewayProcess, stateFolder: string): Promise<void> {
  await waitUntil(() => heldBack(stateFolder) === 0, arrive_s, 'the acknowledgement of everything');
  await gateway.end('SIGTERM');
}

interface Released {
  readonly figures: Pick<
    OutboxOutcome,
    | 'backfill_readings'
    | 'backfill_s'
    | 'times_real_time'
    | 'live_readings_during'
    | 'live_age_during_ms'
    | 'live_age_during_max_ms'
    | 'live_age_after_ms'
  >;
  readonly end: () => Promise<void>;
}

/** An outage's volume, put into the outbox as the gateway itself puts it there, cycle by cycle, and then released. */
async function releaseKept(
  bench: FaultBench,
  { kept_s }: OutboxWork,
  {
    launch,
    cable,
    gateway,
    stateFolder,
    port,
  }: {
    readonly launch: () => GatewayProcess;
    readonly cable: Cable;
    readonly gateway: EnrolledGateway;
    readonly stateFolder: string;
    readonly port: number;
  },
): Promise<Released> {
  const until_ms = Math.floor((Date.now() - 3_600_000) / period_ms) * period_ms;
  const from_ms = until_ms - 1000 * kept_s;
  fillOutbox(stateFolder, configurationOf(gateway, port), { from_ms, until_ms });
  cable.pull();
  const child = launch();
  await child.says('"line open"');
  await delay(3000);
  const released_ms = Date.now();
  cable.plug();
  const wanted = (kept_s * 1000 * gateway.keys.length) / period_ms;
  const past = [gateway.meterIds, new Date(from_ms), new Date(until_ms)] as const;
  await waitUntil(async () => (await arrivals(bench, past)).count >= wanted, arrive_s, 'the back-fill');
  const { count, first_ms, last_ms } = await arrivals(bench, past);
  await delay(5000);
  const ages = await liveAges(bench, gateway, released_ms);
  // What was made while the broker was still away waited for it, not for the back-fill.
  const during = ages.filter((a) => a.at_ms >= first_ms && a.at_ms <= last_ms).map((a) => a.age_ms);
  const after = ages.filter((a) => a.at_ms > last_ms).map((a) => a.age_ms);
  const backfill_s = Math.max(0.001, (last_ms - first_ms) / 1000);
  return {
    figures: {
      backfill_readings: count,
      backfill_s,
      times_real_time: Math.round(kept_s / backfill_s),
      live_readings_during: during.length,
      live_age_during_ms: middle(during),
      live_age_during_max_ms: Math.max(0, ...during),
      live_age_after_ms: middle(after),
    },
    end: () => child.end('SIGTERM'),
  };
}

function fillOutbox(
  stateFolder: string,
  { lines }: GatewayConfiguration,
  { from_ms, until_ms }: { readonly from_ms: number; readonly until_ms: number },
): void {
  const outbox = openOutbox(stateFolder);
  const meters = lines.flatMap((line) => line.meters);
  outbox.useSchema({
    meters: meters.map(({ key }) => ({
      key,
      columns: columns.map(({ measurand, exponent }) => ({
        measurandId: measurandOf(measurand).id,
        exponent,
      })),
    })),
  });
  for (let at_ms = from_ms; at_ms < until_ms; at_ms += period_ms)
    outbox.addWaiting(
      meters.map(({ key }, m) => ({
        meterKey: key,
        at_ms,
        skew_ms: 0,
        quality: 'good',
        values: valuesOf(m, at_ms),
        exceptions: {},
      })),
    );
  outbox.close();
}

const arrivals = async (
  { rows }: FaultBench,
  past: readonly unknown[],
): Promise<{ readonly count: number; readonly first_ms: number; readonly last_ms: number }> => {
  const [row] = await rows<{ count: number; first_ms: number; last_ms: number }>(
    `SELECT count(*)::int AS count, coalesce(1000 * extract(epoch FROM min(received_at)), 0)::float8 AS first_ms,
       coalesce(1000 * extract(epoch FROM max(received_at)), 0)::float8 AS last_ms
     FROM store.reading WHERE meter_id = ANY ($1) AND at >= $2 AND at < $3`,
    past,
  );
  if (!row) throw new Error('a count gave no row');
  return row;
};

interface Aged {
  readonly at_ms: number;
  readonly age_ms: number;
}

/** Readings made after the release, each with its age when it was received. */
const liveAges = ({ rows }: FaultBench, { meterIds }: EnrolledGateway, since_ms: number): Promise<Aged[]> =>
  rows<Aged>(
    `SELECT (1000 * extract(epoch FROM at))::float8 AS at_ms, (1000 * extract(epoch FROM received_at - at))::float8 AS age_ms
     FROM store.reading WHERE meter_id = ANY ($1) AND at >= $2`,
    [meterIds, new Date(since_ms)],
  );

const middle = (values: readonly number[]): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);

interface StoredRow {
  readonly key: string;
  readonly at_ms: number;
  readonly energy_wh: number;
  readonly power_w: number;
}

/** Every accepted reading against what is stored: missing, twice, with other values, or of nobody's making. */
async function compare(
  bench: FaultBench,
  { gatewayId, meterIds }: EnrolledGateway,
  accepted: readonly WireReading[],
): Promise<Pick<OutboxOutcome, 'accepted' | 'stored' | 'lost' | 'twice' | 'wrong'>> {
  const stored = await bench.rows<StoredRow>(
    `SELECT k.meter_key AS key, round(1000 * extract(epoch FROM r.at))::float8 AS at_ms,
       r.active_energy_import_wh::float8 AS energy_wh, r.active_power_w::float8 AS power_w
     FROM store.reading r JOIN gateway_meter k ON k.meter_id = r.meter_id
     WHERE r.meter_id = ANY ($1) AND k.gateway_id = $2`,
    [meterIds, gatewayId],
  );
  const [conflicts] = await bench.rows<{ n: number }>(
    'SELECT count(*)::int AS n FROM store.reading_conflict WHERE meter_id = ANY ($1)',
    [meterIds],
  );
  const expected = new Map(accepted.map((reading) => [`${reading.meterKey}@${reading.at_ms}`, reading]));
  const found = new Map(stored.map((row) => [`${row.key}@${row.at_ms}`, row]));
  const wrong: string[] = [];
  let lost = 0;
  for (const [key, { values }] of expected) {
    const row = found.get(key);
    if (!row) lost++;
    else if (row.energy_wh !== values.active_energy_import_wh || row.power_w !== values.active_power_w)
      wrong.push(`${key} is stored with other values`);
  }
  const strange = [...found.keys()].filter((key) => !expected.has(key));
  const twice = stored.length - found.size;
  if (lost > 0) wrong.push(`${lost} accepted readings are missing`);
  if (twice > 0) wrong.push(`${twice} readings are there twice`);
  if (strange.length > 0) wrong.push(`${strange.length} stored readings were never accepted: ${strange[0]}`);
  if ((conflicts?.n ?? 0) > 0) wrong.push(`${conflicts?.n} repetitions were taken for contradictions`);
  return { accepted: expected.size, stored: found.size, lost, twice, wrong: wrong.slice(0, 10) };
}
