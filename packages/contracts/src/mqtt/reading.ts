import type { MeasurandName, ReadingQuality } from '@wattproof/energy';

/**
 * What one meter reported at one instant, as both wire forms decode to it.
 * Instants are epoch milliseconds (UTC). A measurand that could not be read is absent; `exceptions` says why.
 */
export interface WireReading {
  /** Key of the meter, unique within its gateway. */
  readonly meterKey: string;
  readonly at_ms: number;
  /** How long after `at_ms` the last of its values was read. */
  readonly skew_ms: number;
  readonly quality: ReadingQuality;
  readonly values: Readonly<Partial<Record<MeasurandName, number>>>;
  readonly exceptions: Readonly<Partial<Record<MeasurandName, ReadingQuality>>>;
}

/** Delivery position of a compact batch. The public JSON form has none. */
export interface BatchPosition {
  /** Identity of the outbox's life: random at its creation, so that sequence numbers never repeat within one. */
  readonly boot: string;
  readonly lane: Lane;
  /** Number of this batch in its (boot, lane), from 1, without gaps. */
  readonly seq: number;
}

export const lanes = ['live', 'backfill'] as const;
export type Lane = (typeof lanes)[number];

/** Why a message, or one reading of it, was not stored. The portal shows the text of each code. */
export const rejectionCodes = [
  'malformed',
  'tooLarge',
  'unknownSchema',
  'unknownMeter',
  'unknownMeasurand',
  'valueNotFinite',
  'valueOutOfRange',
  'counterNotInteger',
  'timestampOutOfRange',
  'foreignGateway',
  'storageRefused',
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

/** One rejected reading or message: what, where and why. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
  /** Where in the message: a JSON path, a block number, or a meter key. */
  readonly where: string;
}

/** Limits of one message. */
export const messageLimits = {
  bytes: 1_000_000,
  readings: 20_000,
  meterKeyLength: 64,
} as const;
