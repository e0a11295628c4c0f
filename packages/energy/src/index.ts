export * from './calendar.ts';
export * from './counter.ts';
export type { Disqualified, Finding, SeriesFinding, SeriesFindings } from './finding.ts';
export * from './measurand.ts';
export * from './reading-column.ts';
export * from './vocabulary.ts';
