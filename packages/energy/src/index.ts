export * from './calendar.ts';
export * from './counter.ts';
export type { Disqualified, Finding, SeriesFinding, SeriesFindings } from './finding.ts';
export * from './gauge.ts';
export * from './measurand.ts';
export * from './reading-column.ts';
export * from './tier.ts';
export * from './virtual-meter.ts';
export * from './vocabulary.ts';
