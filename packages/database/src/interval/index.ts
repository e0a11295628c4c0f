export { countMarkedMeters, markMeters } from './dirty-mark.ts';
export { type EnergyBetween, energyBetween } from './energy-between.ts';
export {
  type ChangedDay,
  type DeclaredEvents,
  type EventPreview,
  previewEvents,
  withEvent,
  withoutEvent,
} from './event-preview.ts';
export { intervalMeasurands } from './interval-measurand.ts';
export { type IntervalMeter, keptCounters, loadIntervalMeters } from './interval-meter.ts';
export { type IntervalSeries, readIntervals } from './interval-reader.ts';
export {
  type RebuildOptions,
  type RebuildProgress,
  type RebuildResult,
  rebuildIntervals,
} from './rebuild.ts';
export { markSilentMeters, silentAfter_ms } from './silent-meter.ts';
export type { TimeRange } from './time-range.ts';
