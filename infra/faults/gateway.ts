import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { holdWhileFailing } from '@wattproof/edge/holding';
import { type Outbox, openOutbox } from '@wattproof/edge/outbox';
import { startUplink, type Uplink } from '@wattproof/edge/uplink';
import { createLogger } from '@wattproof/runtime';
import mqtt from 'mqtt';

/** A gateway in the database and at the broker. */
export interface EnrolledGateway {
  readonly gatewayId: string;
  readonly partition: number;
  readonly password: string;
  readonly keys: readonly string[];
  /** In the order of `keys`. */
  readonly meterIds: readonly number[];
}

/** A gateway of the product (holding, outbox and uplink) that is fed with made-up readings. */
export interface FedGateway extends EnrolledGateway {
  /** Readings it has taken: on its disk, or in memory while that is full. */
  readonly accepted: () => number;
  /** Sum of the counter of every accepted reading. */
  readonly sum_wh: () => number;
  /** Batches and waiting readings that ingestion has not acknowledged: 0 = everything is delivered. */
  readonly outstanding: () => number;
  /** Readings that wait in memory because its disk takes none; null while it does. */
  readonly held: () => number | null;
  /** Feeds a cycle now, beyond those of the period. */
  readonly feed: () => void;
  readonly stopFeeding: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FeedOptions {
  readonly mqttUrl: string;
  readonly folder: string;
  /** Time between two cycles; null feeds only on demand. */
  readonly period_ms: number | null;
  readonly origin_ms: number;
  /** Between the instants of two readings of a meter. */
  readonly step_ms: number;
  /** Where a gateway that was killed goes on. */
  readonly firstCycle?: number;
}

const statePeriod_ms = 500;
const energyId = 1;
const powerId = 20;
export const schemaOf = (keys: readonly string[]) => ({
  meters: keys.map((key) => ({
    key,
    columns: [
      { measurandId: energyId, exponent: 0 },
      { measurandId: powerId, exponent: 0 },
    ],
  })),
});

export function startFedGateway(gateway: EnrolledGateway, options: FeedOptions): FedGateway {
  const { gatewayId, partition, password, keys } = gateway;
  const outbox: Outbox = openOutbox(`${options.folder}/${gatewayId}`);
  const { encoded } = outbox.useSchema(schemaOf(keys));
  const logger = createLogger('faults', 'fatal');
  const uplink: Uplink = startUplink({
    gatewayId,
    partition,
    mqttUrl: options.mqttUrl,
    username: gatewayId,
    password,
    outbox,
    logger,
    clock: () => true,
    state: () => {
      const { batches, bytes } = outbox.state();
      return { online: true, outbox: { batches, bytes, oldestAt: null, failing: holding.failing() } };
    },
    onConfiguration: () => undefined,
    onCommand: () => undefined,
  });
  uplink.announceSchema(encoded);
  const holding = holdWhileFailing({ accept: uplink.accept, addGap: outbox.addGap }, logger);
  let cycles = options.firstCycle ?? 0;
  let isFeeding = true;
  let wasFailing = false;
  const feed = (): void => {
    const n = cycles++;
    holding.accept(
      keys.map((meterKey, i) => ({
        meterKey,
        at_ms: options.origin_ms + n * options.step_ms,
        skew_ms: 0,
        quality: 'good',
        values: { active_energy_import_wh: n * keys.length + i, active_power_w: n },
        exceptions: {},
      })),
    );
  };
  const stateTimer = setInterval(() => {
    const isFailing = holding.failing() !== null;
    if (isFailing !== wasFailing) uplink.publishState();
    wasFailing = isFailing;
  }, statePeriod_ms);
  const { period_ms } = options;
  const keepFeeding = async (every_ms: number): Promise<void> => {
    while (isFeeding) {
      feed();
      await delay(every_ms);
    }
  };
  const feeding = period_ms === null ? Promise.resolve() : keepFeeding(period_ms);
  const stopFeeding = async (): Promise<void> => {
    isFeeding = false;
    await feeding;
  };
  return {
    ...gateway,
    accepted: () => cycles * keys.length,
    // Its readings count from 0.
    sum_wh: () => (cycles * keys.length * (cycles * keys.length - 1)) / 2,
    outstanding: () =>
      outbox.unacknowledged('live') +
      outbox.unacknowledged('backfill') +
      outbox.waitingReadings() +
      (holding.failing()?.readings ?? 0),
    held: () => holding.failing()?.readings ?? null,
    feed,
    stopFeeding,
    close: async () => {
      await stopFeeding();
      clearInterval(stateTimer);
      holding.stop();
      await uplink.stop();
      outbox.close();
    },
  };
}

/** Publishes as a sender without an outbox does: what the broker took is the broker's. */
export interface Sender {
  readonly publish: (kind: 'schema' | 'readings' | 'state', payload: string | Buffer) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openSender(
  mqttUrl: string,
  { gatewayId, partition, password }: EnrolledGateway,
): Promise<Sender> {
  const client = await mqtt.connectAsync(mqttUrl, {
    protocolVersion: 5,
    clientId: `${gatewayId}-sender-${randomBytes(3).toString('hex')}`,
    username: gatewayId,
    password,
    clean: true,
  });
  return {
    publish: async (kind, payload) => {
      await client.publishAsync(`wattproof/v1/${partition}/${gatewayId}/up/${kind}`, payload, {
        qos: 1,
        retain: kind === 'schema',
      });
    },
    close: () => client.endAsync(),
  };
}

/** What a gateway's account may do, as the API enrols it. */
export function enrolCommands({
  gatewayId,
  partition,
  password,
}: Omit<EnrolledGateway, 'keys' | 'meterIds'>) {
  const rolename = `gateway:${gatewayId}`;
  const base = `wattproof/v1/${partition}/${gatewayId}`;
  const rule = (acltype: string, topic: string) => ({ acltype, topic, priority: 0, allow: true });
  return [
    {
      command: 'createRole',
      rolename,
      acls: [
        rule('publishClientSend', `${base}/up/#`),
        rule('publishClientReceive', `${base}/down/#`),
        rule('subscribePattern', `${base}/down/#`),
      ],
    },
    { command: 'createClient', username: gatewayId, password, roles: [{ rolename, priority: 0 }] },
  ];
}
