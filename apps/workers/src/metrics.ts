import type { QueueState } from '@wattproof/jobs';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the workers count and measure, in the Prometheus form. */
export interface Metrics {
  readonly registry: Registry;
  readonly job_s: Histogram<'job'>;
  readonly jobFailures: Counter<'job'>;
  readonly intervals: Counter;
  readonly failedMeters: Gauge;
  readonly markedMeters: Gauge;
  readonly alarms: Counter<'transition'>;
  readonly waiting: Gauge<'queue'>;
  readonly oldestWaiting_s: Gauge<'queue'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const name = (text: string): string => `wattproof_workers_${text}`;
  return {
    registry,
    job_s: new Histogram({
      name: name('job_seconds'),
      help: 'Duration of jobs',
      labelNames: ['job'],
      buckets: [0.01, 0.05, 0.2, 1, 5, 20, 60, 300],
      registers,
    }),
    jobFailures: new Counter({
      name: name('job_failures_total'),
      help: 'Tries of jobs that failed',
      labelNames: ['job'],
      registers,
    }),
    intervals: new Counter({
      name: name('intervals_total'),
      help: 'Base intervals computed',
      registers,
    }),
    failedMeters: new Gauge({
      name: name('failed_meters'),
      help: 'Meters whose intervals could not be computed in the last run',
      registers,
    }),
    markedMeters: new Gauge({
      name: name('marked_meters'),
      help: 'Meters with dirty marks',
      registers,
    }),
    alarms: new Counter({
      name: name('alarms_total'),
      help: 'Alarms raised and cleared',
      labelNames: ['transition'],
      registers,
    }),
    waiting: new Gauge({
      name: name('queue_waiting'),
      help: 'Jobs that wait',
      labelNames: ['queue'],
      registers,
    }),
    oldestWaiting_s: new Gauge({
      name: name('queue_oldest_seconds'),
      help: 'Age of the oldest waiting job',
      labelNames: ['queue'],
      registers,
    }),
  };
}

export function observeQueues(metrics: Metrics, states: readonly QueueState[]): void {
  for (const { queue, waiting, oldestWaiting_s } of states) {
    metrics.waiting.set({ queue }, waiting);
    metrics.oldestWaiting_s.set({ queue }, oldestWaiting_s);
  }
}
