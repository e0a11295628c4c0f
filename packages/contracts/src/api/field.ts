import { z } from 'zod';
import { memoryFaults } from '../mqtt/messages.ts';
import { instant, meterId, uuid } from './value.ts';

/** GET /gateways */
export const gateway = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['edge', 'custom']),
  siteId: uuid,
  siteName: z.string(),
  partition: z.int(),
  topic: z.string(),
  online: z.boolean(),
  stateAt: instant.nullable(),
  lastMessageAt: instant.nullable(),
  enrolledAt: instant.nullable(),
  revokedAt: instant.nullable(),
  configurationVersion: z.int(),
  outboxBatches: z.int().nullable(),
  clockSynchronised: z.boolean().nullable(),
  lines: z.array(
    z.object({
      id: uuid,
      key: z.string(),
      name: z.string(),
      transport: z.string(),
      settings: z.record(z.string(), z.unknown()),
      state: z.string().nullable(),
      lastExchangeAt: instant.nullable(),
      requests: z.int().nullable(),
      timeouts: z.int().nullable(),
      busyShare: z.number().nullable(),
    }),
  ),
  meters: z.array(
    z.object({
      meterId,
      key: z.string(),
      name: z.string(),
      lineKey: z.string().nullable(),
      unitAddress: z.int().nullable(),
      profileId: z.string().nullable(),
      profileName: z.string().nullable(),
      trust: z.string().nullable(),
      lastReadingAt: instant.nullable(),
      stale: z.boolean(),
      quality: z.string().nullable(),
      /** Of a device that keeps records by itself: what was fetched after outages, and what hinders that. */
      memory: z
        .object({ fetched: z.int(), pending: z.boolean(), fault: z.enum(memoryFaults).nullable() })
        .nullable(),
    }),
  ),
});
export type Gateway = z.infer<typeof gateway>;
export const gateways = z.object({ gateways: z.array(gateway) });

/** POST /gateways : enrols a gateway; its password is shown once. */
export const enrolGateway = z.strictObject({
  siteId: uuid,
  name: z.string().trim().min(1).max(80),
  kind: z.enum(['edge', 'custom']),
  /** Meters of a bring-your-own gateway, made with it. */
  meters: z
    .array(
      z.strictObject({
        key: z.string().trim().min(1).max(64),
        name: z.string().trim().min(1).max(80),
        carrier: z.string(),
        energyUse: z.string().optional(),
        measurand: z.string(),
      }),
    )
    .max(200)
    .default([]),
});
export type EnrolGateway = z.infer<typeof enrolGateway>;
export const enrolledGateway = z.object({
  gateway,
  username: z.string(),
  password: z.string(),
  mqttUrl: z.string(),
  topic: z.string(),
});
export type EnrolledGateway = z.infer<typeof enrolledGateway>;
