export { countMarkedMeters, markMeters } from './dirty-mark.ts';
export { intervalMeasurands } from './interval-measurand.ts';
export { type IntervalMeter, loadIntervalMeters } from './interval-meter.ts';
export { type IntervalSeries, readIntervals } from './interval-reader.ts';
export {
  type RebuildOptions,
  type RebuildProgress,
  type RebuildResult,
  rebuildIntervals,
} from './rebuild.ts';
export { markSilentMeters, silentAfter_ms } from './silent-meter.ts';
export type { TimeRange } from './time-range.ts';
