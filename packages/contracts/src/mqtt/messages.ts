import { z } from 'zod';
import { wireProfile } from './device-profile.ts';
import { lanes } from './reading.ts';

/** `down/ack`: every batch of (boot, lane) up to `upTo` is committed; the gateway may delete them. JSON. */
export const ackMessage = z.object({
  boot: z.string().min(1).max(64),
  lane: z.enum(lanes),
  upTo: z.number().int().min(0),
});
export type AckMessage = z.infer<typeof ackMessage>;

/** `down/request`: ingestion asks for what it lacks: a schema by hash, or batches lost on the way. JSON. */
export const requestMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schema'), hash: z.string() }),
  z.object({
    kind: z.literal('batches'),
    boot: z.string(),
    lane: z.enum(lanes),
    from: z.number().int().min(1),
    to: z.number().int().min(1),
  }),
]);
export type RequestMessage = z.infer<typeof requestMessage>;

/** What a gateway does with the configuration that it reads by: it stands, or it must first prove itself. */
export const configurationPhases = ['inForce', 'probation'] as const;
/** Why a gateway did not keep a configuration. The portal has a text for each. */
export const returnReasons = ['unusable', 'devicesSilent', 'noReadings', 'brokerLost', 'restarted'] as const;
export type ReturnReason = (typeof returnReasons)[number];

/** Why what a device kept of an outage cannot be fetched. The portal has a text for each. */
export const memoryFaults = ['refused', 'clock', 'clockSet'] as const;
export type MemoryFault = (typeof memoryFaults)[number];

/** `up/state`, retained, also the will (`{"online":false}`). JSON. */
export const stateMessage = z.object({
  online: z.boolean(),
  at: z.iso.datetime().optional(),
  version: z.string().max(64).optional(),
  boot: z.string().max(64).optional(),
  clockSynchronised: z.boolean().nullable().optional(),
  /** Who says so, and how far the clock is off where that is known. */
  clock: z
    .object({
      source: z.enum(['chrony', 'timedatectl', 'timesyncd', 'unknown']),
      offset_ms: z.number().nullable(),
      /** Steps of more than a second since the gateway started. */
      steps: z.number().int(),
    })
    .optional(),
  configVersion: z.number().int().optional(),
  configuration: z
    .object({
      phase: z.enum(configurationPhases),
      /** On probation: when it ends at the latest. */
      until: z.iso.datetime().optional(),
      /** The last version that this gateway refused, or tried and returned from. */
      returned: z
        .object({
          version: z.number().int(),
          at: z.iso.datetime(),
          reason: z.enum(returnReasons),
          message: z.string().max(2000),
        })
        .nullable(),
    })
    .optional(),
  outbox: z
    .object({
      batches: z.number().int(),
      bytes: z.number().int(),
      oldestAt: z.iso.datetime().nullable(),
      /** Readings given up because the outbox was full, oldest first. */
      lost: z
        .array(z.object({ from: z.iso.datetime(), to: z.iso.datetime(), readings: z.number().int() }))
        .max(100)
        .optional(),
      /** What the outbox may hold; beyond it the oldest waiting readings are given up. */
      limit: z.object({ bytes: z.number().int(), days: z.number().int() }).optional(),
      /** Why nothing can be stored at the moment, and readings that wait in memory meanwhile; null: all is well. */
      failing: z
        .object({ reason: z.string().max(200), readings: z.number().int() })
        .nullable()
        .optional(),
    })
    .optional(),
  lines: z
    .array(
      z.object({
        key: z.string().max(64),
        state: z.enum(['running', 'reconnecting', 'down']),
        lastExchangeAt: z.iso.datetime().nullable(),
        requests: z.number().int(),
        timeouts: z.number().int(),
        exceptions: z.number().int(),
        /** Share of the line's time that requests took since the last message, 0 to 1. */
        busyShare: z.number(),
        /** Share of it that went to devices which did not answer. */
        lostShare: z.number().optional(),
        /** Readings that were due and not made, since the line began. */
        missed: z.number().int().optional(),
        meters: z.array(
          z.object({
            key: z.string().max(64),
            lastReadAt: z.iso.datetime().nullable(),
            silent: z.boolean(),
            timeouts: z.number().int(),
            missed: z.number().int().optional(),
            /** How long its device is waited for beyond the time on the wire, as learnt. */
            timeout_ms: z.number().int().optional(),
            /** Of a device with a memory of its own: readings fetched from it since the start, and what hinders that. */
            memory: z
              .object({
                fetched: z.number().int(),
                pending: z.boolean(),
                fault: z.enum(memoryFaults).nullable(),
              })
              .optional(),
            /** Register ranges that its device refuses. */
            refused: z
              .array(z.object({ address: z.number().int(), words: z.number().int() }))
              .max(64)
              .optional(),
          }),
        ),
      }),
    )
    .max(64)
    .optional(),
});
export type StateMessage = z.infer<typeof stateMessage>;

const fastPeriod_s = z.number().int().min(1).max(3600).optional();
const slowPeriod_s = z.number().int().min(1).max(86_400).optional();

/** What a gateway reads and how; its start file and `down/config` (retained, versioned). */
export const gatewayConfiguration = z.object({
  version: z.number().int().min(1),
  pollPeriod_s: z.number().int().min(1).max(3600),
  /** Periods of the rate groups where they are not `pollPeriod_s`: active power, and counters with harmonics. */
  fastPeriod_s,
  slowPeriod_s,
  /** What the outbox may hold for ingestion; default 256 MB and 45 days. */
  outbox: z
    .object({
      limit_mb: z.number().int().min(1).max(100_000),
      limit_days: z.number().int().min(1).max(400),
    })
    .optional(),
  /** Longest time in which a new configuration must have proved itself; the gateway chooses where it is absent. */
  probation_s: z.number().int().min(1).max(3600).optional(),
  /** Profiles that do not ship with the gateway, by the id that meters name. */
  profiles: z.array(wireProfile).max(64).optional(),
  lines: z.array(
    z.object({
      key: z.string().min(1).max(64),
      transport: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('tcp'), host: z.string(), port: z.number().int() }),
        z.object({ kind: z.literal('rtuOverTcp'), host: z.string(), port: z.number().int() }),
        z.object({
          kind: z.enum(['rtu', 'ascii']),
          path: z.string(),
          baud: z.number().int(),
          parity: z.enum(['none', 'even', 'odd']),
          dataBits: z.union([z.literal(7), z.literal(8)]),
          stopBits: z.union([z.literal(1), z.literal(2)]),
        }),
      ]),
      timeout_ms: z.number().int().min(50).max(10_000).default(300),
      meters: z.array(
        z.object({
          key: z.string().min(1).max(64),
          unit: z.number().int().min(0).max(255),
          profileId: z.string(),
          /** Profile settings: CT and VT ratio, input number of a concentrator, pulse weight. */
          settings: z.record(z.string(), z.number()).default({}),
          /** Periods of this meter where they are not the gateway's. */
          pollPeriod_s: z.number().int().min(1).max(3600).optional(),
          fastPeriod_s,
          slowPeriod_s,
        }),
      ),
    }),
  ),
});
export type GatewayConfiguration = z.infer<typeof gatewayConfiguration>;
