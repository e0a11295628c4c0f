import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const metricsToken = Symbol('metrics');

/** What ingestion counts and measures, in the Prometheus form. */
export interface Metrics {
  readonly registry: Registry;
  readonly messages: Counter<'kind'>;
  readonly redelivered: Counter;
  readonly readings: Counter<'outcome'>;
  readonly conflicts: Counter;
  readonly deadLetters: Counter<'code'>;
  readonly batchReadings: Histogram;
  readonly batchMessages: Histogram;
  readonly commit_s: Histogram;
  readonly messageAge_s: Histogram;
  readonly readingAge_s: Histogram;
  readonly unacknowledged: Gauge<'partition'>;
  readonly gaps: Gauge<'partition'>;
  readonly missingBatches: Gauge<'gateway'>;
  readonly gapsGivenUp: Counter;
  readonly decisions: Counter<'kind'>;
  readonly oldestDirtyMark_s: Gauge;
  readonly gatewayOutboxBatches: Gauge;
  readonly brokerMessages: Gauge;
  readonly brokerBytes: Gauge;
  readonly brokerDropped: Gauge;
  readonly diskFreeShare: Gauge<'of'>;
  readonly databaseRetries: Counter;
  readonly doorbellFailures: Counter;
  readonly partitionsHeld: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const name = (text: string): string => `wattproof_ingestion_${text}`;
  return {
    registry,
    messages: new Counter({
      name: name('messages_total'),
      help: 'Messages committed, by kind of topic',
      labelNames: ['kind'],
      registers,
    }),
    redelivered: new Counter({
      name: name('redelivered_total'),
      help: 'Messages that the broker sent a second time',
      registers,
    }),
    readings: new Counter({
      name: name('readings_total'),
      help: 'Readings committed: inserted, filled (further measurands of a stored one) or unchanged',
      labelNames: ['outcome'],
      registers,
    }),
    conflicts: new Counter({
      name: name('conflicts_total'),
      help: 'Values that contradict a stored one',
      registers,
    }),
    deadLetters: new Counter({
      name: name('dead_letters_total'),
      help: 'Dead letters by reason',
      labelNames: ['code'],
      registers,
    }),
    batchReadings: new Histogram({
      name: name('batch_readings'),
      help: 'Readings in one transaction',
      buckets: [1, 10, 100, 1_000, 5_000, 20_000, 50_000],
      registers,
    }),
    batchMessages: new Histogram({
      name: name('batch_messages'),
      help: 'Messages in one transaction',
      buckets: [1, 10, 100, 1_000, 5_000, 20_000],
      registers,
    }),
    commit_s: new Histogram({
      name: name('commit_seconds'),
      help: 'Time of one transaction, with its retries',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    }),
    messageAge_s: new Histogram({
      name: name('message_age_seconds'),
      help: 'From the arrival of the oldest message of a transaction to its commit',
      buckets: [0.01, 0.05, 0.1, 0.2, 0.5, 1, 5, 60],
      registers,
    }),
    readingAge_s: new Histogram({
      name: name('reading_age_seconds'),
      help: 'End to end: from the instant of the newest reading of a transaction to its commit',
      buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 600, 3_600, 86_400],
      registers,
    }),
    unacknowledged: new Gauge({
      name: name('unacknowledged_messages'),
      help: 'Messages received and not yet committed',
      labelNames: ['partition'],
      registers,
    }),
    gaps: new Gauge({
      name: name('sequences_with_gaps'),
      help: 'Delivery sequences that miss batches below the highest committed one',
      labelNames: ['partition'],
      registers,
    }),
    missingBatches: new Gauge({
      name: name('missing_batches'),
      help: 'Batches that are missing below the highest committed one, by gateway; none where none are',
      labelNames: ['gateway'],
      registers,
    }),
    decisions: new Counter({
      name: name('decisions_total'),
      help: 'Decisions of people that were carried out: dead letters taken, values replaced',
      labelNames: ['kind'],
      registers,
    }),
    oldestDirtyMark_s: new Gauge({
      name: name('oldest_dirty_mark_seconds'),
      help: 'Age of the oldest mark whose intervals are not rebuilt; 0 where there is none',
      registers,
    }),
    gatewayOutboxBatches: new Gauge({
      name: name('gateway_outbox_batches'),
      help: 'Batches that gateways hold because they are not acknowledged, as they said last',
      registers,
    }),
    brokerMessages: new Gauge({
      name: name('broker_stored_messages'),
      help: 'Messages the broker holds for all its clients, retained ones included',
      registers,
    }),
    brokerBytes: new Gauge({
      name: name('broker_stored_bytes'),
      help: 'Bytes of the messages the broker holds',
      registers,
    }),
    brokerDropped: new Gauge({
      name: name('broker_dropped_messages'),
      help: 'Messages the broker has dropped since it started: beyond a limit, or expired',
      registers,
    }),
    diskFreeShare: new Gauge({
      name: name('disk_free_share'),
      help: 'Free share of the disk of the database or the broker, where its folder is known',
      labelNames: ['of'],
      registers,
    }),
    gapsGivenUp: new Counter({
      name: name('gaps_given_up_total'),
      help: 'Gaps that their gateway did not fill within a quarter of an hour',
      registers,
    }),
    databaseRetries: new Counter({
      name: name('database_retries_total'),
      help: 'Attempts at a transaction that failed because the database was not available',
      registers,
    }),
    doorbellFailures: new Counter({
      name: name('doorbell_failures_total'),
      help: 'Failures between this process and Redis',
      registers,
    }),
    partitionsHeld: new Gauge({
      name: name('partitions_held'),
      help: 'Partitions that this process reads',
      registers,
    }),
  };
}
